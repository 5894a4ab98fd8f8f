"""The enterprise's first page: its rights, and what waits to be done."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace import clock
from gi_trace.batches.models import packed_in_season_g, runs_to_activate
from gi_trace.registry.rules import state_on
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import own_party


@bp.get("/")
def home() -> ResponseReturnValue:
    party = own_party()
    today = clock.today()
    rights = [
        (
            right,
            state_on(right.right, today),
            [(q, packed_in_season_g(right, q.season)) for q in right.quotas],
        )
        for right in party.authorisations
    ]
    return render_template(
        "enterprise/home.html", party=party, rights=rights, waiting=runs_to_activate(party)
    )
