"""Offices watch each other's records: whoever rewrites one is not signed for, whatever it sends."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gi_trace.database import db, writing
from gi_trace.jobs.actions import ask_for_scheduled
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.record.checkpoints import sign_checkpoint
from gi_trace.record.models import last_checkpoint, record_keys
from gi_trace.record.notes import COSIGNS, SIGNS, Checkpoint, Note, NoteKey, Signer
from gi_trace.record.proofs import recorded
from gi_trace.record.signing import begin_signing, witness_signer
from gi_trace.record.tree import consistency_proof, leaf_hash, root_of
from gi_trace.witnesses.jobs import is_a_witness_behind, submit_to
from gi_trace.witnesses.rules import Watcher, submission_text, watched_of, watchers_of
from tests.cast import person, right_of
from tests.jobs import do_what_waits
from tests.offices import Instance, strange_office

ADDRESS = "/witness/add-checkpoint"


@pytest.fixture
def city():
    """Another city's log: its leaves, and what it signs of them."""
    return City()


class City:
    def __init__(self):
        self.signer = Signer("city.example/record", SIGNS, Ed25519PrivateKey.generate())
        self.leaves = [leaf_hash(str(number).encode()) for number in range(300)]

    def note(self, size, *, edited=False, signer=None):
        leaves = [leaf_hash(b"edited"), *self.leaves[1:]] if edited else self.leaves
        text = Checkpoint(self.signer.name, size, root_of(leaves[:size])).text
        return f"{text}\n{(signer or self.signer).sign(text)}"

    def proof(self, old, new):
        def node(level, index):
            return root_of(self.leaves[index << level : (index + 1) << level])

        return consistency_proof(old, new, node) if old else []

    def submission(self, old, new, **changes):
        return submission_text(old, self.proof(old, new), self.note(new, **changes))


@pytest.fixture
def witness(app, city):
    """Ours, which knows the city's record."""
    begin_signing()
    app.config["WITNESSED_RECORDS"] = watched_of(city.signer.key.text)
    browser = app.test_client()
    return lambda text: browser.post(ADDRESS, data=text, content_type="text/plain")


def test_a_witness_signs_what_goes_on_from_all_it_saw(witness, city):
    for old, new in ((0, 5), (5, 5), (5, 6), (6, 300)):
        answer = witness(city.submission(old, new))
        assert answer.status_code == 200, answer.text
        note = Note.read(city.note(new) + answer.text)
        assert note.seconds_signed(witness_signer().key) > 1_700_000_000


def test_a_witness_answers_in_the_codes_of_the_specification(witness, city):
    assert witness(city.submission(0, 5)).status_code == 200
    stranger = City()
    cases = {
        "another size than was seen": (city.submission(4, 6), 409),
        "older than what it goes on from": (city.submission(0, 5).replace("old 0", "old 6"), 400),
        "a rewritten past": (city.submission(5, 9, edited=True), 422),
        "another root of one size": (city.submission(5, 5, edited=True), 409),
        "no proof": (submission_text(5, [], city.note(9)), 422),
        "a proof too long": (submission_text(5, city.proof(5, 9) * 40, city.note(9)), 400),
        "another key": (city.submission(5, 9, signer=stranger.signer), 403),
        "an unknown record": (city.submission(5, 9).replace("city.example", "town.example"), 404),
        "nothing": ("", 400),
        "no text": (b"\xff\xfe", 400),
        "leading zeros": (city.submission(5, 9).replace("old 5", "old 05"), 400),
    }
    found = {name: witness(text).status_code for name, (text, _) in cases.items()}
    assert found == {name: status for name, (_, status) in cases.items()}
    told = witness(city.submission(4, 6))
    assert told.text == "5\n" and told.content_type == "text/x.tlog.size"
    assert witness(city.submission(5, 9)).status_code == 200, "nothing of these was remembered"


def test_what_a_witness_saw_never_goes_back(witness, city):
    witness(city.submission(0, 9))
    assert witness(city.submission(0, 5)).text == "9\n"
    assert witness(city.submission(9, 12)).status_code == 200


@pytest.fixture
def two_cities(tmp_path, prepared_sqlite):
    """Two services that watch each other."""
    cities = [
        Instance(code, tmp_path / code, prepared_sqlite, PUBLIC_URL=f"https://{code}.example")
        for code in ("jm", "zs")
    ]
    for one in cities:
        with one.app.app_context():
            begin_signing()
            one.record, one.witness = record_keys()[-1].text, witness_signer().key.text
    for one, other in (cities, cities[::-1]):
        one.app.config["WITNESSES"] = watchers_of(f"{other.witness} {other.url}/witness")
        one.app.config["WITNESSED_RECORDS"] = watched_of(other.record)
    yield cities
    for one in cities:
        one.stop()


def act():
    with writing():
        record(Acted.ACCOUNT_SIGNED_IN, person("wu"), by=None)


def test_two_offices_witness_each_other(two_cities):
    for one in two_cities:
        with one.app.app_context():
            for _ in range(2):  # a first state, and one that goes on from it
                act()
                sign_checkpoint()
                [watcher] = one.app.config["WITNESSES"]
                assert submit_to(watcher) == ""
                assert not is_a_witness_behind() and submit_to(watcher) == ""
                note = Note.read(last_checkpoint().published)
                assert note.seconds_signed(watcher.key) and note.seconds_signed(record_keys()[-1].key) == 0
            assert one.app.test_client().get("/record/checkpoint").text == last_checkpoint().published
            assert recorded(right_of("lin")).witnesses == 1


def test_the_background_signs_and_has_it_witnessed(two_cities):
    one = two_cities[0]
    with one.app.app_context():
        ask_for_scheduled()
        do_what_waits()
        db.session.rollback()
        assert len(last_checkpoint().cosignatures) == 1


def test_a_witness_that_saw_more_than_we_remember_is_asked_again_from_there(two_cities):
    one = two_cities[0]
    with one.app.app_context():
        [watcher] = one.app.config["WITNESSES"]
        sign_checkpoint()
        submit_to(watcher)
        with writing():
            for row in last_checkpoint().cosignatures:
                db.session.delete(row)
        act()
        sign_checkpoint()
        assert submit_to(watcher) == ""


def answering(text, status="200 OK"):
    def answer(connection):
        connection.recv(65536)
        connection.sendall(
            f"HTTP/1.1 {status}\r\nContent-Length: {len(text.encode())}\r\n\r\n{text}".encode()
        )
        connection.close()

    return answer


@pytest.mark.parametrize(
    "answer, told",
    [
        (answering("no"), "no signature"),
        (answering("— liar.example/witness AAAAAAAAAAA=\n"), "not signed"),
        (answering("99999\n", "409 Conflict"), "HTTP 409"),
        (answering("x\n", "409 Conflict"), "not a size"),
        (answering("0\n", "409 Conflict"), "not a size"),
        (answering("", "403 Forbidden"), "HTTP 403"),
        (lambda connection: connection.close(), ":"),
    ],
)
def test_a_witness_that_lies_gives_no_signature_and_its_fault_is_told(two_cities, answer, told):
    one = two_cities[0]
    with one.app.app_context(), strange_office(answer) as (address, *_):
        sign_checkpoint()
        [watcher] = one.app.config["WITNESSES"]
        fault = submit_to(Watcher(watcher.key, address))
        assert fault and (told in fault or fault.startswith("HTTP"))
        assert last_checkpoint().cosignatures == []


def test_what_the_operator_lists_is_read_or_refused_at_the_start():
    key = City().signer.key
    cosigns = NoteKey(key.name, COSIGNS, key.public)
    [watcher] = watchers_of(f"{cosigns.text} https://city.example/witness/")
    assert (watcher.key, watcher.url) == (cosigns, "https://city.example/witness")
    assert watchers_of("") == () and watched_of(f"{key.text},") == {key.name: key}
    for wrong in (f"{key.text} https://x", cosigns.text, f"{cosigns.text} ftp://x", "x https://x"):
        with pytest.raises(ValueError):
            watchers_of(wrong)
    with pytest.raises(ValueError):
        watched_of(cosigns.text)
