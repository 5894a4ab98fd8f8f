"""How people write the names of places and other registered things. Pure."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Protocol

from opencc import OpenCC

AROUND = [
    re.compile(part) for part in ("^.{2,3}省", "^.{2,3}市", "^.{2,3}[区县市]", "(街道办事处|街道|镇|乡)$")
]
BEHIND_A_TOWN = re.compile("^(街道办事处|街道|镇|乡)")
OF_A_VILLAGE = re.compile("(村民委员会|村委会|居民委员会|居委会|社区|村)$")


def name_key(text: str) -> str:
    """A name without what people write in one way or another: blanks, width, case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def search_key(text: str) -> str:
    """A name by which it is found however it is written: also without brackets, dots and traditional characters."""
    return "".join(one for one in simplified(name_key(text)) if one.isalnum())


def number_behind(prefix: str, text: str) -> int:
    """12 of "L12" or "l00012", behind the prefix "L"; 0, which no row has, where there is no such number."""
    found = re.fullmatch(rf"{prefix}0*([0-9]{{1,9}})", name_key(text).upper())
    return int(found[1]) if found else 0


def simplified(text: str) -> str:
    """Traditional characters as the mainland writes them, which is how names stand in its registers."""
    return _to_simplified().convert(text)


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def _ever_shorter(key: str) -> Iterator[str]:
    """The key, then with ever less of the administration around it."""
    yield key
    for part in AROUND:
        shorter = part.sub("", key)
        if shorter != key:
            yield shorter
        key = shorter


class Named(Protocol):
    """A registered thing; `within` is the code of the one that it lies in, a village's town."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...
    @property
    def within(self) -> str: ...


class Names:
    """Registered things by what people write: a name, an alias or a code, blanks and width forgiven.

    What lies within another is found by its own name where only one is called so, and behind the name of the other:
    联和村, 三江联和村, 新会区三江镇联和村委会.
    """

    def __init__(self, things: Iterable[Named]):
        of_two_alike_the_first = list(things)[::-1]
        outer = [thing for thing in of_two_alike_the_first if not thing.within]
        inner = [thing for thing in of_two_alike_the_first if thing.within]
        self._outer = {name_key(word): thing.code for thing in outer for word in thing.aliases}
        self._outer |= {name_key(thing.name): thing.code for thing in outer}
        self._inside: dict[tuple[str, str], str] = {}
        self._alike: dict[str, set[str]] = defaultdict(set)
        for thing in inner:
            for bare in {_bare(name_key(word)) for word in (*thing.aliases, thing.name)}:
                self._inside[thing.within, bare] = thing.code
                self._alike[bare].add(thing.code)
        self._codes = {name_key(thing.code): thing.code for thing in of_two_alike_the_first}

    def find(self, text: str) -> str | None:
        """The code of what is meant; None for nothing, or for several."""
        keys = list(_ever_shorter(name_key(text)))
        known = self._codes | self._outer
        exact = next((known[key] for key in keys if key in known), None)
        return exact or next(filter(None, map(self._behind, keys)), None) or self._only_one(keys)

    def _only_one(self, keys: Iterable[str]) -> str | None:
        found = next((self._alike[bare] for bare in map(_bare, keys) if bare in self._alike), set())
        return next(iter(found)) if len(found) == 1 else None

    def alike(self, text: str) -> set[str]:
        """The codes of several that are called so, each within another."""
        return self._alike.get(_bare(name_key(text)), set())

    def split(self, text: str) -> tuple[str, str] | None:
        """The code of the thing whose name stands at the beginning, and what follows it."""
        for key in _ever_shorter(name_key(text)):
            words = [word for word in self._outer if key.startswith(word)]
            if words:
                word = max(words, key=len)
                return self._outer[word], BEHIND_A_TOWN.sub("", key[len(word) :])
        return None

    def _behind(self, key: str) -> str | None:
        outer, rest = self.split(key) or ("", "")
        again = self.split(rest)
        if outer and again and again[0] == outer:  # the name of the town stood in a column of its own too
            outer, rest = again
        return self._inside.get((outer, _bare(rest))) if rest else outer or None


def is_village(text: str) -> bool:
    """Whether it is written as one."""
    return bool(OF_A_VILLAGE.search(name_key(text)))


def _bare(key: str) -> str:
    """A village without the word for one: 联和 of 联和村民委员会."""
    return OF_A_VILLAGE.sub("", key) or key
