"""Print runs whose sum still asks for an answer: on the enterprise's task list and on the authority's."""

from datetime import timedelta

from flask import current_app

from gi_trace import clock
from gi_trace.batches.models import PrintRun, run_tallies, run_tally, runs_to_look_at
from gi_trace.batches.unit_states import OpenPoint, Tally, needs_consent, open_points
from gi_trace.registry.models import Party


def open_runs(party: Party | None = None) -> list[tuple[PrintRun, Tally, list[OpenPoint]]]:
    """(run, its sum, what is open in it), of one party or of all."""
    return [row for row in tallied(runs_to_look_at(party)) if row[2]]


def waits_for_consent(run: PrintRun, tally: Tally | None = None) -> bool:
    """Whether so many labels were spoilt that the authority must agree to another download."""
    percent = current_app.config["SPOILAGE_PERCENT"]
    return needs_consent(tally or run_tally(run), percent, consented=run.spoilage_consented)


def tallied(runs: list[PrintRun]) -> list[tuple[PrintRun, Tally, list[OpenPoint]]]:
    old = clock.now() - timedelta(days=current_app.config["UNUSED_DAYS"])
    percent = current_app.config["SPOILAGE_PERCENT"]
    tallies = run_tallies(runs)
    return [
        (run, tally, open_points(tally, is_old=run.ordered_at < old, spoilage_percent=percent))
        for run in runs
        for tally in [tallies[run.id]]
    ]
