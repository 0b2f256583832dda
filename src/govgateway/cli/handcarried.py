"""The hand-carried route: a person uploads the signed file in the agency's portal and brings the answer back."""

from __future__ import annotations

from pathlib import Path

import typer

from govgateway.cli.filings import show
from govgateway.cli.options import AsJson, Document, FilingId, Folder, Language, Where
from govgateway.cli.output import print_json
from govgateway.cli.session import settings
from govgateway.documents.xml import read_xml_file
from govgateway.errors import Text
from govgateway.pipeline.gateway import Gateway

app = typer.Typer()


@app.command()
def export(filing_id: FilingId, to: Folder = Path(), lang: Language = None, json: AsJson = False) -> int:
    """Xuất tệp đã ký để tải lên cổng bằng tay · Write the signed file for uploading it in the portal by hand."""
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        path = gateway.export(filing_id, to)
    if json:
        print_json({"file": path}, configuration.language)
        return 0
    print(path)
    say = Text(
        "Tải tệp này lên cổng, rồi nhập thông báo nhận được: govgateway import-answer TỆP",
        "Upload it in the portal, then bring the notice back: govgateway import-answer FILE",
    )
    print(say.in_language(configuration.language))
    return 0


@app.command("import-answer")
def import_answer(file: Document, env: Where = None, lang: Language = None, json: AsJson = False) -> int:
    """Nhập thông báo tải từ cổng, kiểm tra chữ ký và ghép với hồ sơ · Take in a notice from the portal.

    Mã thoát · Exit code như submit · as of submit.
    """
    configuration = settings(lang)
    with Gateway.open(configuration) as gateway:
        filing = gateway.import_answer(read_xml_file(file), environment=env)
        return show(gateway, filing.id, configuration.language, json)
