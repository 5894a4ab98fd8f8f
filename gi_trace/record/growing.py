"""The tree as it grows with the record, in the act's own transaction, and whether it still is the record's."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, insert, select

from gi_trace.database import db
from gi_trace.record.models import RecordHead, RecordTile, tile_hashes, tree_entries
from gi_trace.record.tree import WIDTH, Frontier, hashes_of, leaf_hash, root_of


def keep_full_tiles(level: int, size: int, added: Sequence[bytes]) -> None:
    """Tiles that `added` hashes fill, which follow the `size` that this level has; then those of the levels above."""
    begin = size - size % WIDTH
    if size + len(added) < begin + WIDTH:
        return
    hashes = [*tile_hashes(level, begin, size), *added]
    tiles = [hashes[place : place + WIDTH] for place in range(0, len(hashes) - WIDTH + 1, WIDTH)]
    roots = [root_of(tile) for tile in tiles]
    rows = [
        {"level": level, "index": index, "hashes": b"".join(tile), "root": root}
        for index, (tile, root) in enumerate(zip(tiles, roots, strict=True), begin // WIDTH)
    ]
    db.session.execute(insert(RecordTile), rows)
    keep_full_tiles(level + 1, begin // WIDTH, roots)


def first_broken_leaf() -> int | None:
    """Number of the first row that the tree tells otherwise, or None. In one pass and constant memory."""
    head = db.session.get(RecordHead, 1)
    size = head.number if head else 0
    frontier, rows = Frontier(), _Rows()
    for entry in tree_entries(0, size):
        leaf = leaf_hash(entry)
        frontier.append(leaf)
        if (differing := rows.add(0, leaf)) is not None:
            return differing
    if head and frontier.packed != head.frontier:
        return size - size % WIDTH + 1  # one of those that no tile holds yet
    kept = db.session.scalar(select(func.count()).select_from(RecordTile))
    return None if kept == rows.tiles else size + 1  # tiles of rows that were cut off


class _Rows:
    """The hashes of the tile that is being filled at each level, held against the kept tile when it is full."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = []
        self.begun: list[int] = []
        self.tiles = 0

    def add(self, level: int, hash: bytes) -> int | None:
        if level == len(self.levels):
            self.levels.append([])
            self.begun.append(0)
        filling = self.levels[level]
        filling.append(hash)
        if len(filling) < WIDTH:
            return None
        index, self.levels[level] = self.begun[level], []
        self.begun[level] += 1
        self.tiles += 1
        root = root_of(filling)
        kept = db.session.get(RecordTile, (level, index))
        if kept is None or (kept.hashes, kept.root) != (b"".join(filling), root):
            place = _first_difference(filling, hashes_of(kept.hashes) if kept else [])
            return (index * WIDTH + place) * WIDTH**level + 1
        db.session.expunge(kept)
        return self.add(level + 1, root)


def _first_difference(these: Sequence[bytes], those: Iterable[bytes]) -> int:
    alike = zip(these, those, strict=False)
    return next((place for place, (one, other) in enumerate(alike) if one != other), 0)
