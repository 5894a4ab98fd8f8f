"""The city of an address, from an offline database that the operator may configure; off without one."""

from collections.abc import Callable
from functools import cache

CITY_ENDS = ("市", "自治州", "地区", "盟")
PROVINCE_ENDS = ("省", "自治区", "特别行政区")


def city_of(address: str, database: str) -> str | None:
    """The city, else the province, else None. The address is used here and kept nowhere."""
    return reader_of(database)(address) if database and address else None


@cache
def reader_of(path: str) -> Callable[[str], str | None]:
    """Reads an ip2region xdb file into memory, once; needs the extra package py-ip2region."""
    from ip2region import searcher, util  # the service runs without it

    version = util.version_from_header(util.load_header_from_file(path))
    if version is None:
        raise ValueError(f"{path} is no ip2region database")
    search = searcher.new_with_buffer(version, util.load_content_from_file(path)).search

    def city(address: str) -> str | None:
        try:
            return city_in(search(address))
        except ValueError:  # an address of the other IP version
            return None

    return city


def city_in(region: str) -> str | None:
    """Of ip2region's "中国|广东省|江门市|…", whatever the order of its fields."""
    parts = region.split("|")
    for ends in (CITY_ENDS, PROVINCE_ENDS):
        if found := next((part for part in parts if part.endswith(ends)), None):
            return found
    return None
