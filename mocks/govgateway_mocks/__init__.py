"""Simulators of the agencies."""
