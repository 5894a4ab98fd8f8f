"""Applications as tests make them: Lin's for 新会柑, and that of a firm whom nobody knows."""

from datetime import date, timedelta

from gi_trace import clock
from gi_trace.applications.actions import (
    ApplicationFacts,
    enter_announcement,
    hand_in,
    new_receipt,
    take_office_step,
    take_own_step,
)
from gi_trace.applications.models import Application
from gi_trace.applications.papers import keep_papers
from gi_trace.applications.rules import ApplicationKind, Move, PaperKind
from gi_trace.registry.mending_rules import Announcement
from gi_trace.registry.models import find_area, find_product
from gi_trace.registry.rules import Basis
from tests.cast import party_of, person, photo

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
STRANGERS_USCC = "91440705MADEM0001Q"


def application_facts(**changes: object) -> ApplicationFacts:
    facts = {
        "kind": ApplicationKind.NEW_RIGHT,
        "product": find_product("xinhui-gan"),
        "basis": Basis.PROTECTED,
        "name": "示范新柑行",
        "uscc": STRANGERS_USCC,
        "area": find_area("会城"),
        "address": "示范路1号",
        "contact": "示范联系人 000",
        "representative": "示范某",
    }
    return ApplicationFacts(**(facts | changes))  # type: ignore[arg-type]


def lins_facts(**changes: object) -> ApplicationFacts:
    lin = party_of("lin")
    return application_facts(**{"name": lin.name, "uscc": lin.uscc} | changes)


def lins_application(**changes: object) -> Application:
    papers = keep_papers([(PaperKind.TEST_REPORT, "报告.pdf", PDF), (PaperKind.LICENCE, "执照.jpg", photo())])
    return hand_in(lins_facts(**changes), papers, party=party_of("lin"), by=person("lin"))


def strangers_application(**changes: object) -> tuple[Application, str]:
    """With its receipt."""
    receipt = new_receipt()
    return hand_in(application_facts(**changes), [], receipt=receipt, by=None), receipt


def move(
    application: Application, which: Move, by: str | None, words: str = "示范意见", **more: object
) -> None:
    """Any move, by anyone of the cast, or by whoever has the receipt."""
    someone = person(by) if by else None
    if which is Move.ANNOUNCE:
        today = clock.today()
        answers = {"number": "示范第 9 号", "announced_on": today, "starts_on": today, "says": ""} | more
        told = [answers.pop(name) for name in ("number", "announced_on", "says")]
        enter_announcement(application, Announcement(*told), **answers, by=someone)  # type: ignore[arg-type]
    elif which in (Move.ADD_PAPERS, Move.CORRECT, Move.WITHDRAW):
        papers = keep_papers([(PaperKind.ORIGIN_PROOF, "产地.pdf", PDF)])
        take_own_step(application, which, words=words, papers=papers, by=someone)
    else:
        take_office_step(application, which, words=words, by=someone, **more)  # type: ignore[arg-type]


def bring_to_announcement(application: Application) -> None:
    """Zhao checks, Sun approves."""
    move(application, Move.CHECK, "zhao")
    move(application, Move.APPROVE, "sun")


def days_later(days: int) -> date:
    return clock.today() + timedelta(days=days)
