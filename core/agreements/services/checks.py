"""The check of democratic conditions: asked, written down with who answered for it, valid for twelve months."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.agreements.models import CHECKED_KINDS, PartyCheck
from core.agreements.models.checks import MAKE_CHECK, READ_CHECK
from core.agreements.services.keeping import PAGE
from core.dated import valid_on
from core.hookspecs import Rule
from core.i18n import N_
from core.people.models import Organisation
from core.places.services import rows_of
from core.schema import Invalid
from core.upkeep import engine

VALID = Rule(12, "statutory", unit="months")
"""How long a check holds."""


def questions() -> list[tuple[str, str]]:
    """Return what is asked, by key, as the city has it."""
    return [(row["key"], row["question"]) for row in rows_of("democracy_questions.csv")]


def record_check(
    actor: Actor,
    *,
    uid: UUID,
    organisation: UUID,
    by: str,
    checked_on: date,
    answers: Mapping[str, str],
    **facts: Any,
) -> PartyCheck:
    """Write down a check of an outside organisation, made by one of the actor's own (code `by`), once for each `uid`.

    `answers` by the keys of the questions. Raises Denied, Invalid, Conflict.
    """
    access.require(actor, MAKE_CHECK)
    content = db.fingerprint(organisation=organisation, by=by, checked_on=checked_on, answers=answers, **facts)
    if (known := access.made_before(actor, PartyCheck, uid, content)) is not None:
        return known
    asked = db.session().scalar(select(Organisation).where(Organisation.uid == organisation))
    if asked is None or asked.kind not in CHECKED_KINDS:
        raise Invalid({"organisation": [N_("Välj en förening, ett företag eller en annan utanför staden.")]})
    home = db.session().scalar(
        select(Organisation).where(Organisation.code == by, access.within(actor, MAKE_CHECK, Organisation.id))
    )
    if home is None:
        raise Invalid({"by": [N_("Välj en organisation som du arbetar för.")]})
    if checked_on > clock.today():
        raise Invalid({"checked_on": [N_("Dagen har inte varit än.")]})
    rows = [{"key": key, "question": question, "answer": answers.get(key, "")} for key, question in questions()]
    if missing := [row["key"] for row in rows if not row["answer"]]:
        raise Invalid({key: [N_("Svara på frågan.")] for key in missing})
    if facts["result"] == "uppfyller" and any(row["answer"] != "ja" for row in rows):
        words = N_("Alla svar är inte ja. Välj ett annat resultat, eller skriv vad som ska rättas.")
        raise Invalid({"result": [words]})
    holds = engine.due(engine.frozen("", "", VALID, ""), clock.first_moment(checked_on)).on
    row = PartyCheck(
        uid=uid,
        content=content,
        organisation_id=asked.id,
        checked_by_id=home.id,
        checked_on=checked_on,
        valid_to=holds,
        answers={"schema": 1, "rows": rows},
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "party_check:make", "party_check", uid, organisation=asked.code, result=row.result)
    return row


def list_checks(actor: Actor) -> list[PartyCheck]:
    """Return the checks that the actor reaches, the newest first."""
    access.require(actor, READ_CHECK)
    rows = select(PartyCheck).options(joinedload(PartyCheck.organisation), joinedload(PartyCheck.checked_by))
    return list(db.session().scalars(access.visible(rows, actor).order_by(PartyCheck.id.desc()).limit(2 * PAGE)))


def read_check(actor: Actor, uid: UUID) -> PartyCheck:
    """Return a check; Missing when the actor does not reach it."""
    access.require(actor, READ_CHECK)
    rows = select(PartyCheck).options(joinedload(PartyCheck.organisation), joinedload(PartyCheck.checked_by))
    found = db.session().scalar(rows.where(PartyCheck.uid == uid, access.rule_of(PartyCheck, actor)))
    if found is None:
        raise access.Missing("party_check", uid)
    return found


def standing_checks(organisations: Collection[int], day: date | None = None) -> dict[int, PartyCheck]:
    """Return the last check of each organisation that holds on a day (today), whoever made it.

    That it holds, and its result, is told to who makes an agreement with them; what was answered is not.
    """
    on = day or clock.today()
    rows = select(PartyCheck).where(PartyCheck.organisation_id.in_(organisations))
    rows = rows.where(PartyCheck.checked_on <= on, PartyCheck.valid_to >= on).order_by(PartyCheck.id)
    return {row.organisation_id: row for row in db.session().scalars(rows)} if organisations else {}


def needs_check(organisation: Organisation) -> bool:
    """Whether an organisation is one that is asked."""
    return organisation.kind in CHECKED_KINDS


def checked(actor: Actor) -> list[tuple[str, str]]:
    """Return the outside organisations that may be asked today: uid and name."""
    access.require(actor, MAKE_CHECK)
    rows = select(Organisation.uid, Organisation.name).where(Organisation.kind.in_(CHECKED_KINDS))
    rows = rows.where(valid_on(Organisation, clock.today())).order_by(Organisation.name)
    return [(str(uid), name) for uid, name in db.session().execute(rows)]


def makes_for(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations that the actor makes checks for: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    rows = rows.where(access.within(actor, MAKE_CHECK, Organisation.id)).order_by(Organisation.name)
    return [(code, name) for code, name in db.session().execute(rows.limit(100))]
