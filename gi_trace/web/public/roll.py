"""The public roll: who may use the mark for which product, as a list to look through or to ask by name or code."""

from datetime import date
from itertools import pairwise

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from gi_trace import clock
from gi_trace.registry.finding import is_publicly_called
from gi_trace.registry.models import WITH_RIGHTS, Party
from gi_trace.registry.parties import successors_of_all
from gi_trace.registry.rules import state_on
from gi_trace.registry.uscc import shown_code, shown_name
from gi_trace.web.limits import limiter
from gi_trace.web.lists.filters import product_filter, text_filter, town_filter
from gi_trace.web.lists.listing import AskedListing, Listing
from gi_trace.web.lists.pages import asked_page
from gi_trace.web.public import bp

PER_PAGE = 20


@bp.get("/roll")
@limiter.limit("120 per hour")
def show_roll() -> ResponseReturnValue:
    """Whoever has a right or had one, some at a time: nobody takes the whole roll at once."""
    asked = AskedListing(_roll(), request.args)
    page = asked_page(asked, PER_PAGE)
    today = clock.today()
    states = {
        right.id: state_on(right.right, today) for party in page.items for right in party.authorisations
    }
    heirs = {
        party_id: "、".join(shown_name(heir.name, heir.uscc) for heir in found)
        for party_id, found in successors_of_all(page.items).items()
    }
    return render_template("public/roll.html", asked=asked, page=page, states=states, heirs=heirs)


def _roll() -> Listing:
    return Listing(
        name="roll",
        title=_("查用标企业"),
        query=select(Party).where(Party.authorisations.any()),
        headings=(),
        order=[Party.name, Party.id],
        filters=[
            text_filter(_("企业名称或统一社会信用代码"), is_publicly_called),
            product_filter(lambda product: Party.authorisations.any(product_id=product.id)),
            town_filter(Party.area_id),
        ],
        loaded=WITH_RIGHTS,
    )


def former_names(party: Party) -> list[tuple[str, str, date | None]]:
    """(name, code, day from which it was another) as the public may see them, the newest first."""
    former = [
        (shown_name(before.name, before.uscc), shown_code(before.uscc), after.from_day)
        for before, after in pairwise(party.entries)
        if (before.name, before.uscc) != (after.name, after.uscc)
    ]
    return former[::-1]


bp.add_app_template_filter(lambda party: shown_name(party.name, party.uscc), "shown_name")
bp.add_app_template_filter(lambda party: shown_code(party.uscc), "shown_uscc")
bp.add_app_template_filter(former_names)
