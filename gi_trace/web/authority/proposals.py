"""What waits for a second officer: its list, and a page of each, on which it is confirmed or returned with a word."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from gi_trace.accounts.models import Duty, officers_with
from gi_trace.accounts.officers import are_tied, has_duty
from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.proposals import actions
from gi_trace.proposals.kinds import WAYS
from gi_trace.proposals.models import Proposal, ProposalKind, ProposalState
from gi_trace.proposals.rules import changes_between
from gi_trace.web.act_page import answer_here, done_at
from gi_trace.web.authority import bp
from gi_trace.web.authority.proposed import links_of, stakes_of_proposal
from gi_trace.web.forms import AtMost, fact_text, needed, refusal_text
from gi_trace.web.guards import done_by, me, shown_to_all
from gi_trace.web.lists.filters import day_filters, state_filter, worded
from gi_trace.web.lists.listing import Filter, Heading, Link, Listing, Tag
from gi_trace.web.lists.pages import list_page
from gi_trace.web.words import label


class DecisionOnProposalForm(FlaskForm):
    decision = RadioField(
        _("决定"),
        [needed(_("请选择决定。"))],
        choices=[SelectChoice("confirm", _("同意，立即生效")), SelectChoice("return", _("退回"))],
    )
    word = TextAreaField(_("退回的理由"), [Optional(), AtMost(500)], description=_("退回时必须填写。"))


@list_page(bp, "/proposals")
def list_proposals() -> Listing:
    return Listing(
        name="proposals",
        title=_("待复核"),
        query=select(Proposal),
        headings=[
            Heading("number", _("序号"), lambda proposal: proposal.id, Proposal.id, "number"),
            Heading("kind", _("事项"), _link, Proposal.kind),
            Heading("reason", _("理由"), lambda proposal: proposal.reason, kind="wide"),
            Heading("proposed", _("提请人"), _proposed, Proposal.proposed_at),
            Heading("state", _("状态"), _state, Proposal.state),
            Heading("decided", _("复核人"), _decided, Proposal.decided_at),
        ],
        order=[Proposal.state != ProposalState.OPEN, Proposal.id.desc()],
        filters=[
            state_filter(ProposalState, Proposal.state),
            Filter("kind", _("事项"), lambda value: Proposal.kind == value, choices=worded(ProposalKind)),
            *day_filters(Proposal.proposed_at, _("提请日")),
        ],
        loaded=[joinedload(Proposal.proposed_by), joinedload(Proposal.decided_by)],
        empty=_("没有提请。"),
        template="authority/list_proposals.html",
    )


def _link(proposal: Proposal) -> Link:
    return Link(label(proposal.kind), at_proposal(proposal))


def _proposed(proposal: Proposal) -> list[Any]:
    return [proposal.proposed_by.name, proposal.proposed_at]


def _state(proposal: Proposal) -> Tag:
    return Tag(label(proposal.state), "warn" if proposal.is_open else "quiet")


def _decided(proposal: Proposal) -> list[Any]:
    return [proposal.decided_by.name, proposal.decided_at] if proposal.decided_by else []


@bp.route("/proposals/<int:proposal_id>", methods=["GET", "POST"])
@shown_to_all
@done_by(Duty.REVIEWER)
def show_proposal(proposal_id: int) -> ResponseReturnValue:
    proposal, form = db.get_or_404(Proposal, proposal_id), DecisionOnProposalForm()

    def act() -> None:
        if form.decision.data == "confirm":
            actions.confirm(proposal, by=me())
        else:
            actions.return_proposal(proposal, form.word.data or "", by=me())

    then = url_for(".show_proposal", proposal_id=proposal_id)
    return answer_here(form, act, lambda: _page(proposal, form), done=_("决定已生效。"), then=then)


@bp.post("/proposals/<int:proposal_id>/withdraw")
@done_by()
def withdraw_proposal(proposal_id: int) -> ResponseReturnValue:
    actions.withdraw(db.get_or_404(Proposal, proposal_id), by=me())
    return done_at(url_for(".list_proposals"), _("提请已撤回。"))


def proposed(proposal: Proposal) -> Response:
    """The page that follows an act which was not done but proposed."""
    flash(_("已提请复核，并已先行冻结。") if proposal.placed else _("已提请复核，另一名同事同意后生效。"))
    return redirect(at_proposal(proposal))


def at_proposal(proposal: Proposal) -> str:
    return url_for(".show_proposal", proposal_id=proposal.id)


def _page(proposal: Proposal, form: DecisionOnProposalForm) -> str:
    told = proposal.told or WAYS[proposal.kind].rows(proposal)  # of earlier days nothing was kept
    rows = [(gettext(label), _said(value)) for label, value in told]
    facts = _facts(proposal)
    is_own = proposal.proposed_by_id == me().id
    return render_template(
        "authority/show_proposal.html",
        proposal=proposal,
        form=form,
        rows=rows,
        is_own=is_own,
        may_decide=proposal.is_open and not is_own and has_duty(me(), Duty.REVIEWER),
        links=links_of(proposal),
        stakes=stakes_of_proposal(proposal) if proposal.is_open and not facts["refused"] else None,
        **_who_may(proposal),
        **facts,
    )


def _who_may(proposal: Proposal) -> dict[str, Any]:
    """Whether somebody here can decide it; and from whom the reader, or the one who proposed it, has the password."""
    proposer = proposal.proposed_by
    others = [officer for officer in officers_with(Duty.REVIEWER) if officer.id != proposer.id]
    return {
        "is_tied": are_tied(proposer, me()),
        "has_reviewer": any(not are_tied(proposer, officer) for officer in others),
    }


def _facts(proposal: Proposal) -> dict[str, Any]:
    """Those that it rests on, and what changed since; once it is decided, as they were then shown."""
    facts, changes, refused = proposal.shown, [], ""
    if proposal.is_open:
        try:
            facts = WAYS[proposal.kind].facts(proposal)
            changes = changes_between(proposal.shown, facts)
        except Refused as refusal:
            refused = refusal_text(refusal)
    return {
        "facts": [(gettext(label), _said(value)) for label, value in facts.items()],
        "changes": [(gettext(one.label), _said(one.before), _said(one.now)) for one in changes],
        "refused": refused,
    }


def _said(value: Any) -> Any:
    return "—" if value in (None, "", []) else fact_text(value)
