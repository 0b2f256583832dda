"""Projects within the tests, whose keys are those of this run: to make them takes longer than all else."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def project_with_keys(pytester: pytest.Pytester, demonstration_keys: Path) -> pytest.Pytester:
    """An empty project."""
    pytester.makeconftest(
        f"""
        from pathlib import Path

        import pytest

        @pytest.fixture(scope="session")
        def demonstration_keys():
            return Path({str(demonstration_keys)!r})
        """
    )
    return pytester
