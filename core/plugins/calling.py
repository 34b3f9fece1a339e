"""Calling hooks: one implementation at a time, inside a guard, so that a failing plugin loses only itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import pluggy
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from core import access, clock, db, hookspecs, journal
from core.i18n import N_, Text
from core.plugins.answers import check_answer
from core.plugins.installed import house, in_words, log, title
from core.plugins.models import PluginCall, PluginFailure
from core.plugins.protecting import for_plugin, open_answers
from core.plugins.states import is_traced, set_state, state

WINDOW = timedelta(minutes=10)
TRACED = 500
"""Calls noted at most between two answers, so that a trace never fills the memory."""
Note = TypeVar("Note", PluginCall, PluginFailure)


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
    veiled, began = for_plugin(values), clock.monotonic()
    called = _guarded(hook, name, function, [veiled[argument] for argument in impl.argnames])
    if is_traced(name):
        _trace(hook, called, {argument: veiled[argument] for argument in impl.argnames}, clock.monotonic() - began)
    return called


def _guarded(hook: str, name: str, function: Callable[..., Any], arguments: list[Any]) -> Called:
    try:
        with db.savepoint():
            answers = list(function(*arguments) or ())
            for answer in answers:
                check_answer(hook, answer)
            return Called(name, open_answers(answers))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a plugin loses only itself
        return Called(name, failure=note(name, hook, error))


def collected(hook: str, **values: Any) -> list[Called]:
    """Ask everyone; one that fails answers with its failure, so that the page can say so and stay."""
    return [_call(hook, name, impl, values) for name, impl in _implementations(hook)]


def objections(hook: str = "objections", **values: Any) -> list[hookspecs.Objection]:
    """Ask everyone for objections, to a move if no other hook is named; a plugin that fails objects."""
    found: list[hookspecs.Objection] = []
    for called in collected(hook, **values):
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


def _trace(hook: str, called: Called, arguments: Mapping[str, Any], seconds: float) -> None:
    """Note a call: the kinds of its arguments and of its answers, never what they say."""
    kinds = ", ".join(f"{name}: {type(value).__name__}" for name, value in arguments.items())
    answered = "fel" if called.failure else f"{len(called.values)} {type((called.values or [None])[0]).__name__}"
    answered = answered if called.values or called.failure else "inget"
    said = {"name": called.plugin, "at": clock.now(), "hook": hook, "kinds": kinds[:300], "answered": answered[:60]}
    if len(house().traced) < TRACED:
        house().traced.append(PluginCall(**said, milliseconds=round(seconds * 1000)))
    log.info("plugin %s: %s(%s) gave %s in %d ms", called.plugin, hook, kinds, answered, seconds * 1000)


def note_failures(database: db.Database) -> None:
    """Write what failed and what was traced, in a transaction of its own, and park a plugin that fails too often.

    Where that cannot be written the log has it; what was asked for has been answered already and is no worse for it.
    """
    failures, traced = _emptied(house().noted), _emptied(house().traced)
    if not failures and not traced:
        return
    try:
        with database.transaction() as session:
            session.add_all([*failures, *traced])
            session.flush()
            for name, reason in {failure.name: failure.message for failure in failures}.items():
                _park_if_often(name, reason)
    except SQLAlchemyError:
        log.exception("could not note what failed in plugins")


def _emptied(notes: list[Note]) -> list[Note]:
    taken: list[Note] = []
    with suppress(IndexError):  # not asked before whether there are any: another thread may be quicker
        while True:
            taken.append(notes.pop(0))
    return taken


def _park_if_often(name: str, reason: str) -> None:
    recent = select(func.count()).where(PluginFailure.name == name, PluginFailure.at > clock.now() - WINDOW)
    if db.session().scalars(recent).one() >= house().failures_to_park and state(name) == "on":
        set_state(access.system("core"), name, "parked", reason)
