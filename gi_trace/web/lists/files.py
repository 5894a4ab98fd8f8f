"""Tables as files. They are written to disk first: who downloads slowly holds no transaction open."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from flask import Response

from gi_trace.database import end_reading
from gi_trace.excel.list_file import write_list

PIECE = 64 * 1024
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(name: str, form: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Response:
    return written_file(name, form, header, rows)[0]


def written_file(
    name: str, form: str, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> tuple[Response, int]:
    """The file as an answer, and how many rows it has."""
    file = tempfile.TemporaryFile()
    try:
        count = write_list(file, form, [str(title) for title in header], rows)
        end_reading()
    except BaseException:
        file.close()
        raise
    response = Response(_sent(file), mimetype=MEDIA_TYPES[form])
    response.content_length = file.seek(0, 2)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    response.call_on_close(file.close)
    return response, count


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while some := file.read(PIECE):
            yield some
