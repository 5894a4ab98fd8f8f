"""`scripts/admin jobs …`, thin."""

import click
from flask import current_app
from flask.cli import AppGroup

from gi_trace.jobs.worker import work_until_stopped
from gi_trace.schema import TablesUnfit, check_tables

jobs = AppGroup("jobs", help="Work in the background.")


@jobs.command("work")
@click.option("--beside", type=int, help="Number of the parent process, with which the worker ends.")
def work(beside: int | None) -> None:
    """Do what waits, until stopped. The server starts one by itself."""
    try:
        check_tables()
    except TablesUnfit as unfit:
        raise click.ClickException(str(unfit)) from unfit
    work_until_stopped(current_app._get_current_object(), beside=beside)  # type: ignore[attr-defined]
