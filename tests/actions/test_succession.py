"""A firm takes the place of another: rights by announcements of their own, stock by postings, old labels answered."""

from datetime import date

import pytest

from gi_trace import clock
from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.registry.actions import RightAwaitsDecision, grant_authorisation
from gi_trace.registry.mending_rules import DocumentMissing
from gi_trace.registry.models import Party, find_party
from gi_trace.registry.parties import successions_of
from gi_trace.registry.party_actions import PartyFacts, change_party, enter_party
from gi_trace.registry.party_rules import (
    BeforeTheFirm,
    NameAlike,
    PartyEnded,
    SuccessionKind,
    SuccessorOfItself,
)
from gi_trace.registry.right_proposals import propose_change
from gi_trace.registry.rules import ChangeKind, PeriodOverlaps, RightNotInForce, RightState, state_on
from gi_trace.registry.who_may import AuthorityOnly, SecondOfficerNeeded, SecondOfficerTheSame
from gi_trace.stock.actions.holds import hold_lot, lift_hold
from gi_trace.stock.actions.succession import OffersOpen, SuccessionFacts, succeed
from gi_trace.stock.actions.transfers import offer_transfer
from gi_trace.stock.models import Lot, lots_of
from gi_trace.stock.verify import first_misfit
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import SingleCheck, Verdict
from tests.cast import (
    code,
    make_activated_batch,
    make_party,
    party_of,
    peel_of,
    person,
    right_of,
    suspend,
    two_officers,
)
from tests.excel import uscc

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def heir():
    return make_party("示范合并后陈皮有限公司", uscc(7))


def pass_on(giver, heir, kind=SuccessionKind.MERGER, *, by="zhao", confirmed_by="sun", **changes):
    told = {"from_day": clock.today(), "reason": "吸收合并", "document": "示范核准 2 号"}
    officers = {"by": person(by), "confirmed_by": confirmed_by and person(confirmed_by)}
    return succeed(giver, heir, SuccessionFacts(kind, **(told | changes)), **officers)


def test_a_merger_passes_on_the_right_by_its_own_announcement_and_all_stock_by_postings(heir):
    lin, old, right = party_of("lin"), peel_of("lin"), right_of("lin")
    weight_g, today = old.balance_g, clock.today()
    succession = pass_on(lin, heir, numbers={right: "示范第 20 号"})
    assert (succession.kind, succession.from_day) == (SuccessionKind.MERGER, today)
    assert state_on(right.right, today) is RightState.ENDED
    [new] = heir.authorisations
    assert (new.number, new.starts_on, new.product) == ("示范第 20 号", today, right.product)
    assert lots_of(lin) == []
    [lot] = lots_of(heir)
    assert (lot.balance_g, lot.site.party, lot.site.name) == (weight_g, heir, old.site.name)
    assert lot.age_on(today) == old.age_on(today)
    assert first_misfit() is None and first_broken_row()[0] is None


def test_old_labels_answer_with_the_old_name_and_the_successor(heir):
    batch = make_activated_batch("lin")
    pass_on(party_of("lin"), heir)
    answer = look_at(code(batch))
    assert answer.verdict is Verdict.VALID
    assert (answer.batch.party, answer.batch.successors) == ("林记示范陈皮行", heir.name)


def test_a_successor_of_a_successor_is_the_one_that_lives(heir):
    batch, last = make_activated_batch("lin"), make_party("示范再合并陈皮有限公司", uscc(8))
    pass_on(party_of("lin"), heir)
    pass_on(heir, last)
    assert look_at(code(batch)).batch.successors == last.name


def test_a_sole_trader_who_succeeds_is_covered_in_public():
    batch = make_activated_batch("lin")
    trader = make_party("示范张三果皮店", "92440705MA5TRD01X5")
    pass_on(party_of("lin"), trader)
    assert look_at(code(batch)).batch.successors == "示＊＊＊＊＊店"


def test_a_split_passes_on_what_is_named_and_leaves_the_rest(heir):
    lin, right = party_of("lin"), right_of("lin")
    pass_on(lin, heir, SuccessionKind.SPLIT)
    assert state_on(right.right, clock.today()) is RightState.IN_FORCE and lots_of(lin)
    heir2 = make_party("示范分出陈皮行", uscc(9))
    pass_on(lin, heir2, SuccessionKind.SPLIT, lots=lots_of(lin))
    assert lots_of(lin) == [] and len(lots_of(heir2)) == 1
    assert first_misfit() is None


def test_the_name_of_a_firm_that_is_no_more_needs_a_reason(heir):
    pass_on(party_of("lin"), heir)
    with pytest.raises(NameAlike):
        enter_party("林记示范陈皮行", uscc(9), area=None, address="", by=person("zhao"))


def test_nobody_succeeds_itself():
    with pytest.raises(SuccessorOfItself):
        pass_on(party_of("lin"), party_of("lin"))


def test_who_is_no_more_gets_no_rights_no_names_and_no_second_successor(heir):
    lin = party_of("lin")
    pass_on(lin, heir)
    with pytest.raises(PartyEnded):
        pass_on(lin, party_of("wu"))
    with pytest.raises(PartyEnded):
        pass_on(party_of("wu"), lin)
    with pytest.raises(PartyEnded):
        change_party(
            lin, PartyFacts("另名", lin.uscc), from_day=clock.today(), reason="示范", by=person("zhao")
        )


def test_only_the_authority_decides_and_not_before_the_firm_was_there(heir):
    with pytest.raises(AuthorityOnly):
        pass_on(party_of("lin"), heir, by="lin")
    with pytest.raises(BeforeTheFirm):
        pass_on(party_of("lin"), heir, from_day=date(2019, 1, 1))


def test_a_suspended_right_does_not_pass_on_and_nothing_else_happens_then(heir):
    right = right_of("lin")
    suspend(right)
    with pytest.raises(RightNotInForce):
        pass_on(party_of("lin"), heir, numbers={right: "示范第 20 号"})
    assert lots_of(party_of("lin")) and not heir.authorisations


def test_a_succession_takes_two_officers_and_a_document(heir):
    lin = party_of("lin")
    for officers, refusal in (
        ({"confirmed_by": None}, SecondOfficerNeeded),
        ({"by": "sun"}, SecondOfficerTheSame),
    ):
        with pytest.raises(refusal):
            pass_on(lin, heir, **officers)
    with pytest.raises(DocumentMissing):
        pass_on(lin, heir, document=" ")
    assert lots_of(lin) and not successions_of(lin)


def test_what_waits_on_a_right_is_decided_before_the_firm_passes_on(heir):
    lin, right = party_of("lin"), right_of("lin")
    told = {"reason": "核查", "notice": "正在核查", "for_cause": True, "by": person("zhao")}
    proposal = propose_change(right, ChangeKind.SUSPENDED, **told)
    with pytest.raises(RightAwaitsDecision, match=str(proposal.id)):
        pass_on(lin, heir)
    assert lots_of(lin) and state_on(right.right, clock.today()) is RightState.SUSPENDED


def test_a_fault_goes_on_on_old_labels_and_no_officer_alone_grants_the_heir_anew(heir):
    batch, lin, right = make_activated_batch("lin"), party_of("lin"), right_of("lin")
    suspend(right)
    pass_on(lin, heir)
    answer = look_at(code(batch))
    assert answer.verdict is Verdict.RIGHT_LOST and SingleCheck.RIGHT_SUSPENDED in answer.findings
    terms = {"number": "示范第 21 号", "starts_on": clock.today(), "ends_on": None}
    with pytest.raises(SecondOfficerNeeded):
        grant_authorisation(heir, right.product, right.basis, by=person("zhao"), **terms)
    grant_authorisation(heir, right.product, right.basis, **terms, **two_officers())


def test_a_right_that_the_heir_has_already_does_not_pass_on_again():
    with pytest.raises(PeriodOverlaps):
        pass_on(party_of("lin"), party_of("wu"), numbers={right_of("lin"): "示范第 20 号"})


def test_a_held_lot_stays_held_with_the_heir_until_it_is_lifted(heir):
    hold = hold_lot(peel_of("lin"), reason="示范抽检", by=person("zhao"))
    pass_on(party_of("lin"), heir)
    [lot] = lots_of(heir)
    assert lot.is_stopped and first_misfit() is None
    lift_hold(hold, reason="合格", **two_officers())
    assert not db.session.get(Lot, lot.id).is_stopped and first_misfit() is None


def test_open_offers_are_answered_first(heir):
    offer_transfer(peel_of("wu"), party_of("lin"), 1000, by=person("wu"))
    with pytest.raises(OffersOpen, match=peel_of("wu").number):
        pass_on(party_of("lin"), heir)
    with pytest.raises(OffersOpen):
        pass_on(party_of("wu"), heir)


def test_two_stores_of_one_name_are_told_apart():
    wu = party_of("wu")
    pass_on(party_of("lin"), wu)
    assert {lot.site.name for lot in lots_of(wu)} == {"会城示范仓"}
    assert db.session.query(Party).count() == 2 and find_party(wu.uscc) is wu
