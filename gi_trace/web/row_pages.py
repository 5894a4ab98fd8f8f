"""Pages of rows whose order the database cannot give."""

from collections.abc import Sequence
from typing import Any

from flask_sqlalchemy.pagination import Pagination

PER_PAGE = 50


class RowPage(Pagination):
    """The asked page of rows that are all at hand; 404 beyond the last."""

    def _query_items(self) -> list[Any]:
        rows: Sequence[Any] = self._query_args["rows"]
        return list(rows[self._query_offset : self._query_offset + self.per_page])

    def _query_count(self) -> int:
        return len(self._query_args["rows"])


def page_of(rows: Sequence[Any]) -> RowPage:
    return RowPage(rows=rows, per_page=PER_PAGE)
