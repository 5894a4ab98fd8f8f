"""Papers of applications: kept as they came, before the act that names them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gi_trace.applications.rules import PaperKind
from gi_trace.errors import N_, Refused
from gi_trace.evidence.rules import NotAPaper
from gi_trace.evidence.store import evidence_store

MB = 1024 * 1024
LARGEST_PAPER = 8 * MB
LONGEST_NAME = 100


class PaperUnfit(Refused):
    code = "paper_unfit"
    text = N_("“{name}”不能收：须为 {megabytes} MB 以内的 PDF 文件，或 JPEG、PNG、WebP、HEIC 照片。")


@dataclass(frozen=True)
class KeptPaper:
    """A file that is in the store."""

    kind: PaperKind
    name: str
    media_type: str
    size: int
    sha256: str


def keep_papers(sent: Iterable[tuple[PaperKind, str, bytes]]) -> list[KeptPaper]:
    """(kind, name, content) of each; whatever is in a file, nobody here opens it. Raises PaperUnfit."""
    return [_kept(kind, _plain(name), content) for kind, name, content in sent]


def _kept(kind: PaperKind, name: str, content: bytes) -> KeptPaper:
    unfit = PaperUnfit(name=name, megabytes=LARGEST_PAPER // MB)
    if len(content) > LARGEST_PAPER:
        raise unfit
    try:
        sha256, media_type = evidence_store().keep_paper(content)
    except NotAPaper:
        raise unfit from None
    return KeptPaper(kind, name, media_type, len(content), sha256)


def _plain(name: str) -> str:
    """What the firm called a file, to be read by people: without folders and what cannot be seen."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", re.split(r"[/\\]", name)[-1])[
        -LONGEST_NAME:
    ]
