"""Recorded traffic: written down without credentials and persons, played back, compared with a simulator."""
