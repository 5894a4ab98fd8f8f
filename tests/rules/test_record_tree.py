"""The tree over the record: RFC 6962 as others read it, proofs that say nothing false, tiles as C2SP names them."""

import json
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.record.tree import (
    EMPTY_ROOT,
    WIDTH,
    Frontier,
    ProofWrong,
    check_consistency,
    check_inclusion,
    consistency_proof,
    find_place,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of,
    path_of,
    root_at,
    root_of,
    tiles_of,
)

VECTORS = Path(__file__).parents[1] / "vectors/merkle"
LEAVES = [leaf_hash(str(index).encode()) for index in range(700)]
sizes = st.one_of(st.integers(1, 20), st.sampled_from([255, 256, 257, 511, 512, 513]), st.integers(1, 700))


def root_by_definition(leaves):
    """RFC 6962, 2.1, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_by_definition(leaves[:half]), root_by_definition(leaves[half:]))


def tile(level, index, width):
    wide = WIDTH**level
    first = index * WIDTH
    parts = [LEAVES[place * wide : (place + 1) * wide] for place in range(first, first + width)]
    return b"".join(map(root_by_definition, parts))


def vectors(name):
    return [pytest.param(vector, id=vector["name"]) for vector in json.loads((VECTORS / name).read_text())]


def outcome(check, *arguments):
    try:
        check(*arguments)
    except ProofWrong:
        return "refused"
    return "holds"


@pytest.mark.parametrize("vector", vectors("inclusion.json"))
def test_inclusion_as_others_prove_it(vector):
    proof = [b64decode(hash) for hash in vector["proof"] or []]
    leaf, root = b64decode(vector["leafHash"]), b64decode(vector["root"])
    found = outcome(check_inclusion, leaf, vector["leafIdx"], vector["treeSize"], proof, root)
    assert found == ("refused" if vector["wantErr"] else "holds")


@pytest.mark.parametrize("vector", vectors("consistency.json"))
def test_consistency_as_others_prove_it(vector):
    proof = [b64decode(hash) for hash in vector["proof"] or []]
    roots = b64decode(vector["root1"]), b64decode(vector["root2"])
    found = outcome(check_consistency, vector["size1"], vector["size2"], proof, *roots)
    assert found == ("refused" if vector["wantErr"] else "holds")


@given(st.integers(0, 700))
def test_the_root_is_that_of_the_definition_however_it_is_made(size):
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier.append(leaf)
    again = Frontier.unpacked(size, frontier.packed)
    root = root_by_definition(LEAVES[:size])
    assert frontier.root == again.root == root_of(LEAVES[:size]) == root
    assert root_at(size, nodes_of(700, tile)) == root


@given(sizes, st.data())
def test_every_leaf_is_proved_and_no_other_passes_for_it(size, data):
    index = data.draw(st.integers(0, size - 1))
    root = root_by_definition(LEAVES[:size])
    proof = inclusion_proof(index, size, nodes_of(size, tile))
    check_inclusion(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, 699).filter(lambda place: place != index))
    assert outcome(check_inclusion, LEAVES[other], index, size, proof, root) == "refused"
    assert outcome(check_inclusion, LEAVES[index], other, size, proof, root) == "refused"
    assert outcome(check_inclusion, LEAVES[index], index, size, [*proof, root], root) == "refused"


@given(sizes, st.data())
def test_what_was_appended_is_proved_and_a_rewritten_past_is_not(new, data):
    old = data.draw(st.integers(1, new))
    roots = root_by_definition(LEAVES[:old]), root_by_definition(LEAVES[:new])
    proof = consistency_proof(old, new, nodes_of(new, tile))
    check_consistency(old, new, proof, *roots)
    place = data.draw(st.integers(0, old - 1))
    edited = [*LEAVES[:old]]
    edited[place] = leaf_hash(b"edited")
    assert outcome(check_consistency, old, new, proof, root_by_definition(edited), roots[1]) == "refused"


@pytest.mark.parametrize("index, size", [(0, 0), (-1, 3), (3, 3)])
def test_there_is_no_proof_of_what_is_not_there(index, size):
    with pytest.raises(ValueError, match="index"):
        inclusion_proof(index, size, nodes_of(size, tile))
    with pytest.raises(ValueError, match="goes on"):
        consistency_proof(index, size - 1, nodes_of(700, tile))


def test_a_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="frontier"):
        Frontier.unpacked(3, b"\0" * 32)


def test_a_tree_of_seventy_thousand_has_the_tiles_of_the_specification():
    tiles = list(tiles_of(70_000))
    assert len(tiles) == 273 + 1 + 1 + 1 + 1
    assert tiles[273:] == [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]


@given(st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_is_read_as_it_is_written(index, width):
    assert find_place(path_of(index, width)) == (index, width)


def test_paths_have_one_spelling():
    assert path_of(1234067) == "x001/x234/067" and path_of(273, 112) == "273.p/112"
    for wrong in ("67", "x000/067", "067.p/0", "067.p/256", "067.p/012", "x067", "", "067/", "٠٦٧", "067\n"):
        assert find_place(wrong) is None, wrong
