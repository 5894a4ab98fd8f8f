"""Being a witness: what goes on from all we saw of a record is signed for, nothing else."""

from typing import Any

from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from gi_trace import clock
from gi_trace.database import act, db
from gi_trace.errors import N_, Refused
from gi_trace.record.notes import NoteWrong, Signer
from gi_trace.record.signing import witness_signer
from gi_trace.record.tree import ProofWrong
from gi_trace.witnesses.models import WitnessedRecord
from gi_trace.witnesses.rules import Submission

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class SubmissionUnreadable(Refused):
    code = "submission_unreadable"
    status = 400
    text = N_("不是规定格式的检查点。")


class RecordUnknown(Refused):
    code = "record_unknown"
    status = 404
    text = N_("本机关不见证这个存证记录。")


class SignatureUnknown(Refused):
    code = "signature_unknown"
    status = 403
    text = N_("检查点没有用登记的密钥签名。")


class SeenOtherSize(Refused):
    """`size` is what we saw last."""

    code = "seen_other_size"
    status = 409
    text = N_("上次见到的是 {size} 条。")


class DoesNotGoOn(Refused):
    code = "does_not_go_on"
    status = 422
    text = N_("证明不能说明这个检查点接续上次见到的。")


class OtherRoot(Refused):
    """Two states of one size: the record was rewritten."""

    code = "other_root"
    status = 409
    text = N_("条数相同而根不同：记录被改写过。")


def cosign(text: str) -> str:
    """Our line below the checkpoint of a submission. Raises the refusals above, by the order of the specification."""
    try:
        submission = Submission.read(text)
    except NoteWrong:
        raise SubmissionUnreadable from None
    key = current_app.config["WITNESSED_RECORDS"].get(submission.checkpoint.origin)
    if key is None:
        raise RecordUnknown
    try:
        submission.note.seconds_signed(key)
    except NoteWrong:
        raise SignatureUnknown from None
    return _cosign(submission, witness_signer())


@act
def _cosign(submission: Submission, signer: Signer) -> str:
    """What was seen is looked up and moved on under one lock: a state never goes back."""
    present, text = submission.checkpoint, submission.note.text
    seen = _locked(present.origin)
    if submission.old != seen.size:
        raise SeenOtherSize(size=seen.size)
    if seen.note and present.size == seen.size and present.root != seen.root:
        raise OtherRoot
    try:
        submission.check_goes_on(seen.root)
    except ProofWrong:
        raise DoesNotGoOn from None
    seen.size, seen.at = present.size, clock.now()
    seen.note = text + "\n" + "".join(one.line for one in submission.note.signatures)
    return signer.sign(text, seconds=int(seen.at.timestamp()))


def _locked(origin: str) -> WitnessedRecord:
    first = {"origin": origin, "size": 0, "note": "", "at": clock.now()}
    insert = INSERTS[db.engine.dialect.name](WitnessedRecord)
    db.session.execute(insert.values(first).on_conflict_do_nothing())
    return db.session.get_one(WitnessedRecord, origin, with_for_update=True, populate_existing=True)
