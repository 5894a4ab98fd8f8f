"""Growers and plots by form: a village account for its own village, the authority for every place."""

import pytest

from gi_trace.database import db
from gi_trace.stock.models import Plot
from tests.farm import crop, grower, make_allocated_plot, make_plot

FACES = [("liang", "enterprise"), ("zhao", "authority")]
FIELD = {"number": "示范-地-7", "area": "示范天马村", "measured_m2": 3000, "bearing_m2": 2000}


def send(browser, address, **answers):
    return browser.post(address, data=answers | {"answers": "confirmed"})


@pytest.fixture(params=FACES, ids=[face for _who, face in FACES])
def clerk(request, sign_in, at):
    """A browser that keeps growers, and where its pages are."""
    at("2026-11-24T08:00Z")
    who, face = request.param
    return sign_in(who), f"/{face}"


def test_a_grower_and_a_plot_are_entered_and_put_right(clerk):
    browser, face = clerk
    page = send(browser, f"{face}/growers/new", name="示范户乙", area="示范天马村").location
    assert page.startswith(f"{face}/growers/")
    assert send(browser, f"{page}/plots/new", crop=crop().id, **FIELD).status_code == 302
    plot = db.session.query(Plot).one()
    assert (plot.grower.name, plot.bearing_m2) == ("示范户乙", 2000)
    change = {"crop": crop().id, **FIELD, "bearing_m2": 1500, "reason": "复测"}
    assert send(browser, f"{face}/plots/{plot.id}/change", **change).location == page
    assert "1,500 平方米" in browser.get(page).text


def test_what_is_wrong_stands_beside_the_form_and_nothing_is_kept(clerk):
    browser, face = clerk
    party = grower()
    again = send(browser, f"{face}/growers/new", name=party.name, area="示范天马村")
    assert again.status_code == 422 and "同名的请加以区分" in again.text
    outside = send(browser, f"{face}/growers/{party.id}/plots/new", crop=crop("paddy").id, **FIELD)
    assert outside.status_code == 422 and "不在水稻的保护产区之内" in outside.text
    assert db.session.query(Plot).count() == 0


def test_growers_are_found_by_name(clerk):
    browser, face = clerk
    make_plot(owner="示范户乙"), make_plot("示范-地-2", owner="示范户丙")
    page = browser.get(f"{face}/growers?q=户乙").text
    assert "示范户乙" in page and "示范户丙" not in page


def test_a_village_declares_a_harvest_and_hands_over_its_slip_and_the_authority_does_not(clerk):
    browser, face = clerk
    plot = make_allocated_plot()
    page = browser.get(f"{face}/growers/{plot.party_id}").text
    told = {"weight": "100", "picked_on": "2026-11-24", "peel_kind": "red"}
    to = f"{face}/plots/{plot.id}/harvest"
    if face.endswith("authority"):
        assert to not in page and "不替种植户和企业申报采收" in browser.post(to, data=told).text
    else:
        assert to in page and "给种植户的回单" in browser.get(send(browser, to, **told).location).text


def test_the_authority_reaches_a_grower_from_the_list_of_plots(sign_in, at):
    at("2026-11-24T08:00Z")
    plot = make_plot()
    page = sign_in("zhao").get("/authority/plots").text
    assert f"/authority/growers/{plot.party_id}" in page and '"/authority/growers"' in page


def test_growers_are_no_enterprises_business(sign_in):
    plot = make_plot()
    lin = sign_in("lin")
    for page in ("growers", "growers/new", f"growers/{plot.party_id}", f"plots/{plot.id}/change"):
        assert lin.get(f"/enterprise/{page}").status_code == 403
    assert sign_in("zhao").get("/authority/growers/1").status_code == 404  # an enterprise is no grower
