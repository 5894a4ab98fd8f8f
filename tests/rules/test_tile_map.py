"""The schematic map: every area that comes with the service has its tile, and no two share a place."""

import pytest

from gi_trace.registry.first_names import FIRST_NAMES
from gi_trace.registry.first_products import XINHUI_TOWNS
from gi_trace.registry.tile_map import JIANGMEN, XINHUI, tile_codes


@pytest.mark.parametrize("tiles", [JIANGMEN, XINHUI])
def test_no_two_tiles_share_a_place_a_code_or_a_name(tiles):
    for told in ({(tile.column, tile.row) for tile in tiles}, *map(set, list(zip(*tiles, strict=True))[:2])):
        assert len(told) == len(tiles)


def test_the_towns_of_the_area_are_those_of_the_map_and_have_names_in_every_language():
    assert {(tile.code, tile.name) for tile in XINHUI} == {(code, name) for code, name, _ in XINHUI_TOWNS}
    names = {name for _, name in FIRST_NAMES}
    assert {tile.name for tile in (*JIANGMEN, *XINHUI)} <= names


def test_the_closest_map_that_shows_all_places_is_taken():
    assert tile_codes({"440705-huicheng"}) == (XINHUI, {"440705-huicheng": "440705-huicheng"})
    both = {"440705-huicheng": "440705", "440781": "440781"}
    assert tile_codes(both.keys()) == (JIANGMEN, both)
    assert tile_codes({"110000-elsewhere", "440781"}) == tile_codes(set()) == ((), {})
