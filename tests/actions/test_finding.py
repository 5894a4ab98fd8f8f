"""Lists and the search box ask in a way that both databases understand."""

import pytest

from tests.casework import make_decided_case, make_finding, make_lead
from tests.cast import LIN_USCC, code, make_activated_batch, person
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
