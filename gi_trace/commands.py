"""The commands of `scripts/admin`, thin: each calls one act or one check."""

import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade

from gi_trace import demo
from gi_trace.accounts.actions import open_account, open_again, reset_password
from gi_trace.accounts.models import Duty, Role, find_account, has_administrator
from gi_trace.casework.commands import evidence, leads, verify_bundle
from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.jobs.commands import jobs
from gi_trace.patrol.first_offences import load_first_offences
from gi_trace.record.actions import first_broken_row
from gi_trace.record.checkpoints import first_contradicted_state
from gi_trace.record.signing import RecordKeyUnfit, begin_signing
from gi_trace.registry.first_products import load_first_products
from gi_trace.schema import TablesUnfit, check_not_newer, check_tables
from gi_trace.stock.commands import stock_group
from gi_trace.verification.commands import replay_file, verifications
from gi_trace.verification.storing.upkeep import upkeep

WITHOUT_TABLES = (verify_bundle, replay_file)  # they look at a file alone
record_group = AppGroup("record", help="The append-only record of acts.")


def init_commands(app: Flask) -> None:
    app.cli.add_command(prepare)
    for command in (create_admin, keep_up, record_group, stock_group, verifications, evidence, leads, jobs):
        app.cli.add_command(command)
        for asked in _single(command):
            if asked not in WITHOUT_TABLES and asked.callback:
                asked.callback = _on_our_tables(asked.callback)


def _single(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        for part in command.commands.values():
            yield from _single(part)
    else:
        yield command


def _on_our_tables(asked: Callable[..., Any]) -> Callable[..., Any]:
    """Of a command that reads the database: that its tables are not ours is told in one sentence."""
    if hasattr(asked, "is_on_our_tables"):  # of an earlier service of this process
        return asked

    @wraps(asked)
    def checked(**options: Any) -> Any:
        try:
            check_tables()
        except TablesUnfit as unfit:
            raise click.ClickException(str(unfit)) from unfit
        return asked(**options)

    checked.is_on_our_tables = True  # type: ignore[attr-defined]
    return checked


def make_ready(*, with_demo: bool) -> Iterator[str]:
    """Brings tables, products and (once) the demo up to date; lines for the console: how to sign in."""
    check_not_newer()
    upgrade()
    check_tables()
    load_first_products()
    load_first_offences()
    if with_demo:
        demo.load_demo()
    begin_signing()
    if with_demo:
        yield from demo.how_to_sign_in(current_app.config["PUBLIC_URL"])
    else:
        yield "没有载入示范数据。用 scripts/admin create-admin 开通第一个账号。"


@click.command("prepare")
@click.option("--no-demo", is_flag=True, help="A real start: no demo data.")
def prepare(no_demo: bool) -> None:
    """Bring keys, tables, products and (once) the demo up to date; print how to sign in."""
    try:
        for line in make_ready(with_demo=not no_demo):
            click.echo(line)
    except (TablesUnfit, RecordKeyUnfit) as unfit:
        raise click.ClickException(str(unfit)) from unfit


@click.command("upkeep")
def keep_up() -> None:
    """For cron, once a night: thin old checks to counts, delete the keys of past days."""
    click.echo(f"已将 {upkeep()} 条旧查验记录合并为计数。")


@click.command("create-admin")
@click.option("--sign-in-name", prompt="登录名", help="Sign-in name of the officer.")
@click.option("--name", prompt="姓名", help="The officer's name.")
def create_admin(sign_in_name: str, name: str) -> None:
    """Open an account of the authority, or give an existing one a new one-time password; the record tells of it."""
    try:
        existing = find_account(sign_in_name)
        if existing and existing.role == Role.AUTHORITY:
            give = open_again if existing.closed_at else reset_password
            password = give(existing, by=None)
        else:
            duties = [Duty.HANDLER, Duty.REVIEWER, *([] if has_administrator() else [Duty.ADMINISTRATOR])]
            password = open_account(sign_in_name, name, Role.AUTHORITY, by=None, duties=duties)[1]
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"一次性密码（只显示这一次）：{password}")


@record_group.command("verify")
def verify_record() -> None:
    """Find rows edited, deleted, inserted or moved, and signed states that no longer fit. Exit status 1 when one is found."""
    broken, rows, last_hash = first_broken_row()
    if broken is not None:
        click.echo(f"记录自第 {broken} 行起不成立。")
        sys.exit(1)
    if (size := first_contradicted_state()) is not None:
        click.echo(f"记录与第 {size} 行时签过的状态不符：此前有一行被改写，或记录被截断、换成了旧的。")
        sys.exit(1)
    click.echo(f"记录完整：{rows} 行，最后一行的校验值 {last_hash}")
