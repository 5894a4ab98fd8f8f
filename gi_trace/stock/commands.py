"""`scripts/admin stock …`, thin."""

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from gi_trace.database import db
from gi_trace.stock.models import StockAct
from gi_trace.stock.verify import first_misfit

stock_group = AppGroup("stock", help="The stock ledger.")


@stock_group.command("verify")
def verify_stock() -> None:
    """Recompute everything from the postings. Exit status 1 when something does not fit."""
    misfit = first_misfit()
    if misfit:
        click.echo(f"库存账不平。{misfit}")
        sys.exit(1)
    acts = db.session.scalar(select(func.count()).select_from(StockAct))
    click.echo(f"库存账相符：{acts} 项事项。")
