"""The books as the enterprise and the authority see them, and what does not fit."""

import csv
import io

import pytest
from openpyxl import load_workbook

from gi_trace.stock.actions.processing import book_loss
from tests.cast import person
from tests.farm import AUTUMN, KG, make_fruit, make_peel


@pytest.fixture(autouse=True)
def stock(app, at):
    at(AUTUMN)
    book_loss(make_peel(50 * KG), 2 * KG, reason="虫蛀", by=person("lin"))
    make_fruit(300 * KG, "wu")


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_an_enterprise_sees_its_own_books_only(sign_in):
    page = sign_in("lin").get("/enterprise/books").text
    assert "干柑皮" in page and "48 千克" in page and "胡记示范陈皮行" not in page
    assert '<th scope="col">主体</th>' in page and '<th scope="col" class="number">包装净额</th>' in page
    rows = rows_of(sign_in("lin").get("/enterprise/books.csv"))
    peel = next(row for row in rows if row[1] == "干柑皮" and row[2].startswith("2026"))
    assert peel[3:] == ["0", "50", "0", "2", "0", "0", "0", "48"]


def test_the_authority_sees_all_books_also_as_a_workbook(sign_in):
    content = sign_in("zhao").get("/authority/books.xlsx").data
    names = {row[0].value for row in load_workbook(io.BytesIO(content)).active}
    assert {"林记示范陈皮行", "胡记示范陈皮行"} <= names


def test_a_season_is_reconciled_from_the_plots_to_the_labels(sign_in):
    page = sign_in("zhao").get("/authority/reconciliation?crop=citrus&season=2026").text
    assert "核定产量" in page and "4,500 千克" in page and "1,300 千克" in page
    answer = sign_in("zhao").get("/authority/reconciliation.csv?crop=citrus&season=2026")
    assert rows_of(answer)[0][0] == "主体"
    own = sign_in("lin").get("/enterprise/reconciliation").text
    assert "胡记示范陈皮行" not in own and "核定产量" not in own


def test_the_books_of_a_period_begin_with_what_there_was(sign_in):
    rows = rows_of(sign_in("lin").get("/enterprise/books.csv?since=2026-11-25"))
    peel = next(row for row in rows if row[1] == "干柑皮" and row[2].startswith("2026"))
    assert peel[3:] == ["48", "0", "0", "0", "0", "0", "0", "48"]
    assert 'value="2026-11-25"' in sign_in("lin").get("/enterprise/books?since=2026-11-25").text
    assert sign_in("lin").get("/enterprise/books?since=x").status_code == 200
