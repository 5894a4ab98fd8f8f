"""What a witness is asked and answers (C2SP tlog-witness), and who is known by settings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from gi_trace.record.notes import (
    COSIGNS,
    SIGNS,
    Checkpoint,
    Note,
    NoteKey,
    NoteWrong,
    hash_lines,
    read_hashes,
    read_size,
)
from gi_trace.record.tree import EMPTY_ROOT, ProofWrong, check_consistency

ADD_CHECKPOINT = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"


@dataclass(frozen=True)
class Watcher:
    """A witness of our record: its key, and the address below which it takes checkpoints."""

    key: NoteKey
    url: str


def watchers_of(text: str) -> tuple[Watcher, ...]:
    """`KEY URL, KEY URL`, as the operator lists them. Raises ValueError."""
    watchers = []
    for part in filter(None, map(str.strip, text.split(","))):
        key, _, url = part.partition(" ")
        if not url.strip().startswith(("https://", "http://")):
            raise ValueError(f"no address of a witness: {part}")
        watchers.append(Watcher(_key(key, COSIGNS), url.strip().rstrip("/")))
    return tuple(watchers)


def watched_of(text: str) -> Mapping[str, NoteKey]:
    """`KEY, KEY` of the records that we witness, by their names. Raises ValueError."""
    keys = [_key(part, SIGNS) for part in filter(None, map(str.strip, text.split(",")))]
    return {key.name: key for key in keys}


def _key(text: str, kind: int) -> NoteKey:
    key = NoteKey.read(text)
    if key.kind != kind:
        raise ValueError(f"not a key of a {'witness' if kind == COSIGNS else 'record'}: {text}")
    return key


@dataclass(frozen=True)
class Submission:
    """A checkpoint handed to a witness, which saw `old` entries before, with the proof that it goes on from them."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint

    @classmethod
    def read(cls, text: str) -> "Submission":
        """Raises NoteWrong."""
        head, blank, signed = text.partition("\n\n")
        begin, *hashes = head.split("\n")
        if not blank or not begin.startswith("old "):
            raise NoteWrong("not a submission")
        note = Note.read(signed)
        old = read_size(begin.removeprefix("old "))
        submission = cls(old, read_hashes(hashes), note, Checkpoint.read(note.text))
        if old > submission.checkpoint.size:
            raise NoteWrong("the checkpoint is older than what it goes on from")
        return submission

    def check_goes_on(self, root: bytes) -> None:
        """From the state of `old` entries with that root. Raises ProofWrong."""
        present = self.checkpoint
        if self.old == 0:  # of an empty record nothing has to be proved
            if self.proof or (present.size == 0 and present.root != EMPTY_ROOT):
                raise ProofWrong("there is nothing to prove")
            return
        check_consistency(self.old, present.size, self.proof, root, present.root)


def submission_text(old: int, proof: list[bytes], note: str) -> str:
    return f"old {old}\n{hash_lines(proof)}\n{note}"


def cosignature_of(answer: str, text: str, key: NoteKey) -> tuple[str, int]:
    """(line, seconds since 1970) by that witness, of all that it answered. Raises NoteWrong."""
    note = Note.read(f"{text}\n{answer}")
    seconds = note.seconds_signed(key)
    return next(one.line for one in note.signatures if one.is_of(key)), seconds
