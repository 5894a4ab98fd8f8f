"""A case leaves as one signed bundle; a campaign ends in a report with numbers and pictures."""

import json
import zipfile
from datetime import date

import pytest

from gi_trace.campaigns.actions import CampaignFacts, add_team, close_campaign, open_campaign, print_report
from gi_trace.campaigns.report import report_of
from gi_trace.campaigns.rules import CampaignDaysWrong, CampaignOver, MemberTwice, NoTeamYet, TeamEmpty
from gi_trace.casework.actions.bundle import EvidenceDamaged, export_case
from gi_trace.casework.rules.bundle import bundle_faults
from gi_trace.casework.rules.steps import NotOnCase
from gi_trace.casework.sources import gather_leads
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store
from gi_trace.keys import keys
from gi_trace.record.models import RecordRow
from tests.casework import add_photo, make_case, make_decided_case, make_finding, make_lead
from tests.cast import person


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
