"""A run's files: of chosen units, in parts, and resumed where the line broke."""

import hashlib
import re
from datetime import timedelta

import pytest

from gi_trace import clock
from gi_trace.batches.models import Download
from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import place_stop
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from tests.cast import make_batch, make_print_run, person

FILE = {"form": "csv", "template": "a4-24", "level": "M", "start": "1"}


@pytest.fixture
def run(app):
    return make_print_run(make_batch(), downloaded=False)


@pytest.fixture
def lin(sign_in):
    return sign_in("lin")


def noted(browser, run, **changes):
    """The address that follows: of the file, or of its parts."""
    answer = browser.post(f"/enterprise/print-runs/{run.id}/download", data=FILE | changes)
    assert answer.status_code == 302, answer.text
    return answer.location


def piece(browser, address, asked, **headers):
    return browser.get(address, headers={"Range": asked, **headers})


def file_sent():
    rows = db.session.query(RecordRow).filter_by(act="print_run.file_sent").order_by(RecordRow.number)
    return [row.facts for row in rows]


@pytest.mark.parametrize("form", ["pdf", "csv", "xlsx", "png", "svg", "zpl"])
def test_a_download_that_broke_goes_on_and_is_one_download(lin, run, form):
    address = noted(lin, run, form=form)
    whole = lin.get(address)
    etag, content = whole.headers["ETag"], whole.data
    assert re.fullmatch(r'"[0-9a-f]{40}"', etag) and whole.headers["Accept-Ranges"] == "bytes"
    assert int(whole.headers["Content-Length"]) == len(content)
    assert whole.headers["Content-Type"].count("charset") == (form == "csv")
    half = len(content) // 2
    first = piece(lin, address, f"bytes=0-{half - 1}", **{"If-Range": etag})
    rest = piece(lin, address, f"bytes={half}-", **{"If-Range": etag})
    assert (first.status_code, rest.status_code) == (206, 206) and rest.headers["ETag"] == etag
    assert rest.headers["Content-Range"] == f"bytes {half}-{len(content) - 1}/{len(content)}"
    assert first.data + rest.data == content
    [download] = db.session.query(Download)
    assert download.sha256 == hashlib.sha256(content).hexdigest()


def test_what_is_made_anew_for_each_piece_is_bounded_by_the_hour_and_lists_go_on(app, lin, run):
    app.config["MOST_LABELS_MADE"] = 3 * run.units
    for form, most in (("xlsx", 3), ("csv", 9)):
        address = noted(lin, run, form=form, reason="印坏了")
        answers = [piece(lin, address, "bytes=9-") for _ in range(4)]
        assert [answer.status_code for answer in answers[:3]] == [206] * 3
        assert answers[3].status_code == (429 if most == 3 else 206)
    assert "改用 CSV" in piece(lin, noted(lin, run, form="png", reason="印坏了"), "bytes=9-").text


def test_the_books_say_when_the_end_of_a_file_left_and_from_where(lin, run):
    address = noted(lin, run)
    first = piece(lin, address, "bytes=0-99")
    [download] = db.session.query(Download)
    assert first.status_code == 206 and download.finished_at is None and file_sent() == []
    rest = piece(lin, address, "bytes=100-")
    sha256 = hashlib.sha256(first.data + rest.data).hexdigest()
    assert file_sent() == [{"part": 1, "sha256": sha256, "from_byte": 100}]
    lin.get(address)
    assert len(file_sent()) == 1, "the same file fetched again is no news"
    db.session.expire_all()
    assert download.finished_at and download.sha256 == sha256


def test_any_single_piece_is_sent_and_what_is_no_piece_is_all_of_it_or_refused(lin, run):
    address = noted(lin, run)
    content = lin.get(address).data
    assert piece(lin, address, "bytes=-7").data == content[-7:]
    assert piece(lin, address, f"bytes=-{len(content) + 1}").data == content
    assert piece(lin, address, "bytes=3-3").data == content[3:4]
    assert piece(lin, address, f"bytes=10-{10 * len(content)}").data == content[10:]
    for asked in ("bytes=0-1,5-9", "lines=1-2", "bytes=x", "bytes=9-3"):
        whole = piece(lin, address, asked)
        assert whole.status_code == 200 and whole.data == content, asked
    beyond = piece(lin, address, f"bytes={len(content)}-")
    assert beyond.status_code == 416 and beyond.headers["Content-Range"] == f"bytes */{len(content)}"
    assert f"文件共 {len(content)} 字节" in beyond.text
    head = lin.head(address)
    assert head.data == b"" and int(head.headers["Content-Length"]) == len(content)


def test_a_file_that_changed_meanwhile_is_sent_whole(app, lin, run):
    address = noted(lin, run)
    etag = lin.get(address).headers["ETag"]
    for stale in ('"0123"', f"W/{etag}", "Tue, 24 Nov 2026 08:00:00 GMT"):
        assert piece(lin, address, "bytes=5-", **{"If-Range": stale}).status_code == 200
    app.config["PUBLIC_URL"] = "https://elsewhere.example"
    changed = piece(lin, address, "bytes=5-", **{"If-Range": etag})
    assert changed.status_code == 200 and changed.headers["ETag"] != etag and b"elsewhere" in changed.data


def test_the_name_of_a_file_tells_batch_units_and_layout(lin, run):
    def name(**changes):
        changes["reason"] = "补印"
        return lin.get(noted(lin, run, **changes)).headers["Content-Disposition"].split("filename=")[1]

    batch = run.batch.number_text
    assert name(form="pdf", template="a4-40") == f"{batch}_1-100_a4-40.pdf"
    assert name(form="csv", ranges="11-20") == f"{batch}_11-20_codes.csv"
    assert name(form="png") == f"{batch}_1-100_png.zip"


def test_a_file_of_chosen_units_is_one_download_with_its_units(lin, run):
    rows = lin.get(noted(lin, run, ranges="31-40")).data.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == [str(unit) for unit in range(31, 41)]
    [download] = db.session.query(Download)
    assert download.options["ranges"] == [[31, 40]]
    assert "31–40" in lin.get(f"/enterprise/print-runs/{run.id}").text


def test_units_outside_of_the_run_are_refused_in_words(lin):
    batch = make_batch()
    make_print_run(batch, 40, downloaded=False)
    run = make_print_run(batch, 60, downloaded=False)
    refused = lin.post(f"/enterprise/print-runs/{run.id}/download", data=FILE | {"ranges": "31-50"})
    assert refused.status_code == 422 and "件号 31–50 不在本印制批的 41–100 之内" in refused.text
    assert db.session.query(Download).count() == 0


def test_a_download_comes_in_parts_of_the_size_a_printer_takes(lin, run):
    page = noted(lin, run, per_part="30")
    links = re.findall(r'href="(/enterprise/print-runs/\d+/downloads/\d+/\d+)"', lin.get(page).text)
    assert len(links) == 4 and "1–30" in lin.get(page).text and "91–100" in lin.get(page).text
    contents = [lin.get(link).data.decode("utf-8-sig").splitlines()[1:] for link in links]
    assert [len(rows) for rows in contents] == [30, 30, 30, 10]
    assert [int(row.split(",")[0]) for rows in contents for row in rows] == list(range(1, 101))
    [download] = db.session.query(Download)
    assert download.finished_at and [facts["part"] for facts in file_sent()] == [1, 2, 3, 4]
    assert all(facts["sha256"][:16] in lin.get(page).text for facts in file_sent())
    assert lin.get(links[0][:-1] + "5").status_code == 404


def test_parts_too_many_to_look_after_are_refused(app, lin):
    batch = make_batch(net_weight_g=1, units=1000)
    run = make_print_run(batch, downloaded=False)
    refused = lin.post(f"/enterprise/print-runs/{run.id}/download", data=FILE | {"per_part": "1"})
    assert refused.status_code == 422 and "会分成 1000 个文件，最多 500 个" in refused.text


def test_only_who_asked_fetches_a_file_and_only_for_a_day(lin, run, sign_in, at):
    address = noted(lin, run)
    assert sign_in("wu").get(address).status_code == 403
    other = make_print_run(make_batch(own_number="A-002"), downloaded=False)
    assert lin.get(address.replace(f"/{run.id}/downloads", f"/{other.id}/downloads")).status_code == 404
    at((clock.now() + timedelta(hours=25)).isoformat())
    late = sign_in("lin").get(address)
    assert late.status_code == 422 and "超过 24 小时" in late.text


def test_a_file_asked_for_while_its_batch_is_stopped_is_refused(lin, run):
    address = noted(lin, run)
    place_stop(run.batch, StopKind.HOLD, 50, 60, reason="示范", by=person("zhao"))
    fetched = lin.get(address)
    assert fetched.status_code == 422 and "冻结或召回" in fetched.text
    assert piece(lin, address, "bytes=5-").status_code == 422
    asked = {"reason": "补印", "ranges": "55"}
    refused = lin.post(f"/enterprise/print-runs/{run.id}/download", data=FILE | asked)
    assert refused.status_code == 422 and "冻结或召回" in refused.text
    assert lin.get(noted(lin, run, reason="补印", ranges="1-49")).status_code == 200
