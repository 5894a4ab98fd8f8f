"""The tree over the record's entries: RFC 6962 hashes and proofs, kept in tiles (C2SP tlog-tiles). Pure.

A hash is 32 bytes of SHA-256. Indexes and levels begin at 0; a node of level h is the root over 2**h leaves.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from hashlib import sha256

WIDTH = 256  # hashes of a full tile
HEIGHT = 8  # levels of the tree that a tile spans
BYTES = 32
EMPTY_ROOT = sha256().digest()

Node = Callable[[int, int], bytes]  # (level, index) of a full subtree to its root
Tile = Callable[
    [int, int, int], bytes
]  # (level of tiles, index, width wanted) to at least as many hashes in a row


class ProofWrong(ValueError):
    """The proof does not lead to the root."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """The tree as far as appending needs it: the roots of its full subtrees, the widest first, at most 63."""

    size: int = 0
    roots: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        self.roots.append(leaf)
        self.size += 1
        odd = self.size
        while odd % 2 == 0:  # what is as wide as its neighbour joins it
            right = self.roots.pop()
            self.roots[-1] = node_hash(self.roots[-1], right)
            odd //= 2

    @property
    def root(self) -> bytes:
        return _joined(self.roots)

    @property
    def packed(self) -> bytes:
        return b"".join(self.roots)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> "Frontier":
        """Raises ValueError where so many leaves have another number of full subtrees."""
        if len(packed) != size.bit_count() * BYTES:
            raise ValueError(f"a frontier of {size} leaves has not {len(packed)} bytes")
        return cls(size, hashes_of(packed))


def hashes_of(packed: bytes) -> list[bytes]:
    return [packed[place : place + BYTES] for place in range(0, len(packed), BYTES)]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Of leaf hashes, or of the roots of full subtrees that are all as wide."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """From the leaf's sibling up to the root's child. Raises ValueError unless 0 <= index < size."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has none with the index {index}")
    return [_range_root(*part, node) for part in _beside(index, index + 1, size)]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """RFC 6962, 2.1.2; empty when nothing was appended. Raises ValueError unless 0 < old <= new."""
    if not 0 < old <= new:
        raise ValueError(f"there is no proof that a tree of {new} leaves goes on from {old}")
    if old == new:
        return []
    begin = old - (old & -old)  # of the last full subtree of the old tree
    known = [] if begin == 0 else [_range_root(begin, old, node)]
    return known + [_range_root(*part, node) for part in _beside(begin, old, new)]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises ProofWrong."""
    if not 0 <= index < size or len(leaf) != BYTES:
        raise ProofWrong(f"no leaf {index} in a tree of {size}")
    if len(proof) != len(_beside(index, index + 1, size)):
        raise ProofWrong("the proof has another length")
    if _climbed(leaf, proof, index, index + 1, size) != root:
        raise ProofWrong("the proof leads to another root")


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """That the tree of `new` leaves begins with that of `old`. Raises ProofWrong; of an empty tree nothing is proved."""
    if not 0 < old <= new:
        raise ProofWrong(f"a tree of {new} leaves does not go on from {old}")
    if old == new:
        if proof or old_root != new_root:
            raise ProofWrong("two trees of one size differ")
        return
    begin = old - (old & -old)
    whole = [*proof] if begin else [old_root, *proof]
    beside = _beside(begin, old, new)
    if len(whole) != len(beside) + 1:
        raise ProofWrong("the proof has another length")
    seed, *rest = whole
    before = [hash for hash, part in zip(rest, beside, strict=True) if part[1] <= begin]
    if reduce(lambda right, left: node_hash(left, right), before, seed) != old_root:
        raise ProofWrong("the proof leads to another root of the earlier tree")
    if _climbed(seed, rest, begin, old, new) != new_root:
        raise ProofWrong("the proof leads to another root of the later tree")


def _beside(begin: int, end: int, size: int) -> list[tuple[int, int]]:
    """What stands beside the full subtree of leaves begin … end on its way to the root: (begin, end) each."""
    parts = []
    wide = end - begin
    while wide < size:
        if (begin // wide) % 2:
            parts.append((begin - wide, begin))
            begin -= wide
        elif begin + wide < size:
            parts.append((begin + wide, min(begin + 2 * wide, size)))
        wide *= 2
    return parts


def _climbed(seed: bytes, proof: Sequence[bytes], begin: int, end: int, size: int) -> bytes:
    for sibling, (place, _) in zip(proof, _beside(begin, end, size), strict=True):
        seed = node_hash(sibling, seed) if place < begin else node_hash(seed, sibling)
    return seed


def _range_root(begin: int, end: int, node: Node) -> bytes:
    """Root over leaves that begin where a subtree as wide as the next power of two does."""
    roots = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        roots.append(node(level, begin >> level))
        begin += 1 << level
    return _joined(roots)


def _joined(roots: Sequence[bytes]) -> bytes:
    """Root over full subtrees, the widest first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(roots)) if roots else EMPTY_ROOT


def root_at(size: int, node: Node) -> bytes:
    """Root of the tree as it was with so many leaves."""
    return _range_root(0, size, node)


def nodes_of(size: int, tile: Tile) -> Node:
    """Roots of full subtrees of a tree of that size, read from its tiles; each is asked for once."""
    read: dict[tuple[int, int], list[bytes]] = {}

    def node(level: int, index: int) -> bytes:
        tiles, within = divmod(level, HEIGHT)
        first = index << within
        place = tiles, first // WIDTH
        if place not in read:
            width = min(WIDTH, (size >> HEIGHT * tiles) - place[1] * WIDTH)
            read[place] = hashes_of(tile(*place, width))
        begin = first % WIDTH
        return root_of(read[place][begin : begin + (1 << within)])

    return node


def tiles_of(size: int) -> Iterable[tuple[int, int, int]]:
    """(level, index, width) of every tile of a tree, the partial ones too."""
    level = 0
    while size:
        full, part = divmod(size, WIDTH)
        yield from ((level, index, WIDTH) for index in range(full))
        if part:
            yield level, full, part
        level, size = level + 1, full


def path_of(index: int, width: int = WIDTH) -> str:
    """`x001/x234/067`, and `.p/W` behind it where the tile is partial."""
    digits = f"{index:d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[place : place + 3] for place in range(0, len(digits), 3)]
    path = "/".join(["x" + part for part in parts[:-1]] + parts[-1:])
    return path if width == WIDTH else f"{path}.p/{width}"


def find_place(path: str) -> tuple[int, int] | None:
    """(index, width) of a path, which has one spelling; None when it is none."""
    found = re.fullmatch(r"((?:x[0-9]{3}/){0,4}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", path, re.ASCII)
    if not found:
        return None
    index = int(re.sub("[x/]", "", found[1]))
    width = int(found[2] or WIDTH)
    return (index, width) if path_of(index, width) == path else None
