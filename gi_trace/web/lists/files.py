"""Tables as files. They are written to disk first: who downloads slowly holds no transaction open.

Each is an act of the record: nearly every list names people, a sole trader among its firms if nobody else.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from flask import Response

from gi_trace.accounts.exports import note_export
from gi_trace.database import end_reading
from gi_trace.excel.list_file import write_list
from gi_trace.web.guards import me

PIECE = 64 * 1024
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_file(
    name: str, form: str, header: Sequence[Any], rows: Iterable[Sequence[Any]], asked: str = ""
) -> Response:
    """The file as an answer; `asked` is what its rows were narrowed by."""
    file = tempfile.TemporaryFile()
    try:
        count = write_list(file, form, [str(title) for title in header], rows)
        end_reading()
        note_export(me(), name, form=form, rows=count, asked=asked)
    except BaseException:
        file.close()
        raise
    response = Response(_sent(file), mimetype=MEDIA_TYPES[form])
    response.content_length = file.seek(0, 2)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    response.call_on_close(file.close)
    return response


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while some := file.read(PIECE):
            yield some
