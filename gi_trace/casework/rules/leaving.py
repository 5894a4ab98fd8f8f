"""What must happen before a text leaves the house: somebody looks at what in it may belong to persons. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gi_trace.casework.rules.personal import PersonalPiece, found_in, masked_pieces
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


def found_in_all(texts: Iterable[str]) -> list[PersonalPiece]:
    """Each piece once, however often it stands in the texts."""
    return list({one.text: one for text in texts for one in found_in(text)}.values())


def as_it_leaves(
    texts: Iterable[str], looked: LookedOver, *, hidden: Iterable[str] = ()
) -> Callable[[str], str]:
    """How any of these texts reads when it goes out. `hidden` is masked whatever was said of it. Raises NotLookedOver."""
    if not looked.is_done and any(text.strip() for text in texts):
        raise NotLookedOver
    pieces = {*looked.masks, *hidden}
    return lambda text: masked_pieces(text, pieces)


def identity_pieces(identity: str) -> list[str]:
    """The names and numbers of an informant, which never leave with a matter."""
    parts = re.split(r"[\s，,。；;、：:（）()/]+", identity)
    return [part for part in parts if len(part) > 1]
