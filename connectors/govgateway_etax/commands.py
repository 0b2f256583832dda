"""``govgateway demo``: from an exported file to the tax office's signed verdict, at the simulated tax office.

It types the commands that a person would type, and stops at the first one that does not end as it should. Its settings
and its ledger are its own, in a folder that it names; nothing of the user's is touched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated, Any, cast

import requests
import typer
from lxml import html

from govgateway import ConfigurationError, GovGatewayError, Text

demo = typer.Typer(add_completion=False)

_HERE = Path(__file__).parent
# In a wheel the examples lie in this package, in a checkout at its top.
EXAMPLES = next(each for each in (_HERE / "examples", _HERE.parents[1] / "examples") if each.is_dir())
_TAX_CODE = "9900000016"
_ANSWERS_WITHIN = 10.0
_FILING = r"\b\d{6}-[0-9A-Z]{6}\b"
"""The id of a filing."""


@demo.command()
def run(
    folder: Annotated[Path, typer.Option("--folder", help="Thư mục làm việc · Where its files go")] = Path(".demo"),
    lang: Annotated[str, typer.Option("--lang", help="Ngôn ngữ: vi hoặc en · Language: vi or en")] = "vi",
) -> int:
    """Trình diễn trọn vẹn với cơ quan thuế mô phỏng · Show everything, with the simulated tax office."""
    at = _own_folder(folder)
    for example in EXAMPLES.glob("*.xml"):
        shutil.copy(example, at)
    delays = {"receipt_delay": timedelta(seconds=0.3), "verdict_delay": timedelta(seconds=0.5)}
    with _simulator().serve(folder / "keys", **delays) as office:
        stage = Stage(at, lang, office.address)
        stage.configure(office.service_address, office.pki.trust, folder / "keys" / f"{_TAX_CODE}.p12")
        accepted = [_through_the_service(stage), _by_hand(stage)]
    stage.say(
        f"Tờ khai, thông báo của cơ quan thuế và sổ cái (ledger.db) nằm ở: {at}",
        f"Declarations, the tax office's notices and the ledger (ledger.db) lie in: {at}",
    )
    stage.say(
        f"ACCEPTED · ĐƯỢC CHẤP NHẬN (MÔ PHỎNG): {', '.join(accepted)}", f"ACCEPTED (SIMULATION): {', '.join(accepted)}"
    )
    return 0


def _own_folder(folder: Path) -> Path:
    """A new folder in ``folder`` for one run, named by its moment: two runs never share one."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix=datetime.now().astimezone().strftime("%y%m%d-%H%M%S-"), dir=folder))


def _through_the_service(stage: Stage) -> str:
    """One declaration over the tax office's service; the id of the accepted filing."""
    stage.say(f"Cơ quan thuế mô phỏng: {stage.portal}/", f"The simulated tax office: {stage.portal}/")
    stage.say("1. Kiểm tra tờ khai do HTKK xuất ra", "1. Check a declaration as HTKK exports it")
    stage.types("check", "01PH-2026-10.xml")
    stage.say("   … và một bản có lỗi", "   … and a copy with mistakes")
    stage.types("check", "01PH-2026-10-wrong.xml", ends=1)
    stage.say("2. Ký, rồi kiểm tra chữ ký", "2. Sign it, then verify the signature")
    stage.types("sign", "01PH-2026-10.xml")
    stage.types("verify", "01PH-2026-10-signed.xml")
    stage.say("3. Nộp và theo dõi tới kết quả", "3. File it and follow it to the verdict")
    filing = stage.accepted("submit", "01PH-2026-10-signed.xml", "--wait")
    stage.say("   Thông báo đã ký của cơ quan thuế", "   The tax office's signed notices")
    stage.types("receipts", filing, "--to", "receipts")
    return filing


def _by_hand(stage: Stage) -> str:
    """Another declaration by the portal: exported, uploaded, the notices brought back; the id of the filing."""
    stage.say("4. Cũng vậy, nhưng nộp tay qua cổng: xuất tệp đã ký", "4. The same by hand: export the signed file")
    filing = stage.files("submit", "01PH-2026-09.xml", "--hold")
    stage.types("export", filing, "--to", "upload")
    (exported,) = (stage.folder / "upload").iterdir()
    stage.say(f"5. Tải {exported.name} lên cổng", f"5. Upload {exported.name} in the portal")
    received, verdict = stage.upload(exported)
    stage.say(f"6. Nhập {received} tải từ cổng", f"6. Bring back {received}, downloaded from the portal")
    stage.types("import-answer", received)
    stage.say(f"7. Nhập {verdict} tải từ cổng", f"7. Bring back {verdict}, downloaded from the portal")
    return stage.accepted("import-answer", verdict)


def _simulator() -> Any:
    """The simulator of the tax office (entry-point group ``govgateway.simulators``)."""
    for entry in entry_points(group="govgateway.simulators", name="etax"):
        try:
            return entry.load()
        except ImportError:
            break
    raise ConfigurationError(
        Text("Chưa cài bộ mô phỏng.", "The simulators are not installed."),
        Text("Cài: pip install 'govgateway[simulators]'", "Install them: pip install 'govgateway[simulators]'"),
    )


@dataclass(frozen=True)
class Stage:
    """One run of the demonstration: its folder, its language, the address of the simulated portal."""

    folder: Path
    language: str
    portal: str

    def configure(self, service: str, trust: Path, key: Path) -> None:
        """Write the settings that the commands read."""
        text = (
            f"environment = 'simulator'\nlanguage = '{self.language}'\n\n[filers.{_TAX_CODE}]\n"
            f"name = 'Sở Xây dựng tỉnh An Hoà'\nkey = '{key.resolve()}'\n\n[etax.simulator]\naddress = '{service}'\n"
            f"username = 'tvan'\npassword = 'demo'\ntrust = '{trust.resolve()}'\n"
        )
        (self.folder / "govgateway.toml").write_text(text, encoding="utf-8")

    def say(self, vi: str, en: str) -> None:
        """Tell what comes next."""
        print(f"\n{Text(vi, en).in_language(self.language)}", flush=True)

    def types(self, *words: str, ends: int = 0) -> None:
        """Run one command as a person would type it. Raises GovGatewayError unless its exit code is ``ends``."""
        print(f"$ govgateway {' '.join(words)}", flush=True)
        done = subprocess.run(self._command(*words), cwd=self.folder, env=self._environment())  # noqa: S603  # our own
        self._ensure(done.returncode == ends, words)

    def files(self, *words: str, status: str = "") -> str:
        """The same for a command that prints a filing; its id. Raises GovGatewayError unless it has the ``status``."""
        print(f"$ govgateway {' '.join(words)}", flush=True)
        done = subprocess.run(  # noqa: S603  # our own
            self._command(*words), cwd=self.folder, env=self._environment(), stdout=subprocess.PIPE, encoding="utf-8"
        )
        print(done.stdout, end="", flush=True)
        found = re.search(_FILING, done.stdout)
        self._ensure(done.returncode == 0 and found is not None and status in done.stdout, words)
        return found[0] if found else ""

    def accepted(self, *words: str) -> str:
        """The id of the filing that the command prints as accepted. Raises GovGatewayError when it is not."""
        return self.files(*words, status="ACCEPTED")

    def upload(self, path: Path) -> Iterator[str]:
        """Upload ``path`` as a browser does, and download each notice once the portal shows it; their file names."""
        form = {"file": (path.name, path.read_bytes(), "text/xml")}
        answer = requests.post(
            f"{self.portal}/upload", files=form, headers={"Accept": "application/json"}, timeout=_ANSWERS_WITHIN
        )
        transaction, until, seen = str(answer.json()["maGDich"]), time.monotonic() + _ANSWERS_WITHIN, 0
        while seen < 2:
            links = self._notices(transaction)
            for address in links[seen:]:
                name = address.rpartition("/")[2]
                (self.folder / name).write_bytes(requests.get(self.portal + address, timeout=_ANSWERS_WITHIN).content)
                yield name
            seen = len(links)
            self._ensure(time.monotonic() < until, ("upload", path.name))
            time.sleep(0.2)

    def _notices(self, transaction: str) -> list[str]:
        page = html.fromstring(requests.get(self.portal, timeout=_ANSWERS_WITHIN).content)
        links = cast(Iterable[str], page.xpath("//tr[td[1] = $code]//a/@href", code=transaction))
        return [str(each) for each in links]

    @staticmethod
    def _command(*words: str) -> list[str]:
        return [sys.executable, "-m", "govgateway", *words]

    @staticmethod
    def _environment() -> dict[str, str]:
        """The process's environment without the user's own settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GOVGATEWAY_")}
        return kept | {"GOVGATEWAY_CONFIG": "govgateway.toml", "GOVGATEWAY_KEY_PASSWORD": "demo"}

    @staticmethod
    def _ensure(holds: bool, words: tuple[str, ...]) -> None:
        if not holds:
            command = " ".join(words)
            raise GovGatewayError(
                Text(f"Trình diễn dừng ở: {command}", f"The demonstration stopped at: {command}"),
                Text("Xem kết quả ở trên.", "See what was printed above."),
            )
