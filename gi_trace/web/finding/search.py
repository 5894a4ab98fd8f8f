"""The search box: one exact hit opens at once, else what was found stands in a list by kind."""

from collections.abc import Iterable

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from gi_trace.codes.unit_code import LONGEST_TYPED
from gi_trace.web.finding import decided, goods, matters, registered  # noqa: F401  (each enters its kinds)
from gi_trace.web.finding.kinds import KINDS, MOST, Hit, Kind, Sought
from gi_trace.web.guards import me
from gi_trace.web.lists.listing import typed
from gi_trace.web.shared_pages import SharedPages

pages = SharedPages("search")
Answers = list[tuple[Kind, list[Hit]]]


@pages.get("/search")
def search() -> ResponseReturnValue:
    text = typed(request.args.get("q", ""), most=LONGEST_TYPED)  # of a whole address with a code in it
    found = find(Sought(text, me())) if text else []
    exact = {hit.address for _kind, hits in found for hit in hits if hit.is_exact}
    if len(exact) == 1:
        return redirect(exact.pop())
    return render_template("components/search.html", sought=text, found=found, most=MOST)


def find(sought: Sought) -> Answers:
    """By kind, what is exact first; only kinds that the role has and of which something was found."""
    kinds = [one for one in KINDS if sought.by.role in one.roles]
    found = [(one, _exact_first(one.find(sought))) for one in kinds]
    return [(one, hits) for one, hits in found if hits]


def _exact_first(hits: Iterable[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: not hit.is_exact)
