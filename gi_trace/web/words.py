"""How values are written for people: template filters and the words of enums."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape
from wtforms.fields.choices import SelectChoice

from gi_trace.clock import day_of, minute_of
from gi_trace.codes.hosts import shown_host
from gi_trace.labels.layouts import Layout
from gi_trace.labels.standard_layouts import STANDARD_LAYOUTS
from gi_trace.patrol.models import MadeOnPhone
from gi_trace.record.acts import Acted
from gi_trace.registry.mending_rules import corrected_terms
from gi_trace.registry.rules import RightState
from gi_trace.stock.models import Lot
from gi_trace.stock.rules.age import Age
from gi_trace.stock.rules.seasons import Season, parse_season
from gi_trace.stock.rules.weights import kilograms
from gi_trace.words import Worded

HOTLINE = "12315"
GRAM, KILOGRAM = _("克"), _("千克")
RIGHT_KINDS = {
    RightState.IN_FORCE: "good",
    RightState.SUSPENDED: "warn",
    RightState.WITHDRAWN: "bad",
}  # of the tag of its state; others are quiet


def init_words(app: Flask) -> None:
    app.add_template_filter(day_text, "day")
    app.add_template_filter(moment_text, "moment")
    app.add_template_filter(kg_text, "kg")
    app.add_template_filter(number_text, "number")
    app.add_template_filter(grouped, "grouped")
    app.add_template_filter(shown_host)
    app.add_template_filter(season_text, "season")
    app.add_template_filter(season_words, "season_words")
    app.add_template_filter(lot_seasons)
    app.add_template_filter(label, "label")
    app.add_template_filter(act_label)
    app.add_template_filter(yuan_text, "yuan")
    app.add_template_filter(doubts_of, "doubts")
    app.add_template_filter(right_kind)
    app.add_template_filter(terms_in_words)
    app.add_template_filter(gettext, "translated")  # what a template names by a variable
    app.add_template_filter(layout_title)
    app.add_template_filter(dial)
    app.add_template_global(counted)
    app.add_template_test(lambda value: isinstance(value, tuple), "a_tuple")  # lazy texts pass for sequences


def terms_in_words(corrected: list[list[str | None]]) -> list[tuple[Any, str]]:
    """(name of a term, before → after) of what a correction of a right put right."""
    terms = corrected_terms(corrected)
    return [(gettext(name), " → ".join(gettext(one) for one in values)) for name, *values in terms]


def yuan_text(fen: int) -> str:
    return str(_("{yuan} 元")).format(yuan=f"{fen // 100:,}.{fen % 100:02d}")


def day_text(day: date | None) -> str:
    """Of an instant, its day in Shanghai."""
    if isinstance(day, datetime):
        day = day_of(day)
    return day.isoformat() if day else "—"


def moment_text(instant: datetime | None) -> str:
    """In Shanghai, to the minute."""
    return minute_of(instant) if instant else "—"


def kg_text(grams: int) -> str:
    """Grams below a kilogram, kilograms from there on."""
    return f"{grams_number(grams)} {GRAM if abs(grams) < 1000 else KILOGRAM}"


def grams_number(grams: int) -> str:
    """The number alone."""
    return str(grams) if abs(grams) < 1000 else kilograms(grams)


def season_text(codes: str) -> str:
    """The first and last season of goods as one text; old stock was picked in a season that nobody traced."""
    if not codes:
        return gettext("系统启用前的库存")
    words = (season_words(parse_season(code)) if code else gettext("系统启用前") for code in codes.split("–"))
    return "–".join(words)


def lot_seasons(lot: Lot) -> list[str]:
    """Opening stock first."""
    return [season_words(parse_season(code)) if code else gettext("期初库存") for code in lot.season_codes]


def season_words(season: Season) -> str:
    return str(label(season.part)).format(year=season.year)


def lot_words(lot: Lot) -> str:
    """What a lot is, wherever one is chosen: age today, seasons, site, what is left, and what stops it."""
    seasons = lot.origins and gettext("、").join(lot_seasons(lot))  # of claimed peel alone its age says it
    age, site = lot.age and age_words(lot.age), lot.site and lot.site.name
    left = gettext("可用 {weight}").format(weight=kg_text(lot.available_g))
    parts = [f"{lot.number} {lot.material.name}", age, seasons, site, left, *map(str, stops_of(lot))]
    return " · ".join(part for part in parts if part)


def stops_of(lot: Lot) -> list[Any]:
    return [words for stopped, words in ((lot.recalls, _("召回")), (lot.holds, _("冻结"))) if stopped]


def age_words(age: Age) -> str:
    """As `age.label`, in the reader's language."""
    stored = [gettext("入库 {year}").format(year=age.stored_on.year)] if age.stored_on else []
    claimed = [gettext("申报年份 {year}").format(year=age.claimed_year)] if age.claimed_year else []
    return " · ".join([*stored, counted("陈化 %(count)s 年", age.years), *claimed])


def dial(text: str) -> Markup:
    """With the number of the consumers' hotline to tap, where it stands first."""
    return escape(text).replace(HOTLINE, Markup(f'<a href="tel:{HOTLINE}">{HOTLINE}</a>'), 1)


def counted(text: str, number: int, /, **facts: Any) -> str:
    """A text in the form that the language has for the number, which `%(count)s` is in it. Chinese has one form, so the
    text is written once. Where only the shape of a page is known, the number is 1 or 2 and `count` is given."""
    return ngettext(text, text, number, **({"count": number_text(number)} | facts))


def number_text(number: int) -> str:
    return f"{number:,}"


def grouped(code: str) -> str:
    return " ".join(code[start : start + 5] for start in range(0, len(code), 5))


def label(member: Worded) -> Any:
    """In the reader's language, looked up where it is shown."""
    return _(member.label)


def choices_of(members: Iterable[Worded]) -> list[SelectChoice]:
    """For a field of a form."""
    return [SelectChoice(member.value, label(member)) for member in members]


def doubts_of(said: MadeOnPhone) -> list[str]:
    """What is to be told of the clock and the phone on which something was made."""
    return [gettext(doubt.label).format(minutes=minutes) for doubt, minutes in said.doubts.items()]


def layout_title(layout: Layout) -> str:
    """Of a standard layout in the reader's language, of a firm's own as the firm wrote it."""
    return gettext(layout.title) if layout.name in STANDARD_LAYOUTS else layout.title


def right_kind(state: RightState) -> str:
    return RIGHT_KINDS.get(state, "quiet")


def act_label(act: str) -> Any:
    """Of an act as the record has it."""
    return label(Acted(act))
