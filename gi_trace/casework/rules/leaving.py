"""What must happen before a text leaves the house: somebody looks at what in it may belong to persons. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gi_trace.casework.rules.personal import PersonalPiece, found_in, masked_pieces
from gi_trace.errors import N_, Refused

MOST_NAMED = 5  # of what was found, in a refusal


@dataclass(frozen=True)
class LookedOver:
    """What an officer made of a text: `masks` are hidden; once it is done, the rest is said to be fit to go."""

    masks: tuple[str, ...] = ()
    is_done: bool = False


NOT_LOOKED = LookedOver()


class NotLookedOver(Refused):
    code = "not_looked_over"
    text = N_("文中可能有个人信息：{found}。请先核对：勾选遮盖，或确认没有。")


class InformantsWords(Refused):
    code = "informants_words"
    text = N_("内容里有来信人自己的话，必须先核对有无个人信息，才能发出。")


def found_in_all(texts: Iterable[str]) -> list[PersonalPiece]:
    """Each piece once, however often it stands in the texts."""
    return list({one.text: one for text in texts for one in found_in(text)}.values())


def as_it_leaves(
    texts: Sequence[str], looked: LookedOver, *, hidden: Iterable[str] = (), must_look: bool = False
) -> Callable[[str], str]:
    """How any of these texts reads when it goes out. `hidden` is masked whatever was said of it.

    Raises NotLookedOver; InformantsWords for texts that nobody may send unseen (`must_look`).
    """
    if not looked.is_done:
        if must_look:
            raise InformantsWords
        left = [one.text for one in found_in_all(texts) if one.text not in looked.masks]
        if left:
            raise NotLookedOver(found="、".join(left[:MOST_NAMED]))
    pieces = {*looked.masks, *hidden}
    return lambda text: masked_pieces(text, pieces)


def identity_pieces(identity: str) -> list[str]:
    """The names and numbers of an informant, which never leave with a matter."""
    parts = re.split(r"[\s，,。；;、：:（）()/]+", identity)
    return [part for part in parts if len(part) > 1]
