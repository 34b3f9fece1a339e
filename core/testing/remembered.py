"""What the tests of one run need not do anew for each test: compiling SQL statements, templates and addresses.

Each test has an engine, and some an application, of its own; both keep what they compiled, and both are gone with the
test. In an installation they live as long as its processes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

from core import db
from core.http.frame import Application

STATEMENTS = 5_000
"""As many as all tests of a process say; a process of an installation says fewer."""

_first: dict[str, Engine] = {}
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder  # noqa: SLF001 - two thirds of an application's making, and nothing public


def remember(folder: Path) -> None:
    """Keep from now on what is compiled: templates in `folder` for all of the run, the rest in this process."""
    folder.mkdir(exist_ok=True)
    Application.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}
    vars(db)["create_engine"] = _create_engine
    Rule._compile_builder = _builder  # type: ignore[assignment, method-assign]  # noqa: SLF001


def _create_engine(*args: Any, **kwargs: Any) -> Engine:
    """Make an engine that knows what the first of its kind in this process has compiled.

    Statements are kept by dialect, so it shares that too: one that has learnt what it speaks with, which each engine
    tells its own at its first connection, and one that never connects never does.
    """
    made = sqlalchemy.create_engine(*args, query_cache_size=STATEMENTS, **kwargs)
    first = _first.get(made.dialect.name)
    if first is None or getattr(first.dialect, "server_version_info", None) is None:
        _first[made.dialect.name] = first = made
    made.dialect, made._compiled_cache = first.dialect, first._compiled_cache  # noqa: SLF001 - nothing public shares it
    return made


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - werkzeug's
    """Compile what builds the addresses of a rule, once per text: it asks the rule that it is bound to for the rest."""
    if rule.defaults:  # they are compiled in
        return _compile_builder(rule, append_unknown)
    text = (rule.rule, *rule._trace, append_unknown)  # noqa: SLF001
    if text not in _builders:
        _builders[text] = _compile_builder(rule, append_unknown)
    return _builders[text]
