"""A connector for an invented harbour office, which takes declarations of port dues."""

from govgateway_harbour.connector import Harbour

connector = Harbour()
"""The object that the entry point names."""
