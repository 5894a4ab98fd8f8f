"""Publishing a decision, masked, for its term; and withdrawing it."""

from collections.abc import Iterable

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.actions.informants import hidden_informant
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Case, Publication
from gi_trace.casework.rules.leads import required_text
from gi_trace.casework.rules.leaving import NOT_LOOKED, LookedOver, as_it_leaves
from gi_trace.casework.rules.money import Yuan
from gi_trace.casework.rules.personal import check_nothing_personal, masked
from gi_trace.casework.rules.steps import StepKind
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.terms.legal import TermCode


class NothingToPublish(Refused):
    code = "nothing_to_publish"
    text = N_("尚无处罚决定，或已经公开；要更正公开的文本，请先撤下。")


class NotServed(Refused):
    code = "not_served"
    text = N_("处罚决定书尚未送达当事人，不能公开。请先登记送达。")


class NotPublished(Refused):
    code = "not_published"
    text = N_("此决定没有公开，或已撤下。")


def draft_publication(case: Case, names: Iterable[str]) -> str:
    """The decision's text as it may be published; an officer edits it before it is."""
    decision = case.decision
    if decision is None:
        raise NothingToPublish
    lines = [
        f"当事人：{case.lead.respondent_name} {case.lead.respondent_code}".rstrip(),
        *([f"违法事实：{decision.violated}"] if decision.violated else []),
        f"处罚依据：{decision.ground_text or decision.ground.label}",
        f"决定：{decision.text}",
        f"罚款：{Yuan(decision.fine_fen)}；没收违法所得：{Yuan(decision.confiscated_gains_fen)}",
        f"决定日期：{decision.decided_on.isoformat()}",
    ]
    return masked("\n".join(lines), names)


@act
def publish(
    case: Case,
    text: str,
    *,
    names: Iterable[str],
    kept: TermCode,
    looked: LookedOver = NOT_LOOKED,
    by: Account,
) -> Publication:
    """Refused while the text still holds something that is certainly personal, or what nobody has looked at. One that
    was withdrawn may come back corrected, for its whole term anew; the record keeps every text.

    Raises StillPersonal, NotLookedOver and NotServed.
    """
    lock(case)
    publication = case.publication or Publication(case_id=case.id)
    if case.decision is None or (case.publication and publication.withdrawn_on is None):
        raise NothingToPublish
    if case.step(StepKind.SERVED) is None:
        raise NotServed
    text = required_text(text)
    text = as_it_leaves([text], looked, hidden_informant(case.lead))(text)
    check_nothing_personal(text, names)
    today = clock.today()
    publication.text, publication.published_on = text, today
    publication.keep_until = timekeeper().until(kept, today).day
    publication.withdrawn_on, publication.withdraw_reason = None, ""
    db.session.add(publication)
    facts = {"keep_until": publication.keep_until, "text": text}
    record(Acted.DECISION_PUBLISHED, publication, by=by, facts=facts)
    return publication


@act
def withdraw_publication(case: Case, *, reason: str, by: Account) -> None:
    """The decision was quashed: its text leaves the public page at once (by law within three workdays)."""
    publication = case.publication
    if publication is None:
        raise NotPublished
    lock(publication)
    if publication.withdrawn_on is not None:
        raise NotPublished
    publication.withdraw_reason, publication.withdrawn_on = required_text(reason), clock.today()
    record(Acted.DECISION_WITHDRAWN, publication, by=by, facts={"reason": publication.withdraw_reason})
