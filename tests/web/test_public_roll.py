"""May this firm use the mark for this product?"""

from gi_trace.database import db
from tests.cast import LIN_USCC, code, grant, make_activated_batch, make_party, right_of, suspend

TRADER = "92440705MA5TRD01X5"


def test_a_firm_is_found_by_name_or_code_with_the_state_of_its_right(client):
    for asked in ("林记", LIN_USCC, LIN_USCC.lower()):
        page = client.get("/roll", query_string={"q": asked}).text
        assert "林记示范陈皮行" in page and "新会陈皮" in page and "有效" in page
        assert "胡记" not in page


def test_history_and_loss_of_a_right_are_shown(client):
    suspend(right_of("lin"))
    page = client.get("/roll", query_string={"q": "林记"}).text
    assert "暂停" in page and "因故" in page


def test_a_sole_trader_is_masked_in_the_roll_and_whole_on_the_page_of_its_pack(client):
    trader = make_party("示范张三果皮店", TRADER)
    right = grant(trader)
    page = client.get("/roll", query_string={"q": "张三"}).text
    assert "示范张三果皮店" not in page and TRADER not in page
    assert "示＊＊＊＊＊店" in page and TRADER[-4:] in page
    assert right.party_id == trader.id


def test_the_roll_cannot_be_listed(client):
    for asked in ("", "林", "%%"):
        assert LIN_USCC not in client.get("/roll", query_string={"q": asked}).text


def test_who_is_not_found_is_told_what_that_means(client):
    assert "没有找到" in client.get("/roll", query_string={"q": "不存在的店"}).text
    assert db.session is not None and code(make_activated_batch())
