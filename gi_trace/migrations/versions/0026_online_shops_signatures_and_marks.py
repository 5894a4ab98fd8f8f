"""Online shops; signatures, marks and screenshots among the photos"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = sa.Enum(
    "photo",
    "marked",
    "signature",
    "screenshot",
    name="photokind",
    native_enum=False,
    create_constraint=True,
    length=32,
)
TEXTS = {"link": 500, "platform": 40, "seller": 120}


def upgrade():
    with op.batch_alter_table("evidence") as table:
        table.add_column(sa.Column("kind", KINDS, nullable=False, server_default="photo"))
        table.add_column(sa.Column("marks_of_id", sa.String(36), nullable=True))
    with op.batch_alter_table("shop") as table:
        for name, length in TEXTS.items():
            table.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))


def downgrade():
    raise NotImplementedError("signatures and marks would be taken for photos")
