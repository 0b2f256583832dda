"""What carries a filing from its document to the agency's verdict, one recorded transition at a time."""
