"""A form whose texts leave the house: what may belong to persons is shown marked, to be masked or said to be none."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import BooleanField, StringField

from gi_trace.casework.rules.leaving import LookedOver, as_it_leaves, found_in_all
from gi_trace.casework.rules.personal import found_in
from gi_trace.web.forms import AtMost, ChoicesField
from gi_trace.web.words import label


class LeavingForm(FlaskForm):
    """Asks for the look once there is something to look at; `leaving_texts` are all that will go out."""

    must_look = False  # also where nothing was found: these are the informant's own words
    mask = ChoicesField(_("可能是个人信息：勾选的将遮盖"))
    more_masks = StringField(_("还要遮盖的姓名或词"), [AtMost(200)], description=_("用顿号分开。"))
    looked = BooleanField(_("我已核对全文：没有勾选的不是个人信息，或依法须原样告知"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        texts = [text for text in self.leaving_texts() if text]
        found = found_in_all(texts)
        if not found and not self.must_look:
            for name in ("mask", "more_masks", "looked"):
                delattr(self, name)
            return
        for name in ("mask", "more_masks", "looked"):
            self._fields[name] = self._fields.pop(name)  # they are asked last
        self.mask.choices = [(one.text, f"{one.text}（{label(one.kind)}）") for one in found]
        self.mask.description = _marked(texts)
        if (
            "looked" not in request.form
        ):  # not asked yet: what was found is masked unless somebody says otherwise
            self.mask.data = [one.text for one in found]

    def leaving_texts(self) -> Iterable[str]:
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        is_sound = super().validate(extra_validators)
        if "looked" in self and not self.looked.data:
            self.looked.errors = [*self.looked.errors, gettext("请核对文中的个人信息，再勾选此项。")]
            return False
        return is_sound

    @property
    def looked_over(self) -> LookedOver:
        if "looked" not in self:
            return LookedOver()
        more = (self.more_masks.data or "").replace("，", "、").split("、")
        masks = (*(self.mask.data or ()), *(one.strip() for one in more if one.strip()))
        return LookedOver(masks, bool(self.looked.data))


class LeavingNotice(LeavingForm):
    """One whose field `notice` everybody will read."""

    def leaving_texts(self) -> Iterable[str]:
        return [self["notice"].data or ""]

    @property
    def notice_as_it_leaves(self) -> str:
        """Raises NotLookedOver."""
        (notice,) = self.leaving_texts()
        return as_it_leaves([notice], self.looked_over)(notice)


def _marked(texts: Iterable[str]) -> Markup:
    """The texts as they would leave, with what was found marked."""
    lines = Markup("").join(
        Markup('<span class="lines">{}</span><br>').format(_with_marks(one)) for one in texts
    )
    return Markup("{}<br>{}").format(gettext("将发出的内容："), lines)


def _with_marks(text: str) -> Markup:
    shown, place = Markup(""), 0
    for one in found_in(text):
        shown += escape(text[place : one.start]) + Markup("<mark>{}</mark>").format(one.text)
        place = one.end
    return shown + escape(text[place:])
