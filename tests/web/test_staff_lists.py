"""Every list of staff is narrowed, sorted, counted and taken away as a file in one way."""

import io
import re

import openpyxl
import pytest

from gi_trace.database import act, db
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Party, PartyKind, find_area
from gi_trace.stock.models import Plot
from gi_trace.web.lists.pages import export_name
from tests.cast import LIN_USCC, WU_USCC, make_batch, make_opening_stock, make_print_run
from tests.farm import crop, make_plot, village
from tests.lists import FACES, NOT_LISTINGS, lists_of, open_lists, questions, table_of


@pytest.fixture
def zhao(sign_in):
    return sign_in("zhao")


def test_every_list_has_a_file(app):
    missing = [name for face in set(FACES.values()) for name in lists_of(app, face)]
    assert len(missing) > 15
    assert [name for name in missing if export_name(name) not in app.view_functions] == []
    assert NOT_LISTINGS <= set(app.view_functions)


@pytest.mark.parametrize("someone", FACES)
def test_every_list_says_how_many_there_are_and_gives_them_as_excel_and_csv(app, sign_in, someone):
    make_batch(), make_plot()
    browser = sign_in(someone)
    for name, address in open_lists(app, browser, FACES[someone]):
        assert "共 " in browser.get(address).text, name
        for form, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            file = browser.get(f"{address}.{form}")
            assert file.status_code == 200 and file.data.startswith(start), f"{name}.{form}"


@pytest.mark.parametrize("someone", FACES)
def test_every_heading_that_leads_somewhere_sorts_and_every_choice_narrows(app, sign_in, someone):
    make_print_run(make_batch()), make_plot()
    browser = sign_in(someone)
    for name, address in open_lists(app, browser, FACES[someone]):
        page = browser.get(address).text
        sorts = set(re.findall(r"[?&;]sort=(\w+)", page))
        for sort in [*sorts, *(f"-{one}" for one in sorts)]:
            assert browser.get(address, query_string={"sort": sort}).status_code == 200, f"{name} {sort}"
        for field, options in re.findall(r'<select id="(\w+)" name="\w+">(.*?)</select>', page, re.DOTALL):
            for value in re.findall(r'<option value="([^"]*)"', options):
                answer = browser.get(address, query_string={field: value})
                assert answer.status_code == 200, f"{name} {field}={value}"
        for field in re.findall(r'<input id="\w+" name="(\w+)" value="[^"]*">', page):
            for wild in ("示范%_", "L²", "YZ99999999999", "2026-13-40", "(", "\x00"):
                assert browser.get(address, query_string={field: wild}).status_code == 200, f"{name} {field}"


def test_what_an_address_cannot_mean_is_refused_in_words(zhao):
    for asked in ({"state": "示范"}, {"sort": "示范"}, {"product": "示范"}):
        answer = zhao.get("/authority/roll", query_string=asked)
        assert answer.status_code == 422 and "“示范”不是这一项可以选的" in answer.text
    assert "不是这一项可以选的" in zhao.get("/authority/alerts?since=2026-02-30").text
    long = zhao.get("/authority/roll", query_string={"q": "陈" * 10_000})
    assert long.status_code == 422 and "10000 个字，最多 100 个字" in long.text


def test_a_file_has_the_rows_that_the_page_was_narrowed_to_in_its_order(zhao):
    both = zhao.get("/authority/roll?sort=-uscc").text
    assert both.index(WU_USCC) < both.index(LIN_USCC)
    rows = table_of(zhao.get("/authority/roll.csv?sort=-uscc"))
    assert [row[1] for row in rows[1:]] == [WU_USCC, LIN_USCC]
    assert [row[1] for row in table_of(zhao.get("/authority/roll.csv?q=林记"))[1:]] == [LIN_USCC]
    assert len(table_of(zhao.get("/authority/roll.csv?product=taishan-rice"))) == 1


def test_names_are_found_however_they_are_written(zhao):
    for asked in ("林記示範", "林记 示范", "ＬＩＮ" and "林記　示範陳皮行"):
        assert LIN_USCC in zhao.get("/authority/roll", query_string={"q": asked}).text, asked


def test_words_stand_whole_in_their_cells(zhao):
    page = zhao.get("/authority/authorisations").text
    assert re.search(r"<td>\s*地理标志产品\s*</td>", page) and "<div>地</div>" not in page


def test_no_cell_of_a_file_starts_a_formula(zhao):
    for number, own in enumerate(("=1+1", "+1", "-示范", "@示范")):
        make_batch(own_number=own, units=1, net_weight_g=10 + number)
    owns = {row[3] for row in table_of(zhao.get("/authority/batches.csv"))[1:]}
    assert owns == {"'=1+1", "'+1", "'-示范", "'@示范"}
    book = openpyxl.load_workbook(io.BytesIO(zhao.get("/authority/batches.xlsx").data))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_the_roll_as_a_file_has_the_columns_of_an_announcement(zhao):
    header, first, *_others = table_of(zhao.get("/authority/authorisations.csv"))
    told = dict(zip(header, first, strict=True))
    assert header[:2] == ["序号", "地理标志产品名称"] and told["序号"] == "1"
    assert {"企业名称", "企业地址", "社会信用代码", "公告号/注册号"} <= set(header)
    assert told["地理标志产品名称"] == "新会陈皮" and told["授权截止日"] == "长期"
    page = zhao.get("/authority/roll?q=林记&product=xinhui-chenpi").text
    [address] = re.findall(r'href="(/authority/authorisations.xlsx[^"]*)"', page)
    book = openpyxl.load_workbook(io.BytesIO(zhao.get(address.replace("&amp;", "&")).data))
    assert [row[2] for row in book.active.iter_rows(values_only=True)] == ["企业名称", "林记示范陈皮行"]


def test_taking_a_list_away_as_a_file_is_in_the_record(zhao):
    make_plot()
    zhao.get("/authority/growers.csv?q=示范户")
    [row] = db.session.query(RecordRow).filter_by(act="list.exported")
    assert row.facts == {"list": "growers", "form": "csv", "rows": 1}
    assert [(one.name, one.value) for one in row.personal] == [("asked", "q=示范户")]


@pytest.mark.parametrize("someone", FACES)
def test_whatever_list_is_taken_away_the_record_tells_of_it(app, sign_in, someone):
    browser, face = sign_in(someone), FACES[someone]
    lists = [address for _name, address in open_lists(app, browser, face)]
    others = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith(f"{face}.export_")]
    plain = {rule.split(".<")[0] for rule in others if rule.count("<") == 1}
    assert set(lists) <= plain
    exported = db.session.query(RecordRow).filter_by(act="list.exported")
    for address in sorted(plain):
        before = exported.count()
        taken = browser.get(f"{address}.csv").status_code == 200
        assert exported.count() == before + taken, address


def test_weights_are_numbers_for_excel(zhao):
    make_opening_stock(1500)
    book = openpyxl.load_workbook(io.BytesIO(zhao.get("/authority/lots.xlsx").data))
    header, first = list(book.active.iter_rows(values_only=True))[:2]
    told = dict(zip(header, first, strict=True))
    assert told["结存（千克）"] == 1.5
    books = openpyxl.load_workbook(io.BytesIO(zhao.get("/authority/books.xlsx").data))
    assert all(
        isinstance(cell, int | float) for cell in list(books.active.iter_rows(values_only=True))[1][3:]
    )


def test_a_rival_takes_away_nothing_of_lins(sign_in):
    batch = make_batch(own_number="林批一")
    make_print_run(batch)
    wu = sign_in("wu")
    for address in ("batches", "print-runs", "lots", "clerks"):
        for file in ("", ".csv"):
            text = wu.get(f"/enterprise/{address}{file}").text
            assert batch.number_text not in text and "林批一" not in text and "林记" not in text, address


@act
def _many(firms, plots):
    grower = db.session.query(Party).filter_by(kind=PartyKind.GROWER).first()
    for number in range(firms):
        name, code = f"示范企业{number:03d}", f"9144070{number:011d}"
        db.session.add(Party(kind=PartyKind.ENTERPRISE, name=name, uscc=code, area=find_area("会城")))
    for number in range(plots):
        place = {"area_id": village().id, "crop_id": crop().id, "measured_m2": 900, "bearing_m2": 900}
        db.session.add(Plot(number=f"示范-多-{number:04d}", party_id=grower.id, **place))


@pytest.mark.parametrize("someone", FACES)
def test_more_rows_ask_the_database_nothing_more(app, sign_in, someone):
    make_plot(), make_print_run(make_batch())
    browser = sign_in(someone)
    lists = list(open_lists(app, browser, FACES[someone]))
    before = {name: questions(browser, address, f"{address}.csv") for name, address in lists}
    _many(20, 20)
    for number in range(5):
        make_print_run(make_batch(own_number=f"多{number}", units=1, lot=make_opening_stock(1000)))
    after = {name: questions(browser, address, f"{address}.csv") for name, address in lists}
    assert {name: (before[name], count) for name, count in after.items() if count > before[name] + 1} == {}
