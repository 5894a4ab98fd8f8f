"""Many harvests are declared at once, by an import that each of them names"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

CHECK, KEY = "ck_import_importkind", "fk_harvest_import_id_import"


def upgrade():
    with op.batch_alter_table("import") as table:
        table.drop_constraint(op.f(CHECK), type_="check")
        kinds = ["roll", "plots", "allocations", "harvests"]
        table.create_check_constraint(op.f(CHECK), sa.column("kind").in_(kinds))
    with op.batch_alter_table("import_shape") as table:
        table.drop_constraint(op.f("ck_import_shape_importkind"), type_="check")
        table.create_check_constraint(op.f("ck_import_shape_importkind"), sa.column("kind").in_(kinds))
    with op.batch_alter_table("harvest") as table:
        table.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(KEY), "import", ["import_id"], ["id"])
        table.create_index(op.f("ix_harvest_import_id"), ["import_id"])


def downgrade():
    raise NotImplementedError("harvests of an import would have no place")
