"""Lists and the search box ask in a way that both databases understand."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from gi_trace.clock import now
from gi_trace.database import db, writing
from gi_trace.registry.finding import is_in_state
from gi_trace.registry.models import Authorisation, AuthorisationChange, Party, PartyKind, find_product
from gi_trace.registry.rules import ChangeKind, RightState, state_on
from tests.casework import make_decided_case, make_finding, make_lead
from tests.cast import LIN_USCC, code, make_activated_batch, party_of, person
from tests.farm import make_plot
from tests.lists import FACES, address_of, lists_of

SOUGHT = ["示范", "林記", LIN_USCC, "YZ1", "L1", "ZR1", "XS00001", "1", "示范-地", "%", "第一号", "A-001"]


@pytest.mark.parametrize("someone", FACES)
def test_every_list_is_narrowed_sorted_and_taken_away_on_both_databases(app, sign_in, someone):
    make_activated_batch(), make_plot(), make_finding(), make_decided_case(), make_lead()
    browser = sign_in(someone)
    for name in lists_of(app, FACES[someone]):
        address = address_of(app, name)
        for query in ("", "?q=示范", "?sort=state", "?sort=-number", "?since=2026-01-01&until=2026-12-31"):
            assert browser.get(f"{address}{query}").status_code in (200, 403, 422), f"{name}{query}"
        assert browser.get(f"{address}.csv").status_code in (200, 403), name


@pytest.mark.parametrize("someone", FACES)
def test_the_box_finds_on_both_databases(sign_in, someone):
    batch = make_activated_batch()
    make_plot(), make_finding(), make_decided_case(), make_lead()
    browser = sign_in(someone)
    for text in [*SOUGHT, code(batch), batch.number_text, person("zhao").name]:
        answer = browser.get(f"/{FACES[someone]}/search", query_string={"q": text})
        assert answer.status_code in (200, 302), text


def test_the_public_roll_is_narrowed_on_both_databases(client):
    for asked in ({}, {"q": "林記"}, {"product": "xinhui-chenpi"}, {"town": "440705-huicheng"}, {"q": "%"}):
        assert client.get("/roll", query_string=asked).status_code == 200


def test_the_database_tells_the_state_of_a_right_as_the_rule_does(app):
    """Of rights with any changes in any order, revoked ones among them, on days before, between and after."""
    chance, first = random.Random(11), date(2026, 3, 1)
    days = [first + timedelta(days=each) for each in range(8)]
    with writing():
        rights = [make_right_with_any_life(chance, first, serial) for serial in range(150)]
    states = set()
    for day in (first - timedelta(days=1), *days, days[-1] + timedelta(days=1)):
        for state in RightState:
            told = set(db.session.scalars(select(Authorisation.id).where(is_in_state(state, day))))
            ruled = {
                right.id for right in db.session.query(Authorisation) if state_on(right.right, day) is state
            }
            assert told == ruled, (state, day)
            states |= {state} if told else set()
    assert states == set(RightState) and len(rights) == 150


def make_right_with_any_life(chance: random.Random, first: date, serial: int) -> Authorisation:
    """As rows alone: what acts allow is less."""

    def any_day() -> date:
        return first + timedelta(days=chance.randrange(8))

    product = find_product("xinhui-chenpi")
    party = Party(kind=PartyKind.GROWER, name=f"示范 {serial}", area=party_of("lin").area)
    right = Authorisation(party=party, product=product, basis=product.bases[0].basis, number=f"{serial}")
    right.starts_on = any_day() if chance.random() < 0.4 else first - timedelta(days=9)
    right.ends_on = max(right.starts_on, any_day()) if chance.random() < 0.4 else None
    db.session.add(right)
    for _ in range(chance.randrange(5)):
        made = [change for change in right.changes if change.kind is not ChangeKind.REVOKED]
        kind = chance.choice([*ChangeKind, ChangeKind.SUSPENDED, ChangeKind.RESUMED])
        change = AuthorisationChange(authorisation=right, kind=kind, effective_on=any_day(), at=now())
        if kind is ChangeKind.REVOKED and made:
            change.revokes_id = chance.choice(made).id
        db.session.add(change)
        db.session.flush()
    return right
