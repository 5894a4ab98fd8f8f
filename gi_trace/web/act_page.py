"""Pages that ask for one act: the form, its summary, the act, and the page that follows.

A refusal lands on the form, and what was typed stays.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import partial, wraps
from typing import Any, NamedTuple

from flask import Blueprint, after_this_request, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from gi_trace.accounts.sent_forms import AlreadySent
from gi_trace.database import rehearsal
from gi_trace.errors import Refused
from gi_trace.web.forms import answers_of, later, refusal_text, status_of

Rows = Sequence[tuple[Any, Any]]
# What an act gives: nothing, the address of the page that follows, the answer itself, or what draws it after the act.
Follows = str | Response | Callable[[], Response] | None
Act = Callable[[], Any]
MANY = 1000  # units: who changes more types their number back
View = Callable[..., ResponseReturnValue]


class Stakes(NamedTuple):
    """What an act would change for the public: how many units, and the page of one of them as visitors would see it."""

    units: int
    page: str = ""

    @property
    def are_many(self) -> bool:
        return self.units > MANY

    @property
    def are_miscounted(self) -> bool:
        """The number of units was asked for, and another one typed back."""
        typed = re.sub(r"[\s,，]", "", request.form.get("counted", ""))
        return self.are_many and not (typed.isdecimal() and int(typed) == self.units)


def act_page(
    bp: Blueprint,
    address: str,
    form: Callable[..., FlaskForm],
    title: Any,
    *,
    back: str | Callable[[Any], str],
    on: Callable[..., Any] | None = None,
    rows: Callable[[Any], Rows] | None = None,
    done: Any = "",
    **shown: Any,
) -> Callable[[Callable[..., Follows]], Callable[..., Follows]]:
    """Makes a function that does an act from a form the page that asks for it.

    `on` loads, by the address, what the act is done on; then `rows` says what it is, `back` where one came from, and
    the act, and form and title if they are functions, are given it. What else is shown: see `form_page`.
    """

    def made(act: Callable[..., Follows]) -> Callable[..., Follows]:
        @wraps(act)
        def view(**parts: Any) -> ResponseReturnValue:
            subject = [on(**parts)] if on else []
            asked = form() if isinstance(form, type) else form(*subject)
            return answer_to(
                asked,
                title(*subject) if callable(title) else title,
                lambda: act(*subject, asked),
                back=back(*subject) if callable(back) else url_for(back),
                rows=rows(*subject) if rows else (),
                done=done,
                **shown,
            )

        bp.add_url_rule(address, view_func=view, methods=["GET", "POST"])
        return act

    return made


def answer_to(
    form: FlaskForm,
    title: Any,
    act: Act,
    *,
    back: str,
    done: Any = "",
    stakes: Callable[[], Stakes] | None = None,
    **shown: Any,
) -> ResponseReturnValue:
    """The form; its summary once the answers are sound; then the act, and `done` on the page that follows.

    That page is what the act gives, else the one that the person came from, `back`. The summary shows the stakes.
    """
    is_sound = form.validate_on_submit()
    is_sent = _goes_straight(form) or _is_confirmed()
    at_stake = stakes() if stakes and is_sound else None
    is_counted = at_stake is None or not at_stake.are_miscounted
    answer = _acted(form, act, done, back) if is_sound and is_sent and is_counted else None
    if is_sound and "answers" not in request.form and not is_sent:
        _rehearse(form, act)
    return answer or form_page(form, title, back=back, stakes=at_stake, **shown)


def _rehearse(form: FlaskForm, act: Act) -> None:
    """What would be refused is refused before the summary; nothing of it stays, nor of what it told the person."""
    before = deepcopy(dict(session))
    with _refused_on(form), rehearsal():
        act()
    if dict(session) != before:
        session.clear()
        session.update(before)


def _is_confirmed() -> bool:
    return request.form.get("answers") == "confirmed"


def answer_here(
    form: FlaskForm, act: Act, page: Callable[[], str], *, done: Any = "", then: str = ""
) -> ResponseReturnValue:
    """For a page that shows more than its form, drawn by `page`; without a summary."""
    if answer := _acted(form, act, done, then) if form.validate_on_submit() else None:
        return answer
    _show_as_typed(form)
    return page(), status_of(form)


def done_at(address: str, message: Any) -> ResponseReturnValue:
    """On to a page, which says what was done."""
    flash(message)
    return redirect(address)


def form_page(
    form: FlaskForm,
    title: Any,
    *,
    back: str = "",
    submit: Any = None,
    lead: Any = "",
    rows: Rows | Callable[[], Rows] = (),
    notes: Sequence[Any] = (),
    stakes: Stakes | None = None,
    template: str = "components/form_page.html",
) -> ResponseReturnValue:
    """The form; or, when its answers are sound but not confirmed yet, their summary.

    `rows` are facts (label, value) and `notes` sentences that the person needs to see beside both. Rows that go by the
    answers are a function, called once these were looked at.
    """
    page = {"form": form, "title": title, "submit": submit, "lead": lead, "back": back, "notes": notes}
    page["rows"] = rows() if callable(rows) else rows
    is_sound = form.is_submitted() and not form.errors and not _goes_straight(form)
    is_miscounted = _is_confirmed() and stakes is not None and stakes.are_miscounted
    if is_sound and (request.form.get("answers") is None or is_miscounted):
        page |= {"answers": answers_of(form), "stakes": stakes, "is_miscounted": is_miscounted}
        return render_template("components/summary_page.html", **page), 422 if is_miscounted else 200
    _show_as_typed(form)
    return render_template(template, **page), status_of(form)


def _show_as_typed(form: FlaskForm) -> None:
    if show := getattr(form, "show_as_typed", None):
        show()


def _acted(form: FlaskForm, act: Act, done: Any, then: str) -> Response | None:
    """None when the act was refused."""
    follows = None
    with _refused_on(form):
        follows = act()
    if form.form_errors:
        return None
    if isinstance(follows, Response):  # which speaks for itself
        return follows
    if callable(follows):
        return follows()
    if done:
        flash(done)
    return redirect(follows or then)


@contextmanager
def _refused_on(form: FlaskForm) -> Iterator[None]:
    """A refusal stands on the form; but what was done before leads where it led."""
    try:
        yield
    except AlreadySent:
        raise
    except Refused as refusal:
        form.form_errors.append(refusal_text(refusal))
        after_this_request(partial(later, refusal))


def _goes_straight(form: FlaskForm) -> bool:
    """Without a summary: nothing was filled in, or a file, which a browser cannot send twice."""
    fields = [field for field in form if field.type not in ("CSRFTokenField", "HiddenField")]
    return not fields or any(getattr(field.widget, "input_type", "") == "file" for field in fields)
