"""How each kind of import is read and taken over: its capability says so."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gi_trace.excel.header import Column
from gi_trace.excel.table import RowFault
from gi_trace.imports.models import Import, ImportKind
from gi_trace.record.actions import Happening

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Found:
    """What reading found: faults, or rows of JSON in pieces, each prepared to be taken over in one transaction."""

    faults: Sequence[RowFault] = ()
    pieces: Sequence[Rows] = ()
    counts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """What a capability says of its kind of import.

    `columns` are those of its file. `read` works outside of every transaction and may raise what is refused of the
    whole. `hold` takes the locks of those who write what the import writes, and refuses while another import is under
    way; `take` writes a piece and `end` tells what to record at the end, both under those locks. After acts whose names
    begin with one of `changed_by` what was read is read again. What `takes_two` is confirmed by a second officer.
    """

    columns: Callable[[Import], list[Column]]
    read: Callable[[Import], Found]
    hold: Callable[[Import], None]
    take: Callable[[Import, Rows], Iterable[Happening]]
    end: Callable[[Import], Iterable[Happening]]
    changed_by: tuple[str, ...]
    takes_two: Callable[[Import], bool] = lambda _: False


WAYS: dict[ImportKind, Way] = {}
