"""The copy detector over a stream of stored checks: one pass, first alert of each code. Pure."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from gi_trace.errors import N_, Refused
from gi_trace.verification.history import Channel
from gi_trace.verification.suspicion import BatchMemory, Sighting, UnitMemory, update

COLUMNS = ("at", "code", "batch", "device", "city", "channel")
CHANNELS = frozenset(Channel)
ReadRow = Callable[[int, list[str]], tuple[str, str, Sighting]]  # row number, row → code, batch, sighting


class BadStream(Refused):
    code = "bad_stream"
    text = N_("文件需要这些列：{columns}；缺少：{missing}。")


class BadRow(Refused):
    code = "bad_row"
    text = N_("第 {row} 行的 {column} 不能识别：“{value}”。")


class FirstAlert(NamedTuple):
    code: str
    alerted_at: datetime
    score: float


def replay(rows: Iterable[list[str]]) -> Iterator[FirstAlert]:
    """First alert of each code, as the checks come; `rows` begins with the header. Row numbers count it as 1.

    Raises BadStream, or BadRow at the row that cannot be read. Rows should be in order of time: a check that
    comes late counts as if it came at once after the one before.
    """
    rows = iter(rows)
    read = _reader(next(rows, []))
    units: dict[str, UnitMemory] = {}
    batches: dict[str, BatchMemory] = {}
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        code, batch, seen = read(number, row)
        unit, pool = units.get(code) or UnitMemory(), batches.get(batch) or BatchMemory()
        units[code], pool, suspicion = update(unit, pool, seen)
        if batch:
            batches[batch] = pool
        if suspicion.alert:
            yield FirstAlert(code, seen.at, suspicion.score)


def _reader(header: list[str]) -> ReadRow:
    """Columns may come in any order."""
    names = [name.strip().removeprefix("\ufeff").lower() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise BadStream(columns=", ".join(COLUMNS), missing=", ".join(missing))
    at, code, batch, device, city, channel = map(names.index, COLUMNS)

    def read(number: int, row: list[str]) -> tuple[str, str, Sighting]:
        if len(row) < len(names):
            raise BadRow(row=number, column=names[len(row)], value="")
        if not row[code]:
            raise BadRow(row=number, column="code", value="")
        if row[channel] not in CHANNELS:
            raise BadRow(row=number, column="channel", value=row[channel])
        return (
            row[code],
            row[batch],
            Sighting(_instant(number, row[at]), row[device], row[city], row[channel]),
        )

    return read


def _instant(number: int, text: str) -> datetime:
    """ISO 8601; without an offset it is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadRow(row=number, column="at", value=text) from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
