"""`scripts/admin verifications …`, thin."""

import csv
import gc
from typing import TextIO

import click
from flask.cli import AppGroup

from gi_trace.errors import Refused
from gi_trace.verification.replay import replay

verifications = AppGroup("verifications", help="Checks of codes by the public.")


@verifications.command("replay")
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@click.option(
    "--out", type=click.File("w", encoding="utf-8", lazy=False), default="-", help="Alerts go here."
)
def replay_file(file: TextIO, out: TextIO) -> None:
    """Run the copy detector over FILE (at,code,batch,device,city,channel; UTC ISO times; in order of time).

    Writes code,alerted_at,score: the first alert of each code.
    """
    alerts = csv.writer(out, lineterminator="\n")
    alerts.writerow(("code", "alerted_at", "score"))
    gc.disable()  # no cycles are made here; looking for them among a million states takes a third of the time
    try:
        for alert in replay(csv.reader(file)):
            alerts.writerow((alert.code, alert.alerted_at.isoformat(), f"{alert.score:.3f}"))
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    finally:
        gc.enable()
