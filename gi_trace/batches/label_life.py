"""Acts on the labels of a print run: downloading, spoilage, and units that are void, lost, returned, destroyed."""

from collections.abc import Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.actions import (
    check_not_cancelled,
    find_by_key,
    same_or_refuse,
    same_ranges_or_refuse,
)
from gi_trace.batches.labels import FileOptions
from gi_trace.batches.models import (
    Download,
    PrintRun,
    UnitRange,
    new_ranges,
    run_tally,
    segments_in,
)
from gi_trace.batches.rules import DownloadKind, UnitState, check_range_in_run
from gi_trace.batches.stops import check_none_stopped
from gi_trace.batches.unit_states import (
    Range,
    check_apart,
    check_count,
    check_may_become,
    check_spoilage,
    is_spoilage_high,
)
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Forbidden, Refused
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import check_in_force, check_reason
from gi_trace.registry.who_may import check_acts_for, check_authority, check_handles_goods_of


class ReprintReasonMissing(Refused):
    code = "reprint_reason_missing"
    text = N_("这个印制批已下载过 {times} 次。再次下载请写明原因；标识码不变。")


class HiddenCodesNotForClerks(Forbidden):
    code = "hidden_codes_not_for_clerks"
    text = N_("涂层密码只能由企业的第一个账号下载。")


class FileOfAnother(Forbidden):
    code = "file_of_another"
    text = N_("这份文件由 {name} 登记下载，只有本人能取。请自己登记一次下载。")


class FetchedTooLate(Refused):
    code = "fetched_too_late"
    text = N_("这次下载已超过 {hours} 小时，不能再取文件。请重新下载并写明原因；标识码不变。")


class ConsentNotNeeded(Refused):
    code = "consent_not_needed"
    text = N_("这个印制批的损耗没有超过规定比例，不需要同意。")


FETCH_HOURS = 24  # a line that broke is mended by then; later it would be another printing


@act
def begin_download(
    run: PrintRun, options: FileOptions, *, reason: str, by: Account, client_key: str | None = None
) -> Download:
    """Permission to fetch the run's file, or its parts, noted before the first byte leaves.

    From the second time on a reason is needed, and above the set spoilage the authority's consent. A file with
    the hidden codes always needs one, and is told apart in the record. The same `client_key` again is the same
    download: a line that broke is no second printing.
    """
    check_handles_goods_of(by, run.batch.party)
    if options.hidden:
        check_may_take_hidden_codes(by)
    if replayed := _earlier_or_allowed(run, options, client_key):
        return replayed
    if options.hidden:
        check_reason(reason)
    elif run.downloads and not reason.strip():
        raise ReprintReasonMissing(times=len(run.downloads))
    noted = _noted(run, options, reason, by, client_key)
    acted = Acted.PRINT_RUN_HIDDEN_CODES_DOWNLOADED if options.hidden else Acted.PRINT_RUN_DOWNLOADED
    facts = {"form": noted.form, "options": noted.options, "reason": noted.reason}
    record(acted, run, by=by, facts=facts)
    return noted


def check_may_take_hidden_codes(account: Account) -> None:
    """The firm's first account, not its clerks: who has the list can claim every first use."""
    if not account.manages_clerks:
        raise HiddenCodesNotForClerks


def check_may_fetch(download: Download, *, by: Account) -> None:
    """Who asked may fetch the file, in pieces and again where a line broke, while nothing stops its batch.
    To fetch it again, once too many units are spoilt, is another printing: it needs the consent as a new download does.

    Raises FileOfAnother, FetchedTooLate, BatchCancelled, BatchStopped, what `check_spoilage` and what `check_in_force` raises.
    """
    if by.id != download.by_id:
        raise FileOfAnother(name=download.by.name)
    if clock.now() > download.at + timedelta(hours=FETCH_HOURS):
        raise FetchedTooLate(hours=FETCH_HOURS)
    if download.kind is DownloadKind.HIDDEN_CODES:
        check_may_take_hidden_codes(by)
    _check_printable_now(download.run, FileOptions.of_note(download.options))


@act
def finish_download(download: Download, part: int, sha256: str, *, first_byte: int = 0, by: Account) -> None:
    """The end of a file has left; its hash proves later that a reprint is the same file.

    Where it came in pieces, the last one began at `first_byte`. The same file fetched again is no news.
    """
    lock(download)
    sent = sent_parts(download)
    if sent.get(part) == sha256:
        return
    facts = {"part": part, "sha256": sha256, "from_byte": first_byte}
    record(Acted.PRINT_RUN_FILE_SENT, download, by=by, facts=facts)
    parts = FileOptions.of_note(download.options).parts(download.run)
    if len(sent.keys() | {part}) == len(parts):
        download.finished_at = clock.now()
        download.sha256 = sha256 if len(parts) == 1 else None


def sent_parts(download: Download) -> dict[int, str]:
    """The hashes of the parts that have left whole, by their numbers from 1."""
    query = select(RecordRow).filter_by(subject=subject_of(download), act=Acted.PRINT_RUN_FILE_SENT)
    rows = db.session.scalars(query.order_by(RecordRow.number))
    return {facts.get("part", 1): facts["sha256"] for facts in (row.facts for row in rows)}


@act
def mark_units(
    run: PrintRun,
    state: UnitState,
    ranges: Sequence[Range],
    *,
    count: int,
    reason: str,
    by: Account,
    checked_units: int = 0,
    client_key: str | None = None,
) -> list[UnitRange]:
    """Ranges of units came into a state, whatever the public has already checked of them.

    `count` is the number of units as the person typed it; `checked_units` says how many of them the
    public had checked by then, which is kept with the act.
    """
    check_acts_for(by, run.batch.party)
    lock(run.batch)
    made = find_by_key(UnitRange, client_key, batch_number=run.batch_number)
    if made:
        return same_ranges_or_refuse(same_or_refuse(made, state=state), ranges)
    check_not_cancelled(run.batch)
    check_apart(ranges)
    check_count(ranges, count)
    check_reason(reason)
    for first, last in ranges:
        check_range_in_run(first, last, run_first=run.first_unit, run_last=run.last_unit)
    check_may_become(state, segments_in(run.batch_number, ranges))
    facts = {"state": state, "ranges": ranges, "reason": reason.strip(), "checked": checked_units}
    number = record(Acted.PRINT_RUN_MARKED, run, by=by, facts=facts)
    marked = new_ranges(run.batch_number, state, ranges, act_number=number, by=by)
    marked[0].client_key = client_key
    db.session.add_all(marked)
    return marked


@act
def consent_to_spoilage(run: PrintRun, *, reason: str, by: Account) -> None:
    """The authority lets a run with much spoilage be downloaded again."""
    check_authority(by)
    lock(run)
    check_reason(reason)
    tally = run_tally(run)
    if not is_spoilage_high(tally, current_app.config["SPOILAGE_PERCENT"]):
        raise ConsentNotNeeded
    run.spoilage_consented = tally.spoilt
    facts = {"reason": reason.strip(), "spoilt": tally.spoilt}
    record(Acted.PRINT_RUN_SPOILAGE_CONSENTED, run, by=by, facts=facts)


def _earlier_or_allowed(run: PrintRun, options: FileOptions, client_key: str | None) -> Download | None:
    """Locks the run. What the same call made before, if it was sent before; else that more may be printed."""
    lock(run)
    _check_printable_now(run, options)
    made = find_by_key(Download, client_key, print_run_id=run.id)
    return same_or_refuse(made, kind=_kind_of(options), options=options.noted) if made else None


def _check_printable_now(run: PrintRun, options: FileOptions) -> None:
    check_not_cancelled(run.batch)
    check_in_force(run.batch.authorisation.right, clock.today())
    check_none_stopped(run.batch, options.wanted(run))
    if run.downloads:
        percent = current_app.config["SPOILAGE_PERCENT"]
        check_spoilage(run_tally(run), percent, consented=run.spoilage_consented)


def _noted(run: PrintRun, options: FileOptions, reason: str, by: Account, client_key: str | None) -> Download:
    download = Download(
        print_run_id=run.id,
        kind=_kind_of(options),
        form=options.form,
        options=options.noted,
        reason=reason.strip(),
        client_key=client_key,
        at=clock.now(),
        by_id=by.id,
    )
    db.session.add(download)
    return download


def _kind_of(options: FileOptions) -> DownloadKind:
    return DownloadKind.HIDDEN_CODES if options.hidden else DownloadKind.LABELS
