"""Sending a print run's file: made while it is sent, its hash kept once all of it has left."""

from collections.abc import Iterator

from flask import Response, stream_with_context

from gi_trace.accounts.models import Account
from gi_trace.batches import label_life
from gi_trace.batches.labels import LabelFile, hashed
from gi_trace.batches.models import Download
from gi_trace.database import db


def stream_labels(file: LabelFile, download: Download, *, by: Account) -> Response:
    download_id, account_id = download.id, by.id

    def finish(sha256: str) -> None:
        label_life.finish_download(
            db.session.get_one(Download, download_id), sha256, by=db.session.get_one(Account, account_id)
        )

    return stream_file(file.name, file.media_type, file.length, hashed(file.parts, finish))


def stream_file(name: str, media_type: str, length: int | None, parts: Iterator[bytes]) -> Response:
    db.session.rollback()  # a slow download must not hold a reader's snapshot open
    response = Response(stream_with_context(parts), mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    if length is not None:
        response.content_length = length
    return response
