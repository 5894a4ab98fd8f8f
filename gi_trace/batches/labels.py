"""The files of a print run, made while they are sent: the same run gives the same bytes."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from gi_trace.batches.models import PrintRun
from gi_trace.codes.unit_code import codes_of
from gi_trace.keys import keys

FORMS = ("csv",)
CHUNK_UNITS = 5000


@dataclass(frozen=True)
class LabelFile:
    name: str
    media_type: str
    chunks: Iterator[bytes]


def label_file(run: PrintRun, form: str, *, public_url: str) -> LabelFile:
    name = f"{run.batch.number_text}-{run.first_unit}-{run.last_unit}.{form}"
    return LabelFile(name, "text/csv; charset=utf-8", _csv(run, public_url))


def _csv(run: PrintRun, public_url: str) -> Iterator[bytes]:
    batch, epoch_keys = run.batch, keys().by_epoch[run.batch.epoch]
    number, first, last = batch.number, run.first_unit, run.last_unit

    def chunks() -> Iterator[bytes]:
        yield "\ufeff".encode() + _rows([("unit", "code", "url")])
        for start in range(first, last + 1, CHUNK_UNITS):
            end = min(start + CHUNK_UNITS - 1, last)
            codes = codes_of(epoch_keys, number, start, end)
            yield _rows((unit, code, f"{public_url}/c/{code}") for unit, code in enumerate(codes, start))

    return chunks()


def _rows(rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
