"""The first page: what waits for me, what I hold, what I can still pack."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace import clock
from gi_trace.accounts.models import Role
from gi_trace.applications.models import applications_by_strangers, applications_to_mend
from gi_trace.batches.models import batches_to_print, run_tally, runs_to_look_at
from gi_trace.registry.models import Authorisation
from gi_trace.registry.parties import record_numbers, successions_of
from gi_trace.registry.rules import RightState, state_on
from gi_trace.stock.actions.packing import packable_g
from gi_trace.stock.models import StockRequest, lots_of, offers_to, plots_of
from gi_trace.stock.models.requests import answered_since
from gi_trace.web.enterprise import bp
from gi_trace.web.enterprise.own import own_parties, own_party_ids
from gi_trace.web.guards import me, own_party
from gi_trace.web.labels.open_runs import open_runs

ANSWERED_FOR = timedelta(days=14)


@bp.get("/")
def home() -> ResponseReturnValue:
    return _village_home() if me().role is Role.VILLAGE else _enterprise_home()


def _enterprise_home() -> ResponseReturnValue:
    party, today = own_party(), clock.today()
    states = [(right, state_on(right.right, today)) for right in party.authorisations]
    return render_template(
        "enterprise/home.html",
        party=party,
        record_numbers=record_numbers(party),
        successions=successions_of(party),
        rights=[(right, state, *_packable_g(right, state)) for right, state in states],
        offers=offers_to(party),
        to_mend=applications_to_mend(party),
        by_strangers=applications_by_strangers(party),
        to_print=batches_to_print(party),
        waiting=[run for run in runs_to_look_at(party) if run_tally(run).unused],
        open_runs=open_runs(party),
        lots=lots_of(party),
        has_plots=bool(plots_of(party)),
        answered=_answered(),
    )


def _answered() -> list[StockRequest]:
    """What the authority answered lately."""
    return answered_since(clock.now() - ANSWERED_FOR, own_party_ids())


def _packable_g(right: Authorisation, state: RightState) -> tuple[int, int]:
    """Grams that may be packed today, and that come of age within a year."""
    if state is not RightState.IN_FORCE:
        return 0, 0
    today = clock.today()
    now_g = packable_g(right.product, right.party, today)
    return now_g, packable_g(right.product, right.party, today + timedelta(days=366)) - now_g


def _village_home() -> ResponseReturnValue:
    growers = own_parties()
    lots = [lot for grower in growers for lot in lots_of(grower)]
    plots = sum(len(plots_of(grower)) for grower in growers)
    stopped = [lot for lot in lots if lot.is_stopped]
    return render_template(
        "enterprise/village_home.html",
        growers=growers,
        plots=plots,
        lots=lots,
        stopped=stopped,
        answered=_answered(),
    )
