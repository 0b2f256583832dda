"""The one door for applications and for the command line: files in, verdicts out.

with Gateway.open() as gateway:
    filing = gateway.submit(Path("01PH-2026-10.xml"), FileSigner.read(Path("key.p12"), "…"))
    filing = gateway.wait(filing.id)
"""

from __future__ import annotations
