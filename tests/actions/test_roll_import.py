"""Importing a roll: all of it or nothing, once, and never against what is registered."""

from datetime import date

import pytest

from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from gi_trace.registry.actions import change_authorisation, change_party
from gi_trace.registry.models import Authorisation, Party, RollFile, find_party
from gi_trace.registry.roll_actions import (
    RollAlreadyImported,
    RollAtFault,
    RollExpired,
    import_roll,
    keep_roll_file,
    look_at_roll,
)
from gi_trace.registry.roll_plan import RowKind
from gi_trace.registry.rules import ChangeKind, RightState, state_on
from tests.cast import person
from tests.excel import FIRM, OTHER_FIRM, roll_xlsx, uscc

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def in_november(at):
    at("2026-11-24T08:00Z")


def send_file(content):
    return keep_roll_file("名册.xlsx", content, by=person("zhao"))


def send(*rows):
    return send_file(roll_xlsx(*rows))


def bring_in(*rows):
    return import_roll(send(*rows), by=person("zhao"))


def the_fault(*rows):
    """The only contradiction that the roll has with what is registered."""
    [fault] = look_at_roll(send(*rows))[1].faults
    return fault.row, fault.column, fault.message.format(**fault.facts)


def acts():
    return [row.act for row in db.session.query(RecordRow).order_by(RecordRow.number)]


def test_a_roll_enters_firms_and_rights_in_one_act():
    before = len(acts())
    plan = bring_in(FIRM, OTHER_FIRM)
    assert len(plan.of_kind(RowKind.NEW)) == 2
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
    import_roll(send_file(content), by=person("zhao"))
    before = acts()
    with pytest.raises(RollAlreadyImported, match="2026-11-24 导入过"):
        import_roll(send_file(content), by=person("zhao"))
    db.session.rollback()
    assert acts() == before


def test_an_older_file_cannot_undo_what_was_decided_since():
    older = roll_xlsx(FIRM)
    import_roll(send_file(older), by=person("zhao"))
    bring_in(FIRM | {"地址": "示范路9号"})
    with pytest.raises(RollAlreadyImported):
        import_roll(send_file(older), by=person("zhao"))


def test_a_roll_in_which_nothing_is_new_shows_every_row_unchanged():
    bring_in(FIRM)
    plan = look_at_roll(send(FIRM, FIRM | {"地址": None}))[1]
    assert [planned.kind for planned in plan.rows] == [RowKind.UNCHANGED]
    assert not plan.changes_anything


def test_a_later_roll_extends_a_right_and_moves_an_address():
    bring_in(FIRM)
    plan = bring_in(FIRM | {"授权截止日": "长期", "地址": "示范路2号", "所在镇": "大泽"})
    assert [difference.key for difference in plan.rows[0].differences] == [
        "area",
        "address",
        "ends_on",
    ]
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
    row, found_column, found = the_fault(FIRM | change)
    assert (row, found_column) == (2, column)
    assert message in found


def test_a_withdrawn_right_does_not_come_back_by_a_roll():
    bring_in(FIRM)
    [right] = find_party(uscc(1)).authorisations
    change_authorisation(right, ChangeKind.WITHDRAWN, reason="示范", for_cause=True, by=person("zhao"))
    assert the_fault(FIRM | {"地址": "示范路3号"})[2] == "这项授权已经撤销或终止"


def test_a_right_that_ran_out_is_renewed_by_a_new_period_only(at):
    bring_in(FIRM)
    at("2028-02-01T08:00Z")
    assert "已于 2027-12-31 到期" in the_fault(FIRM | {"授权截止日": "2029-12-31"})[2]
    bring_in(FIRM | {"授权起始日": "2028-01-01", "授权截止日": "2029-12-31"})
    assert len(find_party(uscc(1)).authorisations) == 2


def test_a_firm_that_changed_its_name_is_renamed_first():
    bring_in(FIRM)
    firm = find_party(uscc(1))
    change_party(firm, name="示范丙(新会)陈皮行", area=firm.area, address=firm.address, by=person("zhao"))
    assert look_at_roll(send(FIRM | {"企业名称": "示范丙（新会）陈皮行"}))[1].faults == []


def test_one_fault_keeps_everything_out():
    before = acts()
    for rows in ([FIRM, OTHER_FIRM | {"产品": "橙"}], [FIRM | {"统一社会信用代码": "91440705MA5DEM01XX"}]):
        with pytest.raises(RollAtFault, match="1 处问题"):
            bring_in(*rows)
        db.session.rollback()
    assert find_party(uscc(1)) is None
    assert acts() == before


def test_the_content_of_a_sent_file_is_forgotten_after_a_day_and_on_import(at):
    waiting, imported = send(FIRM), send(OTHER_FIRM)
    import_roll(imported, by=person("zhao"))
    assert imported.content is None
    at("2026-11-25T09:00Z")
    send(FIRM | {"地址": "示范路4号"})
    db.session.refresh(waiting)
    with pytest.raises(RollExpired):
        look_at_roll(waiting)


def test_the_record_keeps_a_sole_traders_name_and_code_erasable():
    bring_in(FIRM | {"统一社会信用代码": "92440705MADE000013"})
    row = db.session.query(RecordRow).filter_by(act="party.entered").order_by(RecordRow.number.desc()).first()
    assert "示范甲陈皮行" not in row.body
    assert {value.name for value in row.personal} == {"name", "uscc", "address"}


def test_a_roll_of_a_thousand_firms_is_taken_in_whole():
    firms = [FIRM | {"企业名称": f"示范{n}行", "统一社会信用代码": uscc(n)} for n in range(1000)]
    bring_in(*firms)
    assert db.session.query(Authorisation).count() >= 1000
    assert db.session.query(RollFile).one().new_rows == 1000
