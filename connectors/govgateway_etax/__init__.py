"""The tax office of Viet Nam: e-Tax declarations through T-VAN, and by hand through the portal."""

from govgateway_etax.connector import ETax

connector = ETax()

__all__ = ["ETax", "connector"]
