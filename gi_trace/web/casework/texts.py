"""How clocks, reasons and steps of leads and cases read: template filters."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Flask
from flask_babel import gettext

from gi_trace.casework.rules.risk import SOON_WORKDAYS
from gi_trace.casework.rules.steps import told_facts
from gi_trace.offices.faults import fault_parts
from gi_trace.terms.deadlines import Clock
from gi_trace.web.words import counted, label
from gi_trace.words import Worded

GRAVE_POINTS, NOTABLE_POINTS = 70, 40


def init_texts(app: Flask) -> None:
    app.add_template_filter(clock_text)
    app.add_template_filter(clock_kind)
    app.add_template_filter(risk_kind)
    app.add_template_filter(reason_text)
    app.add_template_filter(step_lines)
    app.add_template_filter(weeks)
    app.add_template_filter(fault_text)


def clock_text(clock: Clock) -> str:
    """What is left of a term, in words."""
    if clock.workdays_left < 0:
        return counted("已逾期 %(count)s 个工作日", -clock.workdays_left)
    if clock.workdays_left == 0:
        return gettext("今天到期")
    return counted("还有 %(count)s 个工作日", clock.workdays_left)


def clock_kind(clock: Clock) -> str:
    """Kind of its tag: bad, warn or quiet."""
    if clock.workdays_left < 0:
        return "bad"
    return "warn" if clock.workdays_left <= SOON_WORKDAYS else "quiet"


def risk_kind(points: int) -> str:
    """Kind of its tag, as `clock_kind`."""
    if points >= GRAVE_POINTS:
        return "bad"
    return "warn" if points >= NOTABLE_POINTS else "quiet"


def reason_text(reason: list[Any]) -> str:
    """A reason of a lead's risk, as stored: [msgid, facts]."""
    text, facts = reason
    return gettext(text).format(**facts)


def step_lines(facts: Mapping[str, Any]) -> list[str]:
    """The facts of a step that have words, one a line."""
    colon = gettext("：")
    return [
        f"{label(fact)}{colon}{label(value) if isinstance(value, Worded) else value}"
        for fact, value in told_facts(facts)
    ]


def fault_text(kept: str) -> str:
    """What stood in the way of a receipt, and what the other side said."""
    words, said = fault_parts(kept)
    return gettext("：").join(part for part in (gettext(words) if words else "", said) if part)


def weeks(days: Sequence[tuple[date, bool]]) -> list[list[tuple[date, bool] | None]]:
    """The days of a month in weeks from Monday, None where the month has no day."""
    cells: list[tuple[date, bool] | None] = [None] * days[0][0].weekday() + list(days)
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]
