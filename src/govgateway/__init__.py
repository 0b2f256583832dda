"""govgateway: files documents with the e-government services of Viet Nam, exactly once, to the signed verdict.

    from govgateway import Gateway

    with Gateway.open() as gateway:
        filing = gateway.submit("01PH-2026-10.xml", key="department.p12", password="…")
        print(gateway.wait(filing.id).status)

Everything public is listed in ``__all__`` and loaded when first used, so that importing this package costs nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"
