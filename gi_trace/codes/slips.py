"""What is wrong with a code that somebody typed, as far as the text alone tells: no key is asked, so nothing leaks. Pure.

The check character finds every single change and every swap of two neighbours. Which of them it was it does not say: of
twenty places each has one change that would mend it. Told are only places where that change is one that eyes make, or
where a swap mends it, and no character is proposed: whoever types looks at the pack again.
"""

import re
import unicodedata

from gi_trace.codes.unit_code import ALPHABET, CODE_LENGTH, IGNORED, Malformed, parse
from gi_trace.errors import N_
from gi_trace.words import Sentence

ALIKE = tuple(map(frozenset, "5S 8B 2Z 6G 0D 0Q 17 VY MN CG EF PR VW KX 38 49 UV 4A 9Q".split()))
MOST_PLACES = 3
GROUP = 5


def slips_of(typed: str) -> list[Sentence]:
    """Sentences about a text that is no code; none where nothing was typed."""
    plain = unicodedata.normalize("NFKC", typed)
    characters = re.sub("[IL]", "1", IGNORED.sub("", plain).upper()).replace("O", "0")
    if not characters:
        return []
    told = []
    if len(characters) != CODE_LENGTH:
        text = N_("标识码有 20 个字符，读到 {count} 个。")
        told.append(Sentence(text, {"count": len(characters)}))
    foreign = [place for place, each in enumerate(characters) if each not in ALPHABET]
    for place in foreign[:MOST_PLACES]:
        text = N_("“{character}”从不出现在标识码里：第 {group} 组第 {place} 个。")
        told.append(Sentence(text, {"character": characters[place], **_where(place)}))
    if not told:
        places = likely_places(characters)
        text = N_("20 个字符都在，但有错。先对照第 {group} 组第 {place} 个（“{character}”）和它旁边的字符。")
        told += [Sentence(text, {"character": characters[place], **_where(place)}) for place in places]
    return told


def likely_places(characters: str) -> list[int]:
    """Where a character mistaken for one alike, or a swap with the next, explains all; empty where too many would."""
    places = [
        place
        for place, each in enumerate(characters)
        if any(_is_code(characters[:place] + other + characters[place + 1 :]) for other in _alike(each))
        or _is_code(characters[:place] + characters[place : place + 2][::-1] + characters[place + 2 :])
    ]
    return places if len(places) <= MOST_PLACES else []


def _alike(character: str) -> set[str]:
    return {other for pair in ALIKE if character in pair for other in pair - {character} if other in ALPHABET}


def _is_code(text: str) -> bool:
    try:
        return bool(parse(text))
    except Malformed:
        return False


def _where(place: int) -> dict[str, int]:
    """By groups of five, as codes are printed."""
    return {"group": place // GROUP + 1, "place": place % GROUP + 1}
