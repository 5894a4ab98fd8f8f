"""Plots' numbers are compared as people mean them; what is usual of a crop, room for trees, protected areas

Numbers that differed in typing alone stay, and are listed to be put right: the key of the later plot has its id behind a
blank, which no key of a number has.
"""

import sqlalchemy as sa
from alembic import op

from gi_trace.stock.rules.land import typed_key

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("crop_yield", sa.Column("usual_g_per_mu", sa.Integer(), nullable=True))
    op.add_column("crop_yield", sa.Column("most_trees_per_mu", sa.Integer(), nullable=True))
    op.add_column("area", sa.Column("protected_m2", sa.BigInteger(), nullable=True))
    op.add_column("plot", sa.Column("number_key", sa.Text(), nullable=True))
    connection, taken = op.get_bind(), set()
    keys = []
    for plot, number in connection.execute(sa.text("SELECT id, number FROM plot ORDER BY id")).all():
        key = typed_key(number)
        keys.append({"id": plot, "key": f"{key} {plot}" if key in taken else key})
        taken.add(key)
    if keys:
        connection.execute(sa.text("UPDATE plot SET number_key = :key WHERE id = :id"), keys)
    with op.batch_alter_table("plot") as plot:
        plot.alter_column("number_key", nullable=False, existing_type=sa.Text())
        plot.create_unique_constraint("uq_plot_number_key", ["number_key"])


def downgrade():
    op.drop_column("plot", "number_key")
