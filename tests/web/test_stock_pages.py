"""The village, the packer and the officer at work with stock, as they meet it on their pages."""

import csv
import io
import re
from datetime import timedelta

import pytest

from gi_trace import clock
from gi_trace.accounts.actions import close_account, reset_password
from gi_trace.database import db
from gi_trace.stock.actions.processing import book_loss, sales_of
from gi_trace.stock.actions.transfers import offer_transfer
from gi_trace.stock.models import (
    GoodsSeen,
    Harvest,
    Lot,
    OnSiteCheck,
    Posting,
    Site,
    Slip,
    StockAct,
    Transfer,
    find_allocation,
)
from gi_trace.stock.rules.seasons import Season
from tests.actions.test_party_names import rename
from tests.cast import (
    LIN_USCC,
    WU_USCC,
    code,
    make_batch,
    make_opening_stock,
    make_print_run,
    party_of,
    person,
    photo,
    store,
)
from tests.farm import (
    AUTUMN,
    KG,
    deliver,
    grower,
    make_allocated_plot,
    make_fruit,
    make_harvest,
    make_peel,
    make_plot,
    offer,
)
from tests.jobs import do_what_waits
from tests.second_officer import agreed

pytestmark = pytest.mark.usefixtures("autumn")


@pytest.fixture
def autumn(app, at):
    at(AUTUMN)


def send(browser, address, **answers):
    """Through the summary to the act."""
    answers = {"looked": "y"} | answers
    summary = browser.post(address, data=answers)
    assert summary.status_code == 200 and "提交前请核对" in summary.text, summary.text
    return browser.post(address, data=answers | {"answers": "confirmed"})


def refusal(browser, address, **answers):
    answer = browser.post(address, data=answers | {"answers": "confirmed"})
    assert answer.status_code == 422, answer.text
    return answer.text


def test_the_village_enters_a_grower_and_a_plot_and_the_authority_fixes_its_yield(sign_in):
    liang, zhao = sign_in("liang"), sign_in("zhao")
    grower = send(liang, "/enterprise/growers/new", name="示范户乙", area="示范天马村").location
    assert "没有找到" in refusal(
        liang, f"{grower}/plots/new", number="X", area="外地", crop="1", measured_m2=9, bearing_m2=9
    )
    send(
        liang,
        f"{grower}/plots/new",
        number="示范-地-9",
        area="示范天马村",
        crop="1",
        measured_m2=3000,
        bearing_m2=2000,
    )
    assert "示范-地-9" in liang.get(grower).text
    page = zhao.get("/authority/plots?crop=citrus&season=2026").text
    assert "示范-地-9" in page
    asked = {"yield_per_mu": "1500", "which": "missing", "area": ""}
    answer = zhao.post("/authority/crops/1/allocations/2026", data=asked)
    do_what_waits()
    assert "4,500 千克" in zhao.get(answer.location).text
    zhao.post(f"{answer.location}/confirm")
    do_what_waits()
    assert "核定产量已导入" in zhao.get(answer.location).text
    assert "4,500 千克" in zhao.get("/authority/plots?crop=citrus&season=2026").text
    assert "高于该作物的上限" in refusal(
        zhao, "/authority/crops/1/allocations/2026", yield_per_mu="9000", which="all", area=""
    )


def test_a_harvest_gives_a_slip_on_which_the_grower_can_object_without_signing_in(client, sign_in):
    plot, liang = make_allocated_plot(), sign_in("liang")
    address = f"/enterprise/plots/{plot.id}/harvest"
    assert "超出 500 千克" in refusal(liang, address, weight="5000", picked_on="2026-11-24", peel_kind="red")
    assert "四舍五入" in refusal(liang, address, weight="0.0001", picked_on="2026-11-24", peel_kind="red")
    assert "采摘期" in refusal(liang, address, weight="10", picked_on="2026-11-24", peel_kind="green")
    assert db.session.query(Harvest).count() == 0
    shown = liang.get(
        send(liang, address, weight="1000.5", picked_on="2026-11-24", peel_kind="red").location
    ).text
    token = db.session.query(Slip).one().token
    assert f"/slips/{token}" in shown
    slip = client.get(f"/slips/{token}").text
    assert "1,000.5 千克" in slip and "3,499.5 千克" in slip
    assert client.get("/slips/nothing").status_code == 404
    client.post(f"/slips/{token}", data={"words": "没有这么多"})
    assert "没有这么多" in client.get(f"/slips/{token}").text
    lot = db.session.query(Harvest).one().lot
    assert lot.is_stopped
    assert "冻结" in refusal(liang, f"/enterprise/lots/{lot.id}/offer", to=LIN_USCC, weight="1")


def test_weight_moves_when_the_other_side_accepts_and_is_not_spent_twice_meanwhile(sign_in):
    store("lin")
    lot = make_harvest(1000 * KG).lot
    liang, lin = sign_in("liang"), sign_in("lin")
    assert (
        "接收方"
        in liang.post(f"/enterprise/lots/{lot.id}/offer", data={"to": LIN_USCC, "weight": "600"}).text
    )
    send(liang, f"/enterprise/lots/{lot.id}/offer", to=LIN_USCC, weight="600")
    assert "400 千克" in refusal(liang, f"/enterprise/lots/{lot.id}/offer", to=WU_USCC, weight="600")
    assert "600 千克" in lin.get("/enterprise/transfers").text
    offer = db.session.query(Transfer).one()
    accept = f"/enterprise/transfers/{offer.id}/accept"
    assert f"/enterprise/transfers/{offer.id}/refuse" in lin.get(accept).text
    assert lin.post(accept, data={"weight": "600", "site": store("lin").id}).status_code == 302
    assert "600 千克" in lin.get("/enterprise/lots").text
    assert sign_in("wu").get(f"/enterprise/lots/{lot.id}").status_code == 403
    assert sign_in("wu").post(f"/enterprise/transfers/{offer.id}/refuse").status_code == 403


def test_offers_can_be_refused_and_taken_back(sign_in):
    lot = make_harvest(1000 * KG).lot
    liang, lin = sign_in("liang"), sign_in("lin")
    for address, browser in [("refuse", lin), ("cancel", liang)]:
        send(liang, f"/enterprise/lots/{lot.id}/offer", to=LIN_USCC, weight="1000")
        offer = db.session.query(Transfer).order_by(Transfer.id.desc()).first()
        send(browser, f"/enterprise/transfers/{offer.id}/{address}", reason="不要了")
    assert db.session.get(Lot, lot.id).available_g == 1000 * KG


def test_a_partner_is_found_by_part_of_a_name_a_former_one_or_a_code_and_chosen_among_several(sign_in):
    lot, liang = make_harvest(1000 * KG).lot, sign_in("liang")
    rename("新名示范陈皮行", owner="wu")
    address = f"/enterprise/lots/{lot.id}/offer"
    for asked in ("林记", "91440705", LIN_USCC[-6:].lower()):
        assert "林记示范陈皮行" in liang.post(address, data={"to": asked, "weight": "1"}).text, asked
    assert "新名示范陈皮行" in liang.post(address, data={"to": "胡记", "weight": "1"}).text
    several = liang.post(address, data={"to": "示范陈皮行", "weight": "1"})
    assert several.status_code == 422 and several.text.count('type="radio"') == 2
    chosen = {"to": "示范陈皮行", "weight": "1", "party_id": party_of("wu").id}
    send(liang, address, **chosen)
    assert db.session.query(Transfer).one().receiver_id == party_of("wu").id
    assert "没有找到" in refusal(liang, address, to="没有这家", weight="1")


def test_a_village_gives_to_its_growers_and_a_firm_only_back_to_whom_it_bought_from(sign_in):
    lot, other = make_harvest(1000 * KG).lot, grower("示范户乙")
    send(sign_in("liang"), f"/enterprise/lots/{lot.id}/offer", to="户乙", weight="10")
    assert db.session.query(Transfer).one().receiver_id == other.id
    bought = deliver(lot, 100 * KG)
    lin = sign_in("lin")
    address = f"/enterprise/lots/{bought.id}/offer"
    assert "没有找到" in refusal(lin, address, to="示范户乙", weight="1")
    send(lin, address, to="示范户甲", weight="1")


def test_an_offer_begins_at_home_with_the_lots_that_may_be_given(sign_in):
    lot, liang = make_harvest(1000 * KG).lot, sign_in("liang")
    assert "/enterprise/transfers/new" in liang.get("/enterprise/").text
    assert lot.number in liang.get("/enterprise/transfers/new").text
    send(liang, "/enterprise/transfers/new", lot_id=lot.id, to="林记", weight="5")
    assert db.session.query(Transfer).one().weight_g == 5 * KG
    assert (
        liang.post("/enterprise/transfers/new", data={"lot_id": 999, "to": "林记", "weight": "5"}).status_code
        == 422
    )


def test_of_what_arrived_short_the_rest_goes_back_and_both_sides_read_why(sign_in):
    lot, site, lin = make_harvest(1000 * KG).lot, store("lin"), sign_in("lin")
    accept = f"/enterprise/transfers/{offer(lot, 500 * KG, to='lin', by='liang').id}/accept"
    short = {"weight": "480", "site": site.id}
    assert "理由" in lin.post(accept, data=short).text
    assert "不能接收" in lin.post(accept, data=short | {"weight": "501", "reason": "多"}).text
    assert lin.post(accept, data=short | {"reason": "途中破了两筐"}).status_code == 302
    assert (lot.balance_g, lot.available_g) == (520 * KG, 520 * KG)
    for browser in (lin, sign_in("liang")):
        page = browser.get("/enterprise/transfers").text
        assert "接收 480 千克，退回 20 千克" in page and "途中破了两筐" in page


def test_without_a_site_one_is_added_and_what_was_typed_is_there_again(sign_in):
    lot, lin = make_harvest(1000 * KG).lot, sign_in("lin")
    accept = f"/enterprise/transfers/{offer(lot, 500 * KG, to='lin', by='liang').id}/accept"
    with db.engine.begin() as connection:
        ours = Site.__table__.update().where(Site.party_id == party_of("lin").id)
        connection.execute(ours.values(party_id=party_of("wu").id, name="示范别仓"))
    assert "还没有登记存放场所" in lin.get(accept).text
    to_site = lin.post(accept, data={"weight": "480", "reason": "少了", "then": "site"}).location
    new = {"answers": "confirmed", "name": "示范新仓", "area": "会城", "address": "示范路9号"}
    back = lin.post(to_site, data=new).location
    page = lin.get(back).text
    assert back.startswith(accept) and 'value="480"' in page and 'value="少了"' in page and "示范新仓" in page
    site = re.search(r"site=(\d+)", back)[1]
    assert lin.post(back, data={"weight": "480", "reason": "少了", "site": site}).status_code == 302
    away = lin.post(
        "/enterprise/sites/new?back=https://example.org/?",
        data={"answers": "confirmed", "name": "b", "address": "c"},
    )
    assert away.location == "/enterprise/sites"


def test_a_village_accepts_for_a_grower_who_has_no_site(sign_in):
    bought = make_fruit(100 * KG)
    back = offer_transfer(bought, grower(), 40 * KG, by=person("lin"))
    accepted = sign_in("liang").post(f"/enterprise/transfers/{back.id}/accept", data={"weight": "40"})
    assert accepted.status_code == 302 and db.session.get(Transfer, back.id).accepted_g == 40 * KG


def test_a_lot_is_processed_within_the_ceiling_and_its_page_shows_the_chain(sign_in):
    fruit, lin = make_fruit(1000 * KG), sign_in("lin")
    address = f"/enterprise/lots/{fruit.id}/process"
    answers = {
        "material": 2,
        "input_weight": "1000",
        "site": store("lin").id,
        "on": "2026-11-24",
        "other_use": "",
        "reason": "",
    }
    assert "超出 1 千克" in refusal(lin, address, weight="51", **answers)
    page = lin.get(send(lin, address, weight="50", **answers).location).text
    assert "<svg" in page and "干柑皮" in page and "50 千克" in page and "来龙去脉" in page
    rows = list(
        csv.reader(io.StringIO(lin.get(f"/enterprise/lots/{fruit.id}/chain.csv").data.decode("utf-8-sig")))
    )
    assert ["千克" in rows[0], len(rows) > 2] == [True, True]
    assert lin.get(f"/enterprise/lots/{fruit.id}/chain.xlsx").data[:2] == b"PK"
    assert lin.get(f"/enterprise/lots/{fruit.id}/chain.exe").status_code == 404


def test_the_chain_is_seen_from_the_batch_and_from_the_field(sign_in, at):
    peel = make_peel(50 * KG)
    at("2029-11-25T08:00Z")
    batch = make_batch(lot=peel)
    page = sign_in("lin").get(f"/enterprise/batches/{batch.number}").text
    assert "<svg" in page and f"L{peel.id} 干柑皮" in page and "茶枝柑鲜果" in page
    exported = sign_in("lin").get(f"/enterprise/batches/{batch.number}/chain.csv").data.decode()
    assert "茶枝柑鲜果" in exported and "干柑皮" in exported
    field = db.session.query(Harvest).one().lot
    assert batch.number_text in sign_in("zhao").get(f"/authority/lots/{field.id}").text
    assert "茶枝柑鲜果" in sign_in("chen").get(f"/inspector/codes/{code(batch)}").text


def test_an_enterprise_sees_where_its_lot_came_from_but_not_whose_it_was_nor_what_others_made_of_it(sign_in):
    peel, lin, wu = make_peel(50 * KG), sign_in("lin"), sign_in("wu")
    sold = deliver(peel, 20 * KG, to="wu", by="lin")
    theirs = wu.get(f"/enterprise/lots/{sold.id}").text
    assert "茶枝柑鲜果" in theirs and "示范户甲" not in theirs and "林记示范陈皮行" not in theirs
    ours = lin.get(f"/enterprise/lots/{peel.id}").text
    assert f"L{sold.id}" not in ours and "胡记示范陈皮行" not in ours
    assert "示范户甲" not in wu.get(f"/enterprise/lots/{sold.id}/chain.csv").data.decode()


def test_the_other_acts_on_a_lot(sign_in):
    peel, lin = make_peel(50 * KG), sign_in("lin")
    outside = store("lin", inside=False)
    lot, day = f"/enterprise/lots/{peel.id}", {"on": "2026-11-24"}
    send(lin, f"{lot}/loss", weight="1", reason="虫蛀", **day)
    summary = lin.post(f"{lot}/weighing", data={"weight": "48.5", **day}).text
    assert "当天账面" in summary and "49 千克" in summary and "500 克" in summary
    send(lin, f"{lot}/weighing", weight="48.5", **day)
    send(lin, f"{lot}/other-use", weight="8.5", use="loose_sale", reason="", **day)
    [sale] = sales_of(peel)
    returned = send(lin, f"{lot}/return", sale=sale.act_number, weight="0.5", reason="退货", **day).location
    assert "500 克" in lin.get(returned).text and "还可退回" in lin.get(f"{lot}/return").text
    send(lin, f"{lot}/move", site=outside.id, **day)
    page = lin.get(lot).text
    assert "40 千克" in page and "虫蛀" in page and "外地示范仓" in page
    send(lin, f"{lot}/split", parts="20 20")
    lots = [
        found
        for found in db.session.query(Lot)
        if found.balance_g and found.material_id == peel.material_id and not found.is_opening_stock
    ]
    assert sorted(found.balance_g for found in lots) == [500, 20 * KG, 20 * KG]
    parts = [found.id for found in lots if found.balance_g > 500]
    send(lin, "/enterprise/lots/merge", lots=parts)
    assert "40 千克" in lin.get("/enterprise/lots").text
    assert "必须大于 0" in refusal(lin, f"{lot}/loss", weight="-1", reason="x", **day)


def test_what_was_sold_to_the_last_gram_can_come_back(sign_in):
    peel, lin = make_peel(50 * KG), sign_in("lin")
    lot, day = f"/enterprise/lots/{peel.id}", {"on": "2026-11-24"}
    assert "退货入库" not in lin.get(lot).text
    send(lin, f"{lot}/other-use", weight="50", use="loose_sale", reason="", **day)
    assert "退货入库" in lin.get(lot).text
    [sale] = sales_of(peel)
    assert "多出 1 千克" in refusal(
        lin, f"{lot}/return", sale=sale.act_number, weight="51", reason="退货", **day
    )
    send(lin, f"{lot}/return", sale=sale.act_number, weight="50", reason="退货", **day)
    assert "退货入库" not in lin.get(lot).text


def test_lots_are_blended_by_the_weights_typed(sign_in):
    one, two, lin = make_opening_stock(100 * KG), make_peel(50 * KG), sign_in("lin")
    made = send(
        lin,
        "/enterprise/lots/blend",
        **{f"draw_{one.id}": "10", f"draw_{two.id}": "5.5", f"agree_{one.id}": "y"},
    ).location
    page = lin.get(made).text
    assert "15.5 千克" in page and "期初库存" in page


def test_opening_stock_is_written_down_by_one_officer_and_confirmed_by_another(sign_in):
    site, chen, he = store("lin"), sign_in("chen"), sign_in("he")
    assert "名录里没有" in chen.post("/inspector/on-site-checks/new", data={"uscc": WU_USCC[:-1] + "0"}).text
    address = chen.post("/inspector/on-site-checks/new", data={"uscc": LIN_USCC}).location
    answers = {
        "product": 1,
        "site": site.id,
        "weight": "120.5",
        "claimed_year": 2012,
        "checked_on": "2026-11-24",
        "outside_number": "旧-1",
        "founded_year": 1995,
    }
    assert (
        "照片" in chen.post(address, data=answers).text
        and db.session.query(OnSiteCheck).filter_by(confirmed_at=None).count() == 0
    )
    recorded = chen.post(address, data=answers | {"photos": [(io.BytesIO(photo()), "a.jpg")]})
    assert recorded.status_code == 302
    check = db.session.query(OnSiteCheck).filter_by(confirmed_at=None).one()
    assert chen.post(f"/inspector/on-site-checks/{check.id}/confirm").status_code == 422
    assert "我在场核查" in he.get(recorded.location).text
    assert "我在场核查" not in chen.get(recorded.location).text, "nobody confirms what he wrote down himself"
    assert (
        he.get(f"/inspector/on-site-checks/photos/{check.photos[0].id}?original=1", buffered=True).data
        == photo()
    )
    assert he.post(f"/inspector/on-site-checks/{check.id}/confirm").status_code == 302
    assert "120.5 千克" in sign_in("lin").get("/enterprise/lots").text


def test_the_authority_holds_a_lot_with_everything_made_from_it_and_lifts_the_hold(sign_in):
    peel, zhao = make_peel(50 * KG), sign_in("zhao")
    fruit = db.session.query(Harvest).one().lot
    send(zhao, f"/authority/lots/{fruit.id}/hold", kind="hold", reason="核查来源")
    assert "核查来源" in sign_in("lin").get(f"/enterprise/lots/{peel.id}").text
    assert "L" + str(peel.id) in zhao.get("/authority/lots?stopped=1").text
    agreed(sign_in("sun"), send(zhao, "/authority/holds/1/lift", reason="查清"))
    assert not db.session.get(Lot, peel.id).is_stopped


def test_a_failed_report_holds_the_lot_and_an_act_can_be_reversed(sign_in):
    peel, zhao, lin = make_peel(50 * KG), sign_in("zhao"), sign_in("lin")
    send(lin, f"/enterprise/lots/{peel.id}/loss", weight="1", reason="错记", on="2026-11-24")
    number = max(line.act_number for line in db.session.query(Posting))
    send(zhao, f"/authority/stock-acts/{number}/reverse", reason="记错了批料")
    assert db.session.get(Lot, peel.id).balance_g == 50 * KG
    report = {
        "report_number": "示范检-1",
        "laboratory": "示范检验所",
        "tested_on": "2026-11-24",
        "outcome": "failed",
        "notes": "",
    }
    send(zhao, f"/authority/lots/{peel.id}/report", **report)
    assert db.session.get(Lot, peel.id).is_stopped
    assert "示范检-1" in lin.get(f"/enterprise/lots/{peel.id}").text


def test_an_enterprise_has_no_village_pages_and_a_village_no_batches(sign_in):
    for page in ("/enterprise/growers", "/enterprise/growers/new"):
        assert sign_in("lin").get(page).status_code == 403
        assert sign_in("liang").get(page).status_code == 200
    assert sign_in("liang").get("/enterprise/batches").status_code == 403
    plot = make_plot()
    assert sign_in("lin").get(f"/enterprise/plots/{plot.id}/harvest").status_code == 403
    assert find_allocation(plot, Season(2026)) is None


def test_a_clerk_undoes_what_was_booked_today_from_the_lots_page(sign_in):
    peel, lin = make_peel(50 * KG), sign_in("lin")
    lot = f"/enterprise/lots/{peel.id}"
    send(lin, f"{lot}/loss", weight="4", reason="受潮", on="2026-11-24")
    page = lin.get(lot).text
    assert "登记当天、后来没有动用的，本单位可以自行撤销" in page
    address = re.findall(r'href="(/enterprise/acts/\d+/undo)">撤销', page)[-1]
    asked = lin.get(address).text
    assert "到今天 24 时" in asked and "增加 4 千克" in asked
    assert sign_in("wu").get(address).status_code == 403
    assert send(lin, address, reason="称错了").location == lot
    page = lin.get(lot).text
    assert "冲正" in page and address not in page
    send(lin, f"{lot}/move", site=store(inside=False).id, on="2026-11-24")
    address = re.findall(r'href="(/enterprise/acts/\d+/undo)">撤销', lin.get(lot).text)[-1]
    assert "会城示范仓 → 外地示范仓" in lin.get(address).text
    send(lin, address, reason="没有移")
    assert "撤销移库" in lin.get(lot).text and db.session.get_one(Lot, peel.id).site.name == "会城示范仓"


def test_a_clerk_asks_for_what_is_older_and_an_officer_answers(sign_in, at):
    peel, other, lin = make_peel(50 * KG), make_peel(30 * KG), sign_in("lin")
    lot = f"/enterprise/lots/{peel.id}"
    send(lin, f"{lot}/loss", weight="4", reason="受潮", on="2026-11-24")
    at("2026-11-26T08:00Z")
    address = re.findall(r'href="(/enterprise/acts/\d+/undo)">申请撤销', sign_in("lin").get(lot).text)[-1]
    lin, zhao = sign_in("lin"), sign_in("zhao")
    assert "最迟 2026-12-24" in lin.get(address).text
    asked = send(lin, address, reason="称错了").location
    assert "待答复" in lin.get(asked).text and "GZ00001" in lin.get("/enterprise/stock-requests").text
    assert "企业和村的申请待答复" in zhao.get("/authority/").text
    assert "GZ00001" in zhao.get("/authority/stock-requests").text
    answered = asked.replace("enterprise", "authority")
    page = zhao.get(answered).text
    assert "登记损耗" in page and "增加 4 千克" in page
    assert zhao.post(answered, data={"decision": "refuse"}).status_code == 422
    assert zhao.post(answered, data={"decision": "grant"}).status_code == 302
    assert "已同意" in lin.get(asked).text
    [back] = db.session.query(Lot).filter(Lot.balance_g == 4 * KG)
    assert peel.balance_g == 46 * KG and back.number in lin.get(lot).text
    assert sign_in("wu").get(asked).status_code == 403
    at("2026-12-26T08:00Z")
    lin, zhao = sign_in("lin"), sign_in("zhao")
    assert "申请撤销</a>" not in lin.get(lot).text
    query = db.session.query(StockAct.act_number).filter_by(kind="processing")
    made = query.join(Posting).filter(Posting.lot_id == other.id).scalar()
    assert "现场" in lin.get(f"/enterprise/acts/{made}/undo").text
    reverse = f"/authority/stock-acts/{made}/reverse"
    assert "请填写此项" in refusal(zhao, reverse, reason="投料写错")
    chen = str(person("chen").id)
    send(zhao, reverse, reason="投料写错", place="会城示范仓", seen_on="2026-12-25", seen_by=chen)
    assert db.session.query(GoodsSeen).one().place == "会城示范仓"


def test_a_harvest_told_too_late_goes_on_as_a_request_with_what_was_typed(sign_in):
    plot, liang, zhao = make_allocated_plot(), sign_in("liang"), sign_in("zhao")
    address, late = f"/enterprise/plots/{plot.id}/harvest", {"weight": "500", "picked_on": "2026-10-30"}
    page = refusal(liang, address, peel_kind="reddish", **late)
    assert "请写明原因" in page and 'value="500"' in page and 'value="2026-10-30"' in page
    asked = send(liang, address, peel_kind="reddish", late_reason="采收单寄失", **late).location
    assert "采收单寄失" in liang.get(asked).text and "500 千克" in liang.get(asked).text
    assert db.session.query(Harvest).count() == 0
    zhao.post(asked.replace("enterprise", "authority"), data={"decision": "grant"})
    assert db.session.query(Harvest).one().weight_g == 500 * KG
    assert "late_reason" not in liang.get(address).text


def test_a_request_is_taken_back_by_who_asked(sign_in):
    plot, liang = make_allocated_plot(), sign_in("liang")
    late = {"weight": "500", "picked_on": "2026-10-30", "peel_kind": "reddish", "late_reason": "采收单寄失"}
    asked = send(liang, f"/enterprise/plots/{plot.id}/harvest", **late).location
    liang.post(f"{asked}/withdraw")
    assert "已撤回" in liang.get(asked).text
    page = sign_in("zhao").post(asked.replace("enterprise", "authority"), data={"decision": "grant"})
    assert page.status_code == 422 and "已经办结" in page.text


def test_an_officer_grants_several_at_once_and_is_told_which_could_not_be(sign_in):
    plot, liang, zhao = make_allocated_plot(), sign_in("liang"), sign_in("zhao")
    for weight in ("500", "4100", "700"):
        late = {"weight": weight, "picked_on": "2026-10-30", "peel_kind": "reddish", "late_reason": "寄失"}
        send(liang, f"/enterprise/plots/{plot.id}/harvest", **late)
    ids = re.findall(r'name="request" value="(\d+)"', zhao.get("/authority/stock-requests").text)
    assert len(ids) == 3
    page = zhao.post(
        "/authority/stock-requests/grant", data={"request": sorted(ids)}, follow_redirects=True
    ).text
    assert "已同意 2 项申请" in page and "GZ00002 没有办理" in page and "超出 100 千克" in page
    assert [one.weight_g for one in db.session.query(Harvest)] == [500 * KG, 700 * KG]


def test_a_batch_with_downloaded_labels_leads_to_asking(sign_in):
    batch, lin = make_batch(), sign_in("lin")
    page = f"/enterprise/batches/{batch.number}"
    assert "标识没有下载过的批次，登记后 30 天内可以取消" in lin.get(page).text
    make_print_run(batch)
    address = re.findall(r'href="(/enterprise/acts/\d+/undo)">申请取消此批次', lin.get(page).text)[0]
    assert "已下载" in refusal(lin, f"{page}/cancel")
    assert "GZ00001" in lin.get(send(lin, address, reason="印错净含量").location).text


def ask_to_cancel(lin, batch) -> str:
    """The page of the request, as the authority sees it."""
    [asking] = re.findall(
        r'href="(/enterprise/acts/\d+/undo)"', lin.get(f"/enterprise/batches/{batch.number}").text
    )
    return send(lin, asking, reason="件数错").location.replace("enterprise", "authority")


def test_who_answers_a_request_sees_what_it_would_do(sign_in):
    batch, lin = make_batch(units=1200), sign_in("lin")
    make_print_run(batch)
    asked = ask_to_cancel(lin, batch)
    page = sign_in("zhao").get(asked).text
    for told in (
        batch.number_text,
        "1,200",
        "300 千克",
        "A-001",
        "1 次标识文件、0 次涂层密码",
        "增加 300 千克",
    ):
        assert told in page, told
    lot = batch.draws[0].lot_id
    assert f'href="/authority/batches/{batch.number}"' in page and f'href="/authority/lots/{lot}"' in page
    own = lin.get(asked.replace("authority", "enterprise")).text
    assert f'href="/enterprise/batches/{batch.number}"' in own and "1,200" in own


def test_what_undoes_something_is_not_granted_from_the_list(sign_in):
    batch, lin, zhao = make_batch(), sign_in("lin"), sign_in("zhao")
    make_print_run(batch)
    ask_to_cancel(lin, batch)
    assert 'name="request"' not in zhao.get("/authority/stock-requests").text
    page = zhao.post("/authority/stock-requests/grant", data={"request": ["1"]}, follow_redirects=True).text
    assert "GZ00001 请打开看过再答复" in page and batch.cancelled_at is None


def test_the_undoing_of_a_loss_shows_its_weight(sign_in):
    peel, lin = make_peel(50 * KG), sign_in("lin")
    number = book_loss(peel, 4 * KG, reason="受潮", by=person("lin"))
    page = lin.get(f"/enterprise/acts/{number}/undo").text
    assert f"{peel.number} {peel.material.name}增加 4 千克" in page


def test_whoever_gave_the_asker_a_password_is_told_so_and_who_can_answer(sign_in):
    batch, lin = make_batch(), sign_in("lin")
    make_print_run(batch)
    asked = ask_to_cancel(lin, batch)
    reset_password(person("lin"), by=person("zhao"))
    zhao = sign_in("zhao")
    page = zhao.get(asked).text
    assert "lin的密码是zhao" in page and "可以答复的同事：sun" in page and 'name="decision"' not in page
    assert "企业和村的申请待答复" not in zhao.get("/authority/").text
    assert "企业和村的申请待答复" in sign_in("sun").get("/authority/").text
    with clock.played_at(clock.now() + timedelta(minutes=1)):
        close_account(person("sun"), by=person("zhao"))
    page = zhao.get(asked).text
    assert "现在没有同事能答复" in page and "create-admin" in page
    assert "申请现在没有人能答复" in zhao.get("/authority/").text


def test_a_granted_harvest_is_found_from_its_request_and_told_at_home(sign_in, at):
    plot, liang, zhao = make_allocated_plot(), sign_in("liang"), sign_in("zhao")
    late = {"weight": "500", "picked_on": "2026-10-30", "peel_kind": "reddish", "late_reason": "寄失"}
    asked = send(liang, f"/enterprise/plots/{plot.id}/harvest", **late).location
    assert "GZ00001" not in liang.get("/enterprise/").text
    zhao.post(asked.replace("enterprise", "authority"), data={"decision": "grant"})
    harvest = db.session.query(Harvest).one()
    for browser, face in ((liang, "enterprise"), (zhao, "authority")):
        page = browser.get(asked.replace("enterprise", face)).text
        assert (
            f'href="/{face}/harvests/{harvest.id}"' in page
            and f'href="/{face}/lots/{harvest.lot_id}"' in page
        )
    home = liang.get("/enterprise/").text
    assert "GZ00001 补报采收" in home and "已同意" in home
    at("2026-12-20T08:00Z")
    assert "GZ00001" not in sign_in("liang").get("/enterprise/").text
