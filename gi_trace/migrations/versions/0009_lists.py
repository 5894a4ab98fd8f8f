"""Plots and batches stand in the order in which they are listed"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_plot_crop_id_area_id_number": ("plot", ["crop_id", "area_id", "number"]),
    "ix_batch_registered_at_number": ("batch", ["registered_at", "number"]),
}


def upgrade():
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)


def downgrade():
    for name, (table, _columns) in INDEXES.items():
        op.drop_index(name, table)
