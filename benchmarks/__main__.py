"""``make bench`` prints the ratios; ``make bench CHECK=1`` fails when one misses its target."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks import cold_start, documents, signatures
from benchmarks.measure import Measurement


def _all() -> Iterator[Measurement]:
    yield from cold_start.measure()
    yield from documents.measure()
    yield from signatures.measure()


def main() -> int:
    """Measure everything; 1 when ``--check`` is given and a target was missed."""
    missed = 0
    for measurement in _all():
        print(measurement, flush=True)
        missed += not measurement.met
    return 1 if missed and "--check" in sys.argv else 0


sys.exit(main())
