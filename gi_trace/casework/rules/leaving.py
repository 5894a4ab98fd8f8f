"""What must happen before a text leaves the house: somebody looks at what in it may belong to persons. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gi_trace.casework.rules.contacts import HAN
from gi_trace.casework.rules.no_names import FORM, GOODS, OF_PAPERS, SPEECH
from gi_trace.casework.rules.personal import (
    FAMILY,
    ROLE,
    TITLE,
    PersonalKind,
    found_in,
    masked_pieces,
    narrow,
)
from gi_trace.errors import N_, Refused


@dataclass(frozen=True)
class LookedOver:
    """What an officer made of a text: `masks` are hidden; once it is done, the rest is said to be fit to go."""

    masks: tuple[str, ...] = ()
    is_done: bool = False


NOT_LOOKED = LookedOver()


class NotLookedOver(Refused):
    """Also where nothing was found: names are only guessed, and an informant's own words may give him away."""

    code = "not_looked_over"
    text = N_("发出之前，请先核对文中有无个人信息：勾选遮盖，或确认没有。")


@dataclass(frozen=True)
class Hidden:
    """What of an informant's identity leaves in no text; `party`, whom the matter is about, keeps its name."""

    pieces: tuple[str, ...] = ()
    party: str = ""


NOTHING_HIDDEN = Hidden()


def as_it_leaves(
    texts: Iterable[str], looked: LookedOver, hidden: Hidden = NOTHING_HIDDEN
) -> Callable[[str], str]:
    """How any of these texts reads when it goes out. `hidden` is masked whatever was said of it. Raises NotLookedOver."""
    if not looked.is_done and any(text.strip() for text in texts):
        raise NotLookedOver
    return lambda text: masked_pieces(text, looked.masks, hidden.pieces, hidden.party)


LONGEST, MOST = 60, 40  # characters of a piece, and pieces: whoever wrote in may have wanted to hold us up
LABEL = "|".join(sorted((*ROLE.split("|"), *FORM), key=len, reverse=True))
BEFORE_A_FACT = re.compile(rf"(?:(?<=^)|(?<=[\W_]))(?:{LABEL}|住)+|(?:{LABEL})(?=[\W_\d]|$)")
TOGETHER = re.compile(r"\d+(?:[ -]\d+)+|[A-Za-z]+(?: [A-Za-z]+)+")
FACT_ENDS = re.compile(r"[\s，,。；;、：:（）()/|!?“”]+")
PLACES = "[省市县区镇乡村街路巷道里坊园苑楼栋座]"
AREA = re.compile(f"{HAN}{{2,}}[省市县区镇乡村]")
GLUED = re.compile(rf"({FAMILY}{HAN}{{1,2}})(?={HAN}{{2}}.*(?:{PLACES}|号))")
BEHIND = re.compile(rf"(.*(?:{PLACES}|[号室]))({FAMILY}{HAN}{{1,2}})")
HOUSE = re.compile(rf"{HAN}{{2}}(?:大道|[路街巷村里坊园苑])[^，,。；;]*\d[^，,。；;]*")
TITLED = re.compile(rf"(.{{2,}}?)(?:{TITLE})")


def hidden_of(identity: str, *, party: str = "", address: str = "") -> Hidden:
    """The names, numbers and places by which an informant would be known, however they were written down. A place that
    the party's own name or address tells anyway hides nothing."""
    plain = narrow(identity)
    told = [one for one in found_in(plain) if one.is_certain and one.kind is not PersonalKind.HOME]
    rest = plain
    for one in reversed(told):
        rest = f"{rest[: one.start]}，{rest[one.end :]}"
    written = [one.text for one in told] + TOGETHER.findall(rest)
    rest = BEFORE_A_FACT.sub("，", TOGETHER.sub("，", rest))
    parts = [part for one in FACT_ENDS.split(rest) for part in _facts_in(one)]
    found = [one.text for one in found_in(plain) if one.kind is PersonalKind.NAME]
    names = [one for one in found if not AREA.fullmatch(one)]
    around = narrow(f"{party} {address}")
    kept = {one for one in parts if one in around and _is_place(one, around)}
    pieces = dict.fromkeys(one[:LONGEST] for one in (*written, *names, *parts) if one not in kept)
    return Hidden(tuple(pieces)[:MOST], party)


def _is_place(part: str, around: str) -> bool:
    return not re.match(FAMILY, part) or part in SPEECH or bool(re.search(re.escape(part) + PLACES, around))


def _is_of_a_person(part: str) -> bool:
    """Whatever is no common word, since names may be odd; to hide those would falsify what officers write."""
    if part.isdecimal():
        return len(part) >= 5
    return part not in OF_PAPERS and not AREA.fullmatch(part)


def _facts_in(part: str) -> Iterator[str]:
    """The part itself, and the name and the house that are within it."""
    if len(part) < (4 if part.isascii() else 2) or part in FORM or part in GOODS:
        return
    if _is_of_a_person(part):
        yield part
    if titled := TITLED.fullmatch(part):
        yield titled[1]
    if glued := GLUED.match(part):
        yield from {glued[1], part[:2], part[len(glued[1]) :], part[2:]}
    if behind := BEHIND.fullmatch(part):
        yield from behind.groups()
    if house := HOUSE.search(part):
        yield house[0]
