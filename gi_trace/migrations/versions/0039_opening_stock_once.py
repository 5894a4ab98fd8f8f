"""Opening stock: numbers told one way, the firm's first year, and where peel older than the firm came from

Numbers that came in twice before stay as they are: an index, no constraint.
"""

import sqlalchemy as sa
from alembic import op

from gi_trace.stock.rules.land import typed_key

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade():
    for name, kind in (("number_key", sa.Text()), ("supplier", sa.Text()), ("paper", sa.Text())):
        op.add_column("on_site_check", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("on_site_check", sa.Column("founded_year", sa.Integer()))
    connection = op.get_bind()
    checks = connection.execute(sa.text("SELECT id, outside_number FROM on_site_check")).all()
    keys = [{"id": check, "key": typed_key(number)} for check, number in checks]
    if keys:
        connection.execute(sa.text("UPDATE on_site_check SET number_key = :key WHERE id = :id"), keys)
    op.create_index(op.f("ix_on_site_check_number_key"), "on_site_check", ["number_key"])
    op.create_index(op.f("ix_check_photo_sha256"), "check_photo", ["sha256"])


def downgrade():
    op.drop_index(op.f("ix_check_photo_sha256"), "check_photo")
    op.drop_index(op.f("ix_on_site_check_number_key"), "on_site_check")
    for name in ("founded_year", "paper", "supplier", "number_key"):
        op.drop_column("on_site_check", name)
