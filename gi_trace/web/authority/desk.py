"""What the clocks and numbers of the desk go by: calendar, terms, forms of numbers."""

from calendar import monthrange
from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange

from gi_trace import clock
from gi_trace.casework.actions import numbers
from gi_trace.casework.models import NumberKind, number_form
from gi_trace.errors import NotFound
from gi_trace.terms import actions
from gi_trace.terms.deadlines import Term, TermUnit, WorkCalendar
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import calendar_years, source_of, terms_now, work_calendar
from gi_trace.web.act_page import act_page
from gi_trace.web.authority import bp
from gi_trace.web.forms import AtMost, needed
from gi_trace.web.guards import me
from gi_trace.web.words import choices_of, label

FIRST_YEAR, LAST_YEAR = 2020, 2100
IN_RANGE = NumberRange(min=FIRST_YEAR, max=LAST_YEAR, message=_("请填写四位年份。"))


class YearForm(FlaskForm):
    year = IntegerField(_("年份"), [needed(), IN_RANGE])
    days = TextAreaField(
        _("放假与调休"),
        [needed(), AtMost(4000)],
        description=_("每行写日期或起止日期，再写“休”或“班”。例如：2027-02-06 至 2027-02-12 休"),
    )
    source = StringField(_("依据的通知"), [needed(), AtMost(200)])


class TermForm(FlaskForm):
    amount = IntegerField(_("期限"), [needed(), NumberRange(min=1, max=400, message=_("请填写 1 至 400。"))])
    unit = SelectField(_("单位"), [needed()], choices=choices_of(TermUnit))
    source = StringField(_("依据"), [needed(), AtMost(200)])


class NumberFormForm(FlaskForm):
    number_form = StringField(
        _("格式"), [needed(), AtMost(60)], description=_("{year} 处填年份，{serial} 处填当年的顺序号。")
    )


@bp.get("/desk")
def show_desk() -> ResponseReturnValue:
    now = terms_now()
    terms = [(code, now[code], source_of(code)) for code in TermCode]
    forms = [(kind, number_form(kind)) for kind in NumberKind]
    return render_template("authority/show_desk.html", terms=terms, forms=forms, years=calendar_years())


@bp.get("/calendar")
def show_calendar() -> ResponseReturnValue:
    year = request.args.get("year", clock.today().year, type=int)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound
    calendar = work_calendar()
    return render_template(
        "authority/show_calendar.html",
        year=year,
        known=calendar.knows(year),
        months=[(month, _days_of(calendar, year, month)) for month in range(1, 13)],
        today=clock.today(),
    )


@act_page(
    bp,
    "/calendar/new",
    lambda: YearForm(year=request.args.get("year", clock.today().year + 1, type=int)),
    _("录入放假安排"),
    back=".show_desk",
    done=_("放假安排已录入，期限随之重新计算。"),
)
def enter_year(form: YearForm) -> str:
    actions.enter_year(form.year.data, form.days.data, source=form.source.data, by=me())
    return url_for(".show_calendar", year=form.year.data)


def _known_term(code: str) -> TermCode:
    if code not in list(TermCode):
        raise NotFound
    return TermCode(code)


def _term_form(code: TermCode) -> TermForm:
    now = terms_now()[code]
    return TermForm(amount=now.amount, unit=now.unit.value, source=source_of(code))


@act_page(bp, "/terms/<code>", _term_form, label, on=_known_term, back=".show_desk", done=_("期限已更改。"))
def set_term(code: TermCode, form: TermForm) -> None:
    term = Term(form.amount.data, TermUnit(form.unit.data))
    actions.set_term(code, term, source=form.source.data, by=me())


def _known_kind(kind: str) -> NumberKind:
    if kind not in list(NumberKind):
        raise NotFound
    return NumberKind(kind)


@act_page(
    bp,
    "/number-forms/<kind>",
    lambda kind: NumberFormForm(number_form=number_form(kind)),
    label,
    on=_known_kind,
    back=".show_desk",
    done=_("编号格式已更改，从下一个编号起使用。"),
)
def set_number_form(kind: NumberKind, form: NumberFormForm) -> None:
    numbers.set_number_form(kind, form.number_form.data, by=me())


def _days_of(calendar: WorkCalendar, year: int, month: int) -> list[tuple[date, bool]]:
    """Each day of the month with whether it is worked."""
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    return [(day, calendar.is_workday(day)) for day in days]
