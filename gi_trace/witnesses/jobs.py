"""What is done each minute in which something was recorded: sign the record's state, and have it witnessed."""

from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from gi_trace.database import act, db, end_reading
from gi_trace.errors import N_
from gi_trace.jobs.ask import ask_for
from gi_trace.jobs.kinds import JobOutcome, RunningJob, job
from gi_trace.jobs.rules import every
from gi_trace.offices.faults import DeliveryFailed
from gi_trace.offices.wire import ask
from gi_trace.record.checkpoints import is_growth_unsigned, sign_checkpoint
from gi_trace.record.models import RecordCheckpoint, RecordCosignature, last_checkpoint, tile
from gi_trace.record.notes import NoteWrong, read_size
from gi_trace.record.tree import consistency_proof, nodes_of
from gi_trace.witnesses.rules import ADD_CHECKPOINT, Watcher, cosignature_of, submission_text

SECONDS = 20  # for one witness, which may sleep
TRIED_AGAIN = timedelta(minutes=10)


@job(
    "record.checkpoint",
    N_("签署存证记录的检查点"),
    schedule=every(timedelta(minutes=1)),
    is_needed=is_growth_unsigned,
)
def sign_in_background(_job: RunningJob) -> JobOutcome:
    signed = sign_checkpoint()
    if current_app.config["WITNESSES"]:
        ask_for("record.submit", {}, by=None)
    return JobOutcome(N_("已签署至第 {size} 条。"), size=signed.size)


def is_a_witness_behind() -> bool:
    last = last_checkpoint()
    return last is not None and any(_seen_by(one) < last.size for one in current_app.config["WITNESSES"])


@job(
    "record.submit", N_("请见证机关见证存证记录"), schedule=every(TRIED_AGAIN), is_needed=is_a_witness_behind
)
def submit_in_background(_job: RunningJob) -> JobOutcome:
    asked = current_app.config["WITNESSES"]
    faults = {one.key.name: fault for one in asked if (fault := submit_to(one))}
    told = "；".join(f"{name}：{fault}" for name, fault in faults.items())
    if faults:
        return JobOutcome(
            N_("{done} 个见证机关已见证；未见证：{faults}"), done=len(asked) - len(faults), faults=told
        )
    return JobOutcome(N_("{done} 个见证机关已见证。"), done=len(asked))


def submit_to(watcher: Watcher) -> str:
    """What stood in the way of its signature below our last checkpoint; "" when it is there."""
    kept = last_checkpoint()
    if kept is None or _seen_by(watcher) >= kept.size:
        return ""
    try:
        status, answer = _submit(watcher, kept, _seen_by(watcher))
        if status == 409 and (old := read_size(answer.removesuffix("\n"))) <= kept.size:
            status, answer = _submit(watcher, kept, old)  # it saw more of us than we know of, or less
        if status != 200:
            return f"HTTP {status}"
        line, seconds = cosignature_of(answer, kept.checkpoint.text, watcher.key)
    except DeliveryFailed as failed:
        return failed.kept
    except NoteWrong as wrong:
        return str(wrong)
    _keep(kept.size, watcher, line, datetime.fromtimestamp(seconds, UTC))
    return ""


def _submit(watcher: Watcher, kept: RecordCheckpoint, old: int) -> tuple[int, str]:
    proof = consistency_proof(old, kept.size, nodes_of(kept.size, tile)) if old else []
    text = submission_text(old, proof, kept.note)
    end_reading()
    status, answer = ask(watcher.url, ADD_CHECKPOINT, text.encode(), "text/plain; charset=utf-8", SECONDS)
    return status, answer.decode(errors="replace")


@act
def _keep(size: int, watcher: Watcher, line: str, at: datetime) -> None:
    if db.session.get(RecordCosignature, (size, watcher.key.text)) is None:
        db.session.add(RecordCosignature(size=size, witness=watcher.key.text, at=at, line=line))


def _seen_by(watcher: Watcher) -> int:
    query = select(func.max(RecordCosignature.size)).filter_by(witness=watcher.key.text)
    return db.session.scalar(query) or 0
