"""The record's state is signed and kept outside the database, so that nothing behind it can be rewritten or taken back."""

import json
import shutil
from pathlib import Path

import pytest

from gi_trace.database import db, writing
from gi_trace.keys import keys
from gi_trace.record.actions import first_broken_row, record
from gi_trace.record.acts import Acted
from gi_trace.record.checkpoints import (
    RecordRewritten,
    checkpoints_in_files,
    is_growth_unsigned,
    sign_checkpoint,
)
from gi_trace.record.models import RecordHead, last_checkpoint, record_keys, tree_entries
from gi_trace.record.notes import Checkpoint, NoteKey, Proof
from gi_trace.record.proofs import find_proof, recorded
from gi_trace.record.signing import RecordKeyLost, RecordKeyUnfit, begin_signing
from gi_trace.record.tree import check_inclusion, leaf_hash, root_of
from tests.actions.test_record import tamper
from tests.cast import make_activated_batch, person


@pytest.fixture
def signed(app):
    begin_signing()
    make_activated_batch()
    return sign_checkpoint()


def act(times=1):
    for _ in range(times):
        with writing():
            record(Acted.ACCOUNT_SIGNED_IN, person("wu"), by=person("wu"))


def signed_in_files():
    return [Checkpoint.read(note.text) for note in checkpoints_in_files()]


def test_the_state_is_signed_under_the_services_address_by_a_key_that_the_record_knows(app, signed):
    [known] = record_keys()
    assert last_checkpoint().checkpoint == signed and signed.origin == "127.0.0.1:8000/record"
    for note in checkpoints_in_files():
        note.seconds_signed(NoteKey.read(known.text))
    leaves = [leaf_hash(entry) for entry in tree_entries(0, signed.size)]
    assert (signed.size, signed.root) == (db.session.get(RecordHead, 1).number, root_of(leaves))


def test_only_growth_is_signed_and_every_state_is_kept_in_files(app, signed):
    assert not is_growth_unsigned()
    act()
    assert is_growth_unsigned()
    later = sign_checkpoint()
    assert signed_in_files() == [signed, later]
    assert app.test_cli_runner().invoke(args=["record", "verify"]).exit_code == 0
    assert {
        file.stat().st_mode & 0o077 for file in Path(app.config["DATA_DIR"], "checkpoints").iterdir()
    } == {0o044}


def test_a_state_that_does_not_go_on_from_what_was_signed_is_not_signed(app, signed):
    act()
    tamper(f"UPDATE record_row SET salt = 'x' WHERE number = {signed.size}")
    with pytest.raises(RecordRewritten, match=str(signed.size)):
        sign_checkpoint()


def test_a_record_that_was_taken_back_is_found_by_the_files_alone(app, signed):
    """The whole tail is gone, consistently, with everything that the database knew of it."""
    size, tree = signed.size, db.session.get(RecordHead, 1).frontier.hex()
    before = db.session.get(RecordHead, 1).hash
    act(3)
    sign_checkpoint()
    blob = f"X'{tree}'" if db.engine.dialect.name == "sqlite" else f"'\\x{tree}'"
    tamper(f"DELETE FROM record_row WHERE number > {size}")
    tamper(f"DELETE FROM record_checkpoint WHERE size > {size}")
    tamper(f"UPDATE record_head SET number = {size}, hash = '{before}', frontier = {blob}")
    assert first_broken_row()[0] is None, "by itself it holds"
    told = app.test_cli_runner().invoke(args=["record", "verify"])
    assert told.exit_code == 1 and f"第 {size + 3} 行" in told.output
    act()
    with pytest.raises(RecordRewritten):
        sign_checkpoint()


def test_what_a_power_cut_left_half_written_is_passed_over(app, signed):
    [file] = Path(app.config["DATA_DIR"], "checkpoints").iterdir()
    whole = file.read_text()
    for cut in (10, len(whole) // 2, len(whole) - 3):
        file.write_text(whole + "\n\n" + whole[:cut])
        act()
        later = sign_checkpoint()
        assert signed_in_files()[0] == signed and signed_in_files()[-1] == later
        file.write_text(whole)
        tamper("DELETE FROM record_checkpoint")


def test_a_lost_or_other_key_stops_the_start_and_none_is_made(app, signed):
    file = keys().folder / "record"
    kept = file.with_name("kept")
    shutil.move(file, kept)
    for start in (begin_signing, sign_checkpoint):
        with pytest.raises(RecordKeyLost, match="record"):
            start()
    assert not file.exists()
    file.write_text("ab" * 32)
    with pytest.raises(RecordKeyUnfit, match="不符"):
        begin_signing()
    shutil.move(kept, file)
    begin_signing()
    assert len(record_keys()) == 1


def test_the_command_that_prepares_says_in_one_sentence_that_the_key_is_lost(app, signed):
    (keys().folder / "record").unlink()
    result = app.test_cli_runner().invoke(args=["prepare", "--no-demo"])
    assert result.exit_code == 1 and "不见了" in result.output and "Traceback" not in result.output


def test_a_batch_has_a_proof_that_anybody_can_check(app, signed):
    batch = make_activated_batch(own_number="A-002")
    assert recorded(batch).checkpoint is None, "signed within the minute"
    state = sign_checkpoint()
    told = recorded(batch)
    proof = Proof.read(find_proof(told.number, told.salt).text)
    entry = json.loads(proof.extra)["entry"].encode()
    check_inclusion(leaf_hash(entry), proof.index, state.size, proof.hashes, state.root)
    assert proof.index == told.number - 1
    assert find_proof(told.number, "0" * 64) is None and find_proof(10**6, told.salt) is None
