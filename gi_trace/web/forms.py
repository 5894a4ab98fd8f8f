"""Forms of all faces: a refusal lands on the form, and what was typed stays."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.validators import InputRequired

from gi_trace.database import db
from gi_trace.errors import Refused

_ = lazy_gettext


def refusal_text(refusal: Refused) -> str:
    return filled(refusal.text, refusal.facts)


def filled(text: str, facts: Mapping[str, Any]) -> str:
    """A text with its facts in the reader's language; facts that are known words are translated too."""
    words = {
        name: gettext(value) if isinstance(value, str) and value else value for name, value in facts.items()
    }
    return gettext(text).format(**words)


@contextmanager
def refusals_on(form: FlaskForm) -> Iterator[None]:
    """An act refused inside puts its reason on the form; the view then shows the form again."""
    try:
        yield
    except Refused as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))


def status_of(form: FlaskForm) -> int:
    return 422 if form.errors else 200


class Needed(InputRequired):
    """Something was typed or chosen, and not blanks alone."""

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if field.raw_data and isinstance(field.raw_data[0], str) and not field.raw_data[0].strip():
            field.raw_data = []
        super().__call__(form, field)


def needed(message: Any = None) -> Needed:
    return Needed(message or _("请填写此项。"))


class AtMost:
    """No more than so many characters."""

    def __init__(self, most: int):
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if field.data and len(field.data) > self.most:
            raise ValidationError(gettext("最多 {most} 个字。").format(most=self.most))
