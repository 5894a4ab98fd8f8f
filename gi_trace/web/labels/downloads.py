"""Sending a print run's file, whole or the piece that is still missing, its hash kept once its end has left."""

from collections.abc import Iterator

from flask import Response, after_this_request, current_app, request, stream_with_context

from gi_trace.accounts.models import Account
from gi_trace.batches import label_life
from gi_trace.batches.labels import FileOptions, LabelFile, hashed, label_file
from gi_trace.batches.models import Download
from gi_trace.database import db
from gi_trace.errors import N_, Refused
from gi_trace.labels.download import FileInParts, FileOnDisk
from gi_trace.web.limits import limiter

HOUR = 3600


class PieceOutsideFile(Refused):
    code = "piece_outside_file"
    status = 416
    text = N_("文件共 {length} 字节，没有您要的那一段。请从头下载。")


class TooMuchMade(Refused):
    code = "too_much_made"
    status = 429
    text = N_(
        "一小时内最多取 {most} 个标识的 Excel 文件或图片压缩包，断了重取的也算在内。请一小时后再取，或改用 CSV。"
    )


def send_part(download: Download, part: int, *, by: Account) -> Response:
    """The part-th file of a noted download, as often as the line breaks: it is one download all the same."""
    label_life.check_may_fetch(download, by=by)
    options, public_url = FileOptions.of_note(download.options), current_app.config["PUBLIC_URL"]
    label = label_file(download.run, options, part, public_url=public_url)
    if isinstance(label.file, FileOnDisk):
        first, last = options.parts(download.run)[part - 1]
        _check_not_too_much(last - first + 1, by)
    return _sent(label, download, part, by)


def _check_not_too_much(labels: int, by: Account) -> None:
    """What is made whole before its first byte leaves costs seconds for each piece of it that is fetched (200,000 rows
    of a workbook: 9 s), so it is counted for each account. Raises TooMuchMade."""
    if limiter.storage.incr(f"labels-made/{by.id}", HOUR, labels) > current_app.config["MOST_LABELS_MADE"]:
        raise TooMuchMade(most=current_app.config["MOST_LABELS_MADE"])


def send_file(name: str, media_type: str, file: FileInParts) -> Response:
    response = Response(stream_with_context(file.parts), content_type=media_type)
    response.call_on_close(file.close)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.content_length = file.length
    return response


def _sent(label: LabelFile, download: Download, part: int, by: Account) -> Response:
    """Made anew from its beginning, since the hash is of the whole, and cut to what was asked (RFC 9110, 14.2)."""
    download_id, account_id = download.id, by.id
    db.session.rollback()  # a long making or a slow line must not hold a reader's snapshot open
    file = label.file.made()
    piece = _piece(label.etag, file)
    start, end = piece or (0, file.length)

    def finish(sha256: str) -> None:
        noted, account = db.session.get_one(Download, download_id), db.session.get_one(Account, account_id)
        label_life.finish_download(noted, part, sha256, first_byte=start, by=account)

    parts = _cut(hashed(file.parts, finish), start, end, file.length)
    response = send_file(label.name, label.media_type, FileInParts(parts, end - start, file.close))
    response.set_etag(label.etag)
    response.accept_ranges = "bytes"
    if piece:
        response.status_code = 206
        response.content_range.set(start, end, file.length)
    return response


def _piece(etag: str, file: FileInParts) -> tuple[int, int] | None:
    """From which byte up to which, where one piece of this very file was asked for."""
    asked = request.range
    if request.method != "GET" or asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    if request.headers.get("If-Range", f'"{etag}"') != f'"{etag}"':
        return None
    if -asked.ranges[0][0] > file.length:
        return 0, file.length  # the last N bytes of a file that has fewer: all of it (RFC 9110, 14.1.2)
    piece = asked.range_for_length(file.length)
    if piece is None:
        file.close()
        after_this_request(lambda response: _told_length(response, file.length))
        raise PieceOutsideFile(length=file.length)
    return piece


def _told_length(response: Response, length: int) -> Response:
    response.headers["Content-Range"] = f"bytes */{length}"
    return response


def _cut(parts: Iterator[bytes], start: int, end: int, length: int) -> Iterator[bytes]:
    """Bytes start..end-1 of the parts. Those before are made and left out; the last piece draws the parts to their end."""
    at = 0
    for part in parts:
        piece = part[max(start - at, 0) : max(end - at, 0)]
        at += len(part)
        if piece:
            yield piece
        if at >= end < length:
            return
