"""The first page: what waits for me, what I hold."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace import clock
from gi_trace.accounts.models import Role
from gi_trace.batches.models import runs_to_activate
from gi_trace.registry.rules import state_on
from gi_trace.stock.models import lots_of, plots_of
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import own_parties, own_party
from gi_trace.web.guards import me


@bp.get("/")
def home() -> ResponseReturnValue:
    if me().role is Role.VILLAGE:
        return _village_home()
    party = own_party()
    today = clock.today()
    rights = [(right, state_on(right.right, today)) for right in party.authorisations]
    return render_template(
        "enterprise/home.html", party=party, rights=rights, waiting=runs_to_activate(party)
    )


def _village_home() -> ResponseReturnValue:
    growers = own_parties()
    lots = [lot for grower in growers for lot in lots_of(grower)]
    plots = sum(len(plots_of(grower)) for grower in growers)
    stopped = [lot for lot in lots if lot.is_stopped]
    return render_template(
        "enterprise/village_home.html", growers=growers, plots=plots, lots=lots, stopped=stopped
    )
