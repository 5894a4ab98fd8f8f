"""The record as anybody may mirror and check it (C2SP tlog-tiles), and what it is, for people."""

from flask import Flask, Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from gi_trace.database import db
from gi_trace.record.acts import Acted
from gi_trace.record.models import (
    RecordCheckpoint,
    RecordRow,
    last_checkpoint,
    record_keys,
    tile,
    tree_entries,
)
from gi_trace.record.proofs import find_proof, recorded
from gi_trace.record.rules import about_salt
from gi_trace.record.signing import witness_signer
from gi_trace.record.tree import HEIGHT, WIDTH, find_place
from gi_trace.web.limits import limiter
from gi_trace.web.public import bp

FOR_EVER = "public, max-age=31536000, immutable"
LEVELS = {str(level): level for level in range(64)}
MIRRORED = limiter.shared_limit("1200 per minute", "record")  # 256 acts each: a mirror comes along quickly
SHOWN = 20
# What is public anyhow; of the rest even the number of a day would tell what firms make.
TOLD = (
    *(Acted.RIGHT_GRANTED, Acted.RIGHT_EXTENDED, Acted.RIGHT_SUSPENDED, Acted.RIGHT_RESUMED),
    *(Acted.RIGHT_WITHDRAWN, Acted.RIGHT_ENDED, Acted.RIGHT_CORRECTED, Acted.RIGHT_CHANGE_REVOKED),
    *(
        Acted.PRODUCT_ADDED,
        Acted.PRODUCT_CHANGED,
        Acted.PRODUCT_STANDARD_ADDED,
        Acted.PRODUCT_STANDARD_CHANGED,
    ),
    *(Acted.DECISION_PUBLISHED, Acted.DECISION_WITHDRAWN, Acted.BATCH_RECALLED, Acted.RECORD_KEY_BEGUN),
)


@bp.get("/record")
def show_record() -> ResponseReturnValue:
    query = select(RecordRow).where(RecordRow.act.in_([act.value for act in TOLD]))
    rows = db.session.scalars(query.order_by(RecordRow.number.desc()).limit(SHOWN))
    return render_template(
        "public/record.html",
        last=last_checkpoint(),
        keys=record_keys(),
        witness=witness_signer().key.text,
        acts=[(row, about_salt(row.salt)) for row in rows],
        prefix=url_for(".show_record", _external=True),
    )


@bp.get("/record/checkpoint")
@MIRRORED
def show_checkpoint() -> ResponseReturnValue:
    answer = Response(_last().published, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/record/tile/<level>/<path:place>")
@MIRRORED
def show_tile(level: str, place: str) -> ResponseReturnValue:
    """Hashes of the tree; `level` is `entries` for the entries themselves, each behind its length in two bytes."""
    is_of_entries = level == "entries"
    if not is_of_entries and level not in LEVELS:
        abort(404)
    number = 0 if is_of_entries else LEVELS[level]
    index, width = find_place(place) or abort(404)
    if index * WIDTH + width > _last().size >> HEIGHT * number:
        abort(404)
    begin = index * WIDTH
    content = _bundle(begin, begin + width) if is_of_entries else tile(number, index, width)
    return Response(content, mimetype="application/octet-stream", headers={"Cache-Control": FOR_EVER})


@bp.get("/record/proof/<int:number>/<salt>")
@limiter.limit("120 per minute")
def show_proof(number: int, salt: str) -> ResponseReturnValue:
    """To keep. The salt stands in the link, which only the act's own page has."""
    proof = find_proof(number, salt) or abort(404)
    answer = Response(proof.text, content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename=record-{number}.tlog-proof"
    return answer


def init_record(app: Flask) -> None:
    app.add_template_global(recorded)


def _last() -> RecordCheckpoint:
    return last_checkpoint() or abort(404)


def _bundle(begin: int, end: int) -> bytes:
    return b"".join(len(entry).to_bytes(2) + entry for entry in tree_entries(begin, end))
