"""The record as others read it: states, tiles and entries to mirror, proofs to keep, and a page for people."""

import re

import pytest

from gi_trace.database import writing
from gi_trace.record.actions import Happening, record_all
from gi_trace.record.acts import Acted
from gi_trace.record.checkpoints import sign_checkpoint
from gi_trace.record.models import record_keys
from gi_trace.record.notes import Checkpoint, Note, Proof
from gi_trace.record.signing import begin_signing
from gi_trace.record.tree import check_inclusion, hashes_of, leaf_hash, nodes_of, path_of, root_at, tiles_of
from tests.cast import make_activated_batch, person, right_of


@pytest.fixture
def signed(app):
    begin_signing()
    make_activated_batch()
    with writing():
        record_all([Happening(Acted.ACCOUNT_SIGNED_IN, person("wu"))] * 600, by=None)
    return sign_checkpoint()


def entries_of(bundle):
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2])
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return entries


def test_a_mirror_has_the_tree_from_what_is_served_alone(client, signed):
    answer = client.get("/record/checkpoint")
    assert (
        answer.content_type == "text/plain; charset=utf-8" and answer.headers["Cache-Control"] == "no-cache"
    )
    note = Note.read(answer.text)
    note.seconds_signed(record_keys()[-1].key)
    state = Checkpoint.read(note.text)
    assert state == signed

    def tile(level, index, width):
        answer = client.get(f"/record/tile/{level}/{path_of(index, width)}")
        assert (
            answer.content_type == "application/octet-stream"
            and "immutable" in answer.headers["Cache-Control"]
        )
        assert len(answer.data) == 32 * width
        return answer.data

    assert root_at(state.size, nodes_of(state.size, tile)) == state.root
    for level, index, width in tiles_of(state.size):
        if level == 0:
            bundle = client.get(f"/record/tile/entries/{path_of(index, width)}").data
            assert [leaf_hash(entry) for entry in entries_of(bundle)] == hashes_of(tile(0, index, width))


@pytest.mark.parametrize(
    "path",
    [
        *(
            "0/003",
            "0/002.p/255",
            "00/000",
            "64/000",
            "-1/000",
            "0/0",
            "0/000.p/0",
            "0/x000/000",
            "1/001",
            "9/000",
        ),
        *(
            "entries/003",
            "entries/002.p/200",
            "entries/",
            "x/000",
            "0/999999999999999999999",
            "0/x999/x999/x999/x999/999",
        ),
    ],
)
def test_no_tile_is_served_that_no_signed_state_has(client, signed, path):
    assert client.get(f"/record/tile/{path}").status_code == 404


def test_before_the_first_state_there_is_nothing_to_serve(client):
    for path in ("checkpoint", "tile/0/000", "tile/entries/000.p/1"):
        assert client.get(f"/record/{path}").status_code == 404
    assert client.get("/record").status_code == 200


@pytest.mark.parametrize(
    "name, path", [("lin", "/enterprise/batches/{batch}"), ("zhao", "/authority/batches/{batch}")]
)
def test_the_page_of_a_batch_says_when_it_was_recorded_and_gives_the_proof(app, signed, sign_in, name, path):
    batch = make_activated_batch(own_number="A-002")
    browser = sign_in(name)
    page = browser.get(path.format(batch=batch.number)).text
    assert "一分钟内签署" in page
    state = sign_checkpoint()
    page = browser.get(path.format(batch=batch.number)).text
    assert f"共 {state.size} 条" in page and "0 个机关见证" in page
    link = re.search(r'href="(/record/proof/[^"]+)"', page)[1]
    answer = app.test_client().get(link)
    assert answer.headers["Content-Disposition"].endswith(".tlog-proof")
    proof = Proof.read(answer.text)
    Note.read(proof.checkpoint).seconds_signed(record_keys()[-1].key)
    assert f'"about": "batch.registered batch:{batch.number}"' in proof.extra.decode()
    entry = re.search(r'"entry": "(.*?[^\\])"', proof.extra.decode())[1].replace('\\"', '"')
    check_inclusion(leaf_hash(entry.encode()), proof.index, state.size, proof.hashes, state.root)
    number, salt = link.split("/")[-2:]
    assert app.test_client().get(f"/record/proof/{number}/{salt[:-1]}x").status_code == 404
    assert app.test_client().get(f"/record/proof/{int(number) + 1}/{salt}").status_code == 404


def test_the_page_of_a_right_has_its_proof_too(signed, sign_in):
    right = right_of("lin")
    for name, path in (
        ("lin", f"/enterprise/authorisations/{right.id}"),
        ("zhao", f"/authority/authorisations/{right.id}"),
    ):
        page = sign_in(name).get(path)
        assert page.status_code == 200 and "/record/proof/" in page.text


def test_the_page_tells_people_what_the_record_is_and_its_public_acts_in_words(client, signed):
    page = client.get("/record").text
    assert "授予用标权" in page and "启用存证记录的签名密钥" in page
    assert "登记批次" not in page and "登录</td>" not in page, "how much firms make is theirs"
    assert record_keys()[0].text in page.replace("&#43;", "+")
    assert 'href="/record"' in client.get("/").text
