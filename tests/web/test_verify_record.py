"""Whoever checks the record from outside is told exactly what was altered."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete

from gi_trace.database import db, writing
from gi_trace.record.actions import Happening, record_all
from gi_trace.record.acts import Acted
from gi_trace.record.checkpoints import sign_checkpoint
from gi_trace.record.growing import keep_full_tiles
from gi_trace.record.models import (
    RecordCheckpoint,
    RecordHead,
    RecordRow,
    RecordTile,
    record_keys,
    tree_entries,
)
from gi_trace.record.notes import NoteKey
from gi_trace.record.proofs import find_proof, recorded
from gi_trace.record.signing import begin_signing, log_signer
from gi_trace.record.tree import Frontier, leaf_hash
from tests.cast import person, right_of
from tests.offices import Instance

SCRIPT = Path(__file__).parents[2] / "scripts/verify-record"


def act(times):
    with writing():
        record_all([Happening(Acted.ACCOUNT_SIGNED_IN, person("wu"))] * times, by=None)
    sign_checkpoint()


@pytest.fixture
def office(tmp_path, prepared_sqlite):
    office = Instance("jm", tmp_path / "jm", prepared_sqlite)
    with office.app.app_context():
        begin_signing()
        act(300)
        yield office
    office.stop()


@pytest.fixture
def verify(office, tmp_path):
    def run(*arguments):
        db.session.rollback()
        command = [sys.executable, SCRIPT, f"{office.url}/record", "--state", tmp_path / "state", *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert "Traceback" not in ended.stderr
        return ended.returncode, ended.stdout

    assert run("--key", record_keys()[-1].text)[0] == 0
    return run


def forge(number):
    """As the operator would who rewrites an act and makes everything behind it anew, and signs it."""
    with writing():
        db.session.get_one(RecordRow, number).salt = "0" * 32
        db.session.execute(delete(RecordTile))
        db.session.flush()
        head, frontier = db.session.get_one(RecordHead, 1), Frontier()
        leaves = [leaf_hash(entry) for entry in tree_entries(0, head.number)]
        for leaf in leaves:
            frontier.append(leaf)
        head.frontier = frontier.packed
        keep_full_tiles(0, 0, leaves)
    forget_what_was_signed()


def forget_what_was_signed():
    for file in Path(db.engine.url.database).parent.glob("checkpoints/*"):
        file.unlink()
    with writing():
        db.session.execute(delete(RecordCheckpoint))
    sign_checkpoint()


def test_a_record_that_only_grew_holds(verify):
    act(400)
    status, said = verify()
    assert status == 0 and "400 of them new" in said
    assert verify("--all")[0] == 0


def test_an_act_that_was_rewritten_with_everything_behind_it_is_named(verify):
    forge(17)
    assert verify() == (1, "ALTERED: 1 entries are not what they were, by number: 17\n")


def test_an_entry_that_does_not_say_what_was_signed_is_named(verify):
    with writing():
        db.session.get_one(RecordRow, 33).salt = "0" * 32
    assert verify()[0] == 0, "what was read before is not read again"
    assert verify("--all") == (1, "ALTERED: 1 entries do not say what was signed, by number: 33\n")


def test_a_state_signed_by_another_key_is_refused(verify):
    key = log_signer().key
    other = NoteKey(key.name, key.kind, bytes(32))
    status, said = verify("--key", other.text)
    assert status == 1 and "not signed by" in said
    assert verify()[0] == 0, "the key that was remembered stays"


def test_a_proof_is_told_in_words_and_one_that_was_changed_does_not_hold(verify, tmp_path):
    told = recorded(right_of("lin"))
    proof = find_proof(told.number, told.salt)
    file = tmp_path / "right.tlog-proof"
    file.write_text(proof.text)
    status, said = verify("--proof", file)
    assert status == 0 and f"as entry {told.number} of" in said and "authorisation:" in said
    file.write_text(proof.text.replace(f"index {proof.index}\n", f"index {proof.index + 1}\n"))
    status, said = verify("--proof", file)
    assert status == 1 and "DOES NOT HOLD" in said
    forge(told.number + 1)
    file.write_text(proof.text)
    (tmp_path / "state").unlink()
    status, said = verify("--key", log_signer().key.text, "--proof", file)
    assert status == 1 and "is not this record's" in said


def test_without_a_key_or_a_record_it_says_that_it_could_not_check(verify, tmp_path, office):
    (tmp_path / "state").unlink()
    assert verify() == (2, "could not be checked: name the record's key the first time: --key\n")
