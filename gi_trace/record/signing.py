"""Who signs the record: a key with a history, which is made once and whose loss stops the start."""

from urllib.parse import urlsplit

from flask import current_app

from gi_trace import clock
from gi_trace.database import act, db, end_reading
from gi_trace.errors import N_, Refused
from gi_trace.keys import RecordKeyMissing, keys
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordKey, record_keys
from gi_trace.record.notes import COSIGNS, SIGNS, NoteKey, Signer


class RecordKeyUnfit(Refused):
    """The service does not start, and nothing is signed."""

    code = "record_key_unfit"
    text = N_("密钥文件 {file} 与存证记录登记的签名密钥不符，不能启动。请从备份恢复原来的密钥文件。")


class RecordKeyLost(RecordKeyUnfit):
    code = "record_key_lost"
    text = N_(
        "存证记录的签名密钥文件 {file} 不见了，不能启动。请从备份恢复；程序不会另造一把，否则签过的都对不上。"
    )


def begin_signing() -> None:
    """Makes the key once and enters it in the record; later only looks. Raises RecordKeyUnfit."""
    if not record_keys():
        end_reading()
        keys().make_record()
        _enter(NoteKey(_name("record"), SIGNS, keys().record.public_key().public_bytes_raw()))
    check_signing()


def check_signing() -> None:
    """That the key is there which the record knows. Raises RecordKeyUnfit."""
    if record_keys():
        log_signer()


def log_signer() -> Signer:
    """Signs our record's states. Raises RecordKeyUnfit."""
    known, file = record_keys(), keys().folder / "record"
    if not known:
        raise RecordKeyLost(file=file)
    try:
        signer = Signer(known[-1].key.name, SIGNS, keys().record)
    except RecordKeyMissing:
        raise RecordKeyLost(file=file) from None
    if signer.key != known[-1].key:
        raise RecordKeyUnfit(file=file)
    return signer


def witness_signer() -> Signer:
    """Signs what we saw of others' records, under the name that our own record has."""
    known = record_keys()
    name = known[-1].key.name.removesuffix("/record") + "/witness" if known else _name("witness")
    return Signer(name, COSIGNS, keys().witness)


@act
def _enter(key: NoteKey) -> None:
    if record_keys():  # somebody started at the same moment
        return
    row = RecordKey(text=key.text, from_at=clock.now())
    db.session.add(row)
    record(Acted.RECORD_KEY_BEGUN, row, by=None, facts={"key": key.text})


def _name(what: str) -> str:
    """The service's address without its scheme, as those who mirror it will look for it."""
    return f"{urlsplit(current_app.config['PUBLIC_URL']).netloc}/{what}"
