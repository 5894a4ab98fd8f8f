"""Applications for the mark, and the terms that run on them"""

import sqlalchemy as sa
from alembic import op

import gi_trace.database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


TERMS = (
    "check_lead",
    "extension",
    "accept_complaint",
    "mediation",
    "tell_informant",
    "hearing",
    "publish",
    "keep_published_short",
    "keep_published_long",
    "withdraw_published",
)
NEW_TERMS = ("check_application", "correct_application", "decide_application")


def _enum(name, *values):
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _change_terms(before, after):
    with op.batch_alter_table("legal_term", schema=None) as batch_op:
        batch_op.alter_column(
            "code",
            existing_type=_enum("termcode", *before),
            type_=_enum("termcode", *after),
            existing_nullable=False,
        )


def upgrade():
    _change_terms(TERMS, (*TERMS, *NEW_TERMS))
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "new_right",
                "renewal",
                "new_name",
                name="applicationkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "handed_in",
                "correction_asked",
                "checked",
                "approved",
                "announced",
                "refused",
                "withdrawn",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "protected",
                "certification",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("representative", sa.String(length=60), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("new_name", sa.String(length=120), nullable=False),
        sa.Column("new_name_since", sa.Date(), nullable=True),
        sa.Column("receipt_hash", sa.String(length=64), nullable=True),
        sa.Column("right_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_application_area_id_area")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_application_party_id_party")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_application_product_id_product")
        ),
        sa.ForeignKeyConstraint(
            ["right_id"], ["authorisation.id"], name=op.f("fk_application_right_id_authorisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_application_receipt_hash")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_party_id"), ["party_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_stage"), ["stage"], unique=False)
        batch_op.create_index(batch_op.f("ix_application_uscc"), ["uscc"], unique=False)

    op.create_table(
        "application_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "hand_in",
                "add_papers",
                "ask_correction",
                "correct",
                "check",
                "approve",
                "announce",
                "refuse",
                "withdraw",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", gi_trace.database.UTCDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["application.id"],
            name=op.f("fk_application_step_application_id_application"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_application_step_by_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_step")),
    )
    with op.batch_alter_table("application_step", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_application_step_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "application_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "test_report",
                "origin_proof",
                "licence",
                "other",
                name="paperkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["step_id"], ["application_step.id"], name=op.f("fk_application_paper_step_id_application_step")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_paper")),
    )
    with op.batch_alter_table("application_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_paper_step_id"), ["step_id"], unique=False)


def downgrade():
    with op.batch_alter_table("application_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_paper_step_id"))

    op.drop_table("application_paper")
    with op.batch_alter_table("application_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_step_application_id"))

    op.drop_table("application_step")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_uscc"))
        batch_op.drop_index(batch_op.f("ix_application_stage"))
        batch_op.drop_index(batch_op.f("ix_application_party_id"))

    op.drop_table("application")
    op.execute(
        sa.text(
            "DELETE FROM legal_term WHERE code IN ('check_application', 'correct_application', 'decide_application')"
        )
    )
    _change_terms((*TERMS, *NEW_TERMS), TERMS)
