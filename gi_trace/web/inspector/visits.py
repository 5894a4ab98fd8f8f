"""Visits with their scans, findings and photos as pages. Every look at a photo is recorded."""

from datetime import timedelta

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, selectinload

from gi_trace import clock
from gi_trace.accounts.models import Account, inspectors
from gi_trace.database import db
from gi_trace.patrol.models import Shop, Visit, VisitVersion, registered_goods_since
from gi_trace.patrol.packs.rules import SAID_OFFLINE
from gi_trace.patrol.roll_facts import label_check
from gi_trace.patrol.rules import PRESERVATION_DAYS, LabelField, Measure, decide_by
from gi_trace.registry.finding import name_has
from gi_trace.verification.verdicts import Verdict
from gi_trace.web.casework.photo_files import photo_of_visit
from gi_trace.web.guards import me
from gi_trace.web.inspector import bp
from gi_trace.web.lists.filters import day_filters, person_filter, text_filter
from gi_trace.web.lists.listing import Heading, Link, Listing
from gi_trace.web.lists.pages import list_page


@list_page(bp, "/visits")
def list_visits() -> Listing:
    kept = registered_goods_since(clock.today() - timedelta(days=PRESERVATION_DAYS))
    clocks = [(version, decide_by(version.measure, version.measure_on)) for version in kept]
    return Listing(
        name="visits",
        title=_("巡查记录"),
        query=select(Visit).join(Visit.shop).join(Visit.officer),
        headings=[
            Heading("shop", _("店铺"), _link, Shop.name, "wide"),
            Heading("address", _("地址"), lambda visit: visit.shop.address, only_in_file=True),
            Heading(
                "received", _("收到时间"), lambda visit: visit.first_received_at, Visit.first_received_at
            ),
            Heading("officers", _("人员"), _officers, Account.name),
            Heading("scans", _("扫码"), lambda visit: len(visit.scans), kind="number"),
            Heading("findings", _("发现"), lambda visit: len(visit.findings), kind="number"),
            Heading("photos", _("照片"), lambda visit: len(visit.photos), kind="number"),
        ],
        order=[Visit.first_received_at.desc(), Visit.id],
        filters=[
            text_filter(_("店铺或证照号"), _is_called),
            person_filter("handler", _("人员"), lambda number: Visit.officer_id == number, inspectors()),
            *day_filters(Visit.first_received_at, _("收到日")),
        ],
        loaded=[
            contains_eager(Visit.shop),
            contains_eager(Visit.officer),
            selectinload(Visit.versions).joinedload(VisitVersion.second_officer),
            selectinload(Visit.scans),
            selectinload(Visit.findings),
            selectinload(Visit.photos),
        ],
        empty=_("还没有巡查记录。"),
        template="inspector/list_visits.html",
        shown={"clocks": [pair for pair in clocks if pair[1]], "today": clock.today()},
    )


def _is_called(asked: str) -> ColumnElement[bool]:
    return name_has(Shop.name, asked) | (Shop.code == asked.upper().replace(" ", ""))


def _link(visit: Visit) -> Link:
    return Link(visit.shop.name, url_for(".show_visit", visit_id=visit.id))


def _officers(visit: Visit) -> list[str]:
    return [visit.officer.name, visit.latest.second_officer.name]


@bp.get("/visits/<visit_id>")
def show_visit(visit_id: str) -> ResponseReturnValue:
    visit = db.get_or_404(Visit, visit_id)
    on = clock.day_of(visit.versions[0].received_at)
    return render_template(
        "inspector/show_visit.html",
        visit=visit,
        is_mine=me().id in visit.officer_ids,
        LabelField=LabelField,
        label_checks={finding.id: label_check(finding.latest, on) for finding in visit.findings},
        decide_by=decide_by,
        Measure=Measure,
        said_offline=SAID_OFFLINE,
        Verdict=Verdict,
    )


@bp.get("/evidence/<photo_id>")
def show_photo(photo_id: str) -> ResponseReturnValue:
    """The copy for viewing; with `original`, the bytes as the phone took them."""
    return photo_of_visit(photo_id)
