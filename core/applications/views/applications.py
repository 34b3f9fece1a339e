"""The pages of applications: the list, a new one, and one of them as a list of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import access, db
from core.applications.documents import LIST
from core.applications.models import (
    CLOSE,
    DECIDE,
    HANDLE,
    READ,
    RESOLVE,
    REVIEW,
    SUBMIT,
    WRITE,
    Application,
    ApplicationEvent,
    Round,
)
from core.applications.parts import GROUPS, PARTS
from core.applications.schemas import ApplicationFilter
from core.applications.schemas.parts import NewApplicationForm
from core.applications.services import applications, guards, moving, summary
from core.applications.services.rounds import closes_words
from core.applications.states import APPLICATION
from core.applications.views.blueprint import TAKEN_AT, context_of, pages, stands, ways_from
from core.flow import Move, moves_for
from core.hookspecs import Objection
from core.http import actor, page, redraw_with, see_other
from core.http.forms import Form, none, read_filter, said
from core.http.paging import mark, number_of, place
from core.http.texts import moment, translate
from core.i18n import N_, Text
from core.people.models import Organisation
from core.reserve.services import programmes

HAPPENED = {
    "begunnen": N_("Påbörjad"),
    "byt_omgang": N_("Omgång bytt"),
    "lamnat": N_("En medsökande lämnade ansökan"),
    "medsokande": N_("En medsökande bjöds in"),
    "namndbeslut": N_("Nämndens beslut inskrivet i efterhand"),
}
"""What can have happened beside the moves."""
NEXT: Mapping[str, tuple[str, ...]] = {
    "utkast": (N_("Skriv delarna i den ordning som passar er. Begär sedan granskning."), WRITE),
    "intern_granskning": (N_("Granska ansökan, och godkänn den för nämnden eller lämna tillbaka den."), REVIEW),
    "klar_for_namnd": (N_("Skriv in nämndens beslut när det är fattat."), RESOLVE),
    "namndbeslutad": (N_("Skicka in ansökan innan omgången stänger."), SUBMIT),
    "inskickad": (N_("Pröva om ansökan är hel, och börja bedöma den."), HANDLE),
    "komplettering": (N_("Skriv det som begärts i de delar som är markerade, och lämna in det."), WRITE),
    "under_bedomning": (N_("Bedöm ansökan, och lämna förslag till beslut."), HANDLE),
    "forslag": (N_("Utskottet beslutar på sitt nästa sammanträde."),),
    "aterremiss": (N_("Bedöm igen, eller lämna tillbaka ansökan till sökanden."), HANDLE, DECIDE),
    "bordlagd": (N_("Ta upp ansökan igen på ett senare sammanträde."), HANDLE),
    "delvis_beviljad": (N_("Skriv en ny plan för det som beviljades, och acceptera, eller avstå."), SUBMIT),
    "beviljad": (N_("Starta genomförandet."), WRITE),
    "genomfors": (N_("Genomför åtgärderna, och redovisa varje tertial."), WRITE),
    "pausad": (N_("Fortsätt när hindret är borta."), WRITE),
    "fardig": (N_("Lämna slutredovisningen."), WRITE),
    "slutredovisad": (N_("Mät effekten efter 6, 12 och 24 månader."), WRITE),
    "effekt_uppfoljd": (N_("Avsluta ärendet."), CLOSE),
}
"""What comes next in each state, and the permissions of those who do it; none where no step is taken here."""


@pages.get("/ansokningar", needs=READ)
def list_applications() -> flask.Response:
    """List the applications that one reaches, the newest first, all or those in one state."""
    asked, wrong = read_filter(ApplicationFilter, request.args)
    after: Any = place(asked.get("efter"), int)
    found = applications.list_applications(actor(), applications.Wish(asked["visa"]), after=after)
    counts = applications.count_applications(actor())
    named = {"": N_("Alla")} | {key: APPLICATION.states[key].label for key in counts}
    tabs = [
        {
            "text": translate(label),
            "href": flask.url_for("applications.list_applications", visa=key or None),
            "current": key == asked["visa"],
            "count": number_of(counts.get(key, 0) if key else sum(counts.values()), applications.COUNTED),
        }
        for key, label in named.items()
    ]
    return page(
        "applications/applications.html",
        status=422 if wrong else 200,
        rows=[(row, stands(row)) for row in found.rows],
        may_begin=actor().may(WRITE),
        tabs=tabs,
        filtered=bool(asked["visa"]),
        wanted={"kind": LIST, "subject": str(actor().uid), "format": "xlsx", "visa": asked["visa"]},
        more=flask.url_for("applications.list_applications", visa=asked["visa"] or None, efter=mark(found.after))
        if found.after
        else None,
    )


# --- A new one ----------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/ny", needs=WRITE)
def new_application() -> flask.Response:
    """Ask for the least that an application needs."""
    boards, named = applications.applies_for(actor()), programmes.programmes()
    known: dict[str, Any] = {"uid": db.new_uid()}
    home = db.session().get(Organisation, actor().organisation) if actor().organisation else None
    mine = next((code for code, _ in boards if home is not None and code == home.code), None)
    known |= {"organisation": mine or (boards[0][0] if len(boards) == 1 else None)}
    known |= {"programme": named[0].uid} if named else {}
    rounds = applications.open_rounds()
    known |= {"in_round": rounds[0].uid} if len(rounds) == 1 else {}
    return _new(Form(NewApplicationForm, NewApplicationForm().load_draft({}) | known, options=_choices()))


@pages.post("/ansokningar/ny", needs=WRITE)
def begin_application() -> flask.Response:
    """Begin it, and go on to its parts."""

    def again(problem: Any) -> flask.Response:
        errors = problem.fields(NewApplicationForm)
        return _new(Form(NewApplicationForm, written=request.form, errors=errors, options=_choices()))

    redraw_with(again)
    made = applications.begin_application(actor(), **said(NewApplicationForm))
    return see_other("applications.read_application", uid=made.uid)


def _choices() -> dict[str, Any]:
    rounds = [(str(row.uid), _named(row)) for row in applications.open_rounds()]
    return {
        "organisation": applications.applies_for(actor()),
        "programme": [(str(row.uid), row.name) for row in programmes.programmes()],
        "in_round": [none(N_("Utan omgång, sparas")), *rounds],
    }


def _named(found: Round) -> str:
    at = closes_words(found)
    words = N_("{programme}, omgång {number} {year}, sista dag {at}")
    about = {"programme": found.programme.name, "number": found.number, "year": found.year}
    return translate(Text(words, **about, at=at))


def _new(form: Form) -> flask.Response:
    return page("applications/new.html", form=form)


# --- One of them --------------------------------------------------------------------------------------------------


@pages.get("/ansokningar/<uuid:uid>", needs=READ)
def read_application(uid: UUID) -> flask.Response:
    """Show an application as the list of its parts, with what comes next and what has happened."""
    found = applications.read_application(actor(), uid)
    told = context_of(found)
    open_now = moves_for(APPLICATION, found, actor())
    moves = [move for move in open_now if move.key in TAKEN_AT]
    begins_with = _begins_with(found, told["summary"])
    on, stops = _on_with(found, moves)
    asked, *needs = NEXT.get(found.state, ("",))
    mine = begins_with is not None or not needs or any(move.needs in needs for move in open_now)
    return page(
        "applications/application.html",
        **told,
        groups=[
            (label, [(PARTS[key], one) for key, one in told["summary"].items() if PARTS[key].group == group])
            for group, label in GROUPS.items()
        ],
        begins_with=begins_with,
        moves=moves,
        taken_at=TAKEN_AT,
        ways=ways_from(found),
        on=on,
        changes_round=mine and any(one.field == "round" for one in stops),
        together=applications.together_with(found),
        events=[_happened(one) for one in applications.events_of(actor(), found)],
        closes=summary.last_day(found),
        may_change_round=moving.may_change_round(actor(), found),
        asked=asked,
        waits=next((one.message for one in stops), None) if mine else _done_by(needs),
    )


def _on_with(found: Application, moves: Sequence[Move]) -> tuple[Move | None, list[Objection]]:
    """Return the step with which the reader takes an application on, and what stops the one that it would have been."""
    stops: list[Objection] = []
    for move in moves:
        if not move.reason:
            if not (in_the_way := guards.stops_at_once(actor(), found, move.key)):
                return move, []
            stops += in_the_way
    return None, stops


def _done_by(needs: Iterable[str]) -> Text:
    """Return who takes the next step, for a reader who does not."""
    roles = dict.fromkeys(role for permission in needs for role in access.Denied(permission).holders)
    return Text(N_("Det gör den som har rollen {roles}."), roles=", ".join(map(translate, roles)))


def _begins_with(found: Application, told: dict[str, summary.Summary]) -> tuple[str, str] | None:
    """Return the part to go on with, for who may write: what is asked for, then the first that is not done."""
    if not applications.reaches(actor(), found, WRITE):
        return None
    wanted = frozenset(key for key, one in told.items() if one.part.wanted)
    open_now = applications.open_parts(found, wanted)
    left = [key for key, one in told.items() if key in open_now and one.part.done_at is None]
    return (left[0], PARTS[left[0]].title) if left else None


def _happened(one: ApplicationEvent) -> dict[str, Any]:
    """Return an event as a line: what, by whom, when, why."""
    labels = {move.key: move.label for move in APPLICATION.moves}
    by = one.person.name if one.person else one.organisation.name if one.organisation else ""
    said_ = " ".join(filter(None, [", ".join(filter(None, [moment(one.at), by])), one.reason and f"– {one.reason}"]))
    return {"text": translate(labels.get(one.kind) or HAPPENED.get(one.kind, one.kind)), "sub": said_}
