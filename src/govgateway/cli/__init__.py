"""The command line: what accountants and batch jobs type, and what they read."""
