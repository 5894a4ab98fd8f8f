"""What was decided on a right, as a letter to its enterprise: the enterprise prints it, the authority to serve it on paper."""

from typing import NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from gi_trace.database import db
from gi_trace.registry.models import AuthorisationChange
from gi_trace.registry.who_may import check_acts_for
from gi_trace.terms.deadlines import Term
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import source_of, terms_now
from gi_trace.web.guards import me
from gi_trace.web.shared_pages import SharedPages

pages = SharedPages("right_letters")


class Objection(NamedTuple):
    """How long the enterprise may object, and by which law; the authority keeps both."""

    term: Term
    source: str


def objection_now() -> Objection:
    return Objection(terms_now()[TermCode.RECONSIDERATION], source_of(TermCode.RECONSIDERATION))


@pages.get("/authorisations/changes/<int:change_id>/letter")
def show_right_letter(change_id: int) -> ResponseReturnValue:
    change = db.get_or_404(AuthorisationChange, change_id)
    check_acts_for(me(), change.authorisation.party)
    return render_template("components/right_letter.html", change=change, objection=objection_now())
