"""The pages of the third step: what to work with, and why it is as it is."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import flask
from flask import request

from core import db
from core.access import Actor
from core.cooperation import services
from core.cooperation.analysis import parts
from core.cooperation.drawing import fishbone, half_width, leftmost, triangle
from core.cooperation.models import CRITERIA, EVIDENCE_KINDS, FOR, LEVELS, LIMITS, SIDES, Cycle, Problem, ReportEvidence
from core.cooperation.models.cycles import LEAD, READ, WRITE
from core.cooperation.schemas import (
    CauseFields,
    CauseForm,
    ProblemFields,
    ProblemForm,
    ScoreForm,
    TellForm,
)
from core.cooperation.services.problems import Scored
from core.cooperation.states import CAUSE, PROBLEM
from core.cooperation.views.blueprint import asked_by, asking, page_with, pages, saved, sent, step_row
from core.figures.services import Citation
from core.flow import moves_for
from core.http import actor, see_other
from core.http.forms import Form, Forms, read_version
from core.http.texts import translate
from core.i18n import N_, counted
from core.schema.amounts import quantity
from core.walks.models import Observation

# --- Problems -----------------------------------------------------------------------------------------------------


@pages.get("/samverkan/<uuid:uid>/prioritering", needs=READ)
def list_problems(uid: UUID) -> flask.Response:
    """Show the problems of a cycle with the parties' scores, what is chosen and what is left out."""
    return _problems_page(uid)


@pages.post("/samverkan/<uuid:uid>/prioritering", needs=WRITE)
def add_problem(uid: UUID) -> flask.Response:
    """Write down a problem."""
    services.add_problem(actor(), uid, **sent(partial(_problems_page, uid), "nytt", ProblemForm, partial(_seen, uid)))
    return see_other("cooperation.list_problems", uid=uid)


def _seen(uid: UUID) -> dict[str, list[tuple[str, str]]]:
    cycle = services.read_cycle(actor(), uid)
    rows = services.seen_at(actor(), cycle)
    return {"observations": [(str(row.uid), f"{row.number}. {translate(row.kind_title)}") for row in rows]}


def _problems_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    found = services.read_cycle(actor(), uid)
    party = services.own_party(actor(), found)
    forms: Forms = {}
    if party is not None and found.state == "prioritera":
        fresh = ProblemForm().load_draft({}) | {"uid": db.new_uid()}
        forms["nytt"] = Form(ProblemForm, fresh, ids="nytt", options=_seen(uid))
    problems = services.problems_of(actor(), found)
    own = party.organisation_id if party is not None and found.state == "prioritera" else None
    return page_with(
        "cooperation/problems.html",
        forms,
        refused,
        cycle=found,
        steps=step_row(found),
        asked=_asked(problems, own),
        problems=[(one, PROBLEM.states[one.problem.state]) for one in problems],
        parties={one.organisation_id for one in services.parties_of(actor(), found)},
        limits_named=LIMITS,
    )


def _asked(problems: list[Scored], own: int | None) -> str | None:
    """Return what waits for the actor's own party: to give points, as long as it is not decided what to work with."""
    waiting = [
        one.problem.number
        for one in problems
        if one.problem.state == PROBLEM.start and own not in {score.organisation_id for score in one.scores}
    ]
    if own is None or not waiting:
        return None
    one, many = N_("Ge poäng för er part på ett problem."), N_("Ge poäng för er part på {n} problem.")
    return translate(counted(len(waiting), one, many))


@pages.get("/samverkan/problem/<uuid:uid>", needs=READ)
def read_problem(uid: UUID) -> flask.Response:
    """Show a problem: what the parties think of it, and its causes as a tree and as drawings."""
    return _problem_page(uid)


@pages.post("/samverkan/problem/<uuid:uid>", needs=WRITE)
def change_problem(uid: UUID) -> flask.Response:
    """Change the words of a problem."""
    known = sent(partial(_problem_page, uid), "andra", ProblemFields)
    services.change_problem(actor(), uid, version=read_version(request.form), **known)
    return saved("cooperation.read_problem", "problemet", uid=uid)


@pages.post("/samverkan/problem/<uuid:uid>/poang", needs=WRITE)
def score(uid: UUID) -> flask.Response:
    """Score a problem for one's own party."""
    services.score(actor(), uid, **sent(partial(_problem_page, uid), "poang", ScoreForm))
    return saved("cooperation.read_problem", "poang-tabell", uid=uid)


@pages.post("/samverkan/problem/<uuid:uid>/steg/<key>", needs=LEAD)
def move_problem(uid: UUID, key: str) -> flask.Response:
    """Choose a problem, leave it out, or take it up again."""
    known = sent(partial(_problem_page, uid), key, asked_by(PROBLEM.move(key)))
    services.move_problem(actor(), uid, key, **known, version=read_version(request.form))
    return saved("cooperation.read_problem", "poang-tabell", uid=uid)


@pages.post("/samverkan/problem/<uuid:uid>/orsaker", needs=WRITE)
def add_cause(uid: UUID) -> flask.Response:
    """Write down a cause."""
    services.add_cause(actor(), uid, **sent(partial(_problem_page, uid), "orsak", CauseForm, partial(_above, uid)))
    return saved("cooperation.read_problem", "orsaker", uid=uid)


def _above(uid: UUID) -> dict[str, list[tuple[str, str]]]:
    tree = services.tree_of(actor(), services.read_problem(actor(), uid))
    named = [(str(one.cause.uid), f"{one.cause.number}. {one.cause.text}") for one in tree]
    return {"parent": [("", translate(N_("Nej, den ligger närmast problemet"))), *named]}


def _problem_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    problem = services.read_problem(actor(), uid)
    cycle = services.read_cycle(actor(), services.cycle_of_row(problem).uid)
    [known] = [one for one in services.problems_of(actor(), cycle) if one.problem.uid == uid]
    tree = services.tree_of(actor(), problem)
    seen, evidence = services.observations_of(actor(), problem), [row for one in tree for row in one.evidence]
    spots, bones, spine = fishbone([one.cause for one in tree])
    corners = triangle([one.cause for one in tree])
    return page_with(
        "cooperation/problem.html",
        _problem_forms(cycle, problem, known),
        refused,
        cycle=cycle,
        steps=step_row(cycle),
        problem=problem,
        known=known,
        stands=PROBLEM.states[problem.state],
        criteria=CRITERIA,
        seen=seen,
        analysis=parts(
            problem,
            seen=len(seen) + sum(row.subject_uid is not None for row in evidence),
            causes=[one.cause for one in tree],
            measures=services.measures_against(problem),
        ),
        in_words=[_in_words(one) for one in tree],
        pointed_at=_pointed_at(evidence, cycle.uid),
        tree=[(one, CAUSE.states[one.cause.state]) for one in tree],
        sides=SIDES,
        levels=LEVELS,
        states=CAUSE.states,
        triangle={"spots": corners, "half": half_width(corners)},
        fishbone={"spots": spots, "bones": bones, "spine": spine, "left": leftmost(spots)},
        moves=moves_for(PROBLEM, problem, actor()) if cycle.state == "prioritera" else [],
    )


def _in_words(known: services.Known) -> str:
    """Return a cause with its evidence and how it stands, as the text of a drawing says it."""
    cause = known.cause
    state = translate(CAUSE.states[cause.state].label)
    said = [translate(N_("{number} {text}: {state}")).format(number=cause.number, text=cause.text, state=state)]
    for words, rows in ((N_("Talar för"), known.speaks_for), (N_("Talar emot"), known.speaks_against)):
        if rows:
            said.append(f"{translate(words)}: " + "; ".join(row.text.rstrip(".") for row in rows))
    return ". ".join(said)


def _problem_forms(cycle: Cycle, problem: Problem, known: Any) -> Forms:
    party = services.own_party(actor(), cycle)
    if party is None or cycle.state not in ("prioritera", "mal"):
        return {}
    fresh = CauseForm().load_draft({}) | {"uid": db.new_uid()}
    forms = {"orsak": Form(CauseForm, fresh, ids="orsak", options=_above(problem.uid))}
    if cycle.state == "prioritera":
        given = next((row for row in known.scores if row.organisation_id == party.organisation_id), None)
        points = {name: getattr(given, name) for name in (*CRITERIA, "motive")} if given else {"motive": ""}
        words = {name: getattr(problem, name) for name in ProblemFields().fields}
        forms["poang"] = Form(ScoreForm, points, ids="poang")
        forms["andra"] = Form(ProblemFields, words, version=problem.version, ids="andra")
        forms |= asking(moves_for(PROBLEM, problem, actor()), problem)
    return forms


# --- Causes -------------------------------------------------------------------------------------------------------


@pages.get("/samverkan/orsaker/<uuid:uid>", needs=READ)
def read_cause(uid: UUID) -> flask.Response:
    """Show a cause: what would be seen, what speaks for and against, how it was tested, who settled it."""
    return _cause_page(uid)


@pages.post("/samverkan/orsaker/<uuid:uid>", needs=WRITE)
def change_cause(uid: UUID) -> flask.Response:
    """Change a cause that is not settled."""
    known = sent(partial(_cause_page, uid), "andra", CauseFields)
    services.change_cause(actor(), uid, version=read_version(request.form), **known)
    return saved("cooperation.read_cause", "provning", uid=uid)


@pages.post("/samverkan/orsaker/<uuid:uid>/underlag", needs=WRITE)
def tell(uid: UUID) -> flask.Response:
    """Say what speaks for a cause or against it."""
    known = sent(partial(_cause_page, uid), "underlag", TellForm, partial(_where, uid))
    services.tell(actor(), uid, evidence=known.pop("uid"), **known)
    return saved("cooperation.read_cause", "talar-for" if known["stance"] == FOR else "talar-emot", uid=uid)


@pages.post("/samverkan/orsaker/<uuid:uid>/steg/<key>", needs=WRITE)
def move_cause(uid: UUID, key: str) -> flask.Response:
    """Keep a cause as likely, drop it, or test it again."""
    known = sent(partial(_cause_page, uid), key, asked_by(CAUSE.move(key)))
    services.move_cause(actor(), uid, key, **known, version=read_version(request.form))
    return saved("cooperation.read_cause", "provning", uid=uid)


def _where(uid: UUID) -> dict[str, list[tuple[str, str]]]:
    cycle = services.cycle_of_cause(services.read_cause(actor(), uid).cause)
    rows = services.seen_at(actor(), cycle)
    none = ("", translate(N_("Ingen")))
    named = [(str(row.uid), f"{row.number}. {translate(row.kind_title)}") for row in rows]
    figures = [
        (str(row.uid), f"{translate(EVIDENCE_KINDS[row.kind])}: {row.what}")
        for row in services.figures_in(actor(), cycle)
    ]
    statistics = [(str(one.uid), _cited(one)) for one in services.statistics_of(actor(), cycle)]
    return {"observation": [none, *named], "figure": [none, *figures], "statistic": [none, *statistics]}


def _cited(one: Citation) -> str:
    """Return a figure of the statistics in words: of what, where and when, and what it is."""
    about = ", ".join(filter(None, (one.title, one.part, one.area, translate(one.period))))
    return f"{about}: {translate(one.text)}"


def _figure(row: ReportEvidence) -> str:
    """Return a figure of a picture in words: its kind, what it shows, how much and when."""
    amount = quantity(row.value, row.unit)
    days = row.first_on.isoformat() if row.first_on == row.last_on else f"{row.first_on}–{row.last_on}"
    about = ", ".join(filter(None, (row.what.rstrip("."), amount, days)))
    return f"{translate(EVIDENCE_KINDS[row.kind])}: {about}"


def _pointed_at(evidence: list[Any], cycle: UUID) -> dict[UUID, tuple[str, str]]:
    """Return what evidence points at as words and address, by uid: an observation, or a figure."""
    told = {}
    for uid, row in services.seen_in(actor(), evidence).items():
        if isinstance(row, Observation):
            words = translate(N_("iakttagelse {number}")).format(number=row.number)
            told[uid] = words, flask.url_for("walks.read_observation", uid=uid)
        elif isinstance(row, Citation):
            gone = "" if row.holds else translate(N_("gäller inte längre"))
            told[uid] = ", ".join(filter(None, (_cited(row), gone))), row.link
        else:
            told[uid] = _figure(row), flask.url_for("cooperation.list_pictures", uid=cycle, _anchor="siffror-1")
    return told


def _cause_page(uid: UUID, refused: Forms | None = None) -> flask.Response:
    known = services.read_cause(actor(), uid)
    cause = known.cause
    cycle = services.read_cycle(actor(), services.cycle_of_cause(cause).uid)
    works = services.own_party(actor(), cycle) is not None and cycle.state in ("prioritera", "mal")
    moves = moves_for(CAUSE, cause, actor()) if works else []
    forms = asking(moves, cause)
    if works:
        fresh = TellForm().load_draft({}) | {"uid": db.new_uid(), "stance": "for"}
        forms["underlag"] = Form(TellForm, fresh, ids="underlag", options=_where(uid))
    if works and cause.state == CAUSE.start:
        words = {name: getattr(cause, name) for name in CauseFields().fields}
        forms["andra"] = Form(CauseFields, words, version=cause.version, ids="andra")
    return page_with(
        "cooperation/cause.html",
        forms,
        refused,
        cycle=cycle,
        steps=step_row(cycle),
        known=known,
        pointed_at=_pointed_at(known.evidence, cycle.uid),
        problem=services.problem_of(cause),
        stands=CAUSE.states[cause.state],
        sides=SIDES,
        levels=LEVELS,
        moves=moves,
        asked=_left_to_test(known, actor()) if works and cause.state == CAUSE.start else None,
    )


def _left_to_test(known: services.Known, who: Actor) -> str:
    """Return what comes next for a cause that is tested: what keeping it lacks, or to settle it."""
    left = [one.message for rule in CAUSE.guards["behall"] for one in rule(known.cause, who)]
    return translate(left[0]) if left else translate(N_("Behåll orsaken som trolig, eller förkasta den."))
