"""Nightly upkeep: raw checks are thinned to counts, keys of past days go."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Integer, delete, func, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite

from gi_trace import clock
from gi_trace.accounts.sent_forms import forget_sent_forms
from gi_trace.clock import day_of, start_of
from gi_trace.codes.unit_code import UNIT_BITS
from gi_trace.database import act, db, writing
from gi_trace.errors import N_
from gi_trace.jobs.kinds import JobOutcome, RunningJob, job
from gi_trace.jobs.rules import nightly
from gi_trace.verification.models import Check, CheckCount, DayKey, HiddenCodeTry

BATCHES_AT_ONCE = 200  # so that no check waits long for the end of a transaction


@job("upkeep", N_("夜间维护"), schedule=nightly(3))
def keep_up(_job: RunningJob) -> JobOutcome:
    return JobOutcome(N_("已将 {count} 条旧查验记录合并为计数。"), count=upkeep())


def upkeep() -> int:
    """Returns how many raw checks were thinned. May run at any time and as often as wished."""
    _delete_old_keys()
    before = clock.now() - timedelta(days=current_app.config["CHECK_DAYS"])
    before = start_of(day_of(before))  # whole days only
    thinned = 0
    while numbers := _batches_with_checks_before(before):
        with writing():
            thinned += sum(_thin(number, before) for number in numbers)
    db.session.rollback()  # a reader would keep the log
    _forget_what_was_deleted()
    return thinned


@act
def _delete_old_keys() -> None:
    """Also wrong entries of hidden codes, which matter for a day, and keys of forms. What SQLite deletes is overwritten."""
    if db.engine.dialect.name == "sqlite":
        db.session.scalar(text("PRAGMA secure_delete=ON"))
    db.session.execute(delete(DayKey).where(DayKey.day < clock.today()))
    db.session.execute(delete(HiddenCodeTry).where(HiddenCodeTry.at < clock.now() - timedelta(days=30)))
    forget_sent_forms()


def _batches_with_checks_before(before: datetime) -> list[int]:
    number = Check.serial.bitwise_rshift(literal(UNIT_BITS, Integer))
    query = select(number).where(Check.at < before).distinct().limit(BATCHES_AT_ONCE)
    return list(db.session.scalars(query))


def _thin(number: int, before: datetime) -> int:
    """The batch's checks before that day become counts by day and city."""
    first, last = number << UNIT_BITS, (number + 1) << UNIT_BITS
    old = (Check.serial >= first) & (Check.serial < last) & (Check.at < before)
    counts: dict[tuple[object, str], int] = {}
    for at, city, checks in db.session.execute(
        select(Check.at, Check.city, func.count()).where(old).group_by(Check.at, Check.city)
    ):
        key = (clock.day_of(at), city or "")
        counts[key] = counts.get(key, 0) + checks
    for (day, city), checks in counts.items():
        _add_count(number, day, city, checks)
    return db.session.execute(delete(Check).where(old)).rowcount  # type: ignore[attr-defined]


def _add_count(number: int, day: object, city: str, checks: int) -> None:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = insert(CheckCount).values(batch_number=number, day=day, city=city, checks=checks)
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["batch_number", "day", "city"],
            set_={"checks": CheckCount.checks + row.excluded.checks},
        )
    )


def _forget_what_was_deleted() -> None:
    """SQLite's log holds old pages until it is emptied, which no transaction may surround."""
    db.session.rollback()  # it waits for readers, ourselves among them
    if db.engine.dialect.name == "sqlite":
        raw = db.engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.close()
