"""Whoever was second by a moment, with something that has no refusal of its own, is told so: never a fault."""

from gi_trace.database import db
from gi_trace.offices import actions
from gi_trace.offices.models import Office

OFFICE = {"code": "zhuhai", "name": "示范局", "city": "珠海", "answers": "confirmed"}


def test_of_two_officers_who_register_one_office_the_second_is_told(sign_in, monkeypatch):
    officer = sign_in("zhao")
    assert officer.post("/authority/offices/new", data=OFFICE).status_code == 302
    monkeypatch.setattr(actions, "find_office", lambda code: None)  # as it was a moment before
    answer = officer.post("/authority/offices/new", data=OFFICE)
    assert answer.status_code == 409 and "就在刚才" in answer.text
    assert db.session.query(Office).filter_by(code="zhuhai").count() == 1
