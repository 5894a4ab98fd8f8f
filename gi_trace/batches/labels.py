"""The files of a print run, made while they are sent: the same run gives the same bytes."""

from collections.abc import Iterator
from dataclasses import dataclass

from gi_trace.batches.models import Batch, PrintRun
from gi_trace.batches.rules import kilograms
from gi_trace.codes.digital_link import printed_prefix
from gi_trace.codes.download import Download, Units
from gi_trace.codes.label_face import LabelFace
from gi_trace.codes.lists import csv_list
from gi_trace.codes.pdf import pdf_sheet
from gi_trace.codes.sheets import TEMPLATES
from gi_trace.keys import keys
from gi_trace.registry.rules import Basis

MEDIA_TYPES = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


@dataclass(frozen=True)
class LabelFile:
    name: str
    media_type: str
    parts: Iterator[bytes]
    length: int | None


def label_file(run: PrintRun, form: str, *, public_url: str) -> LabelFile:
    """Raises what the label lacks, before the first byte."""
    batch = run.batch
    units = Units(keys().by_epoch[batch.epoch], batch.number, run.first_unit, run.last_unit)
    prefix = printed_prefix(public_url, batch.product.gtin, batch.number)
    download = _download(form, batch, units, prefix)
    name = f"{batch.number_text}-{run.first_unit}-{run.last_unit}.{form}"
    return LabelFile(name, MEDIA_TYPES[form], download.parts, download.length)


def label_face(batch: Batch) -> LabelFace:
    """The texts of every label of a batch."""
    return LabelFace(
        product=batch.product.name,
        enterprise=batch.party.name,
        uscc=batch.party.uscc or "",
        batch=batch.number_text,
        net_weight=f"{batch.net_weight_g} 克"
        if batch.net_weight_g < 1000
        else f"{kilograms(batch.net_weight_g)} 千克",
        basis=basis_line(batch),
    )


def basis_line(batch: Batch) -> str:
    """What a label owes to its legal ground (CNIPA announcement 354, 2020): for a protected product the
    standard or announcement, for a certification mark the mark with its registration number."""
    ground = batch.product.on_basis(batch.authorisation.basis)
    number = (ground.number if ground else "") or batch.authorisation.number
    if batch.authorisation.basis == Basis.CERTIFICATION:
        mark = ground.mark_name if ground else ""
        return f"{mark}证明商标 第 {number} 号" if mark and number else ""
    standards = [
        s for s in batch.product.standards if not (s.valid_until and s.valid_until < batch.packed_on)
    ]
    return f"执行标准 {standards[-1].code}" if standards else number


def _download(form: str, batch: Batch, units: Units, prefix: str) -> Download:
    if form == "csv":
        return csv_list(units, prefix)
    return pdf_sheet(label_face(batch), units, TEMPLATES["a4-24"], prefix)
