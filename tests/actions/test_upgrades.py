"""Migrations are only added: an older database is brought up with its data, and no start trusts an unlike one."""

import os
import re
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from flask_migrate import check, upgrade
from sqlalchemy import Enum, inspect, select, text
from sqlalchemy.exc import OperationalError

from gi_trace.accounts.models import ApiToken, Scope
from gi_trace.batches.models import Batch
from gi_trace.clock import day_of, now
from gi_trace.commands import prepare
from gi_trace.database import db
from gi_trace.demo import PASSWORD
from gi_trace.evidence.store import evidence_store
from gi_trace.offices.models import LeadTransfer
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import holds_demo_data
from gi_trace.registry.models import Party, PartyEntry, was_called
from gi_trace.registry.parties import record_numbers
from gi_trace.schema import DatabaseEmpty, DatabaseNewer, DatabaseOlder, TablesMissing, check_tables
from gi_trace.stock.models import CheckPhoto, Lot
from gi_trace.stock.verify import first_misfit
from gi_trace.web.words import kg_text
from tests.conftest import Browser
from tests.databases import make_service

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ROOT / "gi_trace/migrations/versions"
OLD = ROOT / "tests/upgrades/0001.sql"


@pytest.fixture
def old_app(tmp_path):
    """The service on a database of the first migration, not brought up yet."""
    with sqlite3.connect(tmp_path / "gi_trace.db") as old:
        old.executescript(OLD.read_text())
    old.close()
    service = make_service(tmp_path)
    service.test_client_class = Browser
    with service.app_context():
        yield service
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def database_url():
    """The old database is SQLite's."""
    return ""


def test_an_old_database_is_brought_up_with_everything_in_it(old_app):
    with pytest.raises(DatabaseOlder, match="0001"):
        check_tables()
    result = old_app.test_cli_runner().invoke(prepare)
    assert result.exit_code == 0 and "demo-authority" in result.output
    check_tables()
    check()  # alembic's own look for differences; it exits when there are any

    assert first_broken_row()[0] is None and first_misfit() is None
    assert holds_demo_data(), "a demo from before it was marked"
    [transfer] = db.session.scalars(select(LeadTransfer))
    assert [message.kind for message in transfer.messages] == ["lead"]
    for photo in db.session.scalars(select(CheckPhoto)):
        assert evidence_store().original(photo.sha256).is_file()


def test_a_token_goes_on_with_what_it_could_and_has_an_end_from_now_on(old_app):
    with sqlite3.connect(Path(old_app.config["DATA_DIR"]) / "gi_trace.db") as old:
        old.execute("INSERT INTO api_token VALUES (1, 1, '示范', 'x', '2020-01-01 08:00:00.000000', NULL)")
    old.close()
    old_app.test_cli_runner().invoke(prepare)
    token = db.session.get_one(ApiToken, 1)
    assert token.scopes == list(Scope) and token.last_used_on is None
    assert 364 <= (token.expires_at - now()).days <= 365


def test_what_is_known_of_firms_is_their_first_entry_and_stands_on_their_batches(old_app):
    old_app.test_cli_runner().invoke(prepare)
    entries = db.session.scalars(select(PartyEntry).order_by(PartyEntry.id)).all()
    assert [(entry.name, entry.from_day, entry.by_id) for entry in entries] == [
        ("林记示范陈皮行（演示）", None, 1),
        ("示范米业（演示）", None, 1),
    ]
    lin = entries[0].party
    assert day_of(entries[0].at) == date(2021, 11, 1) and record_numbers(lin) == {entries[0].id: 20}
    assert db.session.scalars(select(Party).where(was_called("林記示範"))).all() == [lin]
    for batch in db.session.scalars(select(Batch)):
        printed = (batch.printed_name, batch.printed_uscc, batch.printed_product, batch.printed_number)
        firm, right = batch.party, batch.authorisation
        assert printed == (firm.name, firm.uscc, batch.product.name, right.number)


def test_pages_of_an_old_database_still_read(old_app):
    old_app.test_cli_runner().invoke(prepare)
    lot = db.session.scalar(select(Lot).where(Lot.balance_g > 0, Lot.party_id == 1))
    pages = [
        ("demo-enterprise", "/enterprise/batches/2667263", "示范-陈皮-01"),
        ("demo-enterprise", f"/enterprise/lots/{lot.id}", kg_text(lot.balance_g)),
        ("demo-authority", "/authority/leads/1", "网店用“新会陈皮”名称销售外地皮"),
        ("demo-authority", "/authority/record", "示范移送"),
    ]
    for name, address, words in pages:
        browser = old_app.test_client()
        browser.post("/sign-in", data={"sign_in_name": name, "password": PASSWORD})
        page = browser.get(address)
        assert page.status_code == 200 and words in page.text, address


def test_a_second_start_changes_nothing(old_app):
    runner = old_app.test_cli_runner()
    runner.invoke(prepare)
    acts = db.session.scalar(text("SELECT count(*) FROM record_row"))
    assert runner.invoke(prepare).exit_code == 0
    assert db.session.scalar(text("SELECT count(*) FROM record_row")) == acts


@pytest.fixture
def fresh_app(tmp_path):
    service = make_service(tmp_path)
    with service.app_context():
        yield service
        db.session.remove()
        db.engine.dispose()


def change(statement):
    with db.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement, refusal, named",
    [
        ("DROP TABLE job", TablesMissing, "job"),
        ("ALTER TABLE campaign DROP COLUMN summary", TablesMissing, "campaign.summary"),
        ("ALTER TABLE campaign ADD COLUMN mood TEXT", TablesMissing, "campaign.mood"),
        ("UPDATE alembic_version SET version_num = '9999'", DatabaseNewer, "9999"),
        ("UPDATE alembic_version SET version_num = '0001'", DatabaseOlder, "0001"),
        ("DELETE FROM alembic_version", DatabaseEmpty, "没有表"),
    ],
)
def test_a_start_refuses_tables_that_are_not_what_the_migrations_say(fresh_app, statement, refusal, named):
    upgrade()
    check_tables()
    change(statement)
    with pytest.raises(refusal, match=re.escape(named)):
        check_tables()


def test_prepare_leaves_a_newer_database_alone_and_says_so_in_one_sentence(fresh_app):
    upgrade()
    change("UPDATE alembic_version SET version_num = '9999'")
    result = fresh_app.test_cli_runner().invoke(prepare)
    assert result.exit_code == 1 and "请改用更新的程序" in result.output and "Traceback" not in result.output


def test_the_server_does_not_start_on_an_old_database(old_app, tmp_path):
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "gi_trace/gunicorn_conf.py",
        "gi_trace:create_app()",
    ]
    settings = {"GI_TRACE_DATA_DIR": str(tmp_path), "GI_TRACE_PORT": "0", "GI_TRACE_START": ""}
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1 and "scripts/admin prepare" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_migration_that_fails_in_the_middle_leaves_the_database_as_it_was(old_app):
    change("CREATE TABLE office_message (id TEXT)")  # what 0003 makes last
    with pytest.raises(OperationalError):
        upgrade()
    db.session.remove()
    tables = inspect(db.engine).get_table_names()
    assert "exchange_message" in tables and "job" not in tables
    with pytest.raises(DatabaseOlder, match="0001"):
        check_tables()


def test_migrations_are_one_line_and_the_models_have_nothing_more(fresh_app):
    upgrade()
    check()
    names = sorted(path.name for path in VERSIONS.glob("[0-9]*.py"))
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]


def test_the_tables_take_every_word_that_the_models_know(fresh_app):
    """A check that a migration writes anew must know the words that another one added."""
    upgrade()
    tables = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        checks = " ".join(check["sqltext"] for check in tables.get_check_constraints(table.name))
        for column in (column for column in table.columns if isinstance(column.type, Enum)):
            unknown = [word for word in column.type.enums if f"'{word}'" not in checks]
            assert not unknown, f"{table.name}.{column.name}: {unknown}"


def test_what_was_released_of_migrations_is_never_changed(fresh_app):
    """The dump was made by the first migration; it and the migration must make the same tables."""
    upgrade(revision="0001")
    made = set(
        db.session.scalars(
            text("SELECT sql FROM sqlite_master WHERE name <> 'alembic_version' AND sql <> ''")
        )
    )
    with sqlite3.connect(":memory:") as old:
        old.executescript(OLD.read_text())
        kept = {
            sql
            for (sql,) in old.execute(
                "SELECT sql FROM sqlite_master WHERE name <> 'alembic_version' AND sql <> ''"
            )
        }
    old.close()
    assert made == kept
