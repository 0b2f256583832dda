"""The wire in front of a simulated agency: an HTTP server that plays the faults of the wire and of HTTP.

A connection is accepted and judged before anything is read of it (its TLS handshake comes after). Every request is read
whole before the agency sees any of it, and every answer is whole before the client sees any of it, unless a fault
strikes within one.
"""
