"""Rules that the database itself keeps, for revisions to call: the same words make them on both databases."""

from __future__ import annotations

from alembic import op


def append_only(table: str, *, unless: str = "") -> None:
    """Let rows of `table` be inserted, never changed or removed, whoever asks.

    `unless` is an SQL condition on OLD and NEW under which an UPDATE is let through.
    """
    refusal = f"{table} is append-only"
    when = f" WHEN (NOT ({unless}))" if unless else ""
    if op.get_bind().dialect.name == "sqlite":
        for event, condition in (("UPDATE", when), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}{condition} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for event, each, condition in (("UPDATE", "ROW", when), ("DELETE", "ROW", ""), ("TRUNCATE", "STATEMENT", "")):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            f"FOR EACH {each}{condition} EXECUTE FUNCTION {table}_append_only()"
        )


def changeable(table: str) -> None:
    """Take back `append_only`."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{event}")
    else:
        op.execute(f"DROP FUNCTION {table}_append_only() CASCADE")
