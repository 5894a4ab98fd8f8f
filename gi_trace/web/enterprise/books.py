"""The enterprise's own books and what in them asks for an answer."""

from flask.typing import ResponseReturnValue

from gi_trace.web.books_pages import (
    books_file,
    books_page,
    reconciliation_file,
    reconciliation_page,
)
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import own_party


@bp.get("/books")
def show_books() -> ResponseReturnValue:
    return books_page(own_party())


@bp.get("/books.<any(csv, xlsx):form>")
def export_books(form: str) -> ResponseReturnValue:
    return books_file(own_party(), form)


@bp.get("/reconciliation")
def show_reconciliation() -> ResponseReturnValue:
    return reconciliation_page(own_party())


@bp.get("/reconciliation.<any(csv, xlsx):form>")
def export_reconciliation(form: str) -> ResponseReturnValue:
    return reconciliation_file(own_party(), form)
