"""The commands of `scripts/admin` of leads, what goes to other offices, and evidence; for people and for cron."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from gi_trace.casework.rules.bundle import bundle_faults
from gi_trace.casework.sources import gather_leads
from gi_trace.keys import keys
from gi_trace.offices.delivery import deliver_waiting
from gi_trace.offices.rules import public_key

evidence = AppGroup("evidence", help="Evidence bundles of cases.")
leads = AppGroup("leads", help="Leads, and the packages that other offices wait for.")


@evidence.command("verify")
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", "key_text", help="Public key of the office that made it (64 hex digits); else ours.")
def verify_bundle(bundle: Path, key_text: str | None) -> None:
    """Find any changed, added or missing file, or a foreign signature. Exit status 1 when one is found."""
    key = public_key(key_text.lower()) if key_text else keys().office.public_key()
    if key is None:
        raise click.BadParameter("64 hexadecimal digits", param_hint="--key")
    faults = bundle_faults(bundle, key)
    for what, name in faults:
        click.echo(f"{what}：{name}")
    if faults:
        sys.exit(1)
    click.echo("证据包完整，签名相符。")


@leads.command("gather")
def gather() -> None:
    """Take in what alerts, the public, patrols and growers brought since the last time."""
    click.echo(f"新收 {len(gather_leads(by=None))} 条线索。")


@leads.command("deliver")
def deliver() -> None:
    """Send again what other offices have not receipted yet."""
    done, left = deliver_waiting()
    click.echo(f"已签收 {done} 件，未送到 {left} 件。")
