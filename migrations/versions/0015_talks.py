"""Talks in full: messages, questions and answers, next steps, confidentiality terms.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PAIR = (("need_id", "needs"), ("institute_id", "institutes"))


def upgrade() -> None:
    # Whoever was invited to a need that asks for terms is masked until both sides accept them: none exist so far.
    op.add_column("need_readers", sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True))
    _messages()
    _questions()
    _steps()
    _terms()


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns
    ]


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("side in ('enterprise', 'institute', 'platform')", name=op.f("ck_messages_side")),
        *_references("messages", *PAIR, ("sent_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    _indexes("messages", "institute_id", "sent_by")
    op.create_index(
        op.f("ix_messages_need_id_institute_id_created_at_id"), "messages", ["need_id", "institute_id", "created_at", "id"]
    )
    op.create_table(
        "message_read_marks",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("read_up_to", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side in ('enterprise', 'institute', 'platform')", name=op.f("ck_message_read_marks_side")
        ),
        *_references("message_read_marks", *PAIR),
        sa.PrimaryKeyConstraint("need_id", "institute_id", "side", name=op.f("pk_message_read_marks")),
    )
    _indexes("message_read_marks", "institute_id")
    grant_table("messages", "message_read_marks")


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=True),
        sa.Column("asked_by_side", sa.Text(), nullable=False),
        sa.Column("asked_side", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shared_by", sa.Uuid(), nullable=True),
        *_versioned(),
        sa.CheckConstraint(
            "asked_by_side in ('enterprise', 'institute', 'platform')", name=op.f("ck_questions_asked_by_side")
        ),
        sa.CheckConstraint("asked_side in ('enterprise', 'institute')", name=op.f("ck_questions_asked_side")),
        sa.CheckConstraint("asked_by_side <> asked_side", name=op.f("ck_questions_two_sides")),
        sa.CheckConstraint(
            "institute_id is not null or (asked_by_side = 'platform' and asked_side = 'enterprise')",
            name=op.f("ck_questions_institute"),
        ),
        sa.CheckConstraint(
            "withdrawn_at is null or answered_at is null", name=op.f("ck_questions_ended_once")
        ),
        sa.CheckConstraint(
            "shared_at is null or answered_at is not null", name=op.f("ck_questions_shared_when_answered")
        ),
        *_references("questions", *PAIR, ("asked_by", "accounts"), ("shared_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    _indexes("questions", "need_id", "institute_id", "asked_by", "shared_by")
    op.create_table(
        "question_answers",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_references("question_answers", ("question_id", "questions"), ("answered_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answers")),
    )
    _indexes("question_answers", "question_id", "answered_by")
    grant_table("questions", "question_answers")


def _steps() -> None:
    op.add_column(
        "contacts", sa.Column("decisions", postgresql.ARRAY(sa.String()), nullable=False, server_default="{}")
    )
    op.alter_column("contacts", "decisions", server_default=None)
    op.add_column("contacts", sa.Column("question_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_contacts_question_id_questions"), "contacts", "questions", ["question_id"], ["id"]
    )
    _indexes("contacts", "question_id")
    op.create_table(
        "next_steps",
        sa.Column("talk_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        *_versioned(),
        sa.CheckConstraint("side in ('enterprise', 'institute', 'platform')", name=op.f("ck_next_steps_side")),
        *_references("next_steps", ("talk_id", "contacts"), *PAIR, ("done_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_steps")),
    )
    _indexes("next_steps", "talk_id", "need_id", "institute_id", "done_by")
    op.create_index(
        "ix_next_steps_open", "next_steps", ["need_id", "side"], postgresql_where=sa.text("done_at IS NULL")
    )
    grant_table("next_steps")


def _terms() -> None:
    op.create_table(
        "terms_acceptances",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=True),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("side in ('enterprise', 'institute')", name=op.f("ck_terms_acceptances_side")),
        sa.CheckConstraint(
            "side = 'enterprise' or institute_id is not null", name=op.f("ck_terms_acceptances_institute")
        ),
        *_references("terms_acceptances", *PAIR),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptances")),
    )
    _indexes("terms_acceptances", "institute_id")
    op.create_index(
        "uq_terms_acceptances_once", "terms_acceptances", ["need_id", "institute_id", "side", "version"], unique=True,
        postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    grant_history("terms_acceptances")


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def downgrade() -> None:
    op.drop_table("terms_acceptances")
    op.drop_table("next_steps")
    op.drop_column("contacts", "question_id")
    op.drop_column("contacts", "decisions")
    op.drop_table("question_answers")
    op.drop_table("questions")
    op.drop_table("message_read_marks")
    op.drop_table("messages")
    op.drop_column("need_readers", "bound_at")
