"""A list's page, and the same rows as a file."""

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func

from gi_trace.database import db
from gi_trace.stock.rules.weights import in_kilograms
from gi_trace.web.lists.files import table_file
from gi_trace.web.lists.listing import AskedListing, Heading, Link, Listing, Tag, rows_of
from gi_trace.web.row_pages import PER_PAGE, page_of
from gi_trace.web.words import day_text, moment_text

Lister = Callable[..., Listing]


class QueryPage(Pagination):
    """The asked page of a query; 404 beyond the last."""

    def _query_items(self) -> list[Any]:
        listing = self._query_args["listing"]
        query = self._query_args["query"].options(*listing.loaded)
        return listing.told(list(rows_of(query.limit(self.per_page).offset(self._query_offset))))

    def _query_count(self) -> int:
        query = self._query_args["query"].order_by(None)
        return db.session.scalar(query.with_only_columns(func.count(), maintain_column_froms=True)) or 0


def list_page(bp: Blueprint, address: str) -> Callable[[Lister], Lister]:
    """Makes a function that says what is listed the page of it, with its files beside it under export_…"""

    def made(lister: Lister) -> Lister:
        @wraps(lister)
        def show(**parts: Any) -> ResponseReturnValue:
            return _shown(AskedListing(lister(**parts), request.args), parts)

        @wraps(lister)
        def export(form: str, **parts: Any) -> ResponseReturnValue:
            return _exported(AskedListing(lister(**parts), request.args), form)

        name = lister.__name__
        bp.add_url_rule(address, name, show)
        bp.add_url_rule(f"{address}.<any(csv, xlsx):form>", export_name(name), export)
        return lister

    return made


def export_name(endpoint: str) -> str:
    """The endpoint of the files of a list."""
    face, dot, name = endpoint.rpartition(".")
    return f"{face}{dot}export_{name.removeprefix('list_')}"


def _shown(asked: AskedListing, parts: dict[str, Any]) -> ResponseReturnValue:
    listing = asked.listing
    endpoint = request.endpoint or ""
    answers = asked.answers | parts
    return render_template(
        listing.template,
        asked=asked,
        listing=listing,
        headings=[one for one in listing.headings if not one.only_in_file],
        page=asked_page(asked),
        endpoint=endpoint,
        answers=answers | ({"sort": asked.sort} if asked.sort else {}),
        sort_address=lambda heading: url_for(endpoint, **(answers | {"sort": _turned(asked, heading)})),
        files={
            form: url_for(export_name(endpoint), form=form, sort=asked.sort or None, **answers)
            for form in ("xlsx", "csv")
        },
        is_link=lambda value: isinstance(value, Link),
        are_several=lambda value: isinstance(value, list | tuple),
        is_time=lambda value: isinstance(value, date),
        is_tag=lambda value: isinstance(value, Tag),
        in_words=in_words,
        **listing.shown,
    )


def asked_page(asked: AskedListing, per_page: int = PER_PAGE) -> Pagination:
    if asked.in_memory:
        return page_of(asked.all_rows())
    return QueryPage(query=asked.query, listing=asked.listing, per_page=per_page)


def _turned(asked: AskedListing, heading: Heading) -> str:
    """What the heading's link sorts by: itself, and the other way once it does."""
    return f"-{heading.name}" if asked.sort == heading.name else heading.name


def _exported(asked: AskedListing, form: str) -> ResponseReturnValue:
    listing = asked.listing
    header = [_file_title(one) for one in listing.headings]
    rows = ([_file_value(one, row) for one in listing.headings] for row in asked.streamed_rows())
    narrowed = " ".join(f"{name}={value}" for name, value in asked.answers.items() if value)
    return table_file(listing.name, form, header, rows, narrowed)


def _file_title(heading: Heading) -> str:
    if heading.kind == "weight":
        return gettext("{column}（千克）").format(column=heading.title)
    return str(heading.title)


def _file_value(heading: Heading, row: Any) -> Any:
    value = heading.cell(row)
    if heading.kind == "weight":
        return "" if value is None else in_kilograms(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else in_words(value)


def in_words(value: Any) -> str:
    """Of any cell, alone."""
    if isinstance(value, list | tuple):
        return gettext("、").join(in_words(one) for one in value)
    if isinstance(value, Link | Tag):
        return str(value.text)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return day_text(value)
    return "" if value is None else str(value)
