"""Calling hooks: one implementation at a time, inside a guard, so that a failing plugin loses only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pluggy
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from core import access, clock, db, hookspecs, journal
from core.i18n import N_, Text
from core.plugins.answers import check_answer
from core.plugins.installed import house, in_words, log, title
from core.plugins.models import PluginFailure
from core.plugins.protecting import for_plugin, open_answers
from core.plugins.states import set_state, state

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Called:
    """What one implementation answered: its values, or why there are none."""

    plugin: str
    values: list[Any] = field(default_factory=list)
    failure: str = ""


def _implementations(hook: str) -> Iterator[tuple[str, pluggy.HookImpl]]:
    """Yield who implements `hook` and is on, by name: order of installation has no meaning."""
    caller = getattr(house().manager.hook, f"tryggplats_{hook}")
    for impl in sorted(caller.get_hookimpls(), key=lambda entry: entry.plugin_name):
        if impl.plugin_name.startswith("core:") or state(impl.plugin_name) == "on":
            yield impl.plugin_name, impl


def _call(hook: str, name: str, impl: pluggy.HookImpl, values: Mapping[str, Any]) -> Called:
    function: Callable[..., Any] = impl.function
    if name.startswith("core:"):
        return Called(name, list(function(*(values[argument] for argument in impl.argnames)) or ()))
    veiled = for_plugin(values)
    try:
        with db.savepoint():
            answers = list(function(*(veiled[argument] for argument in impl.argnames)) or ())
            for answer in answers:
                check_answer(hook, answer)
            return Called(name, open_answers(answers))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin loses only itself
        return Called(name, failure=note(name, hook, error))


def collected(hook: str, **values: Any) -> list[Called]:
    """Ask everyone; one that fails answers with its failure, so that the page can say so and stay."""
    return [_call(hook, name, impl, values) for name, impl in _implementations(hook)]


def objections(**values: Any) -> list[hookspecs.Objection]:
    """Ask everyone for objections to a move; a plugin that fails objects."""
    found: list[hookspecs.Objection] = []
    for called in collected("objections", **values):
        if called.failure:
            sentence = N_("Tillägget {title} svarar inte. Det går inte att fortsätta förrän det är lagat.")
            found.append(hookspecs.Objection(Text(sentence, title=title(called.plugin))))
        found += called.values
    return found


def told(hook: str, actor: access.Actor, **values: Any) -> None:
    """Tell everyone; what a failing plugin did is undone and journalled, the request goes on."""
    for called in collected(hook, actor=actor, **values):
        if called.failure:
            journal.write(actor, "plugin:failed", "plugin", None, name=called.plugin, hook=hook)


# --- What failed --------------------------------------------------------------------------------------------------


def note(name: str, hook: str, error: BaseException) -> str:
    """Remember that a plugin failed, for `note_failures`; return the failure in words."""
    message = in_words(error)
    log.error("plugin %s failed in %s", name, hook, exc_info=error)
    house().noted.append(PluginFailure(name=name, at=clock.now(), hook=hook, message=message))
    return message


def note_failures(database: db.Database) -> None:
    """Write what failed, in a transaction of its own, and park a plugin that fails too often.

    Where that cannot be written the log has it; what was asked for has been answered already and is no worse for it.
    """
    failures: list[PluginFailure] = []
    with suppress(IndexError):  # not asked before whether there are any: another thread may be quicker
        while True:
            failures.append(house().noted.pop())
    if not failures:
        return
    try:
        with database.transaction() as session:
            session.add_all(failures)
            session.flush()
            for name, reason in {failure.name: failure.message for failure in failures}.items():
                _park_if_often(name, reason)
    except SQLAlchemyError:
        log.exception("could not note what failed in plugins")


def _park_if_often(name: str, reason: str) -> None:
    recent = select(func.count()).where(PluginFailure.name == name, PluginFailure.at > clock.now() - WINDOW)
    if db.session().scalars(recent).one() >= house().failures_to_park and state(name) == "on":
        set_state(access.system("core"), name, "parked", reason)
