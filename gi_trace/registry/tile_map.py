"""A schematic map: every place a tile on a grid, where it lies to its neighbours. Data, no survey: no border is drawn, so
that no map needs a review number. Pure."""

from collections.abc import Collection
from typing import NamedTuple


class Tile(NamedTuple):
    """`code` is that of an area, or of its district: the six digits before a town's name."""

    code: str
    name: str
    column: int
    row: int


JIANGMEN = (
    Tile("440784", "鹤山市", 1, 0),
    Tile("440703", "蓬江区", 2, 0),
    Tile("440704", "江海区", 3, 0),
    Tile("440785", "恩平市", 0, 1),
    Tile("440783", "开平市", 1, 1),
    Tile("440705", "新会区", 2, 1),
    Tile("440781", "台山市", 1, 2),
)
XINHUI = (
    Tile("440705-siqian", "司前", 0, 0),
    Tile("440705-daze", "大泽", 1, 0),
    Tile("440705-huicheng", "会城", 2, 0),
    Tile("440705-luokeng", "罗坑", 0, 1),
    Tile("440705-shuangshui", "双水", 1, 1),
    Tile("440705-sanjiang", "三江", 2, 1),
    Tile("440705-muzhou", "睦洲", 3, 1),
    Tile("440705-yamen", "崖门", 1, 2),
    Tile("440705-gujing", "古井", 2, 2),
    Tile("440705-daao", "大鳌", 3, 2),
    Tile("440705-weiken", "围垦指挥部", 1, 3),
    Tile("440705-shadui", "沙堆", 2, 3),
)


def tile_codes(codes: Collection[str]) -> tuple[tuple[Tile, ...], dict[str, str]]:
    """The closest map that shows all of these areas, and the tile of each; nothing where none shows them."""
    for tiles, digits in ((XINHUI, None), (JIANGMEN, 6)):
        shown = {tile.code for tile in tiles}
        found = {code: code[:digits] for code in codes}
        if codes and shown.issuperset(found.values()):
            return tiles, found
    return (), {}
