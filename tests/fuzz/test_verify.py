"""The inputs that are kept for fuzzing, tried in every test run; the fuzzing itself is `make fuzz`."""

from __future__ import annotations

import random
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parent


def _fuzzer() -> ModuleType:
    spec = spec_from_file_location("fuzz_verify", FOLDER / "verify.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FUZZER = _fuzzer()
SIGNED = sorted(FUZZER.signed())


@pytest.mark.parametrize("name", SIGNED)
def test_every_signed_document_of_the_corpus_holds(name: str) -> None:
    assert FUZZER.examine(FUZZER.signed()[name]) >= 1


@pytest.mark.parametrize("path", sorted(FOLDER.glob("corpus/*")), ids=lambda path: path.name)
def test_every_input_of_the_corpus_is_examined(path: Path) -> None:
    assert FUZZER.examine(path.read_bytes()) in range(4)


def test_rearranged_documents_hold_only_where_what_was_signed_is_untouched() -> None:
    draw = random.Random(6)
    found = [FUZZER.examine(b"\0" + draw.randbytes(10)) for _ in range(300)]
    assert 0 < sum(map(bool, found)) < 150


def test_a_document_that_nobody_signed_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FUZZER, "originals", frozenset)
    with pytest.raises(AssertionError, match="nobody signed"):
        FUZZER.examine(FUZZER.signed()[SIGNED[0]])


def test_without_atheris_it_is_said_how_to_install_it() -> None:
    hiding = "import sys, runpy; sys.modules['atheris'] = None; sys.argv = ['verify']; "
    program = hiding + f"runpy.run_path({str(FOLDER / 'verify.py')!r}, run_name='__main__')"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env={})
    assert said.returncode == 0
    assert "pip install -r tests/fuzz/requirements.txt" in said.stdout
