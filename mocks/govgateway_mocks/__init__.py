"""Simulators of the agencies. They share no code with the client that they judge: signatures go through xmlsec."""
