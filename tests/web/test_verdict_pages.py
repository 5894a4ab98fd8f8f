"""The page of every verdict in every language, as it was once read and approved.

GI_TRACE_APPROVE=1 writes the approved texts anew; read the difference before you commit it.
"""

import os
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gi_trace import clock
from gi_trace.batches.actions import cancel_batch
from gi_trace.batches.models import UnitRange
from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.batches.stops import place_stop
from gi_trace.database import db, writing
from gi_trace.keys import epoch_of_year, keys
from gi_trace.labels.download import sample_of
from gi_trace.registry.party_actions import change_party, facts_now
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.stock.actions.succession import SuccessionFacts, succeed
from gi_trace.verification.models import UnitHistory, serial_of
from gi_trace.verification.verdicts import Verdict
from tests.cast import (
    code,
    make_activated_batch,
    make_batch,
    make_party,
    party_of,
    person,
    right_of,
    two_officers,
    withdraw,
)
from tests.excel import uscc

APPROVED = Path(__file__).parent / "approved"
LANGUAGES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-HK", "en": "en-GB"}
NOW = "2026-11-24T08:00Z"
FORBIDDEN = re.compile("真品|正品|假货|假貨|推荐|推薦|genuine product|fake|recommend", re.IGNORECASE)


def stopped(kind, notice="抽检不合格。"):
    batch = make_activated_batch()
    place_stop(batch, kind, 1, 100, reason="抽检不合格", notice=notice, **two_officers())
    return batch


def taken_out(state):
    batch = make_activated_batch()
    row = UnitRange(batch_number=batch.number, state=state, first_unit=1, last_unit=1)
    row.at, row.by_id = clock.now(), person("lin").id
    with writing():
        db.session.add(row)
    return batch


def without_a_right():
    batch = make_activated_batch()
    with writing():
        batch.packed_on = date(2019, 1, 1)
    return batch


def cancelled():
    batch = make_batch()
    cancel_batch(batch, by=person("lin"))
    return batch


def lost_right():
    batch = make_activated_batch()
    withdraw(right_of("lin"), notice="使用外地皮")
    return batch


def past_date():
    batch = make_activated_batch()
    with writing():
        batch.best_before = date(2026, 11, 23)
    return batch


def suspected():
    batch = make_activated_batch()
    seen = {"checks": 9, "first_at": clock.now(), "last_at": clock.now(), "suspected": True}
    places = {"first_city": "江门市", "last_city": "成都市"}
    with writing():
        db.session.add(UnitHistory(serial=serial_of(batch.number, 1), **seen, **places))
    return batch


def sample():
    """Of no batch yet, as on artwork."""
    return sample_of(keys().by_epoch[epoch_of_year(2026)]).codes()[0]


CASES = {
    Verdict.MALFORMED: lambda: "ABC",
    Verdict.OTHER_HOST: lambda: "https://trаce.example/c/00000000000000000000?from=label&to=\u202e<b>",
    Verdict.NOT_A_CODE: lambda: "wxp://f2f0abc",
    Verdict.NOT_OURS: lambda: "00000000000000000000",
    Verdict.SAMPLE: sample,
    Verdict.COUNTERFEIT: lambda: stopped(StopKind.COUNTERFEIT, notice="示范告〔2026〕1 号"),
    Verdict.RECALLED: lambda: stopped(StopKind.RECALL),
    Verdict.RIGHT_NOT_IN_FORCE: without_a_right,
    Verdict.ON_HOLD: lambda: stopped(StopKind.HOLD),
    Verdict.CANCELLED: cancelled,
    Verdict.VOID: lambda: taken_out(UnitState.VOID),
    Verdict.LOST: lambda: taken_out(UnitState.LOST),
    Verdict.RETURNED: lambda: taken_out(UnitState.RETURNED),
    Verdict.DESTROYED: lambda: taken_out(UnitState.DESTROYED),
    Verdict.RIGHT_LOST: lost_right,
    Verdict.NOT_ACTIVATED: make_batch,
    Verdict.PAST_DATE: past_date,
    Verdict.SUSPECTED_COPY: suspected,
    Verdict.VALID: make_activated_batch,
}


def test_every_verdict_has_a_page_here():
    assert list(CASES) == list(Verdict)


@pytest.mark.parametrize("verdict", Verdict)
def test_the_page_says_what_was_approved_in_every_language(client, at, verdict):
    at(NOW)
    compare_page_of(client, CASES[verdict](), str(verdict))


def test_a_pack_of_a_firm_renamed_and_merged_since_says_both_names_in_every_language(client, at):
    at(NOW)
    batch, lin, heir = make_activated_batch(), party_of("lin"), make_party("示范五邑陈皮集团", uscc(7))
    facts = replace(facts_now(lin), name="林记示范陈皮有限公司", uscc=uscc(8))
    change_party(lin, facts, from_day=date(2026, 11, 24), reason="核准变更", by=person("zhao"))
    merger = SuccessionFacts(SuccessionKind.MERGER, date(2026, 11, 24), "吸收合并", "示范核准 2 号")
    succeed(lin, heir, merger, **two_officers())
    compare_page_of(client, batch, "renamed_and_merged")


def compare_page_of(client, case, name):
    text = case if isinstance(case, str) else code(case)
    number = "" if isinstance(case, str) else case.number_text
    address = f"/?{urlencode({'code': text})}" if ":" in text else f"/c/{text}"
    for language, asked in LANGUAGES.items():
        answer = client.head(address)  # HEAD and GET answer alike, and HEAD is no check
        assert answer.status_code == 200
        page = client.get(address, headers={"Accept-Language": asked, "Purpose": "prefetch"}).text
        assert f'<html lang="{language}"' in page
        words = words_of(page, text, number)
        assert not FORBIDDEN.search(re.sub(r"[“「][^”」]*[”」]", "", words))
        compare(words, f"{name}.{language}")


def words_of(page, text, number):
    """Title and main part as lines of text; what is drawn at random is named instead."""
    title = page.split("<title>")[1].split("</title>")[0]
    main = page.split("<main")[1].split(">", 1)[1].split("</main>")[0]
    main = main.replace('<a href="tel:12315">12315</a>', "12315")
    lines = [unescape(line).strip() for line in re.sub(r"<[^>]+>", "\n", f"{title}\n{main}").splitlines()]
    words = "\n".join(line for line in lines if line)
    grouped = " ".join(text[start : start + 5] for start in range(0, 20, 5))
    return (words.replace(grouped, "CODE").replace(number, "BATCH") if number else words) + "\n"


def compare(words, name):
    path = APPROVED / f"{name}.txt"
    if os.environ.get("GI_TRACE_APPROVE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(words)
    assert words == path.read_text()
