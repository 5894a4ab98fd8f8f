"""An enterprise reads what was decided on its right, why, and what it may do; and prints it."""

import pytest

from gi_trace.terms.actions import set_term
from gi_trace.terms.deadlines import Term, TermUnit
from gi_trace.terms.legal import TermCode
from tests.cast import person, right_of, withdraw

DECISION = {"reason": "示范检字第 1 号报告认定外地皮", "notice": "使用外地皮。"}


def at_letter(face="enterprise"):
    return f"/{face}/authorisations/changes/{right_of('lin').changes[-1].id}/letter"


def test_lin_reads_every_change_with_its_reason_and_what_she_may_do(sign_in):
    withdraw(right_of("lin"), **DECISION)
    lin = sign_in("lin")
    address = f"/enterprise/authorisations/{right_of('lin').id}"
    assert address in lin.get("/enterprise/").text
    page = lin.get(address).text
    for words in ("撤销", "因过错", "示范检字第 1 号报告", "60 个日历日内依法申请行政复议", "第二十条"):
        assert words in page
    assert page.count("依法申请行政复议") == 1  # not of what was granted
    assert at_letter() in page


def test_the_letter_says_the_same_to_lin_and_to_the_office_that_serves_it(sign_in):
    withdraw(right_of("lin"), **DECISION)
    for name, face in (("lin", "enterprise"), ("zhao", "authority")):
        letter = sign_in(name).get(at_letter(face)).text
        for words in ("林记示范陈皮行", "关于用标权的通知书", "示范检字第 1 号报告", "60 个日历日内"):
            assert words in letter


def test_the_term_is_what_the_authority_set(sign_in):
    withdraw(right_of("lin"), **DECISION)
    set_term(TermCode.RECONSIDERATION, Term(3, TermUnit.MONTHS), source="示范规定", by=person("zhao"))
    letter = sign_in("lin").get(at_letter()).text
    assert "3 个月内依法申请行政复议（示范规定）" in letter


@pytest.mark.parametrize("name", ["wu", "liang"])
def test_nobody_elses_right_is_read(sign_in, name):
    other = sign_in(name)
    assert other.get(f"/enterprise/authorisations/{right_of('lin').id}").status_code == 403
    assert other.get(at_letter()).status_code == 403
