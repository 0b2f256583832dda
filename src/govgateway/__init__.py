"""govgateway: files documents with the e-government services of Viet Nam, exactly once, to the signed verdict.

    from govgateway import FileSigner, Gateway, read_xml_file

    with Gateway.open() as gateway:
        document = read_xml_file(Path("01PH-2026-10.xml"))
        filing = gateway.submit(document, FileSigner.read(Path("department.p12"), "…"))
        print(gateway.wait(filing.id).status)

Everything public is listed in ``__all__`` and loaded when first used, so that importing this package costs nothing.
What a connector needs stands in ``govgateway.connector``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govgateway.lazily import exporter

if TYPE_CHECKING:
    from govgateway.configuration import Configuration
    from govgateway.connector import Recognition
    from govgateway.documents.findings import Finding, Severity
    from govgateway.documents.xml import XmlDocument, read_xml, read_xml_file
    from govgateway.errors import (
        AnswerRefused,
        CertificateUnfit,
        ConfigurationError,
        DocumentRefused,
        DuplicateFiling,
        GovGatewayError,
        KeyUnusable,
        SignatureBroken,
        StorageError,
        Text,
        TransitionRefused,
        UnknownFiling,
        UnknownForm,
        UnreadableDocument,
        UsageError,
    )
    from govgateway.filing import Attempt, Environment, Event, Filing, Outcome, Payable, Reason, Receipt, Status
    from govgateway.pipeline.figures import draft_file
    from govgateway.pipeline.files import write_file
    from govgateway.pipeline.gateway import Gateway
    from govgateway.pipeline.intake import Examined
    from govgateway.signing.signer import FileSigner

__version__ = "0.1.0"

_HOMES = {
    "govgateway.configuration": ("Configuration",),
    "govgateway.connector": ("Recognition",),
    "govgateway.documents.findings": ("Finding", "Severity"),
    "govgateway.documents.xml": ("XmlDocument", "read_xml", "read_xml_file"),
    "govgateway.errors": (
        "AnswerRefused",
        "CertificateUnfit",
        "ConfigurationError",
        "DocumentRefused",
        "DuplicateFiling",
        "GovGatewayError",
        "KeyUnusable",
        "SignatureBroken",
        "StorageError",
        "Text",
        "TransitionRefused",
        "UnknownFiling",
        "UnknownForm",
        "UnreadableDocument",
        "UsageError",
    ),
    "govgateway.filing": (
        "Attempt",
        "Environment",
        "Event",
        "Filing",
        "Outcome",
        "Payable",
        "Reason",
        "Receipt",
        "Status",
    ),
    "govgateway.pipeline.figures": ("draft_file",),
    "govgateway.pipeline.files": ("write_file",),
    "govgateway.pipeline.gateway": ("Gateway",),
    "govgateway.pipeline.intake": ("Examined",),
    "govgateway.signing.signer": ("FileSigner",),
}

__all__ = [
    "AnswerRefused",
    "Attempt",
    "CertificateUnfit",
    "Configuration",
    "ConfigurationError",
    "DocumentRefused",
    "DuplicateFiling",
    "Environment",
    "Event",
    "Examined",
    "FileSigner",
    "Filing",
    "Finding",
    "Gateway",
    "GovGatewayError",
    "KeyUnusable",
    "Outcome",
    "Payable",
    "Reason",
    "Receipt",
    "Recognition",
    "Severity",
    "SignatureBroken",
    "Status",
    "StorageError",
    "Text",
    "TransitionRefused",
    "UnknownFiling",
    "UnknownForm",
    "UnreadableDocument",
    "UsageError",
    "XmlDocument",
    "draft_file",
    "read_xml",
    "read_xml_file",
    "write_file",
]
__getattr__ = exporter(__name__, {name: home for home, names in _HOMES.items() for name in names})
