"""What the moves of an application say: the board's decision, what is to be completed, the diary number.

And two things that are no moves: another round for what came too late, and the board's decision when it comes after
the submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.limits import COMPLETED, GIVEN, IN_TEN_DAYS, ONLY
from core.applications.models import RESOLVE, SUBMIT, WRITE, Application, Round
from core.applications.parts import PARTS
from core.applications.services import applications, guards
from core.applications.states import APPLICATION, AT_CITY
from core.hookspecs import Objection, Rule
from core.i18n import N_, Text
from core.refs import Subject
from core.schema import Invalid
from core.schema.paragraphs import bare_paragraph, signed_paragraph
from core.upkeep import services as upkeep

HOUSE = access.system("applications")
MAY_CHANGE_ROUND = ("utkast", "intern_granskning", "klar_for_namnd", "namndbeslutad")
LONGEST = 2000
"""Characters of a reason."""
LATEST_REPLY = timedelta(days=366)
"""How long the answer to a completion may be waited for: a year that is mistyped is a frist that nobody keeps."""

Facts = dict[str, Any]


def take_step(
    actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None, **facts: Any
) -> Application:
    """Take a step with what it says; to ask for more says it under each part and needs no other reason.

    Raises Missing, Denied, Stale, Refused, Invalid.
    """
    if key == "begar_komplettering":
        asked: Facts = {name: facts.get(name) for name in ("parts", "reply_by")}
        return ask_to_complete(actor, uid, version=version, **asked)
    return applications.move_application(actor, uid, key, reason=reason, version=version, **facts)


# --- The board's own decision -------------------------------------------------------------------------------------


@applications.takes("registrera_namndbeslut")
def _decided(_actor: Actor, application: Application, facts: Facts) -> str:
    """Write the day and the paragraph, and whether it was confirmed at once (omedelbart justerat); return the three."""
    day, paragraph = facts.get("decided_on"), bare_paragraph(str(facts.get("paragraph") or ""))
    begun = clock.local(application.begun_at).date()
    wrong: dict[str, list[str]] = {}
    if not isinstance(day, date):
        wrong["decided_on"] = [N_("Skriv vilken dag nämnden beslutade.")]
    elif day > clock.today():
        wrong["decided_on"] = [N_("Dagen har inte varit. Skriv dagen då nämnden beslutade.")]
    elif day < begun:
        words = N_("Ansökan påbörjades {day}. Nämnden kan inte ha beslutat om den före det.")
        wrong["decided_on"] = [Text(words, day=begun.isoformat())]
    if not paragraph:
        wrong["paragraph"] = [N_("Skriv beslutets paragraf, till exempel § 12.")]
    if wrong or not isinstance(day, date):
        raise Invalid(wrong)
    application.decided_on, application.decided_paragraph = day, paragraph
    application.decided_at_once = bool(facts.get("at_once"))
    application.diary_own = str(facts.get("diary_own") or application.diary_own).strip()
    return ", ".join(filter(None, [day.isoformat(), signed_paragraph(paragraph), application.diary_own]))


@applications.takes("ratta_namndbeslut", "oppna_igen", "aterta", "skriv_om")
def _undecided(_actor: Actor, application: Application, _facts: Facts) -> None:
    """What the board decided was about the text as it stood; history has it."""
    application.decided_on, application.decided_paragraph, application.decided_at_once = None, "", False
    application.conditional = False


def waits_for_board(application: Application) -> bool:
    """Whether an application was handed in on condition of the board's decision, which is not written in yet."""
    return application.state in AT_CITY and application.conditional and application.decided_on is None


def decide_afterwards(
    actor: Actor,
    uid: UUID,
    *,
    decided_on: date,
    paragraph: str,
    at_once: bool,
    diary_own: str = "",
    version: int | None,
) -> Application:
    """Write the board's decision of an application that was handed in on condition of it.

    Raises Missing, Denied, Stale, Refused (it is not waited for), Invalid.
    """
    application = access.find(Application, uid, actor, RESOLVE, lock=True)
    db.refuse_stale("application", uid, application.version, version)
    if not waits_for_board(application):
        raise flow.Refused([Objection(N_("Ansökan väntar inte på nämndens beslut."))])
    known = {"decided_on": decided_on, "paragraph": paragraph, "at_once": at_once, "diary_own": diary_own}
    told = _decided(actor, application, known)
    known = {"decided_on": decided_on.isoformat(), "paragraph": application.decided_paragraph}
    _touched(actor, application, "namndbeslut", told or "", **known)
    return application


# --- Handing in, taking back --------------------------------------------------------------------------------------


@applications.takes("skicka_in")
def _submitted(actor: Actor, application: Application, _facts: Facts) -> None:
    application.submitted_at, application.submitted_by_id = clock.now(), actor.id
    application.conditional = application.decided_on is None


def change_round(actor: Actor, uid: UUID, in_round: UUID | None, *, version: int | None) -> Application:
    """Let an application be for another round of its programme that is open, or for none, to be kept.

    Such as one that came too late. Its place in the board's own order is of the round that it leaves. Raises Missing,
    Denied, Stale, Refused, Invalid.
    """
    permission = WRITE if actor.may(WRITE) else SUBMIT
    application = access.find(Application, uid, actor, permission, lock=True)
    db.refuse_stale("application", uid, application.version, version)
    if application.state not in MAY_CHANGE_ROUND:
        raise flow.Refused([Objection(N_("Omgången går inte att byta nu. Ansökan är inskickad."))])
    found = None
    if in_round is not None:
        rows = select(Round).where(Round.uid == in_round, Round.programme_id == application.programme_id)
        found = db.session().scalar(rows)
        if found is None or guards.closed_words(found) is not None:
            raise Invalid({"in_round": [N_("Välj en omgång som är öppen.")]})
    application.round_id, application.rank = found.id if found else None, None
    _touched(actor, application, "byt_omgang", round=str(in_round) if in_round else "")
    return application


def may_change_round(actor: Actor, application: Application) -> bool:
    """Whether the actor may let an application be for another round, as it stands."""
    if application.state not in MAY_CHANGE_ROUND:
        return False
    return any(applications.reaches(actor, application, permission) for permission in (WRITE, SUBMIT))


def rounds_to_choose(application: Application) -> list[Round]:
    """Return the open rounds of the programme of an application."""
    rows = select(Round).where(Round.programme_id == application.programme_id).order_by(Round.closes_at)
    return [found for found in db.session().scalars(rows.where(Round.state == guards.OPEN)) if _is_open(found)]


def _is_open(found: Round) -> bool:
    return guards.closed_words(found) is None


def _touched(actor: Actor, application: Application, kind: str, told: str = "", **facts: Any) -> None:
    application.version += 1
    db.session().flush()
    applications.note(actor, application, kind, reason=told)
    journal.write(actor, f"application:{kind}", "application", application.uid, level=application.level, **facts)


# --- Completing ---------------------------------------------------------------------------------------------------


def ask_to_complete(
    actor: Actor, uid: UUID, *, parts: Mapping[str, str], reply_by: date | None = None, version: int | None = None
) -> Application:
    """Ask for parts to be completed, each with what is wanted there; within ten working days unless a day is given.

    Raises Missing, Denied, Stale, Refused, Invalid.
    """
    wanted = {key: text.strip() for key, text in parts.items() if text.strip()}
    told = "\n".join(f"{PARTS[key].title}: {text}" for key, text in wanted.items() if key in PARTS)
    reason = told[:LONGEST] or "–"
    facts: Facts = {"parts": wanted, "reply_by": reply_by}
    return applications.move_application(actor, uid, "begar_komplettering", reason=reason, version=version, **facts)


@applications.takes("begar_komplettering")
def _wanted(_actor: Actor, application: Application, facts: Facts) -> None:
    wanted, reply_by = facts.get("parts") or {}, facts.get("reply_by")
    if not wanted or set(wanted) - set(PARTS):
        raise Invalid({"": [N_("Skriv vad som ska kompletteras i minst en del.")]})
    if reply_by is not None and not clock.today() < reply_by <= clock.today() + LATEST_REPLY:
        raise Invalid({"reply_by": [N_("Välj en dag som kommer, inom ett år.")]})
    for part in applications.parts_of(application).values():
        part.wanted = wanted.get(part.part, "")
        part.wanted_edition = application.edition if part.part in wanted else None
    application.reply_by = _promise(application, reply_by)


def _promise(application: Application, given: date | None) -> date:
    """Let the applicant's frist run anew, and return its day."""
    terms = Rule(0, "given_date", GIVEN, source=application.number, given=given) if given else IN_TEN_DAYS
    known: dict[str, Any] = {"rule": ONLY, "terms": terms, "starts_at": clock.now()}
    about = _about(application)
    row = upkeep.plan_deadline(HOUSE, COMPLETED, subject=about, owner=application.organisation_id, **known)
    if row.state != "oppen" or row.starts_at != known["starts_at"]:
        upkeep.restart_deadline(HOUSE, COMPLETED, about, reason=N_("Ny komplettering begärd"), **known)
    return row.due_on


def _about(application: Application) -> Subject:
    return Subject("application", application.uid, application.title, level=application.level)


@applications.takes("komplettera")
def _completed(_actor: Actor, application: Application, _facts: Facts) -> None:
    application.submitted_at = clock.now()
    _asked_no_more(application)
    upkeep.meet_deadline(HOUSE, COMPLETED, _about(application), reason=_stands(application))


@applications.takes("aterkalla")
def _withdrawn(_actor: Actor, application: Application, _facts: Facts) -> None:
    _asked_no_more(application)
    upkeep.drop_deadline(HOUSE, COMPLETED, _about(application), reason=_stands(application))


def _asked_no_more(application: Application) -> None:
    application.reply_by = None
    for part in applications.parts_of(application).values():
        part.wanted = ""


def _stands(application: Application) -> str:
    return APPLICATION.states[application.state].label


# --- Assessing begins ---------------------------------------------------------------------------------------------


@applications.takes("borja_bedoma")
def _registered(_actor: Actor, application: Application, facts: Facts) -> None:
    """The city's own case has a number, and the registrar says that it is registered."""
    number = str(facts.get("diary_city") or "").strip()
    wrong: dict[str, list[str]] = {}
    if not number:
        wrong["diary_city"] = [Text(N_("Skriv ärendets diarienummer, till exempel {example}."), example="KS 2027/911")]
    if not facts.get("registered"):
        wrong["registered"] = [N_("Bekräfta att registratorn har registrerat ansökan.")]
    if wrong:
        raise Invalid(wrong)
    application.diary_city = number
