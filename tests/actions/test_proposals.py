"""One officer proposes, another confirms or returns: in every order, twice, at once, and after the facts have changed."""

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from gi_trace import clock
from gi_trace.accounts.actions import close_account, open_account
from gi_trace.accounts.models import Duty, Role, find_account
from gi_trace.applications.late_announcements import propose_announcement
from gi_trace.batches.models import Batch, Stop
from gi_trace.batches.return_caps import propose_return_cap
from gi_trace.batches.rules import AlreadyRecalled, StopKind
from gi_trace.batches.stop_proposals import propose_lift, propose_stop
from gi_trace.batches.stops import lift_stop, place_stop
from gi_trace.casework.actions.case_term_proposals import propose_extension, propose_pause
from gi_trace.casework.actions.stop_proposals import propose_stops
from gi_trace.casework.actions.stops import StopOrder
from gi_trace.casework.rules.case_term import CasePauseKind, ExtensionKind
from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.imports.actions import send_import
from gi_trace.imports.import_proposals import propose_import, takes_two
from gi_trace.imports.models import ImportKind, ImportState
from gi_trace.proposals.actions import confirm, return_proposal, withdraw
from gi_trace.proposals.kinds import WAYS
from gi_trace.proposals.models import Proposal, ProposalKind, ProposalState, open_proposals
from gi_trace.proposals.officers import propose_officer, propose_officer_again
from gi_trace.proposals.rules import (
    NotYourProposal,
    ProposalDecided,
    ProposalOutlived,
    StopAwaitsDecision,
    WordMissing,
    changes_between,
)
from gi_trace.record.models import RecordRow
from gi_trace.registry.mending_rules import Announcement
from gi_trace.registry.models import find_product
from gi_trace.registry.party_actions import enter_party
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.registry.who_may import DutyMissing, SecondOfficerTheSame
from gi_trace.stock.actions.ceiling_proposals import (
    propose_allocation,
    propose_conversion,
    propose_yield_ceiling,
)
from gi_trace.stock.actions.hold_proposals import propose_lift_hold, propose_lot_recall
from gi_trace.stock.actions.holds import LabReport, hold_lot, lift_hold, report_test
from gi_trace.stock.actions.import_allocations import fix_one_yield
from gi_trace.stock.actions.plots import set_allocation
from gi_trace.stock.actions.succession import SuccessionFacts
from gi_trace.stock.actions.succession_proposals import propose_succession
from gi_trace.stock.models import Hold
from gi_trace.stock.rules.conversions import Ceiling
from gi_trace.stock.rules.seasons import Season
from gi_trace.verification.alert_proposals import propose_alert
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict
from tests.applications import bring_to_announcement, strangers_application
from tests.at_once import at_once
from tests.casework import make_case, make_decided_case
from tests.cast import (
    code,
    make_activated_batch,
    make_alert,
    make_batch,
    make_party,
    party_of,
    peel_of,
    person,
    right_of,
    two_officers,
)
from tests.cast import withdraw as withdraw_right
from tests.excel import FIRM, roll_xlsx, uscc
from tests.farm import AUTUMN, KG, crop, make_plot, material
from tests.imports import as_it_is, read

AUTUMN_DAY = date(2026, 11, 24)
numbers = count(1)


@pytest.fixture(autouse=True)
def three_officers(app, at):
    """Beside Zhao and Sun, Zhou is lent by another office to review."""
    at(AUTUMN)
    open_account("zhou", "周", Role.AUTHORITY, duties=[Duty.REVIEWER], by=None)


def recall(batch, first=1, last=None, by="zhao"):
    told = {"reason": "检测报告第 1 号", "notice": "重金属超标"}
    return propose_stop(batch, StopKind.RECALL, first, last or batch.units, **told, by=person(by))


def verdict(batch):
    return look_at(code(batch)).verdict


def test_a_proposed_recall_holds_at_once_and_recalls_when_another_confirms():
    batch = make_activated_batch()
    proposal = recall(batch)
    assert verdict(batch) is Verdict.ON_HOLD and look_at(code(batch)).reason.notice == "重金属超标"
    confirm(proposal, by=person("sun"))
    assert verdict(batch) is Verdict.RECALLED
    hold, final = db.session.query(Stop).order_by(Stop.id)
    assert (
        hold.lifted_at
        and not final.lifted_at
        and (final.reason, final.notice) == ("检测报告第 1 号", "重金属超标")
    )


def test_a_returned_recall_frees_what_was_held_and_says_why():
    batch = make_activated_batch()
    proposal = recall(batch)
    with pytest.raises(WordMissing):
        return_proposal(proposal, " ", by=person("sun"))
    return_proposal(proposal, "请补检测报告", by=person("zhou"))
    assert verdict(batch) is Verdict.VALID
    assert (proposal.state, proposal.word) == (ProposalState.RETURNED, "请补检测报告")


def test_what_is_held_for_a_proposal_ends_with_its_decision_alone():
    batch = make_activated_batch()
    proposal = recall(batch)
    [held] = proposal.stops(Stop)
    with pytest.raises(StopAwaitsDecision):
        withdraw(proposal, by=person("zhao"))
    with pytest.raises(StopAwaitsDecision):
        lift_stop(held, reason="弄错了", **two_officers())
    assert verdict(batch) is Verdict.ON_HOLD


def test_another_hold_beside_it_is_placed_and_lifted_as_if_it_were_not_there():
    batch = make_activated_batch()
    earlier = place_stop(batch, StopKind.HOLD, 1, 100, reason="抽检", by=person("zhao"))
    proposal = recall(batch)
    lift_stop(earlier, reason="合格", **two_officers())
    assert verdict(batch) is Verdict.ON_HOLD
    place_stop(batch, StopKind.HOLD, 1, 100, reason="抽检", by=person("sun"))
    return_proposal(proposal, "证据不足", by=person("sun"))
    assert verdict(batch) is Verdict.ON_HOLD


def test_a_lot_is_held_at_once_and_everything_made_of_it():
    batch = make_activated_batch()
    proposal = propose_lot_recall(peel_of("lin"), reason="农残超标", by=person("zhao"))
    assert verdict(batch) is Verdict.ON_HOLD
    with pytest.raises(StopAwaitsDecision):
        lift_hold(proposal.stops(Hold)[0], reason="弄错了", **two_officers())
    confirm(proposal, by=person("sun"))
    assert verdict(batch) is Verdict.RECALLED and (peel_of("lin").holds, peel_of("lin").recalls) == (0, 1)


def test_lifting_waits():
    batch = make_activated_batch()
    hold = place_stop(batch, StopKind.HOLD, 1, 100, reason="抽检", by=person("zhao"))
    proposal = propose_lift(hold, reason="复检合格", by=person("zhao"))
    assert verdict(batch) is Verdict.ON_HOLD and proposal.placed == []
    confirm(proposal, by=person("sun"))
    assert verdict(batch) is Verdict.VALID


def test_a_proposal_outlived_by_the_facts_is_refused_with_what_changed():
    batch = make_activated_batch()
    hold = place_stop(batch, StopKind.HOLD, 1, 100, reason="抽检", by=person("zhao"))
    lift = propose_lift(hold, reason="复检合格", by=person("zhao"))
    place_stop(batch, StopKind.COUNTERFEIT, 3, 5, reason="仿印", **two_officers())
    with pytest.raises(ProposalOutlived, match="仿冒系列：— → 3–5"):
        confirm(lift, by=person("sun"))
    assert lift.is_open and verdict(batch) is Verdict.ON_HOLD
    again = recall(batch, 1, 50)
    place_stop(batch, StopKind.RECALL, 1, 100, reason="超标", **two_officers())
    with pytest.raises(AlreadyRecalled):
        confirm(again, by=person("sun"))
    return_proposal(again, "已整批召回", by=person("sun"))
    assert verdict(batch) is Verdict.RECALLED


def test_a_report_that_failed_meanwhile_is_a_reason_to_look_again():
    hold = hold_lot(peel_of("lin"), reason="抽检", by=person("zhao"))
    lift = propose_lift_hold(hold, reason="复检合格", by=person("zhao"))
    failed = LabReport("示范报告-1", "示范检测中心", AUTUMN_DAY, passed=False)
    report_test(peel_of("lin"), failed, by=person("chen"))
    with pytest.raises(ProposalOutlived, match="不合格的检验报告：0 → 1"):
        confirm(lift, by=person("sun"))


def test_whoever_has_no_such_duty_neither_proposes_nor_confirms():
    batch = make_activated_batch()
    for who in ("zhou", "chen", "lin"):
        with pytest.raises(DutyMissing):
            recall(batch, by=who)
    proposal = recall(batch)
    with pytest.raises(DutyMissing):
        confirm(proposal, by=person("chen"))
    with pytest.raises(NotYourProposal):
        withdraw(propose_lot_recall(peel_of("lin"), reason="超标", by=person("zhao")), by=person("sun"))
    with pytest.raises(DutyMissing):  # an account of the authority is proposed by an administrator
        propose_officer("qian", "钱", [Duty.REVIEWER], badge_number=None, reason="", by=person("sun"))


def test_what_the_act_would_refuse_is_not_even_proposed():
    batch = make_activated_batch()
    with pytest.raises(Refused):
        recall(batch, 1, 101)
    with pytest.raises(Refused):
        propose_stop(batch, StopKind.RECALL, 1, 9, reason="", notice="", by=person("zhao"))
    assert open_proposals() == [] and db.session.query(Stop).count() == 0


def of_an_officer():
    return propose_officer("qian", "钱", [Duty.REVIEWER], badge_number=None, reason="借调", by=person("zhao"))


def of_a_closed_officer():
    close_account(person("zhou"), by=person("zhao"))
    return propose_officer_again(person("zhou"), reason="调回", by=person("zhao"))


def of_a_yield():
    return propose_yield_ceiling(crop(), 9000 * KG, valid_from=AUTUMN_DAY, source="示范", by=person("zhao"))


def of_a_conversion():
    ceiling = Ceiling(AUTUMN_DAY, 9000, None, "示范")
    return propose_conversion(material("citrus-fruit"), material("dry-peel"), ceiling, by=person("zhao"))


def of_a_cap():
    product = find_product("xinhui-chenpi")
    return propose_return_cap(product, 8, valid_from=AUTUMN_DAY, source="示范", by=person("zhao"))


def of_an_allocation():
    plot = make_plot()
    set_allocation(plot, Season(2026), yield_g_per_mu=KG, reason="", by=person("zhao"))
    return propose_allocation(plot, Season(2026), yield_g_per_mu=2 * KG, reason="复核", by=person("zhao"))


def of_many_allocations():
    set_allocation(make_plot(), Season(2026), yield_g_per_mu=KG, reason="", by=person("zhao"))
    told = {"area": None, "which": "all", "yield_g_per_mu": 2 * KG, "reason": "复核"}
    return propose_import(
        read(fix_one_yield(crop(), Season(2026), **told, by=person("zhao"))), by=person("zhao")
    )


def of_a_lot():
    return propose_lot_recall(peel_of("lin"), reason="超标", by=person("zhao"))


def of_a_held_lot():
    hold = hold_lot(peel_of("lin"), reason="抽检", by=person("zhao"))
    return propose_lift_hold(hold, reason="复检合格", by=person("zhao"))


def of_units():
    return recall(make_batch())


def of_held_units():
    hold = place_stop(make_batch(), StopKind.HOLD, 1, 9, reason="抽检", by=person("zhao"))
    return propose_lift(hold, reason="复检合格", by=person("zhao"))


def of_a_copy():
    return propose_alert(make_alert(make_batch()), reason="两件在手", notice="仿印", by=person("zhao"))


def of_a_case():
    orders = [
        StopOrder(make_batch(), StopKind.RECALL, 1, 9),
        StopOrder(make_batch(own_number="A-002"), StopKind.HOLD, 1, 9),
    ]
    return propose_stops(make_decided_case(), orders, reason="决定书", notice="仿冒", by=person("zhao"))


def of_more_time():
    told = {"document": "示市监延〔2026〕1号", "reason": "案情复杂", "by": person("zhao")}
    return propose_extension(make_case(), ExtensionKind.HEAD, 30, **told)


def of_time_that_stands():
    told = {"document": "示检委〔2026〕1 号", "by": person("zhao")}
    return propose_pause(make_case(), CasePauseKind.TEST, clock.today(), **told)


def of_a_merger():
    heir = make_party("示范合并后陈皮有限公司", uscc(7))
    passing = {right_of("lin"): "示范第 20 号"}
    told = SuccessionFacts(SuccessionKind.MERGER, clock.today(), "吸收合并", "示范核准 2 号", passing)
    return propose_succession(party_of("lin"), heir, told, by=person("zhao"))


def of_an_application():
    application, _receipt = strangers_application()
    bring_to_announcement(application)
    announcement = Announcement("示范第 9 号", date(2026, 10, 20))
    told = {"starts_on": date(2026, 10, 20), "ends_on": None, "by": person("zhao")}
    return propose_announcement(application, announcement, **told)


KINDS = {
    ProposalKind.OFFICER: (of_an_officer, "account.opened"),
    ProposalKind.OFFICER_AGAIN: (of_a_closed_officer, "account.reopened"),
    ProposalKind.YIELD_CEILING: (of_a_yield, "yield_ceiling.set"),
    ProposalKind.CONVERSION: (of_a_conversion, "conversion.set"),
    ProposalKind.ALLOCATION: (of_an_allocation, "allocation.set"),
    ProposalKind.RETURN_CAP: (of_a_cap, "return_cap.set"),
    ProposalKind.IMPORT: (of_many_allocations, "proposal.confirmed"),
    ProposalKind.LOT_RECALL: (of_a_lot, "hold.placed"),
    ProposalKind.LOT_RELEASE: (of_a_held_lot, "hold.lifted"),
    ProposalKind.STOP: (of_units, "batch.recalled"),
    ProposalKind.RELEASE: (of_held_units, "batch.released"),
    ProposalKind.ALERT: (of_a_copy, "alert.confirmed"),
    ProposalKind.CASE_STOPS: (of_a_case, "case.stopped_units"),
    ProposalKind.CASE_EXTENSION: (of_more_time, "case.extended"),
    ProposalKind.CASE_PAUSE: (of_time_that_stands, "case.paused"),
    ProposalKind.LATE_ANNOUNCEMENT: (of_an_application, "proposal.confirmed"),
    ProposalKind.SUCCESSION: (of_a_merger, "party.succeeded"),
}


def decided(act):
    """How often the record says that two officers did so."""
    rows = db.session.query(RecordRow).filter_by(act=act)
    return [row.by for row in rows if row.facts.get("proposed_by") == person("zhao").id]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_done_once_by_two_and_says_in_words_what_it_does(kind):
    make, act = KINDS[kind]
    proposal = make()
    number = proposal.id
    assert proposal.kind is kind and list(WAYS[kind].rows(proposal))
    assert changes_between(proposal.shown, WAYS[kind].facts(proposal)) == []
    assert decided(act) == []
    with pytest.raises(SecondOfficerTheSame):
        confirm(proposal, by=person("zhao"))
    confirm(proposal, by=person("sun"))
    with pytest.raises(ProposalDecided):
        confirm(proposal, by=person("sun"))
    assert decided(act) == [f"account:{person('sun').id}"]
    proposal = db.session.get_one(Proposal, number)
    assert list(WAYS[kind].rows(proposal)) and not proposal.is_open


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_returned_without_a_trace(kind):
    make, act = KINDS[kind]
    proposal = make()
    return_proposal(proposal, "再核", by=person("sun"))
    assert all(stop.lifted_at for table in (Stop, Hold) for stop in proposal.stops(table))
    assert decided(act) == []


def test_every_kind_that_has_a_way_is_tried_here_or_with_the_rights():
    assert set(KINDS) == {kind for kind in WAYS if not kind.startswith("right_")}


def test_a_roll_is_one_proposal_once_something_was_packed(app):
    first = read(send_import(ImportKind.ROLL, "名册.xlsx", roll_xlsx(FIRM), by=person("zhao")))
    assert not takes_two(first)
    make_batch()
    assert takes_two(first)
    proposal = propose_import(first, by=person("zhao"))
    assert as_it_is(first).state is ImportState.READY
    confirm(proposal, by=person("sun"))
    assert read(first).state is ImportState.DONE and as_it_is(first).confirmed_by is person("sun")


def test_a_proposed_roll_is_kept_over_night_and_outlived_by_what_is_entered_meanwhile(app, at):
    make_batch()
    sent = read(send_import(ImportKind.ROLL, "名册.xlsx", roll_xlsx(FIRM), by=person("zhao")))
    proposal = propose_import(sent, by=person("zhao"))
    at("2026-11-27T08:00Z")
    read(send_import(ImportKind.ROLL, "别的.xlsx", roll_xlsx(FIRM, FIRM), by=person("zhao")))
    assert not as_it_is(sent).is_expired and as_it_is(sent).content
    enter_party("示范行", uscc(1), area=None, address="", by=person("zhao"))
    proposal = db.session.get_one(Proposal, inspect(proposal).identity)
    with pytest.raises(ProposalOutlived, match="登记企业：— → 示范行"):
        confirm(proposal, by=person("sun"))


def test_a_proposed_roll_is_not_outlived_by_what_is_done_on_other_firms(app):
    make_batch()
    sent = read(send_import(ImportKind.ROLL, "名册.xlsx", roll_xlsx(FIRM), by=person("zhao")))
    proposal = propose_import(sent, by=person("zhao"))
    enter_party("示范别行", uscc(2), area=None, address="", by=person("zhao"))
    withdraw_right(right_of("wu"))
    confirm(proposal, by=person("sun"))
    assert read(sent).state is ImportState.DONE


def test_a_roll_says_how_many_of_its_rights_begin_before_it_was_read(app):
    make_batch()
    sent = read(send_import(ImportKind.ROLL, "名册.xlsx", roll_xlsx(FIRM), by=person("zhao")))
    proposal = propose_import(sent, by=person("zhao"))
    assert ["其中起始日早于读取那天的（补录）", 1] in proposal.told


WHO = ("zhao", "sun", "zhou")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(WHO),
        st.sampled_from(["recall", "series", "confirm", "return", "withdraw"]),
        st.integers(0, 2),
    ),
    max_size=9,
)


class Desk:
    """What must become of proposals about one batch: the rules, told once more."""

    def __init__(self):
        self.batch = make_activated_batch(own_number=f"P-{next(numbers)}", units=4)
        self.proposals, self.states, self.shown, self.standing = [], [], [], set()

    def take(self, who, step, which):
        """What happened: "done", or the code of the refusal."""
        try:
            self._act(who, step, which)
        except Refused as refusal:
            return refusal.code
        return "done"

    def expected(self, who, step, which):
        if step in ("recall", "series"):
            return self._of_proposing(who, step)
        if which >= len(self.proposals):
            return "done"
        kind, by, state = self.states[which]
        if step == "withdraw":
            return self._of_withdrawing(who, by, state)
        if state != "open":
            return "proposal_decided"
        if who == by:
            return "second_officer_the_same"
        return "done" if step == "return" else self._of_confirming(kind, which)

    def _of_proposing(self, who, kind):
        if who == "zhou":
            return "duty_missing"
        if kind not in self.standing:
            self.states.append((kind, who, "open"))
            self.shown.append(set(self.standing))
            return "done"
        return REFUSED[kind]

    def _of_withdrawing(self, who, by, state):
        if who != by:
            return "not_your_proposal"
        return "stop_awaits_decision" if state == "open" else "proposal_decided"

    def _of_confirming(self, kind, which):
        if kind in self.standing:
            return REFUSED[kind]
        return "done" if self.shown[which] == self.standing else "proposal_outlived"

    def note(self, step, which):
        """A decision that was taken."""
        if step in ("confirm", "return") and which < len(self.states):
            kind, by, _ = self.states[which]
            self.states[which] = (kind, by, step)
            self.standing |= {kind} if step == "confirm" else set()

    @property
    def verdict(self):
        if "series" in self.standing:
            return Verdict.COUNTERFEIT
        waiting = any(state == "open" for _, _, state in self.states)
        held = Verdict.ON_HOLD if waiting else Verdict.VALID
        return Verdict.RECALLED if "recall" in self.standing else held

    def _act(self, who, step, which):
        if step in ("recall", "series"):
            kind = StopKind.RECALL if step == "recall" else StopKind.COUNTERFEIT
            told = {"reason": "检测报告", "notice": "超标", "by": person(who)}
            self.proposals.append(propose_stop(self.batch, kind, 1, 4, **told))
        elif which < len(self.proposals):
            proposal = self.proposals[which]
            if step == "confirm":
                confirm(proposal, by=person(who))
            elif step == "return":
                return_proposal(proposal, "再核", by=person(who))
            else:
                withdraw(proposal, by=person(who))


REFUSED = {"recall": "already_recalled", "series": "already_stopped"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([("zhao", "recall", 0), ("sun", "series", 0), ("sun", "confirm", 0), ("zhao", "confirm", 1)])
@example([("zhao", "recall", 0), ("sun", "recall", 0), ("zhou", "confirm", 1), ("sun", "confirm", 0)])
@given(STEPS)
def test_in_whatever_order_officers_propose_and_decide(steps):
    desk = Desk()
    for step in steps:
        expected = desk.expected(*step)
        assert desk.take(*step) == expected
        if expected == "done":
            desk.note(*step[1:])
        assert verdict(desk.batch) is desk.verdict


def by(who, act, proposal, *told):
    number = inspect(proposal).identity
    return lambda: act(db.session.get_one(Proposal, number), *told, by=person(who))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("sun", confirm), ("zhou", confirm)),
        (("sun", confirm), ("sun", confirm)),
        (("sun", confirm), ("zhou", return_proposal, "再核")),
        (("sun", return_proposal, "再核"), ("zhou", return_proposal, "再核")),
    ],
)
def test_of_two_decisions_at_once_one_counts(app, first, second):
    batch = make_activated_batch()
    proposal = recall(batch)
    acts = [by(who, act, proposal, *told) for who, act, *told in (first, second)]
    assert at_once(app, *acts) == ["done", "proposal_decided"]
    db.session.rollback()
    state = db.session.query(Proposal).one().state
    recalls = db.session.query(Stop).filter_by(kind=StopKind.RECALL).count()
    assert recalls == (state is ProposalState.CONFIRMED)
    assert verdict(batch) is (Verdict.RECALLED if recalls else Verdict.VALID)


def test_withdrawn_and_confirmed_at_once_it_is_one_of_both(app):
    proposal = of_an_officer()
    acts = by("zhao", withdraw, proposal), by("sun", confirm, proposal)
    assert at_once(app, *acts) == ["done", "proposal_decided"]
    state = db.session.query(Proposal).one().state
    assert (find_account("qian") is not None) == (state is ProposalState.CONFIRMED)


def test_the_facts_and_the_decision_at_once_never_both_go_through(app):
    batch = make_activated_batch()
    hold = place_stop(batch, StopKind.HOLD, 1, 100, reason="抽检", by=person("zhao"))
    lift, number = propose_lift(hold, reason="复检合格", by=person("zhao")), batch.number
    stop = lambda: place_stop(  # noqa: E731
        db.session.get_one(Batch, number), StopKind.COUNTERFEIT, 3, 5, reason="仿印", **two_officers()
    )
    outcomes = at_once(app, by("sun", confirm, lift), stop)
    db.session.rollback()
    lifted = db.session.query(Stop).filter_by(kind=StopKind.HOLD).one().lifted_at is not None
    assert outcomes == (["done", "done"] if lifted else ["done", "proposal_outlived"])
