"""How each kind of import is read and taken over: its capability says so."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gi_trace.excel.header import Column
from gi_trace.excel.table import RowFault
from gi_trace.imports.models import Import, ImportKind
from gi_trace.record.actions import Happening
from gi_trace.record.acts import Acted

Rows = list[dict[str, Any]]
Acts = Sequence[tuple[str, str]]  # names and subjects, as the record has them


def counted(_sent: Import, acts: Acts) -> dict[str, Any]:
    return dict(Counter(Acted(name).label for name, _subject in acts))


@dataclass(frozen=True)
class Found:
    """What reading found: faults, or rows of JSON in pieces, each prepared to be taken over in one transaction.

    `firms` are the codes of all that it names, those unchanged among them.
    """

    faults: Sequence[RowFault] = ()
    pieces: Sequence[Rows] = ()
    counts: dict[str, Any] = field(default_factory=dict)
    firms: Sequence[str] = ()


@dataclass(frozen=True)
class Way:
    """What a capability says of its kind of import.

    `columns` are those of its file. `read` works outside of every transaction and may raise what is refused of the
    whole. `hold` takes the locks of those who write what the import writes, and refuses while another import is under
    way; `take` writes a piece and `end` tells what to record at the end, both under those locks. After acts whose names
    begin with one of `changed_by` what was read is read again. What `takes_two` is confirmed by a second officer, whom
    `meanwhile` tells by label of the acts since that concern it: on which, or how many.
    """

    columns: Callable[[Import], list[Column]]
    read: Callable[[Import], Found]
    hold: Callable[[Import], None]
    take: Callable[[Import, Rows], Iterable[Happening]]
    end: Callable[[Import], Iterable[Happening]]
    changed_by: tuple[str, ...]
    takes_two: Callable[[Import], bool] = lambda _: False
    meanwhile: Callable[[Import, Acts], dict[str, Any]] = counted


WAYS: dict[ImportKind, Way] = {}
