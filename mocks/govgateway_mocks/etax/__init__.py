"""The simulated tax office."""
