"""A case leaves as one signed bundle; a campaign ends in a report with numbers and pictures."""

import json
import uuid
import zipfile
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from gi_trace import clock
from gi_trace.accounts.actions import close_account
from gi_trace.campaigns.actions import CampaignFacts, add_team, close_campaign, open_campaign, print_report
from gi_trace.campaigns.models import members_of, pictures_of, visits_of
from gi_trace.campaigns.report import report_of
from gi_trace.campaigns.rules import CampaignDaysWrong, CampaignOver, MemberTwice, NoTeamYet, TeamEmpty
from gi_trace.casework.actions.bundle import EvidenceDamaged, export_case
from gi_trace.casework.actions.cases import change_officers
from gi_trace.casework.dossier import PHOTOS_A_PAPER, evidence_list
from gi_trace.casework.rules.bundle import bundle_faults
from gi_trace.casework.rules.steps import NotOnCase, PersonLeft
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db, writing
from gi_trace.evidence.store import evidence_store
from gi_trace.keys import keys
from gi_trace.patrol.actions.scans import record_scan
from gi_trace.patrol.models import Evidence, EvidenceState
from gi_trace.record.models import RecordRow
from tests.casework import add_photo, make_case, make_decided_case, make_finding, make_lead
from tests.cast import person
from tests.patrols import Handset, scan_item, visit_item, visited


@pytest.fixture(autouse=True)
def autumn(at, app):
    at("2026-11-24T08:00+00:00")


def case_with_photo():
    finding = make_finding(note="罕用字：𠮷")
    photo = add_photo(finding)
    return make_decided_case(make_lead(finding_ids=(finding.id,), identity="示范甲")), photo


def test_a_case_leaves_with_its_paper_its_originals_and_a_sound_signature(tmp_path):
    case, photo = case_with_photo()
    export_case(case, tmp_path / "bundle.zip", by=person("chen"))
    assert bundle_faults(tmp_path / "bundle.zip", keys().office.public_key()) == []
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        assert bundle.read("record.pdf").startswith(b"%PDF")
        assert f"originals/{photo.sha256}.jpg" in bundle.namelist()
        written = bundle.read("case.json").decode()
    dossier = json.loads(written)
    assert dossier["decision"]["fine_fen"] == 500_00
    assert dossier["findings"][0]["versions"][0]["value_fen"] == 800_00
    assert "示范甲" not in written
    row = db.session.query(RecordRow).filter_by(act="case.exported").one()
    assert row.facts["photos"] == [f"{photo.sha256}.jpg"]


def test_a_clock_that_was_wrong_is_told_wherever_what_was_made_by_it_is_evidence(tmp_path):
    """The decision's list and the bundle go by the service's clock, and say by how much the phone's was off."""
    wrong = {"made_at": clock.now() - timedelta(days=3), "clock_ahead_s": -3 * 24 * 3600}
    finding = make_finding(**wrong)
    photo = add_photo(finding)
    with writing():
        photo.made_at, photo.clock_ahead_s = wrong.values()
    case = make_decided_case(make_lead(finding_ids=(finding.id,)))
    [line, _] = evidence_list(case.lead)
    assert line.startswith("2026-11-24 现场检查") and line.endswith("（制作时手机时钟慢 4320 分钟）")
    export_case(case, tmp_path / "bundle.zip", by=person("chen"))
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        dossier = json.loads(bundle.read("case.json"))
    for told in (dossier["findings"][0]["versions"][0], dossier["photos"][0]):
        assert told["made_at"].startswith("2026-11-21") and told["happened_at"].startswith("2026-11-24")
        assert (told["clock_ahead_s"], told["doubts"]) == (-259_200, ["clock_slow"])


def test_a_bundle_holds_every_scan_of_the_visits_to_the_shop_also_where_nothing_was_found(tmp_path):
    finding = make_finding()
    shop, chens = visit_item()["shop"] | {"id": finding.visit.shop_id}, Handset("chen").register()
    without_find = visited(shop=shop)
    elsewhere = visited()
    for visit, text in (
        (finding.visit_id, "https://clone.example/c/ABC"),
        (without_find, "clean"),
        (elsewhere, "other"),
    ):
        record_scan(scan_item(visit, text, host="clone.example" if "clone" in text else ""), phone=chens)
    export_case(make_case(make_lead(finding_ids=(finding.id,))), tmp_path / "bundle.zip", by=person("chen"))
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        dossier = json.loads(bundle.read("case.json"))
    told = {
        visit["id"]: [(scan["text"], scan["host"]) for scan in visit["scans"]] for visit in dossier["visits"]
    }
    assert told == {
        finding.visit_id: [("https://clone.example/c/ABC", "clone.example")],
        without_find: [("clean", "")],
    }


def test_the_command_verifies_a_bundle_and_finds_a_changed_one(tmp_path, app):
    case, _ = case_with_photo()
    bundle = tmp_path / "bundle.zip"
    export_case(case, bundle, by=person("chen"))
    run = app.test_cli_runner().invoke
    assert run(args=["evidence", "verify", str(bundle)]).exit_code == 0
    assert run(args=["evidence", "verify", str(bundle), "--key", "ab" * 32]).exit_code == 1
    changed = bundle.read_bytes().replace(b"JFIF", b"JFIX", 1)
    bundle.write_bytes(changed)
    done = run(args=["evidence", "verify", str(bundle)])
    assert (done.exit_code, "内容被改动" in done.output) == (1, True)


def test_only_those_on_the_case_and_the_authority_take_it_out(tmp_path):
    case = make_case()
    export_case(case, tmp_path / "bundle.zip", by=person("sun"))
    with pytest.raises(NotOnCase):
        export_case(case, tmp_path / "bundle.zip", by=person("lin"))


def test_many_photos_go_on_in_papers_of_their_own(tmp_path):
    case, photo = case_with_photo()
    again = {column.key: getattr(photo, column.key) for column in Evidence.__table__.columns}
    with writing():
        db.session.add_all(Evidence(**again | {"id": str(uuid.uuid4())}) for _ in range(2 * PHOTOS_A_PAPER))
    export_case(case, tmp_path / "bundle.zip", by=person("chen"))
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        papers = [name for name in bundle.namelist() if name.endswith(".pdf")]
        assert papers == ["record.pdf", "photos-2.pdf", "photos-3.pdf"]
        assert all(bundle.read(name).startswith(b"%PDF") for name in papers)
    assert bundle_faults(tmp_path / "bundle.zip", keys().office.public_key()) == []


def was_exported():
    return db.session.query(RecordRow).filter_by(act="case.exported").count() > 0


def test_evidence_that_changed_on_disk_is_not_exported(tmp_path):
    case, photo = case_with_photo()
    original = evidence_store().original(photo.sha256)
    original.chmod(0o600)
    original.write_bytes(b"something else")
    with pytest.raises(EvidenceDamaged):
        export_case(case, tmp_path / "bundle.zip", by=person("chen"))
    assert not was_exported()


def test_evidence_that_is_gone_from_disk_is_not_exported(tmp_path):
    case, photo = case_with_photo()
    evidence_store().original(photo.sha256).unlink()
    with pytest.raises(EvidenceDamaged):
        export_case(case, tmp_path / "bundle.zip", by=person("chen"))
    assert not was_exported()


def facts(**changes):
    plain = {"name": "示范护航行动", "area": "示范市场", "aim": "节前检查", "target_visits": 20}
    plain |= {"starts_on": date(2026, 11, 1), "ends_on": date(2026, 11, 30)}
    return CampaignFacts(**(plain | changes))


def make_campaign():
    campaign = open_campaign(facts(), by=person("zhao"))
    add_team(campaign, "一组", [person("chen")], area="城东", target_visits=10, by=person("zhao"))
    add_team(campaign, "二组", [person("he")], area="城西", target_visits=10, by=person("zhao"))
    return campaign


def test_a_campaign_counts_each_visit_once_and_for_every_team_in_it():
    add_photo(make_finding())
    campaign = make_campaign()
    gather_leads(by=None)
    report = report_of(campaign)
    assert (report.whole.visits, report.whole.findings, report.whole.value_fen) == (1, 1, 800_00)
    assert (report.whole.leads, report.whole.cases) == (1, 0)
    assert [progress.visits for _, progress in report.teams] == [1, 1]


def test_visits_outside_its_days_do_not_count(at):
    campaign = make_campaign()
    at("2026-12-01T08:00+00:00")
    make_finding()
    assert report_of(campaign).whole.visits == 0


def test_a_closed_campaign_keeps_its_numbers(at):
    make_finding()
    campaign = make_campaign()
    close_campaign(campaign, summary="查处一起", by=person("zhao"))
    make_finding()
    assert report_of(campaign).whole.visits == 1
    with pytest.raises(CampaignOver):
        close_campaign(campaign, summary="再次", by=person("zhao"))


def test_the_report_prints_with_pictures_and_says_so_in_the_record():
    photo = add_photo(make_finding())
    campaign = make_campaign()
    assert print_report(campaign, by=person("zhao")).startswith(b"%PDF")
    row = db.session.query(RecordRow).filter_by(act="campaign.printed").one()
    assert row.facts == {"photos": [photo.sha256]}


def test_teams_have_members_and_nobody_is_in_two():
    campaign = make_campaign()
    with pytest.raises(TeamEmpty):
        add_team(campaign, "三组", [], area="", target_visits=1, by=person("zhao"))
    db.session.rollback()
    with pytest.raises(MemberTwice):
        add_team(campaign, "三组", [person("he")], area="", target_visits=1, by=person("zhao"))
    db.session.rollback()
    with pytest.raises(CampaignDaysWrong):
        open_campaign(facts(ends_on=date(2026, 10, 1)), by=person("zhao"))
    with pytest.raises(NoTeamYet):
        close_campaign(open_campaign(facts(), by=person("zhao")), summary="空", by=person("zhao"))


def test_who_is_taken_off_the_case_while_the_bundle_is_written_does_not_get_it(tmp_path):
    case, _ = case_with_photo()
    with writing():
        person("zhao").badge_number = "示范-0009"

    class Meanwhile(type(tmp_path)):
        def open(self, *args, **kwargs):
            change_officers(case, person("he"), person("zhao"), reason="陈回避", by=person("sun"))
            return super().open(*args, **kwargs)

    with pytest.raises(NotOnCase):
        export_case(case, Meanwhile(tmp_path / "bundle.zip"), by=person("chen"))
    assert not was_exported()


def test_a_bundle_has_the_photos_of_its_own_findings_and_of_their_visits_alone(tmp_path):
    mine, beside = make_finding(), make_finding()
    of_mine, of_beside, of_visit = add_photo(mine), add_photo(beside, "red"), add_photo(mine, "blue")
    coming = add_photo(mine, "green")
    with writing():
        beside.visit_id = of_beside.visit_id = mine.visit_id
        of_visit.finding_id = None
        coming.state = EvidenceState.ANNOUNCED
    export_case(make_case(make_lead(finding_ids=(mine.id,))), tmp_path / "bundle.zip", by=person("chen"))
    with zipfile.ZipFile(tmp_path / "bundle.zip") as bundle:
        names = {name for name in bundle.namelist() if name.startswith("originals/")}
    assert names == {f"originals/{photo.sha256}.jpg" for photo in (of_mine, of_visit)}


def test_nobody_joins_a_closed_campaign_or_one_after_he_left():
    campaign = open_campaign(facts(), by=person("zhao"))
    add_team(campaign, "一组", [person("chen")], area="", target_visits=1, by=person("zhao"))
    close_account(person("he"), by=person("zhao"))
    with pytest.raises(PersonLeft):
        add_team(campaign, "三组", [person("he")], area="", target_visits=1, by=person("zhao"))
    close_campaign(campaign, summary="完成", by=person("zhao"))
    with pytest.raises(CampaignOver):
        add_team(campaign, "三组", [person("sun")], area="", target_visits=1, by=person("zhao"))


def test_a_campaign_counts_its_first_and_its_last_day_whole(at):
    campaign = open_campaign(
        facts(starts_on=date(2026, 11, 30), ends_on=date(2026, 11, 30)), by=person("zhao")
    )
    add_team(campaign, "一组", [person("chen")], area="", target_visits=1, by=person("zhao"))
    for instant in ("2026-11-29T15:59Z", "2026-11-29T16:00Z", "2026-11-30T15:59Z", "2026-11-30T16:00Z"):
        at(instant)
        make_finding()
    assert report_of(campaign).whole.visits == 2


def test_the_report_shows_the_gravest_findings_first_and_whole_photos_only():
    small, grave = make_finding(quantity=1), make_finding(quantity=99)
    of_small, coming, of_grave = add_photo(small), add_photo(grave, "red"), add_photo(grave, "blue")
    with writing():
        coming.state = EvidenceState.ANNOUNCED
    campaign = make_campaign()
    shown = pictures_of(visits_of(campaign, members_of(campaign)))
    assert [photo.id for photo in shown] == [of_grave.id, of_small.id]


def test_a_report_asks_no_more_of_many_visits_than_of_few():
    campaign = make_campaign()

    def statements() -> int:
        asked = []
        db.session.rollback()
        event.listen(db.engine, "before_cursor_execute", count := lambda *_: asked.append(1))
        report_of(campaign)
        pictures_of(visits_of(campaign, members_of(campaign)))
        event.remove(db.engine, "before_cursor_execute", count)
        return len(asked)

    def find_one() -> None:
        finding = make_finding()
        add_photo(finding)
        make_decided_case(make_lead(finding_ids=(finding.id,)))

    find_one()
    few = statements()
    for _ in range(3):
        find_one()
    assert statements() == few and report_of(campaign).whole.decided == 4
