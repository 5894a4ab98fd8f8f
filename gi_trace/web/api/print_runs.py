"""Print runs: order, fetch their codes, activate, and say what became of labels."""

from typing import Any

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from gi_trace.accounts.models import Scope
from gi_trace.accounts.tokens import check_scope
from gi_trace.batches import actions, label_life
from gi_trace.batches.label_faces import check_printable
from gi_trace.batches.labels import FileOptions, FileType, label_file
from gi_trace.batches.models import Batch, Download, PrintRun, UnitRange, run_tally
from gi_trace.batches.rules import DownloadKind, UnitState
from gi_trace.batches.unit_entries import merged
from gi_trace.database import db
from gi_trace.errors import NotFound
from gi_trace.verification.models.checks import checked_units
from gi_trace.web.api.asked import (
    FileSchema,
    HiddenFileSchema,
    MarkSchema,
    NewRunSchema,
    PartSchema,
    RangeSchema,
)
from gi_trace.web.api.face import ApiFace, RowsPage, needs
from gi_trace.web.api.guard import caller, callers_token, get_callers_batch, get_callers_run, require_token
from gi_trace.web.api.told import RunSchema, RunWithTallySchema, UnitRangeSchema
from gi_trace.web.labels.downloads import send_part

KINDS = sorted({kind.media_type.partition(";")[0] for kind in FileType})
TEXT = {"type": "string"}
FILES = {
    "content": {kind: {"schema": TEXT | {"format": "binary"}} for kind in KINDS},
    "headers": {
        "ETag": {
            "description": "Strong: the file is the same, byte for byte, whenever it is fetched.",
            "schema": TEXT,
        },
        "Content-Location": {
            "description": "Where it, and its other parts, are fetched again.",
            "schema": TEXT,
        },
    },
}
PIECE = [
    {"in": "header", "name": "Range", "schema": TEXT | {"examples": ["bytes=1000-"]}},
    {"in": "header", "name": "If-Range", "schema": TEXT, "description": "The ETag of what came before."},
]

bp = ApiFace("api_print_runs", __name__, url_prefix="/api/v1", description="Print runs and labels.")
bp.before_request(require_token)


@bp.post("/batches/<int:number>/print-runs")
@needs(Scope.LABELS)
@bp.arguments(NewRunSchema)
@bp.response(201, RunSchema)
def order_print_run(asked: dict[str, Any], number: int) -> PrintRun:
    """The next units of a batch are sent to print."""
    batch = get_callers_batch(number)
    check_printable(batch, public_url=current_app.config["PUBLIC_URL"])
    return actions.order_print_run(batch, by=caller(), **asked)


@bp.get("/print-runs")
@bp.response(200, RunSchema(many=True))
@bp.paginate(RowsPage)
def list_print_runs() -> Select[Any]:
    """The enterprise's print runs, the latest first."""
    return _runs().where(Batch.party_id == caller().party_id)


@bp.get("/batches/<int:number>/print-runs")
@bp.response(200, RunSchema(many=True))
@bp.paginate(RowsPage)
def list_print_runs_of_batch(number: int) -> Select[Any]:
    """Those of a batch."""
    return _runs().where(Batch.number == get_callers_batch(number).number)


@bp.get("/print-runs/<int:run_id>")
@bp.response(200, RunWithTallySchema)
def show_print_run(run_id: int) -> dict[str, Any]:
    """A run, with its units by what was last said of them."""
    run = get_callers_run(run_id)
    columns = ("id", "batch", "batch_number", "first_unit", "last_unit", "printer", "ordered_at")
    return {column: getattr(run, column) for column in columns} | {
        "tally": vars(run_tally(run)) | {"ordered": run.units},
    }


@bp.post("/print-runs/<int:run_id>/files")
@needs(Scope.LABELS)
@bp.arguments(FileSchema)
@bp.doc(responses={200: FILES})
@bp.response(200)
def fetch_codes(asked: dict[str, Any], run_id: int) -> ResponseReturnValue:
    """The codes of a run as a file. From the second time on with a reason; the codes stay the same."""
    return _file(run_id, asked, hidden=False)


@bp.post("/print-runs/<int:run_id>/hidden-code-files")
@needs(Scope.HIDDEN_CODES)
@bp.arguments(HiddenFileSchema)
@bp.doc(responses={200: FILES})
@bp.response(200)
def fetch_hidden_codes(asked: dict[str, Any], run_id: int) -> ResponseReturnValue:
    """A file with the codes under the scratch layer: for the enterprise's first account alone, recorded apart."""
    return _file(run_id, asked, hidden=True)


@bp.get("/print-runs/<int:run_id>/files/<int:download_id>", parameters=PIECE)
@needs(Scope.LABELS)
@bp.arguments(PartSchema, location="query")
@bp.doc(responses={200: FILES, 206: FILES, 416: "REQUESTED_RANGE_NOT_SATISFIABLE", 429: "TOO_MANY_REQUESTS"})
@bp.response(200)
def fetch_file(asked: dict[str, Any], run_id: int, download_id: int) -> ResponseReturnValue:
    """A file that was asked for, where its sending broke off (`Range` with `If-Range`), or another of its parts.

    For a day, by the account that asked for it; it is no second download. Hidden codes need their own scope too.
    """
    run, download = get_callers_run(run_id), db.session.get(Download, download_id)
    if download is None or download.run is not run:
        raise NotFound
    if download.kind is DownloadKind.HIDDEN_CODES:
        check_scope(callers_token(), Scope.HIDDEN_CODES)
    return send_part(download, asked["part"], by=caller())


@bp.post("/print-runs/<int:run_id>/activations")
@needs(Scope.LABELS)
@bp.arguments(RangeSchema)
@bp.response(201, UnitRangeSchema)
def activate_units(asked: dict[str, Any], run_id: int) -> UnitRange:
    """Units first..last are on packs now."""
    return actions.activate_units(get_callers_run(run_id), by=caller(), **asked)


@bp.post("/print-runs/<int:run_id>/marks")
@needs(Scope.LABELS)
@bp.arguments(MarkSchema)
@bp.response(201, UnitRangeSchema(many=True))
def mark_units(asked: dict[str, Any], run_id: int) -> list[UnitRange]:
    """Ranges of units are lost, returned or destroyed; `count` is said again against slips."""
    run, state = get_callers_run(run_id), UnitState(asked.pop("state"))
    ranges = sorted((one["first"], one["last"]) for one in asked.pop("ranges"))
    checked = checked_units(run.batch_number, ranges)
    return label_life.mark_units(run, state, ranges, by=caller(), checked_units=checked, **asked)


def _runs() -> Select[Any]:
    return select(PrintRun).join(PrintRun.batch).order_by(PrintRun.id.desc())


def _file(run_id: int, asked: dict[str, Any], *, hidden: bool) -> ResponseReturnValue:
    """The first file, and by Content-Location the address where it, and the others, may be fetched again."""
    run, reason, key = get_callers_run(run_id), asked.pop("reason"), asked.pop("client_key", None)
    ranges = merged((one["first"], one["last"]) for one in asked.pop("ranges"))
    options = FileOptions(hidden=hidden, ranges=tuple(ranges), **asked).of_run(run)
    label_file(run, options, public_url=current_app.config["PUBLIC_URL"])
    download = label_life.begin_download(run, options, reason=reason, by=caller(), client_key=key)
    response = send_part(download, 1, by=caller())
    response.content_location = url_for(".fetch_file", run_id=run.id, download_id=download.id)
    return response
