"""The page that a shopper opens."""

import re
from html import unescape

from gi_trace.batches.actions import activate_units, cancel_batch
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.labels.download import sample_of
from gi_trace.registry.actions import change_authorisation
from gi_trace.registry.rules import ChangeKind
from gi_trace.verification.looking.look import look_at, unit_of
from gi_trace.verification.models import Alert, Check
from gi_trace.verification.verdicts import Verdict
from tests.cast import code, make_activated_batch, make_batch, make_print_run, person, right_of, withdraw


def headline(client, text):
    return headline_at(client, f"/c/{text}")


def headline_at(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.text.split("<h1>")[1].split("</h1>")[0]


def test_an_activated_unit_is_valid_and_says_who_packed_what(client):
    batch = make_activated_batch()
    page = client.get(f"/c/{code(batch)}").text
    for words in (
        "标识有效",
        "新会陈皮",
        "250 克",
        "林记示范陈皮行",
        "91440705MA5DEM01XX",
        batch.number_text,
        "此前无查验记录",
    ):
        assert words in page


def test_the_page_is_small_and_asks_nothing_of_the_browser(client):
    answer = client.get(f"/c/{code(make_activated_batch())}")
    assert len(answer.data) < 30_000
    assert "<script" not in answer.text and "http://" not in answer.text.replace("http://www.w3.org", "")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_unit_printed_but_not_activated_says_so(client):
    batch = make_batch()
    run = make_print_run(batch)
    activate_units(run, 1, 10, by=person("lin"))
    assert headline(client, code(batch, 10)) == "标识有效"
    assert headline(client, code(batch, 11)) == "标识尚未启用"


def test_a_mistyped_code_is_malformed_and_an_unknown_one_is_not_called_fake(client):
    assert headline(client, "ABC") == "无法识别此码"
    page = client.get("/c/00000000000000000000").text
    assert "查无此标识" in page and "假货" not in page


def test_an_address_of_another_site_never_opens_ours_and_can_be_reported_in_one_tap(app, client):
    batch = make_activated_batch()
    for host in (
        "evil.example",
        "127.0.0.1:8000@evil.example",
        "127.0.0.1:8000.evil.example",
        "127.0.0.1",
        "127.0.0.1:8001",
    ):
        read = f"http://{host}/c/{code(batch)}"
        page = client.get("/", query_string={"code": read}).text
        assert "指向别的网站" in page and f'href="{read}' not in page and "林记示范陈皮行" not in page
        [link] = re.findall(r'href="(/report[?]read=[^"]+)"', page)
        assert read in unescape(client.get(unescape(link)).text.split("<textarea")[1])
    app.config["FORMER_HOSTS"] = ("old.example",)
    for read in (f"https://old.example/c/{code(batch)}", f"HTTP://OLD.EXAMPLE/C/{code(batch)}"):
        assert "标识有效" in client.get("/", query_string={"code": read}).text


def test_every_printed_and_pasted_form_of_an_address_opens_the_page(client):
    batch = make_activated_batch()
    text, gtin = code(batch), "06901234567892"
    for address in (
        f"/c/{text}/",
        f"/C/{text}",
        f"/?code=http://127.0.0.1:8000/?code={text}",
        f"/c/{text.lower()}。",
    ):
        assert headline_at(client, address) == "标识有效", address
    for address in (
        f"/01/{gtin}/22/2A/21/{text}",
        f"/01/{gtin}/22/2A/10/{batch.number_text}/21/{text}",
        f"/01/{gtin}/10/00000/21/{text}",
    ):
        assert headline_at(client, address) == "查无此标识", address


def test_a_slip_is_told_with_its_place_and_what_was_typed_is_kept(client):
    typed = code(make_activated_batch())
    page = client.get("/", query_string={"code": typed[:7] + "&" + typed[8:]}).text
    assert (
        "“&amp;”从不出现在标识码里：第 2 组第 3 个。" in page
        and f'value="{typed[:7]}&amp;{typed[8:]}"' in page
    )
    assert "读到 19 个" in client.get(f"/c/{typed[:19]}").text


def test_a_sample_says_so_and_is_never_counted_however_often_it_is_scanned(app, client):
    batch = make_activated_batch()
    for sample in (sample_of(keys().by_epoch[batch.epoch], number) for number in (batch.number, 0)):
        for _ in range(3):
            assert headline(client, sample.codes()[0]) == "样张，不是产品标识"
            told = client.get(f"/api/v1/codes/{sample.codes()[0]}").json
            assert told["verdict"] == "sample" and told["label"] is None and told["history"] is None
        assert look_at(sample.codes()[0]).verdict is Verdict.SAMPLE  # as inspectors see it
        assert unit_of(sample.codes()[0]) is None
    assert db.session.query(Check).count() == db.session.query(Alert).count() == 0


def test_a_sample_in_the_address_of_another_batch_is_not_ours(client):
    batch = make_activated_batch()
    sample = sample_of(keys().by_epoch[batch.epoch], batch.number).codes()[0]
    gtin = "06901234567892"
    assert headline_at(client, f"/01/{gtin}/10/{batch.number_text}/21/{sample}") == "样张，不是产品标识"
    assert headline_at(client, f"/01/{gtin}/10/00000/21/{sample}") == "查无此标识"


def test_a_code_typed_with_blanks_and_small_letters_is_understood(client):
    typed = code(make_activated_batch()).lower()
    page = client.get("/", query_string={"code": f" {typed[:5]} {typed[5:10]}-{typed[10:]} "})
    assert page.status_code == 200 and "标识有效" in page.text


def test_a_withdrawal_for_cause_changes_the_page_at_once(client):
    batch = make_activated_batch()
    withdraw(right_of("lin"), reason="线人甲的举报", notice="使用外地皮")
    page = client.get(f"/c/{code(batch)}").text
    assert "用标授权已被撤销" in page and "使用外地皮" in page and "线人甲" not in page


def test_a_right_that_ended_without_fault_leaves_an_old_pack_valid_with_a_line(client):
    batch = make_activated_batch()
    change_authorisation(right_of("lin"), ChangeKind.ENDED, reason="停产", for_cause=False, by=person("zhao"))
    page = client.get(f"/c/{code(batch)}").text
    assert "标识有效" in page and "终止，与过错无关，不影响此前包装的产品" in page


def test_a_cancelled_batch_is_explained_and_never_404(client):
    batch = make_batch()
    make_print_run(batch, downloaded=False)
    cancel_batch(batch, by=person("lin"))
    assert headline(client, code(batch)) == "标识已注销"
