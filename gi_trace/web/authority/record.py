"""The record of acts: who did what, when."""

import json

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gi_trace.accounts.models import Account
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.web.authority import bp


@bp.get("/record")
def show_record() -> ResponseReturnValue:
    query = select(RecordRow).order_by(RecordRow.number.desc())
    asked = request.args.get("q", "").strip()
    if asked:
        query = query.where(RecordRow.act.startswith(asked, autoescape=True) | (RecordRow.subject == asked))
    page = db.paginate(query, per_page=50)
    rows = [(row, json.dumps(row.facts, ensure_ascii=False), row.personal) for row in page.items]
    return render_template(
        "authority/show_record.html", page=page, rows=rows, names=_names(page.items), asked=asked
    )


def _names(rows: list[RecordRow]) -> dict[str, str]:
    ids = {int(row.by.removeprefix("account:")) for row in rows if row.by.startswith("account:")}
    accounts = db.session.scalars(select(Account).where(Account.id.in_(ids)))
    return {f"account:{account.id}": account.name for account in accounts}
