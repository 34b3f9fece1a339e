"""The pages of those who run an installation: plugins, and operation with jobs, the outbox and its health."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import backup, handover, imports, plugins
from core.http import Pages, actor, page, redraw_with, see_other
from core.http.forms import Form, read_form, read_version
from core.i18n import N_
from core.operation import services
from core.operation.plugins import CONSEQUENCES, MANY, STATES, list_plugins, read_plugin
from core.operation.schemas import Decision, Nothing, TaskDecision, Trace, TraceOrStop
from core.schema import Schema
from core.upkeep.services import digest

pages = Pages("operation", __name__)
KINDS = {
    "letter": N_("Brev"),
    "pictures": N_("Bilder av ett foto"),
    "forget sent": N_("Ta bort ett foto som det skickades"),
    handover.TASK: N_("En fil från en telefon"),
    imports.TASK: N_("En fil som läses in"),
    services.CHECK: N_("Kontroll av journalen"),
    backup.TASK: N_("Säkerhetskopia"),
    digest.TASK: N_("Dagens brev om frister"),
}
"""What the worker does, in words; what is not here is called by its own name."""
TASK_STATES = {
    "waiting": (N_("Väntar"), "waiting"),
    "failed": (N_("Uppgivet"), "missing"),
    "done": (N_("Klart"), "done"),
    "dropped": (N_("Avskrivet"), "off"),
}
MOVES = {"gor_om": services.retry_task, "avskriv": services.drop_task}


# --- Plugins --------------------------------------------------------------------------------------------------------


@pages.get("/admin/tillagg", needs="operation:installation:read")
def list_all_plugins() -> flask.Response:
    """List the plugins and how they are."""
    found = list_plugins(actor())
    away = [one for one in found if one.state in ("parked", "refused")]
    return page("operation/plugins.html", found=found, away=away, states=STATES, contract=plugins.CONTRACT)


@pages.get("/admin/tillagg/<name>", needs="operation:installation:read")
def show_plugin(name: str) -> flask.Response:
    """Show a plugin: what it does, how it is, its failures and its settings."""
    return _plugin_page(name)


@pages.post("/admin/tillagg/<name>/lage", needs="operation:plugin:edit")
def decide(name: str) -> flask.Response:
    """Switch a plugin on or off, or set it aside."""
    redraw_with(_again(name, Decision, "decision"))
    known = Decision().load(read_form(Decision, request.form))
    services.decide_plugin(actor(), name, **known)
    return see_other(".show_plugin", name=name)


@pages.post("/admin/tillagg/<name>/installningar", needs="operation:plugin:edit")
def save_settings(name: str) -> flask.Response:
    """Keep what was chosen for a plugin."""
    schema = plugins.schema_of(name)
    asked = schema or Nothing
    redraw_with(_again(name, asked, "settings"), saved=(lambda: _settings_form(name, schema)) if schema else None)
    sent = read_form(asked, request.form)
    if schema is None:
        Nothing().load(sent)
    services.save_plugin_settings(actor(), name, sent, version=read_version(request.form))
    return see_other(".show_plugin", name=name, _anchor="installningar")


@pages.post("/admin/tillagg/<name>/spar", needs="operation:plugin:edit")
def trace(name: str) -> flask.Response:
    """Note a plugin's calls for a while."""
    redraw_with(_again(name, Trace, "trace"))
    known = TraceOrStop().load(read_form(TraceOrStop, request.form))
    services.trace_plugin(actor(), name, minutes=int(known["minutes"]))
    return see_other(".show_plugin", name=name, _anchor="spar")


def _plugin_page(name: str, form: Form | None = None, which: str = "") -> flask.Response:
    found = read_plugin(actor(), name)
    forms: dict[str, Any] = {
        "decision": Form(Decision, {"state": found.state}, ids="lage"),
        "settings": _settings_form(name, schema) if (schema := plugins.schema_of(name)) else None,
        "trace": Form(Trace, ids="spar-f"),
    }
    if form is not None:
        forms[which] = form
    return page(
        "operation/plugin.html",
        found=found,
        states=STATES,
        consequence=CONSEQUENCES[found.state],
        routes=_routes(name),
        many=MANY,
        redacted=services.redacted,
        form=form,
        **forms,
    )


def _settings_form(name: str, schema: type[Schema]) -> Form:
    return Form(schema, plugins.settings_of(name), version=plugins.version_of_settings(name), ids="val")


def _again(name: str, schema: Any, which: str) -> Any:
    ids = {"decision": "lage", "settings": "val", "trace": "spar-f"}[which]

    def draw(problem: Any) -> flask.Response:
        return _plugin_page(name, Form(schema, written=request.form, errors=problem.fields(schema), ids=ids), which)

    return draw


def _routes(name: str) -> list[str]:
    app: Any = flask.current_app
    own = {blueprint for blueprint, plugin in app.plugin_of.items() if plugin == name}
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in own]
    verbs = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    return sorted(f"{', '.join(sorted(verbs & (rule.methods or set())))} {rule.rule}" for rule in rules)


# --- Operation ------------------------------------------------------------------------------------------------------


@pages.get("/admin/drift", needs="operation:installation:read")
def show() -> flask.Response:
    """Show whether all is well, how the jobs went, and what waits."""
    found = services.facts(actor())
    return page(
        "operation/operation.html",
        facts=found,
        unwell=services.unwell(found),
        jobs=services.jobs(actor()),
        next_run=services.next_run,
        waiting=services.waiting(actor()),
        letters=services.demo_letters(actor()),
        kinds=KINDS,
        states=TASK_STATES,
        redacted=services.redacted,
        reason_of=services.reason_of,
    )


@pages.get("/admin/drift/uppgifter/<uuid:uid>", needs="operation:installation:read")
def show_task(uid: UUID) -> flask.Response:
    """Show how far a task has come."""
    return _task_page(uid, Form(TaskDecision))


@pages.post("/admin/drift/uppgifter/<uuid:uid>", needs="operation:task:edit")
def decide_task(uid: UUID) -> flask.Response:
    """Let a task be tried again, or never be done."""
    redraw_with(
        lambda problem: _task_page(uid, Form(TaskDecision, written=request.form, errors=problem.fields(TaskDecision)))
    )
    known = TaskDecision().load(read_form(TaskDecision, request.form))
    MOVES[known["what"]](actor(), uid, reason=known["reason"])
    return see_other(".show_task", uid=uid)


@pages.post("/admin/drift/journal", needs="operation:task:edit")
def check_journal() -> flask.Response:
    """Ask for a walk through the journal, and show how far it has come."""
    Nothing().load(read_form(Nothing, request.form))
    return see_other(".show_task", uid=services.check_journal(actor()))


def _task_page(uid: UUID, form: Form) -> flask.Response:
    task = services.read_task(actor(), uid)
    check = services.last_check(actor()) if task.kind == services.CHECK else None
    return page(
        "operation/task.html",
        task=task,
        form=form,
        kinds=KINDS,
        states=TASK_STATES,
        check=check,
        letter=next(iter(services.demo_letters(actor(), uid)), None),
        long=task.kind in (services.CHECK, backup.TASK),
        reason_of=services.reason_of,
        deciding=actor().may("operation:task:edit") and task.state in ("waiting", "failed"),
    )
