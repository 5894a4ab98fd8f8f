"""A stream of checks in, the first alert of each code out."""

import csv

import pytest

from gi_trace.verification.replay import COLUMNS, BadRow, BadStream, replay

CITIES = ["成都", "北京", "南宁", "上海", "西安", "武汉", "长沙", "沈阳", "杭州", "昆明"]
HONEST = [["2026-03-01T08:00:00Z", "HONEST", "B1", "d0", "江门", "web"]]
COPIED = [[f"2026-03-{2 * n + 1:02}T08:00:00Z", "COPIED", "B1", f"d{n}", city, "wechat"]
          for n, city in enumerate(CITIES, start=1)]  # fmt: skip


def test_the_first_alert_of_each_code_comes_out_as_the_checks_come():
    alerts = list(replay([list(COLUMNS), *HONEST, *COPIED]))
    assert [alert.code for alert in alerts] == ["COPIED"]
    assert alerts[0].alerted_at.isoformat() < "2026-03-20"
    assert alerts[0].score > 0


def test_columns_may_come_in_any_order_with_others_beside_them():
    header = [*reversed(COLUMNS), "note"]
    rows = [[*reversed(row), "?"] for row in COPIED]
    assert list(replay([header, *rows])) == list(replay([list(COLUMNS), *COPIED]))


def test_times_without_an_offset_are_utc():
    bare = [[row[0].removesuffix("Z"), *row[1:]] for row in COPIED]
    assert list(replay([list(COLUMNS), *bare])) == list(replay([list(COLUMNS), *COPIED]))


def test_devices_and_cities_may_be_empty():
    empty = [[*row[:3], "", "", row[5]] for row in COPIED]
    assert list(replay([list(COLUMNS), *empty])) == []


@pytest.mark.parametrize(
    ("column", "value"), [("at", "yesterday"), ("at", ""), ("code", ""), ("channel", "fax")]
)
def test_a_bad_row_is_named_with_its_number_and_column(column, value):
    bad = dict(zip(COLUMNS, COPIED[2], strict=True)) | {column: value}
    with pytest.raises(BadRow) as refusal:
        list(replay([list(COLUMNS), *COPIED[:2], list(bad.values())]))
    assert refusal.value.facts == {"row": 4, "column": column, "value": value}


def test_a_row_that_is_too_short_is_bad():
    with pytest.raises(BadRow, match="第 2 行"):
        list(replay([list(COLUMNS), COPIED[0][:4]]))


def test_a_missing_column_is_named():
    with pytest.raises(BadStream, match="device"):
        list(replay([["at", "code", "batch", "city", "channel"]]))


def test_the_command_writes_alerts_and_names_bad_rows(app, tmp_path):
    stream, out = tmp_path / "checks.csv", tmp_path / "alerts.csv"
    with stream.open("w", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *HONEST, *COPIED])
    runner = app.test_cli_runner()
    done = runner.invoke(args=["verifications", "replay", str(stream), "--out", str(out)])
    assert done.exit_code == 0
    header, alert = out.read_text(encoding="utf-8").splitlines()
    assert header == "code,alerted_at,score"
    assert alert.startswith("COPIED,2026-03-")

    stream.write_text(stream.read_text(encoding="utf-8") + "never,X,B1,d,江门,web\n", encoding="utf-8")
    failed = runner.invoke(args=["verifications", "replay", str(stream)])
    assert failed.exit_code == 1
    assert "第 13 行的 at" in failed.output
