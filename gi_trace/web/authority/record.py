"""The record of acts: who did what, when."""

import json

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gi_trace.accounts.models import names_of_actors
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
    names = names_of_actors(row.by for row in page.items)
    return render_template("authority/show_record.html", page=page, rows=rows, names=names, asked=asked)
