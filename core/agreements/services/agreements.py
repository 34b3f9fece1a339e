"""Agreements: drafted, chapters written, areas, goals and priorities chosen; listed and read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, journal
from core.access import Actor
from core.agreements.chapters import BY_NUMBER
from core.agreements.models import (
    Agreement,
    AgreementArea,
    AgreementChapter,
    AgreementGoal,
    AgreementPlace,
    AgreementPriority,
    AgreementReview,
    Collaboration,
)
from core.agreements.models.together import BOARD_KIND, LEAD, READ, WRITE
from core.agreements.services.collaborations import Page
from core.agreements.services.keeping import (
    PAGE,
    cycle_found,
    next_of,
    note,
    reaches,
    set_links,
    set_places,
)
from core.agreements.services.parties import join_first, refuse_closed
from core.agreements.states import AGREEMENT, APPLIES
from core.cooperation.models import Goal
from core.dated import valid_on
from core.flow import State
from core.i18n import N_, Text
from core.people.models import Organisation
from core.people.services import organisation_called
from core.places.models import Area
from core.schema import Invalid

WHOLE = (Agreement.organisation, Agreement.collaboration, Agreement.cycle, Agreement.previous)
CITY_KIND = "kommunstyrelse"
LED_BY = {"plats": BOARD_KIND, "polis_lokal": BOARD_KIND, "polis_overgripande": CITY_KIND}
"""Which kind of organisation leads which kind of agreement."""
SOON = timedelta(days=90)
"""So long before its last day an agreement says that it runs out."""


def draft_agreement(
    actor: Actor,
    *,
    uid: UUID,
    kind: str,
    organisation: str,
    mandate: str,
    collaboration: UUID | None = None,
    cycle: UUID | None = None,
    **facts: Any,
) -> Agreement:
    """Draft an agreement led by an organisation (its code), once for each `uid`. Raises Denied, Invalid, Conflict."""
    access.require(actor, LEAD)
    told = {"kind": kind, "organisation": organisation, "mandate": mandate, "collaboration": collaboration}
    content = db.fingerprint(cycle=cycle, **told, **facts)
    if (known := access.made_before(actor, Agreement, uid, content)) is not None:
        return known
    leading = organisation_called(organisation, "organisation")
    if leading.kind != LED_BY[kind]:
        words = {
            BOARD_KIND: N_("Den leds av en stadsdelsnämnd."),
            CITY_KIND: N_("Den leds av kommunstyrelsen eller stadsledningskontoret."),
        }
        raise Invalid({"organisation": [words[LED_BY[kind]]]})
    about = access.find(Collaboration, collaboration, actor, READ) if collaboration else None
    facts |= {"level": about.level} if about else {}
    row = Agreement(
        uid=uid,
        content=content,
        number=f"OV-{db.next_number('OV'):05d}",
        kind=kind,
        organisation_id=leading.id,
        collaboration_id=about.id if about else None,
        cycle_id=cycle_found(actor, cycle) or (about.cycle_id if about else None),
        state=AGREEMENT.start,
        **facts,
    )
    db.session().add(row)
    db.session().flush()
    led = select(Organisation.id).where(Organisation.id == leading.id, access.within(actor, LEAD, Organisation.id))
    if db.session().scalar(led) is None:
        raise Invalid({"organisation": [N_("Välj en organisation som du leder överenskommelser för.")]})
    join_first(actor, row, role="drivande", mandate=mandate)
    note(actor, row, "startad")
    journal.write(actor, "agreement:draft", "agreement", uid, number=row.number, kind=kind)
    return row


def change_agreement(
    actor: Actor,
    uid: UUID,
    *,
    version: int | None,
    places: Collection[UUID] | None = None,
    areas: Collection[UUID] | None = None,
    goals: Collection[UUID] | None = None,
    **changes: Any,
) -> Agreement:
    """Change what stands about a draft: its name and days, places, areas and goals. Raises Invalid, Stale, Refused."""
    row = access.find(Agreement, uid, actor, LEAD, lock=True)
    db.refuse_stale("agreement", uid, row.version, version)
    refuse_closed(row)
    for name, value in changes.items():
        setattr(row, name, value)
    if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
        raise Invalid({"valid_to": [N_("Sista dagen ska inte ligga före den första.")]})
    db.session().flush()
    if places is not None:
        set_places(actor, row, places)
    if areas is not None:
        set_links(AgreementArea, "agreement_id", row.id, "area_id", _areas(actor, areas))
    if goals is not None:
        set_links(AgreementGoal, "agreement_id", row.id, "goal_id", _goals(actor, row, goals))
    journal.write(actor, "agreement:change", "agreement", uid, changed=sorted(changes))
    return row


def _areas(actor: Actor, uids: Collection[UUID]) -> list[int]:
    rows = select(Area.uid, Area.id).where(Area.uid.in_(uids), access.rule_of(Area, actor))
    known = {row.uid: row.id for row in db.session().execute(rows)}
    if len(known) < len(set(uids)):
        raise Invalid({"areas": [N_("Välj ett område i listan.")]})
    return list(known.values())


def _goals(actor: Actor, row: Agreement, uids: Collection[UUID]) -> list[int]:
    rows = select(Goal.uid, Goal.id).where(Goal.uid.in_(uids), Goal.cycle_id == row.cycle_id)
    known = {found.uid: found.id for found in db.session().execute(rows.where(access.rule_of(Goal, actor)))}
    if len(known) < len(set(uids)):
        raise Invalid({"goals": [N_("Välj bland cykelns mål.")]})
    return list(known.values())


def write_chapter(actor: Actor, agreement: UUID, number: int, *, text: str, version: int | None) -> AgreementChapter:
    """Write a chapter of a draft: by any of its parties. Raises Missing, Denied, Stale, Refused."""
    about = access.find(Agreement, agreement, actor, WRITE, lock=True)
    if number not in BY_NUMBER:
        raise access.Missing("agreement_chapter", number)
    refuse_closed(about)
    row = db.session().get(AgreementChapter, (about.id, number), with_for_update=True)
    db.refuse_stale("agreement_chapter", about.uid, row.version if row else 0, version)
    if row is None:
        row = AgreementChapter(agreement_id=about.id, number=number)
        db.session().add(row)
    row.text = text
    db.session().flush()
    journal.write(actor, "agreement:chapter", "agreement", about.uid, number=number)
    return row


def chapters_of(actor: Actor, about: Agreement) -> dict[int, AgreementChapter]:
    """Return what is written in the chapters of an agreement, by their numbers."""
    rows = select(AgreementChapter).where(AgreementChapter.agreement_id == about.id)
    return {row.number: row for row in db.session().scalars(access.visible(rows, actor))}


def add_priority(actor: Actor, agreement: UUID, *, uid: UUID, title: str, text: str = "") -> AgreementPriority:
    """Add a priority area to a draft, once for each `uid`. Raises Missing, Denied, Refused."""
    about = access.find(Agreement, agreement, actor, LEAD, lock=True)
    refuse_closed(about)
    known = db.session().scalar(select(AgreementPriority).where(AgreementPriority.uid == uid))
    if known is not None:
        if (known.agreement_id, known.title, known.text) != (about.id, title, text):
            raise db.Conflict("agreement_priority", uid)
        return known
    number = next_of(AgreementPriority, agreement_id=about.id)
    row = AgreementPriority(uid=uid, agreement_id=about.id, number=number, title=title, text=text)
    db.session().add(row)
    db.session().flush()
    journal.write(actor, "agreement:priority", "agreement", about.uid, number=number)
    return row


# --- Reading ------------------------------------------------------------------------------------------------------


def read_agreement(actor: Actor, uid: UUID, permission: str = READ) -> Agreement:
    """Return an agreement with who leads it; Missing when the actor does not reach it."""
    access.require(actor, permission)
    rows = select(Agreement).options(*(joinedload(part) for part in WHOLE))
    found = db.session().scalar(rows.where(Agreement.uid == uid, access.rule_of(Agreement, actor, permission)))
    if found is None:
        raise access.Missing("agreement", uid)
    return found


def list_agreements(
    actor: Actor, *, state: str = "", kind: str = "", after: tuple[int] | None = None, limit: int = PAGE
) -> Page:
    """Return the agreements that the actor reaches, the newest first, in one query; `galler` are all that apply."""
    access.require(actor, READ)
    rows = select(Agreement).options(*(joinedload(part) for part in WHOLE)).where(access.rule_of(Agreement, actor))
    if state:
        rows = rows.where(Agreement.state.in_(APPLIES if state == "galler" else (state,)))
    rows = rows.where(Agreement.kind == kind) if kind else rows
    rows = rows.where(Agreement.id < after[0]) if after else rows
    found = list(db.session().scalars(rows.order_by(Agreement.id.desc()).limit(limit + 1)))
    more, found = len(found) > limit, found[:limit]
    return Page(found, (found[-1].id,) if more else None)


def count_agreements(actor: Actor) -> dict[str, int]:
    """Return how many that the actor reaches are in each state; those that apply are one."""
    access.require(actor, READ)
    rows = select(Agreement.state, func.count().label("n")).where(access.rule_of(Agreement, actor))
    found = {row.state: row.n for row in db.session().execute(rows.group_by(Agreement.state))}
    told = {state: found.get(state, 0) for state in AGREEMENT.states if state != "revideras"}
    return told | {"galler": sum(found.get(state, 0) for state in APPLIES)}


def agreements_of(actor: Actor, about: Collaboration) -> list[Agreement]:
    """Return the agreements of a collaboration, the newest first."""
    rows = select(Agreement).where(Agreement.collaboration_id == about.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Agreement.id.desc()).limit(PAGE)))


def next_edition(actor: Actor, row: Agreement) -> Agreement | None:
    """Return the edition that takes the place of an agreement, if one is begun."""
    return db.session().scalar(access.visible(select(Agreement).where(Agreement.previous_id == row.id), actor))


def priorities_of(actor: Actor, row: Agreement) -> list[AgreementPriority]:
    """Return the priority areas of an agreement, in order."""
    rows = select(AgreementPriority).where(AgreementPriority.agreement_id == row.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(AgreementPriority.number)))


def reviews_of(actor: Actor, row: Agreement) -> list[AgreementReview]:
    """Return the yearly reviews of an agreement, the newest first."""
    rows = select(AgreementReview).where(AgreementReview.agreement_id == row.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(AgreementReview.id.desc())))


def chosen(actor: Actor, row: Agreement) -> dict[str, list[Any]]:
    """Return the places, areas and goals of an agreement."""
    found: dict[str, list[Any]] = {}
    for name, model in (("place", AgreementPlace), ("area", AgreementArea), ("goal", AgreementGoal)):
        links = select(model).options(joinedload(getattr(model, name))).where(model.agreement_id == row.id)
        found[name] = [getattr(link, name) for link in db.session().scalars(access.visible(links, actor))]
    return found


def standing_of(row: Agreement, day: date | None = None) -> State:
    """Return how an agreement stands on a day: one that applies says when its review is late, or that it runs out."""
    on, stands = day or clock.today(), AGREEMENT.states[row.state]
    if row.state not in APPLIES or row.valid_to is None:
        return stands
    if row.applies_on and row.applies_on > on:
        return State(Text(N_("Gäller från {day}"), day=row.applies_on.isoformat()), "info", "soon")
    if row.review_on is not None and row.review_on < on:
        return State(N_("Översynen är försenad"), "danger", "late")
    if row.valid_to - on <= SOON:
        return State(Text(N_("Går ut {day}"), day=row.valid_to.isoformat()), "warning", "soon")
    return stands


def makers(actor: Actor) -> list[tuple[str, str]]:
    """Return the organisations that the actor leads agreements for today: code and name."""
    rows = select(Organisation.code, Organisation.name).where(valid_on(Organisation, clock.today()))
    rows = rows.where(Organisation.kind.in_((BOARD_KIND, CITY_KIND)), access.within(actor, LEAD, Organisation.id))
    return [(code, name) for code, name in db.session().execute(rows.order_by(Organisation.name))]


def applies_later(row: Agreement) -> bool:
    """Whether an agreement began to apply after the first day in its text: the last party signed later than that."""
    return row.applies_on is not None and row.valid_from is not None and row.applies_on > row.valid_from


def leads(actor: Actor, row: Any) -> bool:
    """Whether the actor leads an agreement, a collaboration or a council."""
    return reaches(actor, row, LEAD)
