"""The files of a print run, made when they are asked for: the same run and options give the same bytes."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from gi_trace.batches.etags import etag_of
from gi_trace.batches.label_faces import label_face, prefix_of
from gi_trace.batches.label_layouts import OWN, layout_of
from gi_trace.batches.models import Batch, Download, PrintRun
from gi_trace.batches.rules import check_range_in_run
from gi_trace.batches.unit_states import Range
from gi_trace.errors import N_, NotFound, Refused
from gi_trace.keys import keys
from gi_trace.labels.download import FileInParts, FileOnDisk, Units
from gi_trace.labels.images import image_zip
from gi_trace.labels.layouts import Layout, nudged
from gi_trace.labels.lists import csv_list, xlsx_list
from gi_trace.labels.pdf import SheetOptions, pdf_sheet
from gi_trace.labels.sheets import PAPER
from gi_trace.labels.standard_layouts import STANDARD_LAYOUTS
from gi_trace.labels.zpl import zpl_labels
from gi_trace.registry.models import Party
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
    ZPL = "zpl", N_("标签机（ZPL）"), "zpl", "application/zpl", False


HIDDEN_FORMS = tuple(kind.value for kind in FileType if kind.may_hold_hidden)
MOST_PARTS = 500


class TooManyParts(Refused):
    code = "too_many_parts"
    text = N_("会分成 {parts} 个文件，最多 {most} 个。请增加每个文件的标签数，或分几次下载。")


@dataclass(frozen=True)
class FileOptions:
    """How a run's file is made. Margins and offsets in tenths of a millimetre (across, down); None: the template's.

    `level` of error correction; None: on sheets the strongest that stays comfortable to scan, else M.
    With `hidden` the file, in one of HIDDEN_FORMS, carries the codes under the scratch layer. `ranges` are the units
    wanted, none meaning all of the run; `per_part` is how many labels a file may have, as much as a printer takes.
    """

    form: str
    template: str = "a4-24"
    level: str | None = None
    start: int = 1
    margin: tuple[int, int] | None = None
    offset: tuple[int, int] = (0, 0)
    cut_marks: bool = False
    hidden: bool = False
    version: int | None = None  # of the layout; None: its latest
    dots_per_inch: int = PAPER  # of a label printer
    ranges: tuple[Range, ...] = ()
    per_part: int | None = None

    @classmethod
    def of_note(cls, noted: dict[str, Any]) -> "FileOptions":
        """As a download was noted."""
        pairs = {name: tuple(noted[name]) for name in ("margin", "offset") if noted.get(name)}
        ranges = tuple((first, last) for first, last in noted.get("ranges", ()))
        return cls(**noted | pairs | {"ranges": ranges})

    def wanted(self, run: PrintRun) -> tuple[Range, ...]:
        """The units asked for. Raises RangeOutsideRun, RangeReversed."""
        for first, last in self.ranges:
            check_range_in_run(first, last, run_first=run.first_unit, run_last=run.last_unit)
        return self.ranges or ((run.first_unit, run.last_unit),)

    def parts(self, run: PrintRun) -> list[Range]:
        """The units of each file. Raises what `wanted` raises, and TooManyParts."""
        wanted, size = self.wanted(run), self.per_part or run.units
        parts = sum(-(-(last - first + 1) // size) for first, last in wanted)
        if parts > MOST_PARTS:
            raise TooManyParts(parts=parts, most=MOST_PARTS)
        starts = [(start, last) for first, last in wanted for start in range(first, last + 1, size)]
        return [(start, min(start + size - 1, last)) for start, last in starts]

    @property
    def layout_name(self) -> str:
        """The layout on paper, or what a list or images are."""
        version = f"-v{self.version}" if self.template.startswith(OWN) else ""
        layouts = {
            "pdf": f"{self.template}{version}",
            "zpl": f"{self.template}{version}-{self.dots_per_inch}dpi",
        }
        return layouts.get(self.form, "codes" if self.form in ("csv", "xlsx") else self.form)

    def of_run(self, run: PrintRun) -> "FileOptions":
        """With the version of the layout, to be noted. A standard one stays as the run was first printed in it, so that
        a reprint is the same bytes; a firm changes its own to print them otherwise."""
        version = self.version
        if version is None and self.template in STANDARD_LAYOUTS:
            version = next(
                (one.options["version"] for one in run.downloads if _is_printed_in(one, self.template)), None
            )
        return replace(self, version=layout_of(self.template, run.batch.party, version).version)

    def layout(self, party: Party) -> Layout:
        """Moved as asked for. Raises LayoutUnknown, NudgedOffPage."""
        return nudged(layout_of(self.template, party, self.version), self.margin, self.offset)

    @property
    def noted(self) -> dict[str, Any]:
        """As the books keep it: what JSON can say."""
        pairs = {"margin": self.margin and list(self.margin), "offset": list(self.offset)}
        return vars(self) | pairs | {"ranges": [list(one) for one in self.ranges]}


@dataclass(frozen=True)
class LabelFile:
    """A file of labels; `etag` names all that its bytes depend on."""

    name: str
    media_type: str
    file: FileInParts | FileOnDisk
    etag: str


def label_file(run: PrintRun, options: FileOptions, part: int = 1, *, public_url: str) -> LabelFile:
    """The part-th file of a run, counted from 1. Raises what the label lacks, or the sheet or the run cannot hold,
    before the first byte; NotFound where there are fewer parts."""
    parts, batch = options.parts(run), run.batch
    if not 1 <= part <= len(parts):
        raise NotFound
    if part > 1:
        options = replace(options, start=1)  # only the first sheet was used before
    units, file_type = _units(batch, *parts[part - 1]), FileType(options.form)
    etag = _etag(batch, units, public_url, options)
    return LabelFile(
        _name_of(batch, units, options), file_type.media_type, _file(batch, units, public_url, options), etag
    )


def _name_of(batch: Batch, units: Units, options: FileOptions) -> str:
    """What a printer sees in a folder: batch, units, layout."""
    file_type = FileType(options.form)
    about = [batch.number_text, f"{units.first}-{units.last}", options.layout_name]
    if options.hidden:
        about.append("hidden")
    return f"{'_'.join(about)}.{file_type.extension}"


def _etag(batch: Batch, units: Units, public_url: str, options: FileOptions) -> str:
    face, prefix = label_face(batch, public_url), prefix_of(batch, public_url)
    artwork = hashlib.sha256(face.artwork or b"").hexdigest()
    printed = [value for name, value in vars(face).items() if name != "artwork"]
    return etag_of(
        prefix, batch.number, batch.epoch, units.first, units.last, options.noted, printed, artwork
    )


def _is_printed_in(download: Download, layout_name: str) -> bool:
    noted = download.options
    return (
        noted.get("template") == layout_name
        and noted["form"] in ("pdf", "zpl")
        and bool(noted.get("version"))
    )


def hashed(parts: Iterator[bytes], when_done: Callable[[str], None]) -> Iterator[bytes]:
    """The parts unchanged; once the last has left, the SHA-256 of all of them is handed over."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
        yield part
    when_done(digest.hexdigest())


def _file(batch: Batch, units: Units, public_url: str, options: FileOptions) -> FileInParts | FileOnDisk:
    prefix = prefix_of(batch, public_url)
    if options.form == "csv":
        return csv_list(units, prefix, with_hidden=options.hidden)
    if options.form == "xlsx":
        return xlsx_list(units, prefix, with_hidden=options.hidden)
    if options.form in ("png", "svg"):
        return image_zip(units, prefix, options.form, options.level or "M")
    face, layout = label_face(batch, public_url), options.layout(batch.party)
    if options.form == "zpl":
        return zpl_labels(face, units, layout, prefix, options.level, options.dots_per_inch)
    sheet = SheetOptions(options.level, options.start, options.cut_marks, options.hidden)
    return pdf_sheet(face, units, layout, prefix, sheet)


def _units(batch: Batch, first: int, last: int) -> Units:
    return Units(keys().by_epoch[batch.epoch], batch.number, first, last)
