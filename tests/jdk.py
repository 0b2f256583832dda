"""The JDK's own XMLDSig (tests/conformance/SignatureCheck.java), compiled once per run."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from programs import require_program
from samples import ROOT

INSTALL = "apt-get install default-jdk-headless"
_SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # half the time of a run as short as these


@cache
def _compiled() -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory()
    compiler = require_program("javac", INSTALL)
    source = ROOT / "tests" / "conformance" / "SignatureCheck.java"
    subprocess.run([compiler, *(f"-J{each}" for each in _SHORT_LIVED), "-d", folder.name, str(source)], check=True)
    return folder


def _run(*arguments: str) -> str:
    run = [require_program("java", INSTALL), *_SHORT_LIVED, "-cp", _compiled().name, "SignatureCheck", *arguments]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def verified_by_jdk(*paths: Path) -> dict[Path, list[tuple[bool, list[str]]]]:
    """For each of ``paths`` the verdict on each Signature, with the URIs of its references."""
    found: dict[Path, list[tuple[bool, list[str]]]] = {path: [] for path in paths}
    for line in _run("verify", *map(str, paths)).splitlines():
        path, verdict, *uris = line.split(" ")
        found[Path(path)].append((verdict == "true", uris))
    return found


def sign_by_jdk(key: bytes, password: str, jobs: Iterable[Sequence[str]], folder: Path) -> None:
    """Sign with the PKCS#12 ``key`` as each of ``jobs`` says: the columns that SignatureCheck.java names."""
    store, listed = folder / "key.p12", folder / "jobs.txt"
    store.write_bytes(key)
    listed.write_text("".join("\t".join(job) + "\n" for job in jobs), encoding="utf-8")
    _run("sign", str(store), password, str(listed))
