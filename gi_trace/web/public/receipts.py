"""A receipt as people type it: of a report, or of an application."""

import unicodedata

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField

from gi_trace.web.forms import AtMost, needed

MISREAD = str.maketrans("OIL", "011", " -")


class ReceiptForm(FlaskForm):
    receipt = StringField(_("回执号"), [needed(), AtMost(60)])

    @property
    def typed(self) -> str:
        """As it was drawn, however people write it."""
        return as_drawn(self.receipt.data)


def as_drawn(typed: str) -> str:
    return unicodedata.normalize("NFKC", typed).upper().translate(MISREAD)
