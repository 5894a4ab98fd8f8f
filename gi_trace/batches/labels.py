"""The files of a print run, made while they are sent: the same run and options give the same bytes."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from gi_trace.batches.models import Batch, PrintRun
from gi_trace.codes.digital_link import printed_prefix
from gi_trace.errors import N_, Refused
from gi_trace.keys import keys
from gi_trace.labels.download import FileInParts, Units
from gi_trace.labels.images import image_zip
from gi_trace.labels.label_face import LabelFace, check_face
from gi_trace.labels.lists import csv_list, xlsx_list
from gi_trace.labels.pdf import SheetOptions, pdf_sheet
from gi_trace.labels.sheets import TEMPLATES, SheetTemplate
from gi_trace.labels.zpl import zpl_roll
from gi_trace.registry.rules import Basis
from gi_trace.stock.rules.weights import kilograms
from gi_trace.words import Worded

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileType(Worded):
    """What a run's labels are sent as, and whether it may carry the codes under the scratch layer."""

    extension: str
    media_type: str
    may_hold_hidden: bool

    PDF = "pdf", N_("标签（PDF）"), "pdf", "application/pdf", True
    CSV = "csv", N_("清单（CSV）"), "csv", "text/csv; charset=utf-8", True
    XLSX = "xlsx", N_("清单（Excel，20 万行以内）"), "xlsx", XLSX, True
    PNG = "png", N_("图片（PNG 压缩包）"), "zip", "application/zip", False
    SVG = "svg", N_("图片（SVG 压缩包）"), "zip", "application/zip", False
    ZPL = "zpl", N_("标签机（ZPL，卷装 30 × 20 毫米，300 dpi）"), "zpl", "application/zpl", False


HIDDEN_FORMS = tuple(kind.value for kind in FileType if kind.may_hold_hidden)


@dataclass(frozen=True)
class FileOptions:
    """How a run's file is made. Margins and offsets in tenths of a millimetre (across, down); None: the template's.

    `level` of error correction; None: on sheets the strongest that stays comfortable to scan, else M.
    With `hidden` the file, in one of HIDDEN_FORMS, carries the codes under the scratch layer.
    """

    form: str
    template: str = "a4-24"
    level: str | None = None
    start: int = 1
    margin: tuple[int, int] | None = None
    offset: tuple[int, int] = (0, 0)
    cut_marks: bool = False
    hidden: bool = False

    @property
    def sheet(self) -> SheetTemplate:
        template = TEMPLATES[self.template]
        margin = _mm(self.margin) if self.margin else template.margin_mm
        return replace(template, margin_mm=margin, offset_mm=_mm(self.offset))

    @property
    def noted(self) -> dict[str, Any]:
        """As the books keep it: what JSON can say."""
        return vars(self) | {"margin": self.margin and list(self.margin), "offset": list(self.offset)}


@dataclass(frozen=True)
class LabelFile:
    name: str
    media_type: str
    parts: Iterator[bytes]
    length: int | None


def label_file(run: PrintRun, options: FileOptions, *, public_url: str) -> LabelFile:
    """Raises what the label lacks or the sheet cannot hold, before the first byte."""
    batch = run.batch
    units = _units(batch, run.first_unit, run.last_unit)
    download = _download(batch, units, prefix_of(batch, public_url), options)
    file_type = FileType(options.form)
    name = f"{batch.number_text}-{run.first_unit}-{run.last_unit}.{file_type.extension}"
    return LabelFile(name, file_type.media_type, download.parts, download.length)


def check_printable(batch: Batch, *, public_url: str) -> None:
    """What a label lacks by its legal ground, or that no template holds it, is said before ordering."""
    check_face(label_face(batch))
    why_not = misfits(batch, public_url=public_url)
    if len(why_not) == len(TEMPLATES):
        raise next(iter(why_not.values()))


def misfits(batch: Batch, *, public_url: str) -> dict[str, Refused]:
    """Names of the templates too small for the batch's labels, each with what a download would refuse."""
    found = {}
    for name, template in TEMPLATES.items():
        try:
            pdf_sheet(label_face(batch), _units(batch, 1, 1), template, prefix_of(batch, public_url))
        except Refused as refusal:
            found[name] = refusal
    return found


def prefix_of(batch: Batch, public_url: str) -> str:
    """The printed address before the code."""
    return printed_prefix(public_url, batch.product.gtin, batch.number)


def label_face(batch: Batch) -> LabelFace:
    """The texts of every label of a batch, and the official mark as the authority supplied it."""
    ground = batch.product.on_basis(batch.authorisation.basis)
    return LabelFace(
        product=batch.printed_product,
        enterprise=batch.printed_name,
        uscc=batch.printed_uscc,
        batch=batch.number_text,
        net_weight=weight_words(batch.net_weight_g),
        basis=basis_line(batch),
        artwork=ground.artwork if ground else None,
    )


def weight_words(grams: int) -> str:
    """As a label says it (GB 7718): grams below a kilogram."""
    return f"{grams} 克" if grams < 1000 else f"{kilograms(grams)} 千克"


def basis_line(batch: Batch) -> str:
    """What a label owes to its legal ground (CNIPA announcement 354, 2020): for a protected product the
    standard or announcement, for a certification mark the mark with its registration number."""
    ground = batch.product.on_basis(batch.authorisation.basis)
    number = (ground.number if ground else "") or batch.printed_number
    if batch.authorisation.basis == Basis.CERTIFICATION:
        mark = ground.mark_name if ground else ""
        return f"{mark}证明商标 第 {number} 号" if mark and number else ""
    standards = [
        s for s in batch.product.standards if not (s.valid_until and s.valid_until < batch.packed_on)
    ]
    return f"执行标准 {standards[-1].code}" if standards else number


def hashed(parts: Iterator[bytes], when_done: Callable[[str], None]) -> Iterator[bytes]:
    """The parts unchanged; once the last has left, the SHA-256 of all of them is handed over."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    when_done(digest.hexdigest())


def _download(batch: Batch, units: Units, prefix: str, options: FileOptions) -> FileInParts:
    if options.form == "csv":
        return csv_list(units, prefix, with_hidden=options.hidden)
    if options.form == "xlsx":
        return xlsx_list(units, prefix, with_hidden=options.hidden)
    if options.form in ("png", "svg"):
        return image_zip(units, prefix, options.form, options.level or "M")
    if options.form == "zpl":
        return zpl_roll(label_face(batch), units, prefix, options.level)
    sheet = SheetOptions(options.level, options.start, options.cut_marks, options.hidden)
    return pdf_sheet(label_face(batch), units, options.sheet, prefix, sheet)


def _units(batch: Batch, first: int, last: int) -> Units:
    return Units(keys().by_epoch[batch.epoch], batch.number, first, last)


def _mm(tenths: tuple[int, int]) -> tuple[float, float]:
    return tenths[0] / 10, tenths[1] / 10
