"""Signed notes, checkpoints, cosignatures and proofs, to the byte of their specifications."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.record.notes import COSIGNS, SIGNS, Checkpoint, Note, NoteKey, NoteWrong, Proof, Signer

# The example of golang.org/x/mod/sumdb/note, whose signature is Go's.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LOG = Signer("office.example/record", SIGNS, Ed25519PrivateKey.from_private_bytes(b"l" * 32))
WITNESS = Signer("city.example/witness", COSIGNS, Ed25519PrivateKey.from_private_bytes(b"w" * 32))
CHECKPOINT = Checkpoint(LOG.name, 12, b"r" * 32)


def test_a_note_that_go_signed_is_read():
    Note.read(GO_NOTE).seconds_signed(NoteKey.read(GO_KEY))
    with pytest.raises(NoteWrong):
        Note.read(GO_NOTE.replace("problem is", "problem was")).seconds_signed(NoteKey.read(GO_KEY))


@pytest.mark.parametrize("signer", [LOG, WITNESS])
def test_a_key_is_handed_on_as_text_with_its_number(signer):
    assert NoteKey.read(signer.key.text) == signer.key
    name, number, material = signer.key.text.split("+", 2)
    for wrong in (
        f"{name}x+{number}+{material}",
        f"{name}+00000000+{material}",
        name,
        f"{name}+{number}+x",
        "",
    ):
        with pytest.raises(NoteWrong):
            NoteKey.read(wrong)


def test_a_checkpoint_is_signed_by_the_log_and_seen_by_a_witness():
    text = CHECKPOINT.text
    note = Note.read(text + "\n" + LOG.sign(text) + WITNESS.sign(text, seconds=1_764_000_000))
    assert note.seconds_signed(LOG.key) == 0
    assert note.seconds_signed(WITNESS.key) == 1_764_000_000
    assert Checkpoint.read(note.text) == CHECKPOINT
    stranger = Signer(LOG.name, SIGNS, Ed25519PrivateKey.from_private_bytes(b"s" * 32))
    with pytest.raises(NoteWrong, match="not signed"):
        note.seconds_signed(stranger.key)


def test_a_witness_signs_another_text_than_a_log():
    """So no signature of the one passes for one of the other, even by the same key."""
    text = CHECKPOINT.text
    both = Signer(LOG.name, COSIGNS, LOG.private)
    assert both.key.id != LOG.key.id
    with pytest.raises(NoteWrong):
        Note.read(text + "\n" + LOG.sign(text)).seconds_signed(both.key)


def test_one_false_signature_of_a_known_key_spoils_the_note():
    text = CHECKPOINT.text
    false = LOG.sign(text.replace("12", "13"))
    with pytest.raises(NoteWrong, match="not of this text"):
        Note.read(text + "\n" + LOG.sign(text) + false).seconds_signed(LOG.key)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n- name AAAAAAAAAA==\n",
        "text\n\n— na+me AAAAAAAAAA==\n",
        "text\n\n— name AAAAAAAAAB==\n",  # another spelling of the same bytes
        "text\n\n— name AAAAAAAAAA==",
        "te\rxt\n\n— name AAAAAAAAAA==\n",
        "t" * 70_000 + "\n\n— name AAAAAAAAAA==\n",
        "text\n\n" + "— name AAAAAAAAAA==\n" * 101,
    ],
)
def test_what_is_no_note_is_refused(note):
    with pytest.raises(NoteWrong):
        Note.read(note)


ROOT = "cnJycnJycnJycnJycnJycnJycnJycnJycnJycnJycnI="


def test_lines_behind_a_checkpoint_mean_nothing_and_the_rest_has_one_spelling():
    assert Checkpoint.read(f"{LOG.name}\n12\n{ROOT}\nmore\n") == CHECKPOINT
    wrong = ["", f"{LOG.name}\n12\n{ROOT}", f"{LOG.name}\n12\n{ROOT}\n\n", f"\n12\n{ROOT}\n"]
    wrong += [f"{LOG.name}\n{size}\n{ROOT}\n" for size in ("012", "-1", "+1", " 1", "1_0", "٣", "9" * 19, "")]
    wrong += [f"{LOG.name}\n12\n{root}\n" for root in (ROOT[:-4], ROOT[:-1], ROOT + "AAAA", "")]
    for text in wrong:
        with pytest.raises(NoteWrong):
            Checkpoint.read(text)


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary())
def test_a_proof_is_read_as_it_is_written(index, hashes, extra):
    signed = CHECKPOINT.text + "\n" + LOG.sign(CHECKPOINT.text)
    proof = Proof(index, tuple(hashes), signed, extra)
    assert Proof.read(proof.text) == proof
    assert proof.text.startswith("c2sp.org/tlog-proof@v1\n") and proof.text.endswith("\n")


@pytest.mark.parametrize(
    "text", ["", "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v1\nindex x\n\n", "x\nindex 0\n\n"]
)
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(NoteWrong):
        Proof.read(text)
