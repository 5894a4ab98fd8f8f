"""Importing a roll: all of it or nothing, once, and never against what is registered."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest

from gi_trace import clock
from gi_trace.database import db
from gi_trace.imports.actions import (
    AlreadyImported,
    ImportAtFault,
    ImportExpired,
    ImportNotReady,
    ImportUnderWay,
    answer_import,
    confirm_import,
    send_import,
)
from gi_trace.imports.models import Import, ImportKind, ImportPiece, ImportState
from gi_trace.jobs.running import sweep
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from gi_trace.registry.actions import change_authorisation
from gi_trace.registry.models import Authorisation, Party, find_party
from gi_trace.registry.party_actions import change_party, enter_party, facts_now
from gi_trace.registry.party_rules import SuccessionKind
from gi_trace.registry.rules import ChangeKind, RightState, state_on
from gi_trace.stock.actions.succession import SuccessionFacts, succeed
from tests.cast import person, two_officers, withdraw
from tests.excel import FIRM, HEADER, OTHER_FIRM, roll_xlsx, uscc
from tests.imports import as_it_is, planned_rows, read, send_roll, send_roll_file, taken_over, the_fault

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def in_november(at):
    at("2026-11-24T08:00Z")


def bring_in(*rows):
    return taken_over(send_roll(*rows))


def contradiction(*rows):
    """The only one that the roll has with what is registered."""
    fault = the_fault(send_roll(*rows))
    return fault.row, fault.column, fault.message.format(**fault.facts)


def acts():
    return [row.act for row in db.session.query(RecordRow).order_by(RecordRow.number)]


def test_a_roll_enters_firms_and_rights_in_one_act():
    before = len(acts())
    assert bring_in(FIRM, OTHER_FIRM).counts["new"] == 2
    [right] = find_party(uscc(1)).authorisations
    assert (right.product.name, right.number, right.ends_on) == (
        "新会陈皮",
        "第0000001号",
        date(2027, 12, 31),
    )
    assert right.party.area.name == "大鳌"
    assert acts()[before:] == [*["party.entered", "right.granted"] * 2, "roll.imported"]
    assert first_broken_row()[0] is None


def test_two_products_of_one_new_firm_enter_it_once():
    bring_in(FIRM, FIRM | {"产品": "新会柑", "保护依据": "地理标志产品"})
    assert db.session.query(Party).filter_by(uscc=uscc(1)).count() == 1
    chenpi, gan = sorted(find_party(uscc(1)).authorisations, key=lambda right: right.product.id)
    assert (chenpi.product.name, gan.product.name) == ("新会陈皮", "新会柑")


def test_the_same_file_twice_changes_nothing_and_says_so():
    content = roll_xlsx(FIRM)
    taken_over(send_roll_file(content))
    before = acts()
    with pytest.raises(AlreadyImported, match="2026-11-24 导入过"):
        taken_over(send_roll_file(content))
    db.session.rollback()
    assert acts() == before


def test_an_older_file_cannot_undo_what_was_decided_since():
    older = roll_xlsx(FIRM)
    taken_over(send_roll_file(older))
    bring_in(FIRM | {"地址": "示范路9号"})
    with pytest.raises(AlreadyImported):
        taken_over(send_roll_file(older))


def test_a_roll_in_which_nothing_is_new_shows_every_row_unchanged():
    bring_in(FIRM)
    sent = send_roll(FIRM, FIRM | {"地址": None})
    assert (sent.rows, sent.counts["unchanged"], sent.state) == (0, 1, ImportState.READY)


def test_a_later_roll_extends_a_right_and_moves_an_address():
    bring_in(FIRM)
    sent = send_roll(FIRM | {"授权截止日": "长期", "地址": "示范路2号", "所在镇": "大泽"})
    [row] = planned_rows(sent)
    assert [difference.key for difference in row.differences] == ["area", "address", "ends_on"]
    taken_over(sent)
    [right] = find_party(uscc(1)).authorisations
    assert right.ends_on is None
    assert (right.party.address, right.party.area.name) == ("示范路2号", "大泽")
    assert right.changes[-1].kind == ChangeKind.EXTENDED
    assert state_on(right.right, date(2026, 11, 24)) == RightState.IN_FORCE


def test_an_empty_optional_cell_takes_nothing_away():
    bring_in(FIRM)
    bring_in(FIRM | {"所在镇": None, "地址": None, "授权截止日": "长期"})
    assert find_party(uscc(1)).address == "示范路1号"


@pytest.mark.parametrize(
    ("change", "column", "message"),
    [
        ({"企业名称": "另一家示范行"}, "企业名称", "登记的企业是“示范甲陈皮行”"),
        ({"公告号/注册号": "第9号"}, "公告号/注册号", "登记的号码是“第0000001号”"),
        ({"授权截止日": "2027-06-30"}, "授权截止日", "早于已登记的截止日 2027-12-31"),
        ({"授权起始日": "2026-02-01"}, "授权起始日", "与已登记的 2026-01-01 至 2027-12-31 的授权期限重叠"),
    ],
)
def test_what_contradicts_the_registry_is_a_fault_of_its_row(change, column, message):
    bring_in(FIRM)
    row, found_column, found = contradiction(FIRM | change)
    assert (row, found_column) == (2, column)
    assert message in found


def test_no_right_of_a_roll_is_older_than_the_products_protection():
    firm = FIRM | {"保护依据": "地理标志产品"}
    row, column, message = contradiction(firm | {"授权起始日": "2006-10-24"})
    assert (row, column) == (
        2,
        "授权起始日",
    ) and "2006-10-24 早于该产品取得这一保护的日期 2006-10-25" in message
    assert bring_in(firm | {"授权起始日": "2006-10-25"}).counts["new"] == 1


def test_a_withdrawn_right_does_not_come_back_by_a_roll():
    bring_in(FIRM)
    [right] = find_party(uscc(1)).authorisations
    withdraw(right)
    assert contradiction(FIRM | {"地址": "示范路3号"})[2] == "这项授权已经撤销或终止"


def test_a_right_that_ran_out_is_renewed_by_a_new_period_only(at):
    bring_in(FIRM)
    at("2028-02-01T08:00Z")
    assert "已于 2027-12-31 到期" in contradiction(FIRM | {"授权截止日": "2029-12-31"})[2]
    bring_in(FIRM | {"授权起始日": "2028-01-01", "授权截止日": "2029-12-31"})
    assert len(find_party(uscc(1)).authorisations) == 2


def test_a_firm_that_changed_its_name_is_renamed_first():
    bring_in(FIRM)
    firm = find_party(uscc(1))
    facts = replace(facts_now(firm), name="示范丙(新会)陈皮行")
    change_party(firm, facts, from_day=clock.today(), reason="登记机关核准", by=person("zhao"))
    assert send_roll(FIRM | {"企业名称": "示范丙（新会）陈皮行"}).faults == []


def test_a_second_firm_of_nearly_the_same_name_is_entered_by_hand_with_a_reason():
    alike = FIRM | {"企业名称": "示范甲 陳皮行", "统一社会信用代码": uscc(2)}
    fault = the_fault(send_roll(FIRM, alike))
    assert (fault.row, fault.column) == (3, "企业名称") and fault.facts["uscc"] == uscc(1)
    bring_in(FIRM)
    assert the_fault(send_roll(alike)).facts["name"] == "示范甲陈皮行"
    enter_party(
        "示范甲 陳皮行", uscc(2), area=None, address="", why_alike="另一区的同名企业", by=person("zhao")
    )
    assert send_roll(alike).faults == []


def test_a_code_that_is_no_more_is_told_with_the_one_to_write():
    bring_in(FIRM, OTHER_FIRM)
    firm, other = find_party(uscc(1)), find_party(uscc(2))
    change_party(
        firm, replace(facts_now(firm), uscc=uscc(7)), from_day=clock.today(), reason="换证", by=person("zhao")
    )
    assert the_fault(send_roll(FIRM)).facts == {"name": firm.name, "uscc": uscc(7)}
    facts = SuccessionFacts(SuccessionKind.MERGER, clock.today(), "吸收合并", "示范核准 2 号")
    succeed(firm, other, facts, **two_officers())
    now = {"name": other.name, "uscc": other.uscc}
    assert the_fault(send_roll(FIRM | {"统一社会信用代码": uscc(7)})).facts == now


def test_what_a_roll_enters_and_moves_is_dated_and_found():
    bring_in(FIRM)
    bring_in(FIRM | {"地址": "示范路9号"})
    first, moved = find_party(uscc(1)).entries
    assert (first.from_day, first.address, moved.from_day, moved.address) == (
        None, "示范路1号", clock.today(), "示范路9号",
    )  # fmt: skip


def test_one_fault_keeps_everything_out():
    before = acts()
    for rows in ([FIRM, OTHER_FIRM | {"产品": "橙"}], [FIRM | {"统一社会信用代码": "91440705MA5DEM01XX"}]):
        with pytest.raises(ImportAtFault, match="1 处问题"):
            bring_in(*rows)
        db.session.rollback()
    assert find_party(uscc(1)) is None
    assert acts() == before


def test_what_nobody_confirmed_is_forgotten_after_a_day_and_what_was_imported_is_kept(at):
    waiting, imported = send_roll(FIRM).id, bring_in(OTHER_FIRM)
    imported = imported.id
    at("2026-11-25T09:00Z")
    send_roll(FIRM | {"地址": "示范路4号"})
    forgotten = db.session.get(Import, waiting)
    assert forgotten.content is None and planned_rows(forgotten) == []
    kept = db.session.get(Import, imported)
    assert sha256(kept.content).hexdigest() == kept.sha256
    with pytest.raises(ImportExpired):
        taken_over(forgotten)


def test_the_record_keeps_a_sole_traders_name_and_code_erasable():
    bring_in(FIRM | {"统一社会信用代码": "92440705MADE000013"})
    row = db.session.query(RecordRow).filter_by(act="party.entered").order_by(RecordRow.number.desc()).first()
    assert "示范甲陈皮行" not in row.body
    assert {value.name for value in row.personal} == {"name", "uscc", "address"}


def test_a_roll_of_a_thousand_firms_is_taken_in_whole():
    firms = [FIRM | {"企业名称": f"示范{n}行", "统一社会信用代码": uscc(n)} for n in range(1000)]
    before = len(acts())
    done = bring_in(*firms)
    assert db.session.query(Authorisation).filter(Authorisation.number == "第0000001号").count() == 1000
    assert (done.counts["new"], done.taken, done.state) == (1000, 1000, ImportState.DONE)
    assert acts()[before:] == [*["party.entered", "right.granted"] * 1000, "roll.imported"]
    assert first_broken_row()[0] is None
    assert db.session.query(ImportPiece).count() == 0


def test_rows_of_one_firm_in_different_pieces_build_on_one_another():
    others = [FIRM | {"企业名称": f"示范{n}行", "统一社会信用代码": uscc(n)} for n in range(2, 150)]
    gan = {"产品": "新会柑", "保护依据": "地理标志产品"}
    bring_in(FIRM | {"地址": None}, *others, FIRM | gan)
    firm = find_party(uscc(1))
    assert {right.product.name for right in firm.authorisations} == {"新会陈皮", "新会柑"}
    assert firm.address == "示范路1号"


def test_what_was_decided_after_the_preview_is_seen_before_anything_is_taken_over():
    sent = send_roll(FIRM, OTHER_FIRM)
    enter_party("另一家示范行", uscc(2), area=None, address="", by=person("zhao"))
    failed = taken_over(sent)
    assert failed.state is ImportState.AT_FAULT and the_fault(failed).column == "企业名称"
    assert find_party(uscc(1)) is None
    enter_party("示范丁行", uscc(4), area=None, address="", by=person("zhao"))


def test_a_preview_of_yesterday_is_read_again_today(at):
    bring_in(FIRM | {"授权截止日": "2026-11-24"})
    late = send_roll(FIRM | {"授权截止日": "2026-11-30"})
    at("2026-11-25T02:00Z")
    assert "已于 2026-11-24 到期" in the_fault(taken_over(late)).message.format(ends_on="2026-11-24")


class Killed(BaseException):
    """As a kill: nothing of ours catches it."""


def test_a_kill_in_the_middle_only_interrupts_and_nobody_acts_meanwhile(monkeypatch, at):
    firms = [FIRM | {"企业名称": f"示范{n}行", "统一社会信用代码": uscc(n)} for n in range(250)]
    sent, pauses = send_roll(*firms), iter([None, Killed()])

    def pause(_seconds):
        if killed := next(pauses, None):
            raise killed

    monkeypatch.setattr("gi_trace.imports.actions.time.sleep", pause)
    with pytest.raises(Killed):
        taken_over(sent)
    db.session.rollback()
    sent = as_it_is(sent)
    assert (sent.state, sent.taken) == (ImportState.TAKING_OVER, 200)
    with pytest.raises(ImportUnderWay, match="已完成 200/250 行"):
        enter_party("示范丁行", uscc(900), area=None, address="", by=person("zhao"))
    with pytest.raises(ImportUnderWay):
        change_authorisation(
            find_party(uscc(1)).authorisations[0],
            ChangeKind.ENDED,
            reason="示范",
            for_cause=False,
            by=person("zhao"),
        )
    at("2026-11-24T08:10Z")
    sweep()
    assert as_it_is(sent).state is ImportState.DONE
    assert (
        db.session.query(Party)
        .filter(Party.name.like("示范%行"), Party.uscc.in_(map(uscc, range(250))))
        .count()
        == 250
    )
    enter_party("示范丁行", uscc(900), area=None, address="", by=person("zhao"))


def test_two_confirmed_imports_are_taken_over_one_after_the_other():
    first, second = send_roll(FIRM), send_roll(OTHER_FIRM)
    confirm_import(as_it_is(first), by=person("zhao"))
    confirm_import(second, by=person("zhao"))
    assert read(second).state is as_it_is(first).state is ImportState.DONE


def test_an_import_is_confirmed_once_and_only_when_it_was_read():
    sent = send_import(ImportKind.ROLL, "名册.xlsx", roll_xlsx(FIRM), by=person("zhao"))
    with pytest.raises(ImportNotReady, match="正在读取"):
        confirm_import(sent, by=person("zhao"))
    sent = read(sent)
    confirm_import(sent, by=person("zhao"))
    with pytest.raises(ImportNotReady, match="等待导入"):
        confirm_import(sent, by=person("zhao"))
    assert read(sent).state is ImportState.DONE
    with pytest.raises(ImportNotReady, match="已导入"):
        confirm_import(as_it_is(sent), by=person("zhao"))


def test_a_file_whose_columns_are_missing_says_so_and_is_at_fault():
    sent = send_roll_file(roll_xlsx(["甲", "乙"], header=["企业名称", "地址"]))
    assert sent.state is ImportState.AT_FAULT and sent.faults == []
    assert "缺少列" in sent.job.outcome


def test_a_file_that_asks_is_read_again_as_it_is_answered_and_then_asks_no_more():
    header = [name if name != "授权截止日" else "使用期限届满" for name in HEADER]
    sent = send_roll_file(roll_xlsx(list(FIRM.values()), header=header))
    assert sent.state is ImportState.ASKING and sent.question["labels"] == ["使用期限届满"]
    with pytest.raises(ImportNotReady, match="等待回答"):
        confirm_import(sent, by=person("zhao"))
    db.session.rollback()
    answer_import(sent, {"columns": {"使用期限届满": "ends_on"}}, by=person("zhao"))
    assert taken_over(read(sent)).state is ImportState.DONE
    again = send_roll_file(roll_xlsx(list((FIRM | {"授权截止日": "长期"}).values()), header=header))
    assert (again.state, again.counts["changed"]) == (ImportState.READY, 1)


def test_a_representative_is_kept_dated_and_erasable():
    header = [*HEADER, "法定代表人"]
    for person_named in ("示某甲", "示某乙"):
        taken_over(send_roll_file(roll_xlsx(FIRM | {"法定代表人": person_named}, header=header)))
    bring_in(FIRM | {"地址": "示范路7号"})
    assert [entry.representative for entry in find_party(uscc(1)).entries] == ["示某甲", "示某乙", "示某乙"]
    for row in db.session.query(RecordRow).filter(RecordRow.act.startswith("party.")):
        assert "示某" not in row.body


def test_a_number_written_in_another_way_is_the_same_number_and_stays_as_it_was_printed():
    bring_in(FIRM | {"公告号/注册号": "第三百五十四号"})
    sent = send_roll(FIRM | {"公告号/注册号": "国家知识产权局公告354号"})
    assert sent.faults == [] and sent.counts["unchanged"] == 1
    assert find_party(uscc(1)).authorisations[0].number == "第三百五十四号"
