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


def kept_by(table: str, *, of: str, sums: dict[str, str]) -> None:
    """Let columns of `table` be sums of rows of `of`, which the database keeps and refuses any other hand to change.

    `sums` says for each column which account it is the sum of. A row of `of` has `<table>_id`, `account`, `amount`.
    A row of `table` begins with nothing, keeps its key, and is never removed.
    """
    total = {
        column: f"(SELECT coalesce(sum(amount), 0) FROM {of} WHERE {table}_id = NEW.{{key}} AND account = '{account}')"  # noqa: S608 - names of our own
        for column, account in sums.items()
    }
    set_them = ", ".join(f"{column} = {text.format(key=f'{table}_id')}" for column, text in total.items())
    differs = " OR ".join(f"NEW.{column} <> {text.format(key='id')}" for column, text in total.items())
    filled = " OR ".join(f"NEW.{column} <> 0" for column in sums)
    accounts = ", ".join(f"'{account}'" for account in sums.values())
    refusal = f"{table} is changed by {of} only"
    if op.get_bind().dialect.name == "sqlite":
        keep = f"UPDATE {table} SET {set_them} WHERE id = NEW.{table}_id"  # noqa: S608 - names of our own
        when = f"AFTER INSERT ON {of} WHEN NEW.account IN ({accounts})"
        op.execute(f"CREATE TRIGGER {of}_sums {when} BEGIN {keep}; END")
        for event, condition in (
            ("UPDATE", f" WHEN NEW.id <> OLD.id OR {differs}"),
            ("INSERT", f" WHEN {filled}"),
            ("DELETE", ""),
        ):
            op.execute(
                f"CREATE TRIGGER {table}_kept_{event.lower()} BEFORE {event} ON {table}{condition} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        return
    # locked first, in a statement of its own: the sums are those after whoever went before
    lock = f"PERFORM 1 FROM {table} WHERE id = NEW.{table}_id FOR UPDATE"
    keep = f"UPDATE {table} SET {set_them} WHERE id = NEW.{table}_id"  # noqa: S608 - names of our own
    body = f"IF NEW.account IN ({accounts}) THEN {lock}; {keep}; END IF; RETURN NULL;"
    op.execute(f"CREATE FUNCTION {of}_sums() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {of}_sums AFTER INSERT ON {of} FOR EACH ROW EXECUTE FUNCTION {of}_sums()")
    op.execute(
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF NEW.id = OLD.id AND NOT ({differs}) THEN RETURN NEW; END IF; END IF; "
        f"IF TG_OP = 'INSERT' THEN IF NOT ({filled}) THEN RETURN NEW; END IF; END IF; "
        f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    for event, each in (("UPDATE", "ROW"), ("INSERT", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER {table}_kept_{event.lower()} BEFORE {event} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {table}_kept()"
        )


def free(table: str, *, of: str) -> None:
    """Take back `kept_by`."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {of}_sums")
        for event in ("update", "insert", "delete"):
            op.execute(f"DROP TRIGGER {table}_kept_{event}")
    else:
        op.execute(f"DROP FUNCTION {of}_sums() CASCADE")
        op.execute(f"DROP FUNCTION {table}_kept() CASCADE")


def derived(table: str, column: str, *, value: str, parent: str, by: dict[str, tuple[str, ...]]) -> None:
    """Let `column` of `table` be what `value` says of its row, kept by the database when a row is inserted and later.

    `value` is SQL that may look into `parent`, which the row hangs on by `<parent>_id`, and into other tables that do.
    `by` names them all, each with the columns that `value` depends on.
    """
    for source, columns in by.items():
        key = "id" if source == parent else f"{parent}_id"
        keep = f"UPDATE {table} SET {column} = {value} WHERE {parent}_id = NEW.{key}"  # noqa: S608 - names of our own
        differs = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
        events = {"insert": "INSERT", "update": f"UPDATE OF {', '.join(columns)}"}
        if op.get_bind().dialect.name == "sqlite":
            for event, words in events.items():
                when = f"AFTER {words} ON {source}" + (f" WHEN {differs}" if event == "update" else "")
                op.execute(f"CREATE TRIGGER {source}_{table}_{column}_{event} {when} BEGIN {keep}; END")
            continue
        # locked first, in a statement of its own: what is read then is what whoever went before has left
        lock = f"PERFORM 1 FROM {parent} WHERE id = NEW.{key} FOR UPDATE"
        name = f"{source}_{table}_{column}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock}; {keep}; RETURN NULL; END $$"
        )
        for event, words in events.items():
            when = f" WHEN ({differs})" if event == "update" else ""
            op.execute(
                f"CREATE TRIGGER {name}_{event} AFTER {words} ON {source} FOR EACH ROW{when} EXECUTE FUNCTION {name}()"
            )


def own(table: str, column: str, *, by: tuple[str, ...]) -> None:
    """Take back `derived`."""
    for source in by:
        name = f"{source}_{table}_{column}"
        if op.get_bind().dialect.name == "sqlite":
            for event in ("insert", "update"):
                op.execute(f"DROP TRIGGER {name}_{event}")
        else:
            op.execute(f"DROP FUNCTION {name}() CASCADE")
