"""Form packages, service descriptions, code lists and signature profiles: data only, one folder per agency."""
