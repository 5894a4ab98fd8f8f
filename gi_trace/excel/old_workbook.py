"""Workbooks of the time before packages (.xls, and .et of WPS): a compound file with one stream of records.

Pure. [MS-CFB], [MS-XLS].
"""

import struct
from collections.abc import Iterator

from gi_trace.excel.seen import ERRORS, Limits, Package, Seen, check_together
from gi_trace.excel.unreadable import EncryptedWorkbook, TooManySheets, UnreadableFile

FREE = 0xFFFFFFFA  # this and above are no sectors
STREAMS = ("Workbook", "Book")
FORMULA, DATEMODE, FILEPASS, BOUNDSHEET, MULRK, BOOLERR, ROW = 0x06, 0x22, 0x2F, 0x85, 0xBD, 0x205, 0x208
BEGIN, END = (0x809, 0x409, 0x209), 0x0A
CELLS = {FORMULA, BOOLERR, MULRK, 0xD6, 0xFD, 0x203, 0x204, 0x27E}


def see_xls(content: bytes, limits: Limits) -> Package:
    stream = _CompoundFile(content).stream(STREAMS)
    starts: list[int] = []
    from_1904 = False
    for kind, record in _records(stream, 0):
        if kind == FILEPASS:
            raise EncryptedWorkbook
        if kind == DATEMODE:
            from_1904 = record[:1] == b"\x01"
        elif kind == BOUNDSHEET:
            starts += struct.unpack_from("<I", record)
    if len(starts) > limits.sheets:
        raise TooManySheets(sheets=len(starts), limit=limits.sheets)
    sheets = [_see_sheet(stream, start, limits) for start in starts]
    check_together(sheets, limits)
    return Package(content, sheets, from_1904)


def _see_sheet(stream: bytes, start: int, limits: Limits) -> Seen:
    seen = Seen(limits)
    hidden: set[int] = set()
    for kind, record in _records(stream, start):
        if kind == ROW:
            (row,), flags = struct.unpack_from("<H", record), record[12]
            hidden |= {row} if flags & 0x20 else set()
        elif kind in CELLS:
            row, column = struct.unpack_from("<2H", record)
            last = struct.unpack_from("<H", record, len(record) - 2)[0] if kind == MULRK else column
            seen.cell(row, last, hidden=False, error=_error(kind, record))
            seen.hidden_rows.add(row)
    seen.hidden_rows &= hidden
    return seen


def _error(kind: int, record: bytes) -> str:
    if kind == BOOLERR and record[7]:
        return ERRORS.get(record[6], "#N/A")
    if kind == FORMULA and record[12:14] == b"\xff\xff" and record[6] == 2:
        return ERRORS.get(record[8], "#N/A")
    return ""


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """(kind, content) from a beginning to its end; what begins in between, a chart, is passed over."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        at += 4 + length
        depth += (kind in BEGIN) - (kind == END)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[at - length : at]
    raise UnreadableFile  # cut off


class _CompoundFile:
    """Sectors in chains, as a table of next sectors tells; short streams lie in small sectors of a stream of their own."""

    def __init__(self, content: bytes):
        (shift,) = struct.unpack_from("<H", content, 30)
        if shift not in (9, 12):
            raise UnreadableFile
        self.content, self.size = content, 1 << shift
        (self.cutoff,) = struct.unpack_from("<I", content, 56)
        (directory,), (small,) = struct.unpack_from("<I", content, 48), struct.unpack_from("<I", content, 60)
        self.next = self._table()
        self.directory = self._chain(directory)
        self.small_next = _numbers(self._chain(small))

    def stream(self, names: tuple[str, ...]) -> bytes:
        for at in range(0, len(self.directory) - 127, 128):
            entry = self.directory[at : at + 128]
            (length,) = struct.unpack_from("<H", entry, 64)
            if entry[: max(length - 2, 0)].decode("utf-16-le", "replace") in names:
                first, size = struct.unpack_from("<2I", entry, 116)
                return (self._chain(first) if size >= self.cutoff else self._small_chain(first))[:size]
        raise UnreadableFile

    def _table(self) -> list[int]:
        listed = list(struct.unpack_from("<109I", self.content, 76))
        (more,) = struct.unpack_from("<I", self.content, 68)
        for _ in range(len(self.content) // self.size):
            if more >= FREE:
                break
            *numbers, more = _numbers(self._sector(more))
            listed += numbers
        return [each for number in listed if number < FREE for each in _numbers(self._sector(number))]

    def _sector(self, number: int) -> bytes:
        return self.content[(number + 1) * self.size : (number + 2) * self.size]

    def _chain(self, number: int) -> bytes:
        return b"".join(map(self._sector, _followed(number, self.next)))

    def _small_chain(self, number: int) -> bytes:
        (root,) = struct.unpack_from("<I", self.directory, 116)
        within = self._chain(root)
        return b"".join(within[64 * each : 64 * each + 64] for each in _followed(number, self.small_next))


def _numbers(sectors: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(sectors) // 4}I", sectors[: len(sectors) // 4 * 4]))


def _followed(number: int, following: list[int]) -> Iterator[int]:
    """Never longer than the table: a chain may lead back into itself."""
    for _ in following:
        if number >= FREE:
            return
        yield number
        number = following[number]
