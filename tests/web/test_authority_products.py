"""Products are data: the authority adds a fourth and fills in what is not known, without code."""

import json
from datetime import date

import pytest

from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Area, Conversion, CropYield, Material, find_area, find_product
from tests.cast import person
from tests.second_officer import agreed

TEA = {
    "name": "示范柑茶",
    "code": "demo-tea",
    "definition": "示范定义",
    "minimum_age_years": "",
    "name_below_minimum_age": "",
    "has_best_before": "y",
    "gtin": "",
    "opening_stock_until": "",
}


class Officer:
    """A browser that has looked over its answers, also for what is personal, and confirms them."""

    def __init__(self, browser):
        self.get = browser.get
        self.browser = browser

    def post(self, address, data):
        return self.browser.post(address, data=data | {"answers": "confirmed", "looked": "y"})


@pytest.fixture
def zhao(sign_in):
    return Officer(sign_in("zhao"))


def tea(**changes):
    material = db.session.query(Material).filter_by(code="dry-peel").one()
    return TEA | {"material_id": str(material.id)} | changes


def last_act():
    return db.session.query(RecordRow).order_by(RecordRow.number.desc()).first()


def test_a_fourth_product_is_added_and_a_right_for_it_granted(zhao, sign_in):
    zhao.post("/authority/products/new", data=tea())
    zhao.post("/authority/products/demo-tea/bases/protected", data={"number": "示范公告", "source": "示范"})
    zhao.post("/authority/products/demo-tea/standards/new", data={"code": "DB0000/T 1-2026"})
    towns = [str(find_area(name).id) for name in ("大鳌", "台山市")]
    zhao.post("/authority/products/demo-tea/areas", data={"areas": towns})
    product = find_product("demo-tea")
    assert [ground.number for ground in product.bases] == ["示范公告"]
    assert [area.name for area in product.areas] == ["大鳌", "台山市"]
    page = zhao.get("/authority/products/demo-tea").text
    assert "DB0000/T 1-2026" in page and "待补" in page
    grant = {
        "ground": "demo-tea protected",
        "number": "示范第 1 号",
        "starts_on": "2026-01-01",
        "announcement": "示范公告",
        "announced_on": "2026-01-01",
        "reason": "示范补录",
    }
    party = person("lin").party
    agreed(sign_in("sun"), zhao.post(f"/authority/parties/{party.id}/authorisations/new", data=grant))
    assert "示范柑茶" in [right.product.name for right in party.authorisations]
    assert first_broken_row()[0] is None


def test_what_was_not_known_is_filled_in_with_its_source(zhao):
    known = {"number": "示范 2006 年第 1 号", "since": "2006-10-25", "source": "示范出处"}
    zhao.post("/authority/products/xinhui-chenpi/bases/protected", data=known)
    ground = find_product("xinhui-chenpi").bases[0]
    assert (ground.number, ground.since, ground.source) == (
        "示范 2006 年第 1 号",
        date(2006, 10, 25),
        "示范出处",
    )
    assert json.loads(last_act().body)["facts"]["after"] == {
        "number": "示范 2006 年第 1 号",
        "source": "示范出处",
    }


def test_saving_without_a_change_records_nothing(zhao):
    known = {"number": "示范", "source": "示范"}
    for _ in range(2):
        zhao.post("/authority/products/xinhui-gan/bases/protected", data=known)
    changes = db.session.query(RecordRow).filter_by(act="product.basis_changed").count()
    assert changes == 1


def test_a_product_keeps_what_the_form_shows(zhao):
    before = find_product("xinhui-chenpi")
    known = (before.definition, before.minimum_age_years, before.name_below_minimum_age, before.material.name)
    page = zhao.get("/authority/products/xinhui-chenpi/change").text
    assert known[0] in page and "柑皮" in page
    answer = zhao.post(
        "/authority/products/xinhui-chenpi/change",
        data={
            "name": "新会陈皮",
            "material_id": str(before.material_id),
            "definition": before.definition,
            "minimum_age_years": "3",
            "name_below_minimum_age": "柑皮",
            "gtin": "6901234567892",
            "opening_stock_until": "2027-12-31",
        },
    )
    assert answer.status_code == 302
    after = find_product("xinhui-chenpi")
    db.session.refresh(after)
    assert (
        after.definition,
        after.minimum_age_years,
        after.name_below_minimum_age,
        after.material.name,
    ) == known
    assert (after.gtin, after.opening_stock_until) == ("06901234567892", date(2027, 12, 31))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"code": "xinhui-gan"}, "“xinhui-gan”已经登记过"),
        ({"name": "台山大米"}, "“台山大米”已经登记过"),
        ({"code": "Tea 1"}, "用小写字母、数字和横线"),
        ({"gtin": "6901234567890"}, "商品条码"),
    ],
)
def test_a_wrong_product_form_says_why(zhao, wrong, message):
    answer = zhao.post("/authority/products/new", data=tea(**wrong))
    assert answer.status_code == 422 and message in answer.text
    assert find_product("demo-tea") is None


def test_one_standard_number_stands_once_at_a_product(zhao):
    answer = zhao.post("/authority/products/xinhui-chenpi/standards/new", data={"code": "DB44/T 604-2009"})
    assert answer.status_code == 422 and "已经登记过" in answer.text


def test_a_standard_is_ended_by_its_date_and_stays(zhao):
    standard = find_product("xinhui-chenpi").standards[0]
    ended = {"code": standard.code, "title": standard.title, "valid_until": "2026-12-31"}
    zhao.post(f"/authority/products/xinhui-chenpi/standards/{standard.id}", data=ended)
    db.session.refresh(standard)
    assert standard.valid_until == date(2026, 12, 31)
    assert zhao.get(f"/authority/products/xinhui-gan/standards/{standard.id}").status_code == 404


def test_a_town_gets_another_alias_and_a_new_town_is_added(zhao):
    assert "大螯" in zhao.get("/authority/areas/440705-daao/change").text
    zhao.post("/authority/areas/440705-daao/change", data={"name": "大鳌", "aliases": "大鳌镇，大嗷、 "})
    assert find_area("大嗷").aliases == ["大鳌镇", "大嗷"]
    zhao.post("/authority/areas/new", data={"name": "示范镇", "aliases": "", "code": "440700-shifan"})
    assert db.session.query(Area).filter_by(code="440700-shifan").one().name == "示范镇"


def test_crops_materials_and_their_ceilings_are_data_with_a_source(zhao, sign_in):
    sun = sign_in("sun")
    zhao.post("/authority/crops/new", data={"name": "示范茶", "code": "tea-plant", "seasons": "year"})
    page = zhao.get("/authority/materials").text
    assert "示范茶" in page and "还没有登记" not in page
    crop = db.session.query(Material).first().crop
    leaf = {"name": "示范茶叶", "code": "tea-leaf", "crop_id": str(crop.id), "ages": "y"}
    zhao.post("/authority/materials/new", data=leaf)
    made = db.session.query(Material).filter_by(code="tea-leaf").one()
    source = {"valid_from": "2027-01-01", "source": "示范出处"}
    lower = {"crop_id": str(crop.id), "ceiling": "1500"}
    zhao.post("/authority/yields/new", data=source | lower)  # whoever lowers a ceiling needs nobody
    assert (
        db.session.query(CropYield).filter_by(valid_from=date(2027, 1, 1)).one().ceiling_g_per_mu == 1_500_000
    )
    conversion = source | {"material_id": "1", "result_id": str(made.id), "ceiling": "5.25", "usual": ""}
    agreed(sun, zhao.post("/authority/conversions/new", data=conversion))
    higher = lower | {"ceiling": "1600", "valid_from": "2028-01-01", "source": "示范出处"}
    agreed(sun, zhao.post("/authority/yields/new", data=higher))
    assert db.session.query(CropYield).filter_by(ceiling_g_per_mu=1_600_000).count() == 1
    put = db.session.query(Conversion).filter_by(to_material_id=made.id).one()
    assert (put.ceiling_per_10000, put.usual_per_10000) == (525, None)
    assert "5.25%" in zhao.get("/authority/materials").text


def test_the_cap_of_what_comes_back_from_use_is_data_with_a_source(zhao, sign_in):
    product = find_product("xinhui-gan")
    asked = {"product_id": str(product.id), "valid_from": "2027-01-01", "source": "示范出处", "percent": "2"}
    zhao.post("/authority/return-caps/new", data=asked)
    raised = asked | {"percent": "8", "valid_from": "2028-01-01"}
    agreed(sign_in("sun"), zhao.post("/authority/return-caps/new", data=raised))
    page = zhao.get("/authority/materials").text
    assert ">2%<" in page and ">8%<" in page and "上限是 5%" in page
    assert zhao.post("/authority/return-caps/new", data=raised | {"percent": "101"}).status_code == 422


def test_a_ceiling_without_a_source_is_refused(zhao):
    asked = {"valid_from": "2027-01-01", "source": " ", "crop_id": "1", "ceiling": "1500"}
    assert zhao.post("/authority/yields/new", data=asked).status_code == 422


def test_answers_are_looked_over_before_they_are_kept(zhao):
    town = str(find_area("台山市").id)
    page = zhao.browser.post("/authority/products/xinhui-gan/areas", data={"areas": [town]}).text
    assert "提交前请核对" in page and "台山市" in page
    assert len(find_product("xinhui-gan").areas) > 1
    zhao.post("/authority/products/xinhui-gan/areas", data={"areas": [town]})
    assert [area.name for area in find_product("xinhui-gan").areas] == ["台山市"]
