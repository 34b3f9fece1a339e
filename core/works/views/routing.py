"""The administrator's pages of how things are routed, and of what reporters are told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import request

from core import clock, db
from core.dated import is_valid
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, Options, read_form
from core.http.texts import translate
from core.i18n import N_, Text
from core.people import services as people
from core.places.models import CONTROL_ROLES, PLACE_KINDS
from core.works import services
from core.works.models import PRIORITIES
from core.works.schemas.routing import ChangedRuleForm, EndRuleForm, ReplyForm, RuleForm, TryForm
from core.works.services.routing import ABOUT
from core.works.views.blueprint import pages

EDIT = "works:terms:edit"


@pages.get("/admin/fordelning", needs=EDIT)
def routing() -> flask.Response:
    """Show the rules in the order in which they are asked, or those that have ended; and try them."""
    return _routing_page(ended=request.args.get("visa") == "avslutade")


@pages.post("/admin/fordelning", needs=EDIT)
def add_rule() -> flask.Response:
    """Let a rule hold from today on."""
    redraw_with(lambda problem: _routing_page(adding=_refused(RuleForm, problem, "ny")))
    services.add_rule(actor(), **RuleForm().load(read_form(RuleForm, request.form)))
    return see_other("works.routing")


@pages.post("/admin/fordelning/prova", needs=EDIT)
def try_rules() -> flask.Response:
    """Show which rule would take a thing, and which contract. Nothing is kept: what is written may name people."""
    redraw_with(lambda problem: _routing_page(trying=_refused(TryForm, problem, "prova")))
    known = TryForm().load(read_form(TryForm, request.form))
    trying = Form(TryForm, written=request.form, options=_kinds(), ids="prova")
    return _routing_page(trying=trying, tried=services.try_routing(actor(), **known))


@pages.get("/admin/fordelning/<uuid:uid>", needs=EDIT)
def read_rule(uid: UUID) -> flask.Response:
    """Show a rule, and what it may become."""
    return _rule_page(uid)


@pages.post("/admin/fordelning/<uuid:uid>", needs=EDIT)
def change_rule(uid: UUID) -> flask.Response:
    """Let a rule end and another follow it."""
    redraw_with(lambda problem: _rule_page(uid, changing=_refused(ChangedRuleForm, problem, "andra")))
    services.change_rule(actor(), uid, **ChangedRuleForm().load(read_form(ChangedRuleForm, request.form)))
    return see_other("works.routing")


@pages.post("/admin/fordelning/<uuid:uid>/avsluta", needs=EDIT)
def end_rule(uid: UUID) -> flask.Response:
    """Let a rule hold no longer."""
    redraw_with(lambda problem: _rule_page(uid, ending=_refused(EndRuleForm, problem, "sluta")))
    services.end_rule(actor(), uid, **EndRuleForm().load(read_form(EndRuleForm, request.form)))
    return see_other("works.routing")


def _refused(schema: Any, problem: Any, ids: str) -> Form:
    return Form(schema, written=request.form, errors=problem.fields(schema), options=_options(), ids=ids)


def _kinds() -> dict[str, Options]:
    kinds = sorted(((key, translate(title)) for key, title in people.categories().items()), key=lambda kind: kind[1])
    return {"kind": [("", translate(N_("Alla"))), *kinds]}


def _options() -> dict[str, Options]:
    named = [(str(row.uid), f"{row.title}, {row.contractor.name}") for row in services.contracts_to_name(actor())]
    return _kinds() | {"contract": [("", translate(N_("Det som gäller på platsen"))), *named]}


def _routing_page(
    *, ended: bool = False, adding: Form | None = None, trying: Form | None = None, tried: Any = None
) -> flask.Response:
    tabs = [
        {"text": translate(N_("Gällande")), "href": "/admin/fordelning", "current": not ended},
        {"text": translate(N_("Avslutade")), "href": "/admin/fordelning?visa=avslutade", "current": ended},
    ]
    rows = services.rules_of(actor(), ended=ended)
    new = {"uid": db.new_uid(), "rank": (rows[-1].rank if rows and not ended else 90) + 10}
    return page(
        "works/routing.html",
        rows=[rule_in_words(row) for row in rows],
        tabs=tabs,
        ended=ended,
        trying=trying or Form(TryForm, options=_kinds(), ids="prova"),
        tried=tried and _tried(tried),
        adding=(adding or Form(RuleForm, RuleForm().load_draft({}) | new, options=_options(), ids="ny"))
        if not ended
        else None,
        form=next((form for form in (adding, trying) if form and form.errors), None),
    )


def rule_in_words(row: Any) -> dict[str, Any]:
    """Return a rule in words: when it takes a thing, and what it does with it."""
    words = " / ".join(word.strip() for word in row.words.split(","))
    about = (
        (N_("texten har {what}"), words),
        (N_("sorten är {what}"), people.categories().get(row.kind, row.kind)),
        (N_("platsen är {what}"), PLACE_KINDS.get(row.place_kind, row.place_kind)),
        (N_("rådigheten är {what}"), CONTROL_ROLES.get(row.place_role, row.place_role)),
    )
    when = [translate(Text(said, what=what)) for said, what in about if what]
    return {
        "uid": row.uid,
        "rank": row.rank,
        "when": ", ".join(when) or translate(N_("Allt")),
        "priority": translate(PRIORITIES[row.priority]),
        "contract": row.contract.title if row.contract else translate(N_("Det som gäller på platsen")),
        "source": row.source,
        "from": row.valid_from,
        "to": row.valid_to,
        "why": row.ended_why,
        "holds": is_valid(row, clock.today()),
    }


def _tried(tried: Any) -> list[tuple[str, str]]:
    """Return the answer of a trial in words."""
    rule = rule_in_words(tried.rule) if tried.rule else None
    if tried.contract is not None:
        contract = tried.contract.title
    elif tried.organisation is not None:
        contract = translate(N_("Inget avtal. Arbetet görs av egen personal."))
    else:
        contract = translate(N_("Det beror på vem som svarar på platsen."))
    named = N_("{rank}: {when}")
    return [
        (translate(N_("Regel")), translate(named).format(**rule) if rule else translate(N_("Ingen regel passar."))),
        (translate(N_("Prioritet")), translate(PRIORITIES[tried.priority])),
        (translate(N_("Svarar")), tried.organisation.name if tried.organisation else "–"),
        (translate(N_("Avtal")), contract),
        (translate(N_("Källa")), rule["source"] if rule else "–"),
    ]


def _rule_page(uid: UUID, *, changing: Form | None = None, ending: Form | None = None) -> flask.Response:
    found = services.read_rule(actor(), uid)
    known = {name: getattr(found, name) for name in ABOUT} | {"new": db.new_uid(), "reason": ""}
    known["contract"] = found.contract.uid if found.contract else None
    return page(
        "works/routing_rule.html",
        rule=rule_in_words(found),
        changing=changing or Form(ChangedRuleForm, known, options=_options(), ids="andra"),
        ending=ending or Form(EndRuleForm, ids="sluta"),
        form=changing or ending,
    )


# --- What reporters are told --------------------------------------------------------------------------------------


@pages.get("/admin/svar", needs=EDIT)
def replies() -> flask.Response:
    """Show what stands ready for each step of an order."""
    return page("works/replies.html", rows=services.list_replies(actor()))


@pages.get("/admin/svar/<step>", needs=EDIT)
def read_reply(step: str) -> flask.Response:
    """Show the text of a step, and those before it."""
    return _reply_page(step)


@pages.post("/admin/svar/<step>", needs=EDIT)
def change_reply(step: str) -> flask.Response:
    """Let another text stand ready from today on."""
    services.read_reply(actor(), step)
    redraw_with(lambda problem: _reply_page(step, changing=_refused(ReplyForm, problem, "andra")))
    services.change_reply(actor(), step, **ReplyForm().load(read_form(ReplyForm, request.form)))
    return see_other("works.replies")


@pages.post("/admin/svar/<step>/avsluta", needs=EDIT)
def end_reply(step: str) -> flask.Response:
    """Let no text stand ready any more."""
    services.read_reply(actor(), step)
    redraw_with(lambda problem: _reply_page(step, ending=_refused(EndRuleForm, problem, "sluta")))
    services.end_reply(actor(), step, **EndRuleForm().load(read_form(EndRuleForm, request.form)))
    return see_other("works.replies")


def _reply_page(step: str, *, changing: Form | None = None, ending: Form | None = None) -> flask.Response:
    found = services.read_reply(actor(), step)
    return page(
        "works/reply.html",
        reply=found,
        earlier=services.earlier_replies(actor(), step),
        changing=changing or Form(ReplyForm, {"text": found.text, "reason": ""}, ids="andra"),
        ending=(ending or Form(EndRuleForm, ids="sluta")) if found.text else None,
        form=changing or ending,
    )
