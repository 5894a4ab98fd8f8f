"""The record is a tree whose entries everybody may read; acts from before become leaves too"""

import secrets

import sqlalchemy as sa
from alembic import op

from gi_trace.database import UTCDateTime
from gi_trace.record.rules import about_text, tree_entry
from gi_trace.record.tree import WIDTH, Frontier, leaf_hash, root_of

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

ROW = sa.table(
    "record_row",
    sa.column("number", sa.Integer),
    sa.column("at", UTCDateTime()),
    sa.column("act", sa.String),
    sa.column("subject", sa.String),
    sa.column("body", sa.Text),
    sa.column("salt", sa.String),
)
HEAD = sa.table("record_head", sa.column("number", sa.Integer), sa.column("frontier", sa.LargeBinary))


def upgrade():
    tile = op.create_table(
        "record_tile",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_record_tile")),
    )
    op.add_column("record_row", sa.Column("salt", sa.String(32)))
    op.add_column("record_head", sa.Column("frontier", sa.LargeBinary()))
    frontier = _plant(tile)
    op.get_bind().execute(sa.update(HEAD).values(frontier=frontier.packed))
    with op.batch_alter_table("record_row") as row:
        row.alter_column("salt", existing_type=sa.String(32), nullable=False)
    with op.batch_alter_table("record_head") as head:
        head.alter_column("frontier", existing_type=sa.LargeBinary(), nullable=False)


def downgrade():
    raise NotImplementedError("what was signed of the tree could not be shown any more")


def _plant(tile):
    """A tile's worth of rows at a time."""
    connection, frontier, full = op.get_bind(), Frontier(), []
    while rows := connection.execute(
        sa.select(ROW).where(ROW.c.number > frontier.size).order_by(ROW.c.number).limit(WIDTH)
    ).all():
        salts = [secrets.token_hex(16) for _ in rows]
        for row, salt in zip(rows, salts, strict=True):
            if row.number != frontier.size + 1:
                raise RuntimeError(
                    f"act {frontier.size + 1} is missing from the record: restore it from a backup"
                )
            about = about_text(row.act, row.subject)
            full.append(leaf_hash(tree_entry(row.number, row.at, about, row.body, salt)))
            frontier.append(full[-1])
        connection.execute(
            sa.update(ROW).where(ROW.c.number == sa.bindparam("n")).values(salt=sa.bindparam("s")),
            [{"n": row.number, "s": salt} for row, salt in zip(rows, salts, strict=True)],
        )
    _keep(connection, tile, full)
    return frontier


def _keep(connection, tile, hashes, level=0):
    tiles = [hashes[place : place + WIDTH] for place in range(0, len(hashes) - WIDTH + 1, WIDTH)]
    if not tiles:
        return
    roots = [root_of(hashes) for hashes in tiles]
    for index, (held, root) in enumerate(zip(tiles, roots, strict=True)):
        connection.execute(sa.insert(tile).values(level=level, index=index, hashes=b"".join(held), root=root))
    _keep(connection, tile, roots, level + 1)
