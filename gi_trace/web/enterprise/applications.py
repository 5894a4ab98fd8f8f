"""An enterprise applies for the mark, and sees where its applications stand."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from gi_trace.accounts.models import Role
from gi_trace.applications.actions import hand_in
from gi_trace.applications.models import Application
from gi_trace.database import db
from gi_trace.errors import Forbidden
from gi_trace.web.act_page import answer_to
from gi_trace.web.applications.forms import ALL_PAPERS, ApplicationForm
from gi_trace.web.applications.pages import answer_own_move, application_page, own_moves, send_paper
from gi_trace.web.enterprise import bp
from gi_trace.web.guards import me, only, own_party
from gi_trace.web.lists.applications import application_listing
from gi_trace.web.lists.listing import Listing
from gi_trace.web.lists.pages import list_page
from gi_trace.web.uploads import takes_up_to


def get_own_application(application_id: int) -> Application:
    application = db.get_or_404(Application, application_id)
    if application.party_id != own_party().id:
        raise Forbidden
    return application


def _at(application: Application) -> str:
    return url_for(".show_application", application_id=application.id)


@list_page(bp, "/applications")
@only(Role.ENTERPRISE)
def list_applications() -> Listing:
    own = Application.party_id == own_party().id
    return application_listing(own, template="enterprise/list_applications.html")


@bp.route("/applications/new", methods=["GET", "POST"])
@only(Role.ENTERPRISE)
@takes_up_to(ALL_PAPERS)
def new_application() -> ResponseReturnValue:
    form, party = ApplicationForm(), own_party()

    def act() -> str:
        return _at(hand_in(form.facts_of(party), form.keep(), party=party, by=me()))

    return answer_to(
        form,
        _("申请使用地理标志专用标志"),
        act,
        back=url_for(".list_applications"),
        rows=[(_("企业"), party.name), (_("统一社会信用代码"), party.uscc)],
        submit=_("递交申请"),
        done=_("申请已收到。"),
        template="components/application_form.html",
    )


@bp.get("/applications/<int:application_id>")
@only(Role.ENTERPRISE)
def show_application(application_id: int) -> ResponseReturnValue:
    application = get_own_application(application_id)
    return application_page(
        application,
        own_moves(application),
        where={"application_id": application_id},
        back=url_for(".list_applications"),
    )


@bp.route("/applications/<int:application_id>/<move>", methods=["GET", "POST"])
@only(Role.ENTERPRISE)
@takes_up_to(ALL_PAPERS)
def take_application_step(application_id: int, move: str) -> ResponseReturnValue:
    application = get_own_application(application_id)
    return answer_own_move(application, move, back=_at(application), by=me())


@bp.get("/applications/<int:application_id>/papers/<int:paper_id>")
@only(Role.ENTERPRISE)
def show_application_paper(application_id: int, paper_id: int) -> ResponseReturnValue:
    return send_paper(get_own_application(application_id), paper_id)
