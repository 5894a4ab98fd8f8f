"""What becomes of a label, from the printer to its end."""

import hashlib
import io
import re

import pytest
from PIL import Image
from sqlalchemy import text

from gi_trace.batches.actions import activate_units, cancel_batch
from gi_trace.batches.models import Download, run_tally
from gi_trace.batches.rules import DownloadKind, UnitState
from gi_trace.batches.unpacking import unpack_units
from gi_trace.database import db, writing
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import Basis
from gi_trace.stock.models import Lot
from tests.cast import code, make_batch, make_opening_stock, make_print_run, person, right_of, unit_state

FILE = {"form": "pdf", "template": "a4-24", "level": "M", "start": "1"}


@pytest.fixture
def run(app):
    return make_print_run(make_batch(), downloaded=False)


def download(browser, run, **changes):
    address = f"/enterprise/print-runs/{run.id}/download"
    return browser.post(address, data=FILE | changes, follow_redirects=True)


def mark(browser, run, state, first, last, **changes):
    answers = {"state": state, "ranges": f"{first}-{last}", "count": last - first + 1, "reason": "示范"}
    return browser.post(
        f"/enterprise/print-runs/{run.id}/mark", data=answers | changes | {"answers": "confirmed"}
    )


def test_a_reprint_is_the_same_file_and_asks_for_a_reason(sign_in, run):
    lin = sign_in("lin")
    first = download(lin, run)
    assert first.data.startswith(b"%PDF") and int(first.headers["Content-Length"]) == len(first.data)
    refused = download(lin, run)
    assert refused.status_code == 422 and "已下载过 1 次" in refused.text
    again = download(lin, run, reason="卡纸")
    assert again.data == first.data
    hashes = [one.sha256 for one in db.session.query(Download)]
    assert hashes == [hashlib.sha256(first.data).hexdigest()] * 2
    page = lin.get(f"/enterprise/print-runs/{run.id}").text
    assert "第 2 次" in page and "卡纸" in page
    assert "第 3 次下载" in lin.get(f"/enterprise/print-runs/{run.id}/download").text


@pytest.mark.parametrize(
    ("form", "start"),
    [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("png", b"PK"), ("svg", b"PK"), ("zpl", b"~DG")],
)
def test_a_run_comes_in_every_form(sign_in, run, form, start):
    assert download(sign_in("lin"), run, form=form).data.startswith(start)


def test_bad_layouts_are_refused_before_anything_is_sent(sign_in, run):
    lin = sign_in("lin")
    assert "印到纸外" in download(lin, run, margin_x="400", margin_y="0").text
    assert "起始位置应为 1 至 24" in download(lin, run, start="25").text
    assert db.session.query(Download).count() == 0


def hidden_codes(browser, run, **changes):
    answers = FILE | {"form": "csv", "reason": "印涂层", "answers": "confirmed"} | changes
    address = f"/enterprise/print-runs/{run.id}/hidden-codes"
    return browser.post(address, data=sent(answers), follow_redirects=True)


def sent(answers):
    """Without `answers` the summary is still to be seen."""
    return {name: value for name, value in answers.items() if value is not None}


def test_hidden_codes_never_come_with_the_ordinary_file(sign_in, run):
    assert "涂层密码" not in download(sign_in("lin"), run, form="csv", hidden="y").data.decode("utf-8-sig")


def test_hidden_codes_are_a_download_and_an_act_of_their_own(sign_in, run):
    lin = sign_in("lin")
    summary = hidden_codes(lin, run, answers=None).text
    assert "请只交给印刷涂层的人" in summary and "印涂层" in summary
    file = hidden_codes(lin, run)
    assert "涂层密码" in file.data.decode("utf-8-sig")
    noted = db.session.query(Download).one()
    assert (noted.kind, noted.reason) == (DownloadKind.HIDDEN_CODES, "印涂层")
    assert noted.sha256 == hashlib.sha256(file.data).hexdigest()
    acts = [row.act for row in db.session.query(RecordRow).order_by(RecordRow.number)][-2:]
    assert acts == ["print_run.hidden_codes_downloaded", "print_run.file_sent"]
    assert "含涂层密码" in lin.get(f"/enterprise/print-runs/{run.id}").text


def test_hidden_codes_are_asked_for_with_a_reason_and_in_a_form_that_can_hold_them(sign_in, run):
    lin = sign_in("lin")
    assert hidden_codes(lin, run, reason=" ").status_code == 422
    assert hidden_codes(lin, run, form="png").status_code == 422
    assert hidden_codes(lin, run, form="pdf").data.startswith(b"%PDF")


def test_a_clerk_cannot_take_hidden_codes(sign_in, run):
    with writing():
        person("lin").manages_clerks = False
    clerk = sign_in("lin")
    assert "下载涂层密码" not in clerk.get(f"/enterprise/print-runs/{run.id}").text
    assert clerk.get(f"/enterprise/print-runs/{run.id}/hidden-codes").status_code == 403
    refused = hidden_codes(clerk, run)
    assert refused.status_code == 403 and "第一个账号" in refused.text
    assert db.session.query(Download).count() == 0


def test_a_trial_page_can_be_printed_first(sign_in):
    assert sign_in("lin").get("/enterprise/print-runs/trial/a4-24.pdf").data.startswith(b"%PDF")


def test_what_a_label_lacks_is_said_before_ordering(sign_in):
    batch = make_batch()
    with writing():
        right_of("lin").basis = Basis.CERTIFICATION
        right_of("lin").number = batch.printed_number = ""
    answer = sign_in("lin").post(
        f"/enterprise/batches/{batch.number}/print-runs/new", data={"units": 1, "printer": "示范印务"}
    )
    assert answer.status_code == 422 and "商标注册号" in answer.text


def order(browser, batch, **changes):
    answers = {"units": 1, "printer": "示范印务", "answers": "confirmed"} | changes
    return browser.post(f"/enterprise/batches/{batch.number}/print-runs/new", data=sent(answers))


def test_layouts_that_an_address_is_too_long_for_are_named_before_ordering(app, sign_in):
    app.config["PUBLIC_URL"] = f"https://{'long-' * 20}name.example"
    batch, lin = make_batch(), sign_in("lin")
    page = order(lin, batch, answers=None)
    assert page.status_code == 200
    assert "卷装 30 × 20 毫米" in page.text and "网址太长" in page.text and "<dt>A4 纸 24 枚" not in page.text
    assert order(lin, batch).status_code == 302


def test_an_address_too_long_for_every_layout_is_refused_before_ordering(app, sign_in):
    app.config["PUBLIC_URL"] = f"https://{'long-' * 80}name.example"
    batch = make_batch()
    answer = order(sign_in("lin"), batch, answers=None)
    assert answer.status_code == 422 and "网址太长" in answer.text
    assert not batch.print_runs


def test_an_order_and_an_activation_are_shown_in_summary_before_they_are_sent(sign_in):
    batch, lin = make_batch(), sign_in("lin")
    summary = order(lin, batch, units=60, answers=None).text
    assert "提交前请核对" in summary and "示范印务" in summary and not batch.print_runs
    order(lin, batch, units=60)
    [run] = batch.print_runs
    download(lin, run)
    address = f"/enterprise/print-runs/{run.id}/activate"
    summary = lin.post(address, data={"ranges": "11-30"}).text
    assert "提交前请核对" in summary and "11–30（共 20 件）" in summary
    assert unit_state(batch.number, 11) is None
    lin.post(address, data={"ranges": "11-30", "answers": "confirmed"})
    assert unit_state(batch.number, 30) is UnitState.ACTIVATED


def test_every_label_ends_somewhere_and_the_sum_is_what_was_ordered(sign_in, run, client):
    lin = sign_in("lin")
    download(lin, run)
    activate_units(run, 1, 80, by=person("lin"))
    client.get(f"/c/{code(run.batch, 7)}")
    summary = lin.post(
        f"/enterprise/print-runs/{run.id}/mark",
        data={"state": "returned", "ranges": "1至10", "count": 10, "reason": "退货"},
    )
    assert "其中 1 件已被公众查验过" in summary.text
    mark(lin, run, "returned", 1, 10)
    mark(lin, run, "destroyed", 1, 5)
    mark(lin, run, "lost", 90, 92)
    assert vars(run_tally(run)) == {
        "unused": 17,
        "in_market": 70,
        "void": 0,
        "lost": 3,
        "returned": 5,
        "destroyed": 5,
    }
    assert "不能改为“退回”" in mark(lin, run, "returned", 95, 96).text
    assert "共 2 件，您填写的是 20 件" in mark(lin, run, "lost", 95, 96, count=20).text
    assert "产品已登记销毁" in client.get(f"/c/{code(run.batch, 1)}").text


def test_one_form_takes_scattered_spoilage_scanned_typed_and_pasted(sign_in, run, client):
    lin = sign_in("lin")
    download(lin, run)
    pasted = (
        f"{code(run.batch, 3)}\r\n41-42\r\nhttps://gi.example/c/{code(run.batch, 57)}\r\n{code(run.batch, 3)}"
    )
    answers = {"state": "void", "ranges": pasted, "count": 4, "reason": "印坏"}
    address = f"/enterprise/print-runs/{run.id}/mark"
    assert "3、41–42、57（共 4 件）" in lin.post(address, data=answers).text
    assert lin.post(address, data=answers | {"answers": "confirmed"}).status_code == 302
    lot = db.session.query(Lot).order_by(Lot.id.desc()).first()
    assert lot.balance_g == 4 * 250
    assert [unit for unit in range(1, 101) if unit_state(run.batch_number, unit) is UnitState.VOID] == [
        3,
        41,
        42,
        57,
    ]


def test_the_form_says_what_happens_to_the_weight(sign_in, run):
    page = sign_in("lin").get(f"/enterprise/print-runs/{run.id}/mark").text
    assert "作废 — 印坏、没有装货或已经拆开：标识作废，重量退回" in page
    assert "销毁 — 标识和里面的货都没有了：重量不退回批料" in page


def test_a_code_of_another_batch_or_of_nobody_is_named(sign_in, run):
    other, lin = make_batch(own_number="A-002"), sign_in("lin")
    refused = mark(lin, run, "lost", 1, 1, ranges=f"1\n{code(other, 2)}", count=2)
    assert refused.status_code == 422 and f"是批次 {other.number_text} 的标识码" in refused.text
    assert "“示范”不是件号" in mark(lin, run, "lost", 1, 1, ranges="1、示范").text
    assert "不在本印制批" in mark(lin, run, "void", 101, 101).text


def test_scattered_units_are_activated_together(sign_in, run):
    lin = sign_in("lin")
    download(lin, run)
    answers = {"ranges": f"1-5、{code(run.batch, 9)}", "answers": "confirmed"}
    assert lin.post(f"/enterprise/print-runs/{run.id}/activate", data=answers).status_code == 302
    assert run_tally(run).in_market == 6


def test_opened_packs_give_their_weight_back_and_their_codes_are_void(sign_in, run, client):
    lin = sign_in("lin")
    download(lin, run)
    answers = {"ranges": "1-20", "count": 20, "reason": "受潮", "answers": "confirmed"}
    answer = lin.post(f"/enterprise/batches/{run.batch_number}/unpack", data=answers)
    assert answer.status_code == 302
    lot = db.session.query(Lot).order_by(Lot.id.desc()).first()
    assert lot.balance_g == 20 * 250
    assert unit_state(run.batch_number, 20) is UnitState.VOID
    again = lin.post(f"/enterprise/batches/{run.batch_number}/unpack", data=answers)
    assert again.status_code == 422 and "作废" in again.text


def test_much_spoilage_needs_the_authoritys_consent_before_the_next_download(sign_in, run):
    lin, zhao = sign_in("lin"), sign_in("zhao")
    download(lin, run)
    mark(lin, run, "destroyed", 1, 6)
    refused = download(lin, run, reason="再印")
    assert refused.status_code == 422 and "超过 5%（5 件）" in refused.text
    [earlier] = run.downloads
    address = f"/enterprise/print-runs/{run.id}/downloads/{earlier.id}/1"
    assert lin.get(address).status_code == 422, "nor is the earlier file there to be printed again"
    assert "损耗过多" in zhao.get("/authority/print-runs").text
    consent = {"reason": "现场看过", "answers": "confirmed"}
    assert zhao.post(f"/authority/print-runs/{run.id}/consent", data=consent).status_code == 302
    assert download(lin, run, reason="再印").status_code == 200
    assert lin.get(address).status_code == 200
    mark(lin, run, "destroyed", 7, 7)
    assert download(lin, run, reason="再印").status_code == 422  # the consent was for six
    assert "损耗过多" in lin.get("/enterprise/").text


def test_the_firm_reads_that_consent_is_needed_and_the_runs_page_gives_it(sign_in, run):
    lin, zhao = sign_in("lin"), sign_in("zhao")
    download(lin, run)
    mark(lin, run, "lost", 1, 30)
    page = lin.get(f"/enterprise/print-runs/{run.id}").text
    assert "损耗过多" in page and "30 件" in page and "须主管部门同意" in page
    page = zhao.get(f"/authority/print-runs/{run.id}").text
    assert "损耗过多" in page and f'href="/authority/print-runs/{run.id}/consent"' in page


def test_a_cancelled_batchs_run_says_so_and_opens_no_form(sign_in, run):
    lin, address = sign_in("lin"), f"/enterprise/print-runs/{run.id}"
    cancel_batch(run.batch, by=person("lin"))
    page = lin.get(address).text
    assert (
        "标识不能再用" in page and "/download" not in page and "/activate" not in page and "/mark" not in page
    )
    for form in ("download", "hidden-codes", "activate", "mark"):
        answer = lin.get(f"{address}/{form}")
        assert answer.status_code >= 400 and "已取消" in answer.text, form
    assert "标识不能再用" in sign_in("zhao").get(f"/authority/print-runs/{run.id}").text
    assert "批次已取消" in lin.get("/enterprise/print-runs").text


def test_what_is_proposed_for_activation_after_scattered_spoilage_can_be_activated(sign_in, run):
    lin = sign_in("lin")
    download(lin, run)
    unpack_units(run.batch, [(45, 45), (47, 47)], count=2, reason="印坏", by=person("lin"))
    proposed = "1-44、46、48-100"
    assert f">{proposed}</textarea>" in re.sub(r"\r?\n", "", lin.get(f"/enterprise/print-runs/{run.id}").text)
    answers = {"ranges": proposed, "answers": "confirmed"}
    assert lin.post(f"/enterprise/print-runs/{run.id}/activate", data=answers).status_code == 302
    assert run_tally(run).in_market == 98


def test_a_cancelling_that_must_be_asked_for_leads_there_and_one_that_cannot_be_says_why(sign_in, run):
    lin, page = sign_in("lin"), f"/enterprise/batches/{run.batch_number}"
    download(lin, run)
    assert "/undo" in lin.get(f"{page}/cancel").location
    unpack_units(run.batch, [(45, 45)], count=1, reason="印坏", by=person("lin"))
    assert "不能取消此批次" in lin.get(page).text and "/undo" not in lin.get(page).text.split("来龙去脉")[0]


def test_the_mark_that_the_authority_supplies_is_printed(sign_in, run):
    lin, zhao, content = sign_in("lin"), sign_in("zhao"), io.BytesIO()
    plain = download(lin, run).data
    Image.new("RGB", (60, 60), "red").save(content, "PNG")
    address = "/authority/products/xinhui-chenpi/bases/protected/artwork"
    refused = zhao.post(address, data={"file": (io.BytesIO(b"no image"), "mark.png")})
    assert refused.status_code == 422 and "PNG 或 JPEG" in refused.text
    assert zhao.post(address, data={"file": (io.BytesIO(content.getvalue()), "mark.png")}).status_code == 302
    kept = Image.open(io.BytesIO(zhao.get(f"{address}/image").data))
    assert kept.size == (60, 60) and kept.getpixel((30, 30)) == (255, 0, 0)
    assert len(download(lin, run, reason="加标志").data) > len(plain)


def test_a_run_of_four_million_with_a_thousand_scattered_voids_stays_small(app):
    batch = make_batch(net_weight_g=1, units=4_000_000, lot=make_opening_stock(4_000_000, "lin"))
    run = make_print_run(batch)
    before = database_bytes()
    ranges = [(unit, unit) for unit in range(1, 4_000_000, 4000)]
    unpack_units(batch, ranges, count=1000, reason="印刷缺陷", by=person("lin"))
    assert database_bytes() - before < 100_000
    assert run_tally(run).void == 1000


def database_bytes():
    pages = db.session.scalar(text("PRAGMA page_count")) - db.session.scalar(text("PRAGMA freelist_count"))
    return pages * db.session.scalar(text("PRAGMA page_size"))
