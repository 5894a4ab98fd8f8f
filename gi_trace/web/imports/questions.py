"""What a file asks before it can be read: what a column means, what counts for all rows, whether hidden ones count."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from gi_trace.excel.cells import Unreadable
from gi_trace.excel.header import Column
from gi_trace.imports.kinds import WAYS
from gi_trace.imports.models import Import
from gi_trace.web.forms import filled, needed

NEAR = 0.5  # of two labels, as difflib measures
HIDDEN = [SelectChoice("yes", _("读入")), SelectChoice("no", _("不读入"))]


class HiddenForm(FlaskForm):
    """Hidden rows are one question, hidden sheets another."""

    hidden_rows = RadioField(_("隐藏或筛选掉的行"), [needed(_("请选择。"))], choices=HIDDEN)
    hidden_sheets = RadioField(_("隐藏的工作表"), [needed(_("请选择。"))], choices=HIDDEN)

    def __init__(self, asked: Mapping[str, Any]) -> None:
        super().__init__()
        for name in ("rows", "sheets"):
            if not asked[name]:
                del self[f"hidden_{name}"]

    def answers(self) -> dict[str, Any]:
        return {name: field.data == "yes" for name, field in self._fields.items() if name != "csrf_token"}


class SaidForm(FlaskForm):
    """With a field for each column that may be said once for a whole file."""

    said_columns: Sequence[Column] = ()

    def said(self) -> dict[str, str]:
        cells = {column.key: self[f"said_{column.key}"].data for column in self.said_columns}
        return {key: cell.strip() for key, cell in cells.items() if cell and cell.strip()}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        for column in self.said_columns:
            field = self[f"said_{column.key}"]
            if told := _what_is_wrong(column, field.data or ""):
                field.errors, sound = [*field.errors, told], False
        return sound


class ColumnsForm(SaidForm):
    """Of each missing column: which label stands for it, or what counts for the whole file. Where every label of the file
    says something already, there is none to choose from.
    """

    missing: Sequence[Column] = ()

    def answers(self) -> dict[str, Any]:
        labels = {self._label_of(column): column.key for column in self.missing}
        return {"columns": {label: key for label, key in labels.items() if label}, "said": self.said()}

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        taken: set[str] = set()
        for column in self.missing:
            label = self._label_of(column)
            if told := self._what_is_missing(column, label, taken):
                field = self._fields.get(f"column_{column.key}") or self[f"said_{column.key}"]
                field.errors, sound = [*field.errors, told], False
            taken.add(label)
        return sound

    def _label_of(self, column: Column) -> str:
        field = self._fields.get(f"column_{column.key}")
        return field.data if field else ""

    def _what_is_missing(self, column: Column, label: str, taken: set[str]) -> str:
        if label and label in taken:
            return gettext("一列只能对应一项。")
        if label or self.said().get(column.key):
            return ""
        if f"column_{column.key}" in self._fields and column.sayable:
            return gettext("请选择文件里的哪一列，或者填写整个文件的内容。")
        return gettext("请填写此项。")


def question_form(sent: Import) -> HiddenForm | ColumnsForm:
    asked = sent.question or {}
    if asked["kind"] == "hidden_content":
        return HiddenForm(asked)
    columns = {column.key: column for column in WAYS[sent.kind].columns(sent)}
    missing = [columns[key] for key in asked["missing"] if key in columns]
    fields: dict[str, Any] = {}
    for column in missing:
        if labels := [SelectChoice(label, label) for label in asked["labels"]]:
            near, none = near_label(column, asked["labels"]), SelectChoice("", _("文件里没有这一列"))
            fields[f"column_{column.key}"] = SelectField(column.name, choices=[none, *labels], default=near)
        if column.sayable:
            fields[f"said_{column.key}"] = said_field(column, _("请选择"))
    named = {"missing": missing, "said_columns": [column for column in missing if column.sayable]}
    return type("AskedColumnsForm", (ColumnsForm,), fields | named)()


def said_form(columns: Sequence[Column], **fields: Field) -> type[SaidForm]:
    """A form with these fields, and one for each column that may be said once."""
    sayable = [column for column in columns if column.sayable]
    said = {f"said_{column.key}": said_field(column, _("文件里已写明")) for column in sayable}
    return type("SaidOnceForm", (SaidForm,), {**fields, **said, "said_columns": sayable})


def said_field(column: Column, nothing: Any) -> Field:
    """`nothing` is what the list of choices says while none is chosen."""
    label = gettext("整个文件的%(column)s", column=column.name)
    if not column.choices:
        return StringField(label)
    choices = [SelectChoice("", nothing), *(SelectChoice(each.name, each.name) for each in column.choices)]
    return SelectField(label, choices=choices, default="")


def near_label(column: Column, labels: Sequence[str]) -> str:
    """The label that most likely means the column; empty when none is near."""
    scored = [
        (difflib.SequenceMatcher(None, name, label).ratio(), label)
        for name in (column.name, *column.aliases)
        for label in labels
    ]
    score, label = max(scored, default=(0, ""))
    return label if score >= NEAR else ""


def _what_is_wrong(column: Column, cell: str) -> str:
    if not cell.strip():
        return ""
    try:
        column.read(cell)
    except Unreadable as why:
        return f"{filled(why.message, why.facts)}。{filled(why.what_to_do, why.facts)}。"
    return ""
