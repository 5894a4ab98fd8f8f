"""A form whose texts leave the house: what may belong to persons is shown marked, to be masked or said to be none."""

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import BooleanField, StringField

from gi_trace.casework.rules.leaving import NOTHING_HIDDEN, Hidden, LookedOver, as_it_leaves
from gi_trace.casework.rules.personal import PersonalPiece, found_in, narrow
from gi_trace.registry.models import names_of_goods
from gi_trace.web.forms import AtMost, ChoicesField
from gi_trace.web.words import label

ALL_READ = "y"
MASKED = re.compile(r"(\*{3}|\w某+)")


class LookedField(BooleanField):
    """A tick that counts for the texts shown beside it: for others it is asked for again. `words`: what it lets go."""

    shown = ALL_READ
    words: Any = ""

    def _value(self) -> str:
        return self.shown

    def show(self, texts: Iterable[str]) -> bool:
        """Whether the tick that came, if one did, was given beside these, whatever ends their lines."""
        told = "\n".join(" ".join(text.split()) for text in texts)
        self.shown = hashlib.sha256(told.encode()).hexdigest()[:16] if told else ALL_READ
        self.data = self.raw_data == [self.shown]
        return self.data


class LeavingForm(FlaskForm):
    """`leaves` are its fields that go out, and read as they leave once it is sound. Nothing typed asks for no look.

    `hidden` is what leaves in no text; `party` stands in the text by its name, which so is nothing to be masked.
    """

    leaves: tuple[str, ...] = ()
    goes_out = True  # else it asks for nothing: the same form may serve a text that stays
    hidden: Hidden = NOTHING_HIDDEN
    party = ""

    mask = ChoicesField(_("可能是个人信息：勾选的将遮盖"))
    more_masks = StringField(_("还要遮盖的姓名或词"), [AtMost(200)], description=_("用顿号分开。"))
    looked = LookedField(_("我已核对全文：没有勾选遮盖的不是个人信息，或依法须原样告知"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.going = [text for text in self.leaving_texts() if text.strip()] if self.goes_out else []
        self.goods = names_of_goods() if self.going else []
        finds = {text: self._found_in(text) for text in self.going}
        found = list({one.text: one for pieces in finds.values() for one in pieces}.values())
        for name, is_asked in (("mask", found), ("more_masks", self.going), ("looked", self.goes_out)):
            self._fields[name] = self._fields.pop(name)  # they are asked last
            if not is_asked:
                delattr(self, name)
        if self.goes_out:
            typed = {field.data for field in self if isinstance(field.data, str)}
            is_seen = self.looked.show(text for text, pieces in finds.items() if pieces or text not in typed)
            self.looked.description = _shown(_with_marks(*one) for one in finds.items()) if finds else ""
        if found:
            self.mask.choices = [(one.text, f"{one.text}（{label(one.kind)}）") for one in found]
            ticked = self.mask.data or ()
            self.mask.data = [one.text for one in found if one.text in ticked or not is_seen]

    def leaving_texts(self) -> Iterable[str]:
        """All that will go out."""
        return [self[name].data or "" for name in self.leaves]

    def _found_in(self, text: str) -> list[PersonalPiece]:
        found, party = found_in(text, goods=self.goods), narrow(self.party)
        return [one for one in found if len(one.text) == 1 or narrow(one.text) not in party]

    def validate(self, extra_validators: Any = None) -> bool:
        is_sound = super().validate(extra_validators)
        if self.going and not self.looked.data:
            self.looked.errors = [*self.looked.errors, gettext("请核对文中的个人信息，再勾选此项。")]
            return False
        if is_sound:
            leaving = as_it_leaves(self.going, self.looked_over, self.hidden)
            if "looked" in self and self.going:
                self.looked.words = _shown(_mark_masks(leaving(text)) for text in self.going)
            self._typed = {name: self[name].data for name in self.leaves}
            for name in self.leaves:
                self[name].data = leaving(self[name].data or "")
        return is_sound

    def show_as_typed(self) -> None:
        """For who is to mend it: what was masked wrongly is still there."""
        for name, text in getattr(self, "_typed", {}).items():
            self[name].data = text

    @property
    def looked_over(self) -> LookedOver:
        masks = list(self.mask.data or ()) if "mask" in self else []
        more = (self.more_masks.data or "").replace("，", "、").split("、") if "more_masks" in self else []
        masks += [one.strip() for one in more if one.strip()]
        return LookedOver(tuple(masks), "looked" in self and bool(self.looked.data))


def _shown(texts: Iterable[Markup]) -> Markup:
    lines = Markup("").join(Markup('<span class="lines">{}</span><br>').format(one) for one in texts)
    return Markup("{}<br>{}").format(gettext("将发出的内容："), lines)


def _with_marks(text: str, found: Iterable[PersonalPiece]) -> Markup:
    shown, place = Markup(""), 0
    for one in found:
        shown += escape(text[place : one.start]) + Markup("<mark>{}</mark>").format(one.text)
        place = one.end
    return shown + escape(text[place:])


def _mark_masks(text: str) -> Markup:
    """Every other part of the split is one that was masked."""
    parts = enumerate(MASKED.split(text))
    return Markup("").join(
        Markup("<mark>{}</mark>").format(one) if at % 2 else escape(one) for at, one in parts
    )
