"""All books, and the reconciliation of a season for the whole area."""

from flask.typing import ResponseReturnValue

from gi_trace.web.authority import bp
from gi_trace.web.books_pages import (
    books_file,
    books_page,
    reconciliation_file,
    reconciliation_page,
)


@bp.get("/books")
def show_books() -> ResponseReturnValue:
    return books_page(None)


@bp.get("/books.<any(csv, xlsx):form>")
def export_books(form: str) -> ResponseReturnValue:
    return books_file(None, form)


@bp.get("/reconciliation")
def show_reconciliation() -> ResponseReturnValue:
    return reconciliation_page(None)


@bp.get("/reconciliation.<any(csv, xlsx):form>")
def export_reconciliation(form: str) -> ResponseReturnValue:
    return reconciliation_file(None, form)
