"""Imports are sent, read, confirmed and taken over: all or nothing, while others act.

Reading, checking and preparing happen in the background, outside of every transaction. Taking over begins by closing the
door: whoever else writes there is refused until it ends. Then what was read is compared with the record, and read again
where something changed since; so nothing can speak against a row any more, and the pieces follow, each a short
transaction. A kill only interrupts them: they go on where they were.
"""

import hashlib
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.accounts.officers import check_second_officer
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.excel.answers import Question
from gi_trace.excel.workbook import check_workbook
from gi_trace.imports.kinds import WAYS, Found, Rows
from gi_trace.imports.models import (
    DECIDED,
    KEPT,
    Import,
    ImportKind,
    ImportPiece,
    ImportShape,
    ImportState,
    find_import,
    find_naming,
    find_under_way,
)
from gi_trace.jobs.actions import progress
from gi_trace.jobs.ask import ask_for
from gi_trace.jobs.kinds import RunningJob, job
from gi_trace.proposals.models import ProposalKind, open_proposals
from gi_trace.record.actions import Happening, record_all, subject_of
from gi_trace.record.models import RecordHead, RecordRow

READ, TAKE_OVER = "imports.read", "imports.take_over"
WAITING = (ImportState.ASKING, ImportState.AT_FAULT, ImportState.READY)  # for whoever sent it
SECONDS_OF_A_PAGE = 30  # that a few rows are being taken over
MOST_FAULTS = 5_000  # kept of one file: more than anybody mends before sending it again


class ImportExpired(Refused):
    code = "import_expired"
    text = N_("预览只保留一天，这次上传的内容已经清除。请重新上传。")


class ImportAtFault(Refused):
    code = "import_at_fault"
    text = N_("文件里有 {faults} 处问题，没有导入任何内容。请改正后重新上传。")


class ImportNotReady(Refused):
    code = "import_not_ready"
    text = N_("这次导入现在是“{state}”，不能确认。")


class NothingAsked(Refused):
    code = "nothing_asked"
    text = N_("这次导入现在是“{state}”，没有等待回答的问题。")


class ImportProposed(Refused):
    code = "import_proposed"
    text = N_("这次导入已经提请复核，复核的内容不能再改。请先撤回提请。")


class NotToGiveUp(Refused):
    code = "import_not_to_give_up"
    text = N_("这次导入现在是“{state}”，不能再取消。")


class AlreadyImported(Refused):
    code = "already_imported"
    text = N_("同样的文件已于 {day} 导入过，这次没有改动任何内容。")


class ImportUnderWay(Refused):
    code = "import_under_way"
    text = N_("正在导入{kind}（第 {number} 号，已完成 {taken}/{rows} 行），请稍候再办。")


def send_import(
    kind: ImportKind, name: str, content: bytes, *, by: Account, answers: dict[str, Any] | None = None
) -> Import:
    """Keep a sent file, to be read in the background. Refuses what is plainly no workbook."""
    check_workbook(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return ask_to_import(kind, answers or {}, by=by, name=name[-200:], sha256=sha256, content=content)


def read_at_once(
    kind: ImportKind, content: bytes, *, by: Account, answers: dict[str, Any] | None = None
) -> Import:
    """Of what was typed, a few rows: kept and read before the page answers; what is wrong stands in it."""
    sha256 = hashlib.sha256(content).hexdigest()
    sent = ask_to_import(kind, answers or {}, by=by, sha256=sha256, content=content, in_background=False)
    with suppress(Question, ImportAtFault):
        _read(sent)
    return sent


@act
def ask_to_import(
    kind: ImportKind,
    answers: dict[str, Any],
    *,
    by: Account,
    name: str = "",
    sha256: str = "",
    content: bytes | None = None,
    in_background: bool = True,
) -> Import:
    """Keep what is to be read, with or without a file. What nobody confirmed in time is forgotten."""
    _forget_stale()
    sent = Import(kind=kind, name=name, sha256=sha256, content=content, answers=answers)
    sent.sent_at, sent.sent_by_id = clock.now(), by.id
    db.session.add(sent)
    db.session.flush()
    sent.job_id = ask_for(READ, {"import": sent.id}, by=by).id if in_background else None
    return sent


@job(READ, N_("读取导入的文件"))
def read_import(running: RunningJob) -> None:
    sent = db.session.get_one(Import, running.arguments["import"])
    if sent.state is ImportState.READING:
        _read(sent)


@act
def answer_import(sent: Import, answers: dict[str, Any], *, by: Account) -> None:
    """Say what the file asks, and have it read again. What labels mean is remembered for headers like this one."""
    lock(sent)
    if sent.is_expired:
        raise ImportExpired
    if sent.state is not ImportState.ASKING:
        raise NothingAsked(state=sent.state.label)
    asked = sent.question or {}
    if columns := answers.get("columns"):
        answers = answers | {"columns": {**sent.answers.get("columns", {}), **columns}}
        said = {"kind": sent.kind, "shape": asked["shape"], "columns": answers["columns"]}
        db.session.merge(ImportShape(**said, by_id=by.id, at=clock.now()))
    if said_once := answers.get("said"):
        answers = answers | {"said": {**sent.answers.get("said", {}), **said_once}}
    sent.answers = {**sent.answers, **answers}
    sent.state, sent.question = ImportState.READING, None
    sent.job_id = ask_for(READ, {"import": sent.id}, by=by).id


@act
def ask_columns_anew(sent: Import, *, by: Account) -> None:
    """Forget what was said of its labels, now and earlier, and have it read again: it asks once more."""
    lock(sent)
    if sent.is_expired:
        raise ImportExpired
    if sent.state not in (ImportState.READY, ImportState.AT_FAULT) or not sent.counts.get("shapes"):
        raise NothingAsked(state=sent.state.label)
    if open_proposals(subject_of(sent)):  # who confirms looks at what it was read as
        raise ImportProposed
    said = ImportShape.kind == sent.kind
    db.session.execute(delete(ImportShape).where(said, ImportShape.shape.in_(sent.counts["shapes"])))
    sent.answers = {name: answer for name, answer in sent.answers.items() if name != "columns"}
    sent.state = ImportState.READING
    sent.job_id = ask_for(READ, {"import": sent.id}, by=by).id


def take_over_at_once(sent: Import, *, by: Account) -> None:
    """Confirm what was typed, and take it over before the page answers; in the background, after what another page
    takes over of the same. Raises what `confirm_import` raises, and ImportAtFault where something changed since."""
    confirm_import(sent, by=by, in_background=False)
    try:
        _take_over(sent)
    except ImportUnderWay:
        _leave_to_worker(sent, by=by)


@act
def confirm_import(
    sent: Import, *, by: Account, confirmed_by: Account | None = None, in_background: bool = True
) -> None:
    """Decide that it is to be taken over; or that one that stopped goes on. Where it takes two (`import_proposals.py` is
    how one asks the other), raises what `check_second_officer` raises; besides ImportExpired, ImportAtFault,
    ImportNotReady, AlreadyImported."""
    lock(sent)
    check_may_confirm(sent)
    if sent.state is ImportState.READY:
        if confirmed_by or WAYS[sent.kind].takes_two(sent):
            check_second_officer(by, confirmed_by)
        sent.state, sent.confirmed_by_id = ImportState.CONFIRMED, (confirmed_by or by).id
        sent.proposed_by_id = by.id if confirmed_by else None
    if in_background:
        sent.job_id = ask_for(TAKE_OVER, {"import": sent.id}, by=by).id


@act
def _leave_to_worker(sent: Import, *, by: Account) -> None:
    lock(sent)
    if sent.has_stopped:
        sent.job_id = ask_for(TAKE_OVER, {"import": sent.id}, by=by).id


@act
def give_up_import(sent: Import) -> None:
    """What was sent is forgotten at once. Raises ImportProposed, NotToGiveUp."""
    lock(sent)
    if sent.state not in WAITING:
        raise NotToGiveUp(state=sent.state.label)
    if open_proposals(subject_of(sent)):
        raise ImportProposed
    sent.state, sent.content, sent.question = ImportState.GIVEN_UP, None, None
    db.session.execute(delete(ImportPiece).where(ImportPiece.import_id == sent.id))


def check_may_confirm(sent: Import) -> None:
    if sent.is_expired:
        raise ImportExpired
    if sent.state is ImportState.AT_FAULT:
        raise ImportAtFault(faults=sent.fault_count or 1)
    if sent.state is not ImportState.READY and not sent.has_stopped:
        raise ImportNotReady(state=sent.state.label)
    if earlier := find_import(sent.kind, sent.sha256, sent.answers):
        raise AlreadyImported(day=clock.day_of(earlier.ended_at or earlier.sent_at))


@job(TAKE_OVER, N_("导入"))
def take_over_import(running: RunningJob) -> None:
    sent = db.session.get_one(Import, running.arguments["import"])
    _wait_for_pages(sent)
    _take_over(sent, lambda: progress(running, sent.taken, sent.rows))


def _wait_for_pages(sent: Import) -> None:
    """What a page takes over of the same is done in seconds; longer only what has stopped, for which nobody waits."""
    until = time.monotonic() + SECONDS_OF_A_PAGE
    while time.monotonic() < until:
        with suppress(ImportUnderWay):
            return _close_door(sent)
        time.sleep(1)


def _take_over(sent: Import, tell: Callable[[], None] = lambda: None) -> None:
    _close_door(sent)
    if sent.place == 0 and is_stale(sent):
        _read(sent)
    while sent.state is ImportState.TAKING_OVER:
        began = time.monotonic()
        _take_piece(sent)
        tell()
        time.sleep(time.monotonic() - began)  # as long as it took: others get their turn


@act
def _close_door(sent: Import) -> None:
    lock(sent)
    if sent.state is ImportState.CONFIRMED:
        WAYS[sent.kind].hold(sent)
        sent.state = ImportState.TAKING_OVER


@act
def _take_piece(sent: Import) -> None:
    """The next piece, and after the last one the end."""
    lock(sent)
    if sent.state is not ImportState.TAKING_OVER:  # another attempt was quicker
        return
    way = WAYS[sent.kind]
    way.hold(sent)
    happenings: list[Happening] = []
    if piece := db.session.get(ImportPiece, (sent.id, sent.place)):
        happenings += way.take(sent, piece.rows)
        sent.place, sent.taken = sent.place + 1, sent.taken + len(piece.rows)
    if sent.taken == sent.rows:
        happenings += way.end(sent)
        sent.state, sent.ended_at = ImportState.DONE, clock.now()
        db.session.execute(delete(ImportPiece).where(ImportPiece.import_id == sent.id))
    record_all(happenings, by=sent.confirmed_by)


def check_none_under_way(*kinds: ImportKind, but: Import | None = None) -> None:
    """For acts on what these imports write, under a lock that they share: nobody acts on what is half taken over."""
    if other := find_under_way(kinds, but=but):
        raise ImportUnderWay(kind=other.kind.label, number=other.id, taken=other.taken, rows=other.rows)


def check_not_named(kind: ImportKind, codes: Iterable[str], *, but: Import | None = None) -> None:
    """As `check_none_under_way`, of imports that name any of these codes."""
    if other := find_naming(kind, codes, but=but):
        raise ImportUnderWay(kind=other.kind.label, number=other.id, taken=other.taken, rows=other.rows)


def is_stale(sent: Import) -> bool:
    """Whether something may have changed that its reading relied on: the record tells of every act, and rights end
    with a day."""
    if sent.read_at is None or clock.day_of(sent.read_at) != clock.today():
        return True
    return bool(acts_since(sent, WAYS[sent.kind].changed_by))


def acts_since(sent: Import, names: Iterable[str]) -> list[tuple[str, str]]:
    """The acts (name, subject) whose names begin so that the record has since it was read."""
    begins = or_(*(RecordRow.act.startswith(name) for name in names))
    query = select(RecordRow.act, RecordRow.subject).where(RecordRow.number > sent.seen, begins)
    return [(row.act, row.subject) for row in db.session.execute(query.order_by(RecordRow.number))]


def _read(sent: Import) -> None:
    """Parse, check, prepare; what was prepared before is replaced."""
    began = clock.now()  # what is found is true of this day, though midnight may pass meanwhile
    seen = db.session.scalar(select(RecordHead.number)) or 0  # before anything that it is checked against
    try:
        found = WAYS[sent.kind].read(sent)
    except Question as question:
        asked = {"kind": question.code.removeprefix("file."), **question.asked}
        state = ImportState.ASKING if question.answerable else ImportState.AT_FAULT
        _end_reading(sent, seen, began, Found(), state, question=asked)
        raise
    except Refused:
        _end_reading(sent, seen, began, Found(), ImportState.AT_FAULT)
        raise
    for place, rows in enumerate(found.pieces):
        _keep_piece(sent, place, rows)
    if found.faults:
        _end_reading(sent, seen, began, found, ImportState.AT_FAULT)
        raise ImportAtFault(faults=len(found.faults))
    is_first = sent.state is ImportState.READING
    _end_reading(sent, seen, began, found, ImportState.READY if is_first else ImportState.TAKING_OVER)


@act
def _keep_piece(sent: Import, place: int, rows: Rows) -> None:
    db.session.merge(ImportPiece(import_id=sent.id, place=place, rows=rows))


@act
def _end_reading(
    sent: Import,
    seen: int,
    began: datetime,
    found: Found,
    state: ImportState,
    *,
    question: dict[str, Any] | None = None,
) -> None:
    left = ImportPiece.place >= len(found.pieces)
    db.session.execute(delete(ImportPiece).where(ImportPiece.import_id == sent.id, left))
    sent.state, sent.seen, sent.read_at, sent.question = state, seen, began, question
    sent.counts, sent.rows = found.counts, sum(map(len, found.pieces))
    sent.firms = list(found.firms)
    sent.fault_count = len(found.faults)
    in_order = sorted(found.faults, key=lambda fault: fault.row)[:MOST_FAULTS]
    sent.fault_rows = [
        [fault.row, fault.column, fault.message, fault.what_to_do, _plain(fault.facts)] for fault in in_order
    ]


def _plain(facts: Any) -> dict[str, Any]:
    return {name: value if type(value) in (int, str) else str(value) for name, value in facts.items()}


def _forget_stale() -> None:
    proposed = [int(one.arguments["import"]) for one in open_proposals() if one.kind is ProposalKind.IMPORT]
    stale = select(Import.id).where(Import.state.not_in(DECIDED), Import.sent_at < clock.now() - KEPT)
    stale = stale.where(Import.id.not_in(proposed))
    db.session.execute(delete(ImportPiece).where(ImportPiece.import_id.in_(stale)))
    db.session.execute(update(Import).where(Import.id.in_(stale)).values(content=None))
