"""Fields of the forms of all faces, and how refusals and answers read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import Response
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from gi_trace import clock
from gi_trace.batches.models import Batch
from gi_trace.batches.unit_entries import in_words, read_labels, read_units
from gi_trace.batches.unit_states import Range, units_in
from gi_trace.casework.rules.money import Yuan
from gi_trace.errors import Refused
from gi_trace.excel.cells import Unreadable
from gi_trace.excel.table import RowFault
from gi_trace.names import Names
from gi_trace.registry.models import (
    Area,
    Product,
    all_products,
    area_choices,
    find_area,
    find_product,
    towns,
)
from gi_trace.registry.rules import Basis
from gi_trace.registry.uscc import uscc_of
from gi_trace.stock.rules.postings import MOVEMENT, Movement
from gi_trace.stock.rules.weights import Grams, kilograms, parse_weight
from gi_trace.verification.looking.look import unit_of
from gi_trace.web.words import KILOGRAM, counted, kg_text, label, yuan_text
from gi_trace.words import Sentence

_ = lazy_gettext


def refusal_text(refusal: Refused) -> str:
    return filled(refusal.text, refusal.facts)


def filled(text: str, facts: Mapping[str, Any]) -> str:
    """A text with its facts in the reader's language."""
    return gettext(text).format(**{name: fact_text(value) for name, value in facts.items()})


def fact_text(value: Any) -> Any:
    """Units and known words in the reader's language, several with commas between; anything else as it is."""
    if isinstance(value, list):
        return gettext("、").join(str(fact_text(one)) for one in value)
    if isinstance(value, Grams):
        return f"{kilograms(value)} {KILOGRAM}"
    if isinstance(value, Yuan):
        return yuan_text(value)
    if isinstance(value, Movement):
        return filled(MOVEMENT, value.told)
    if isinstance(value, Sentence):
        return filled(value.text, value.facts)
    return gettext(value) if isinstance(value, str) and value else value


def fault_texts(fault: RowFault) -> tuple[str, str]:
    """What is wrong in a row of a file and what to do, in the reader's language."""
    return filled(fault.message, fault.facts), filled(fault.what_to_do, fault.facts)


def later(refusal: Refused, response: Response) -> Response:
    """For who may come again in `retry_after` seconds: nothing is wrong with what was sent."""
    if "retry_after" in refusal.facts:
        response.status_code = refusal.status
        response.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return response


def names_of(rows: Callable[[], Iterable[Any]]) -> Callable[[], list[SelectChoice]]:
    """Choices of a field: rows by their names."""
    return lambda: [SelectChoice(row.id, row.name) for row in rows()]


def answers_of(form: FlaskForm) -> list[tuple[Any, Any]]:
    """(label, answer in words) of every field that was answered."""
    shown = [field for field in form if field.type not in ("CSRFTokenField", "HiddenField")]
    return [(field.label.text, _answer(field)) for field in shown if field.data not in (None, "", [])]


def _answer(field: Any) -> Any:
    if isinstance(field, SelectMultipleField):
        words = {str(value): label for value, label, *_rest in field.iter_choices()}
        return gettext("、").join(str(words[str(value)]) for value in field.data)
    if isinstance(field, SelectField):
        words = {str(value): label for value, label, *_rest in field.iter_choices()}
        return words[str(field.data)]
    if isinstance(field, WeightField):
        return kg_text(field.data)
    if told := getattr(field, "words", ""):
        return told
    if isinstance(field, ReadField):
        return field.raw_data[0]
    if isinstance(field, BooleanField):
        return gettext("是") if field.data else gettext("否")
    return field.data


class AreaField(StringField):
    """A town or village by name, alias or code; `area` is the one found, None for no answer."""

    area: Any = None  # Area | None

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0] if valuelist else ""
        self.area = find_area(self.data)
        if self.data.strip() and self.area is None:
            several = Names(area_choices()).alike(self.data)
            told = (
                _("不止一个镇有“{name}”，请连镇名一起写。") if several else _("没有找到“{name}”这个镇或村。")
            )
            raise ValueError(str(told).format(name=self.data))


class TownField(SelectField):
    """A town, or none: `area` is the one chosen."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, choices=self._towns, **kwargs)

    @staticmethod
    def _towns() -> list[SelectChoice]:
        return [SelectChoice("", _("（不填）")), *(SelectChoice(town.code, town.name) for town in towns())]

    @property
    def area(self) -> Area | None:
        return find_area(self.data or "")


class GroundField(SelectField):
    """A product on one of its legal grounds: `chosen` are the two."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, choices=self._grounds, **kwargs)

    @staticmethod
    def _grounds() -> list[SelectChoice]:
        return [
            SelectChoice(f"{product.code} {ground.basis}", f"{product.name} · {label(ground.basis)}")
            for product in all_products()
            for ground in product.bases
        ]

    @property
    def chosen(self) -> tuple[Product, Basis]:
        code, basis = self.data.split()
        product = find_product(code)
        assert product is not None  # it was among the choices
        return product, Basis(basis)


class ChoicesField(SelectMultipleField):
    """Several of a list, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReadField(StringField):
    """What is typed is kept as what `read` makes of it, or refuses; what was typed stays."""

    data: Any

    def read(self, typed: str) -> Any:
        raise NotImplementedError

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                self.data = self.read(valuelist[0])
            except Refused as refusal:
                raise ValueError(refusal_text(refusal)) from refusal

    def text(self) -> str:
        """Of what is kept, as one would type it."""
        return ""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else self.text()


class UnitsField(TextAreaField):
    """Units of a batch as people give them: ranges, codes scanned or typed, a pasted column; kept as `units`.

    Its form says of which batch, in `batch_of_units`: None where that is still to be found.
    """

    units: Sequence[Range] = ()
    read = staticmethod(read_units)

    def __init__(self, *args: Any, description: Any = "", **kwargs: Any):
        told = _("件号或标识码，扫入、键入或整列粘贴都可以，例如：1-5、9、12-20。")
        super().__init__(*args, description=description or told, **kwargs)

    def pre_validate(self, form: Any) -> None:
        batch: Batch | None = form.batch_of_units
        self.units = ()
        if batch is None or not (self.data or "").strip():
            return
        try:
            self.units = self.read(self.data, batch.number, unit_of)
        except Refused as refusal:
            raise StopValidation(refusal_text(refusal)) from refusal

    @property
    def words(self) -> str:
        """The units read, and how many they are."""
        return counted("%(units)s（共 %(count)s 件）", units_in(self.units), units=in_words(self.units))


class LabelsField(UnitsField):
    """Of these only codes: scanned or typed from the labels themselves."""

    read = staticmethod(read_labels)


class WeightField(ReadField):
    """Kilograms as typed, kept as integer grams."""

    def read(self, typed: str) -> Any:
        return parse_weight(typed)

    def text(self) -> str:
        return "" if self.data is None else kilograms(self.data).replace(",", "")


def status_of(form: FlaskForm) -> int:
    return 422 if form.errors else 200


def stripped(text: str | None) -> str:
    """Filter of text fields: no blanks around, and nothing is an empty text."""
    return (text or "").strip()


class Needed(InputRequired):
    """Something was typed or chosen, and not blanks alone."""

    def __call__(self, form: FlaskForm, field: Any) -> None:
        if field.raw_data and isinstance(field.raw_data[0], str) and not field.raw_data[0].strip():
            field.raw_data = []
        super().__call__(form, field)


def sound_uscc(form: FlaskForm, field: Any) -> None:
    """Puts the code into its printed form, or says which character is wrong."""
    try:
        field.data = uscc_of(field.data)
    except Unreadable as why:
        said = (filled(why.message, why.facts), filled(why.what_to_do, why.facts))
        raise ValidationError("。".join(said)) from why


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


def reason_field(description: Any = "") -> TextAreaField:
    """For the file: why something is decided. The public never reads it."""
    told = description or _("写明依据和事实，例如决定书文号。存入存证记录，不对公众显示。")
    return TextAreaField(_("理由（存档）"), [needed(_("请写明理由。")), AtMost(500)], description=told)


SHOWN_ON_LABELS = _("照原样显示在查验页面上；请不要写个人信息和举报人。")


def notice_field(*validators: Any, told: Any = SHOWN_ON_LABELS) -> TextAreaField:
    """For the public, as it will stand on the pages of the codes, or where it is told."""
    return TextAreaField(_("给公众的说明"), [*validators, AtMost(300)], description=told, filters=[stripped])


class DayForm(FlaskForm):
    on = DateField(_("日期"), [needed()], default=clock.today)
