"""Signing documents, verifying signatures, and the keys and certificates that this takes."""
