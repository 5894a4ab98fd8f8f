"""Who hands somebody a password could act as both of two people: neither confirms nor witnesses for the other."""

import pytest

from gi_trace.accounts.actions import change_password, open_account, reset_password, sign_in
from gi_trace.accounts.models import Duty, Role
from gi_trace.accounts.officers import PasswordHandedOver
from gi_trace.database import db
from gi_trace.proposals.actions import confirm, return_proposal
from gi_trace.proposals.models import Proposal
from gi_trace.stock.actions.corrections import ask_undo
from gi_trace.stock.actions.hold_proposals import propose_lot_recall
from gi_trace.stock.actions.opening import confirm_on_site_check, record_on_site_check
from gi_trace.stock.actions.processing import book_loss
from gi_trace.stock.actions.requests import grant
from tests.cast import fresh_photo, on_site_facts, peel_of, person
from tests.farm import AUTUMN, KG, make_peel

OWN = "an-own-long-password"


@pytest.fixture(autouse=True)
def autumn(app, at):
    at(AUTUMN)


def take_over(sign_in_name, by):
    """Reset the password, and choose the next one as if one were that person."""
    account = person(sign_in_name)
    given = reset_password(account, by=by)
    change_password(sign_in(sign_in_name, given, browser=""), given, OWN)


def proposed(by="zhao"):
    return propose_lot_recall(peel_of("lin"), reason="超标", by=person(by))


@pytest.mark.parametrize("is_proposed_first", [True, False])
def test_whoever_got_the_password_from_the_proposer_does_not_confirm_for_him(is_proposed_first):
    if is_proposed_first:
        proposed()
        take_over("sun", person("zhao"))
    else:
        take_over("sun", person("zhao"))
        proposed()
    proposal = db.session.query(Proposal).one()
    with pytest.raises(PasswordHandedOver, match="sun的密码是zhao"):
        confirm(proposal, by=person("sun"))
    with pytest.raises(PasswordHandedOver):
        return_proposal(proposal, "再核", by=person("sun"))
    assert db.session.query(Proposal).one().is_open


def test_nor_the_other_way_round():
    open_officer("qian", Duty.HANDLER)
    take_over("qian", person("zhao"))
    with pytest.raises(PasswordHandedOver):
        confirm(proposed("qian"), by=person("zhao"))


def test_another_colleague_confirms_or_another_hand_gives_a_new_password():
    take_over("sun", person("zhao"))
    open_officer("qian", Duty.REVIEWER)
    return_proposal(proposed(), "再核", by=person("qian"))
    take_over("sun", None)  # from the console
    confirm(proposed(), by=person("sun"))


def open_officer(sign_in_name, *duties):
    open_account(sign_in_name, sign_in_name, Role.AUTHORITY, duties=duties, by=None)


def test_nor_through_a_third_account_however_many_lie_between():
    open_officer("qian", Duty.ADMINISTRATOR)
    open_officer("zhou", Duty.ADMINISTRATOR)
    for giver, taken in ("zhao", "qian"), ("qian", "zhou"), ("zhou", "sun"):
        take_over(taken, person(giver))
    take_over("qian", None)  # too late: the next ones have theirs already
    with pytest.raises(PasswordHandedOver, match="sun的密码是zhao"):
        confirm(proposed(), by=person("sun"))


def test_what_an_administrator_gave_before_his_own_was_taken_over_ties_nobody_else():
    open_officer("qian", Duty.ADMINISTRATOR)
    take_over("sun", person("qian"))
    take_over("qian", person("zhao"))
    confirm(proposed(), by=person("sun"))


def test_two_administrators_who_gave_each_other_theirs_are_tied():
    open_officer("qian", *Duty)
    take_over("qian", person("zhao"))
    take_over("zhao", person("qian"))
    with pytest.raises(PasswordHandedOver):
        confirm(proposed(), by=person("qian"))


def test_an_officer_grants_nothing_to_a_clerk_whose_account_hangs_on_a_password_that_he_gave(at):
    peel = make_peel(50 * KG)
    take_over("lin", person("zhao"))
    open_account("puppet", "木偶", Role.ENTERPRISE, party_id=person("lin").party_id, by=person("lin"))
    lost = book_loss(peel, KG, reason="受潮", by=person("puppet"))
    at("2026-11-25T08:00Z")
    asked = ask_undo(lost, reason="称错了", by=person("puppet"))
    with pytest.raises(PasswordHandedOver, match="木偶的密码是zhao"):
        grant(asked, by=person("zhao"))
    grant(asked, by=person("sun"))


def check_by(witness):
    return record_on_site_check(on_site_facts(), [fresh_photo()], by=person(witness))


@pytest.mark.parametrize("giving", ["opened", "reset"])
def test_nobody_witnesses_with_an_account_that_he_opened_or_whose_password_he_reset(giving):
    witness = "chen"
    if giving == "opened":
        open_account("ding", "丁", Role.INSPECTOR, by=person("zhao"))
        witness = "ding"
    else:
        take_over("chen", person("zhao"))
    check = check_by(witness)
    with pytest.raises(PasswordHandedOver):
        confirm_on_site_check(check, by=person("zhao"))
    assert check.lot is None
    confirm_on_site_check(check, by=person("he"))


def test_nor_confirms_as_the_one_whose_password_he_reset():
    take_over("chen", person("zhao"))
    with pytest.raises(PasswordHandedOver):
        confirm_on_site_check(check_by("zhao"), by=person("chen"))


def test_the_page_of_a_check_does_not_offer_it_and_says_why(sign_in):
    zhao = sign_in("zhao")
    check = check_by("chen")
    page = f"/authority/on-site-checks/{check.id}"
    assert "确认入账" in zhao.get(page).text
    take_over("chen", person("zhao"))
    page = zhao.get(page).text
    assert "确认入账" not in page and "重设密码的人不能确认" in page
