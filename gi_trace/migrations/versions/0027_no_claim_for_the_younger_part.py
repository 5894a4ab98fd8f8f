"""What is mixed of claimed and traced peel claims no year, and says that a part of it has no season

Lots and batches that were mixed before said the claimed year, and the season of the traced part, of the whole.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

LOTS = "UPDATE lot SET claimed_year = NULL WHERE last_season IS NOT NULL"
MIXED = "SELECT number, season FROM batch WHERE claimed_year IS NOT NULL AND season <> ''"
BATCH = "UPDATE batch SET claimed_year = NULL, season = :season WHERE number = :number"


def upgrade():
    op.drop_column("lot", "oldest_on")  # its first day seen inside is read from its stays
    op.execute(LOTS)
    connection = op.get_bind()
    for number, season in connection.execute(sa.text(MIXED)).all():
        last = season.rpartition("–")[2]
        connection.execute(sa.text(BATCH), {"number": number, "season": f"–{last}"})


def downgrade():
    op.add_column("lot", sa.Column("oldest_on", sa.Date(), nullable=True))
