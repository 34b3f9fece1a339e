"""Deciding: one person records what a meeting decided, another confirms it, and in that moment all of it holds.

Confirming books the money, moves the application, writes the letter and begins the time for a new plan in one
transaction, under locks that are always taken in the same order: applications by key, then frames by year. What is
confirmed wrongly is met by a correction of the same two steps (`ratta`); nothing is ever taken away.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, clock, db, flow, journal
from core.access import Actor
from core.applications.models import (
    CONFIRM,
    CORRECT,
    DECIDE,
    GRANTS,
    RETURNS,
    ROUND_READ,
    Allocation,
    Application,
    ApplicationEvent,
    BodyMeeting,
    GrantDecision,
)
from core.applications.services import by_measure, by_order, decision_drafts, granting, proposed
from core.applications.services.applications import make_move
from core.applications.services.meetings import STANDING, before_frozen, before_the_end, waiting_elsewhere
from core.applications.services.partiality import stands_aside
from core.applications.services.promises_live import lacking
from core.applications.services.proposed import Amounts
from core.applications.states import APPLICATION, BY_DECISION, DECIDED_IN, DECISION, FOLLOWS_OUTCOME, MEETING, UNDONE
from core.hookspecs import Objection
from core.i18n import N_, Text
from core.reserve.models import Programme
from core.reserve.services import Over, book
from core.reserve.services.programmes import body_on
from core.schema import Invalid
from core.schema.paragraphs import bare_paragraph, signed_paragraph

HELD = ("hallet", "justerat")
MOST_YEARS = 10
NOBODY_ASKED = N_("Ingen har begärt att beslutet rättas.")


def record(
    actor: Actor,
    *,
    uid: UUID,
    meeting: UUID,
    application: UUID,
    outcome: str,
    amounts: Amounts,
    left_out: Collection[UUID] = (),
    **words: str,
) -> GrantDecision:
    """Record what a meeting decided of an application; it holds when another person has confirmed it.

    `amounts` are kronor by budget year, `left_out` the measures that a part is not for. `words` are paragraph, motive,
    motive_text, conditions, reservation, departs, returns_to. The same content again, under whatever uid, is the same
    decision. Raises Missing, Denied, Conflict, Invalid with all that is wrong at its field, Refused (promises with
    holes first), Over.
    """
    access.require(actor, DECIDE)
    given = {year: kronor for year, kronor in sorted(amounts.items()) if kronor}
    said = {name: words.get(name, "") for name in _WORDS} | {"paragraph": bare_paragraph(words.get("paragraph", ""))}
    facts: dict[str, Any] = {"left_out": sorted(map(str, left_out))} if left_out else {}
    facts |= {"outcome": outcome, "amounts": list(given.items())} | said
    content = db.fingerprint(meeting=meeting, application=application, **facts)
    known = db.session().scalar(select(GrantDecision).where(GrantDecision.uid == uid))
    if known is not None and known.content != content:
        raise db.Conflict("decision", uid)
    about = access.find(Application, application, actor, DECIDE, lock=True)
    held = access.find(BodyMeeting, meeting, actor, ROUND_READ)
    stands = known or _standing(about, held)
    if stands is not None:
        if stands.content == content:
            return stands
        raise flow.Refused([Objection(N_("Ett annat beslut är redan inskrivet. Ta tillbaka det först."))])
    _refuse_elsewhere(actor, about, held)
    _check(about, outcome, given, said)
    if outcome in GRANTS:
        if holes := lacking(about):
            raise flow.Refused(holes)
        _refuse_over(actor, about, given)
    row = GrantDecision(
        uid=uid,
        content=content,
        application_id=about.id,
        meeting_id=held.id,
        outcome=outcome,
        left_out=by_measure.leave_out(about, outcome, left_out),
        state=DECISION.start,
        recorded_at=clock.now(),
        recorded_by_id=actor.id,
        level=about.level,
        **said,
    )
    db.session().add(row)
    db.session().flush()
    _allocate(row, about, given)
    decision_drafts.forget(actor, held, about)
    detail = {"number": about.number, "outcome": outcome, "amounts": {str(year): kr for year, kr in given.items()}}
    journal.write(actor, "decision:record", "decision", uid, level=row.level, **detail)
    return row


def _allocate(row: GrantDecision, application: Application, given: Amounts) -> None:
    """Write what a decision grants each year, under the reserve's code of today."""
    code = db.session().get_one(Programme, application.programme_id).reserve_code
    for year, kronor in given.items():
        db.session().add(Allocation(decision_id=row.id, year=year, amount=kronor, reserve_code=code))
    db.session().flush()


_WORDS = ("paragraph", "motive", "motive_text", "conditions", "reservation", "departs", "returns_to")


def _standing(application: Application, meeting: BodyMeeting) -> GrantDecision | None:
    rows = select(GrantDecision).filter_by(application_id=application.id, meeting_id=meeting.id)
    return db.session().scalar(rows.where(GrantDecision.state.in_(STANDING)))


def _refuse_elsewhere(actor: Actor, application: Application, meeting: BodyMeeting) -> None:
    round_ = by_order.hold(application)
    found = list(_of_meeting(application, meeting))
    if round_ is not None and (early := before_frozen(round_, meeting.held_on)):
        found.append(Objection(early))
    if by_order.is_open(round_):
        found.append(Objection(by_order.OPEN))
    for one in waiting_elsewhere(actor, meeting, [application.id]).values():
        words = N_("Ett beslut från sammanträdet {day}, {paragraph}, väntar på bekräftelse. Ta tillbaka det först.")
        told = {"day": one.meeting.held_on.isoformat(), "paragraph": signed_paragraph(one.paragraph)}
        found.append(Objection(Text(words, **told)))
    if application.state != DECIDED_IN:
        state = APPLICATION.states[application.state].label
        found.append(Objection(Text(N_("Ansökan väntar inte på beslut: läget är ”{state}”."), state=state)))
    if found:
        raise flow.Refused(found)


def _of_meeting(application: Application, meeting: BodyMeeting) -> Iterable[Objection]:
    """Yield why a meeting cannot decide of an application: not held, not its round, too early, not its body then."""
    if meeting.state not in HELD:
        state = MEETING.states[meeting.state].label
        yield Objection(Text(N_("Sammanträdet är inte hållet: läget är ”{state}”."), state=state))
    elsewhere = meeting.round_id is not None and meeting.round_id != application.round_id
    if meeting.programme_id != application.programme_id or elsewhere:
        yield Objection(N_("Ansökan hör till en annan omgång än sammanträdet."))
    round_ = by_order.round_of(application)
    if round_ is not None and (early := before_the_end(round_, meeting.held_on)):
        yield Objection(early)
    elif round_ is None and application.submitted_at and meeting.held_on < clock.local(application.submitted_at).date():
        yield Objection(N_("Ansökan kom in efter sammanträdet."))
    body = body_on(meeting.programme_id, "beslut", meeting.held_on)
    if body is None or body.organisation_id != meeting.organisation_id:
        yield Objection(N_("Den som sammanträdde hade inte rätt att besluta om satsningen den dagen."))


def _check(application: Application, outcome: str, given: Amounts, said: Mapping[str, str]) -> None:
    offer = proposed.offer_of(application)
    wrong: dict[str, list[str]] = {}
    if told := _wrong_amounts(outcome, given, sum(offer.sought.values())):
        wrong["amounts"] = [told]
    if not said["paragraph"]:
        wrong["paragraph"] = [N_("Skriv paragrafen i protokollet.")]
    if outcome == "avslag" and not said["motive"]:
        wrong["motive"] = [N_("Välj motiv. Ett avslag är alltid motiverat.")]
    if outcome in ("avslag", "delvis_beviljad", "aterremiss") and not said["motive_text"]:
        wrong["motive_text"] = [N_("Skriv motiveringen. Den står i brevet till sökanden.")]
    if outcome == "aterremiss" and said["returns_to"] not in RETURNS:
        wrong["returns_to"] = [N_("Välj vart ansökan går.")]
    if offer.departs(outcome, given) and not said["departs"]:
        wrong["departs"] = [N_("Beslutet avviker från det frysta förslaget. Skriv varför.")]
    if wrong:
        raise Invalid(wrong)


def _wrong_amounts(outcome: str, given: Amounts, sought: int) -> str:
    """Return what is wrong with amounts; nothing where they fit the outcome."""
    total = sum(given.values())
    if any(kronor < 0 for kronor in given.values()) or len(given) > MOST_YEARS:
        return N_("Skriv beloppen i hela kronor, noll eller mer.")
    if outcome not in GRANTS:
        return N_("Ta bort beloppen. Bara det som beviljas har belopp.") if given else ""
    if not sought:
        return N_("Ansökan söker inga pengar.")
    if outcome == "beviljad":
        return "" if total == sought else N_("Beviljad betyder hela det sökta beloppet. Välj annars Delvis beviljad.")
    return "" if 0 < total < sought else N_("En del är mer än noll och mindre än det sökta.")


def _refuse_over(actor: Actor, application: Application, given: Amounts) -> None:
    """Tell who records what cannot be booked; the lock and the last word are those of confirming."""
    left = proposed.left_in_frames(actor, application.programme_id)
    for year, kronor in given.items():
        if kronor > left.get(year, 0):
            raise Over(year, kronor - left.get(year, 0))


# --- The second person --------------------------------------------------------------------------------------------


def confirm(actor: Actor, uid: UUID, *, version: int | None = None) -> GrantDecision:
    """Let a decision that another person has recorded hold. Raises Missing, Denied, Stale, Refused, Over."""
    return confirm_all(actor, {uid: version})[0]


def confirm_all(actor: Actor, versions: Mapping[UUID, int | None]) -> list[GrantDecision]:
    """Let the decisions hold, each as its version was seen: all of them or none.

    One that the actor has confirmed before is as it is: the same press twice does the same once.
    """
    access.require(actor, CONFIRM)
    rows = _locked(actor, versions)
    new = [row for row in rows if not (row.state == "bekraftad" and row.confirmed_by_id == actor.id)]
    for row in new:
        db.refuse_stale("decision", row.uid, row.version, versions[row.uid])
    _lock_frames(new)
    for row in new:
        application = db.session().get_one(Application, row.application_id)
        flow.move(DECISION, row, "bekrafta", actor)
        row.confirmed_at, row.confirmed_by_id = clock.now(), actor.id
        db.session().flush()
        granting.book_grant(actor, row, application)
        make_move(actor, application, FOLLOWS_OUTCOME[row.outcome])
        granting.after_decision(row, application)
    return rows


def _locked(actor: Actor, uids: Iterable[UUID]) -> list[GrantDecision]:
    """Return decisions with their applications locked, by the keys of the applications."""
    found = [access.find(GrantDecision, uid, actor, CONFIRM) for uid in uids]
    locked = select(Application).where(Application.id.in_([row.application_id for row in found]))
    locked = locked.order_by(Application.id).with_for_update().execution_options(populate_existing=True)
    db.session().scalars(locked).all()
    rows = select(GrantDecision).where(GrantDecision.id.in_([row.id for row in found]))
    rows = rows.order_by(GrantDecision.application_id, GrantDecision.id).with_for_update()
    return list(db.session().scalars(rows.execution_options(populate_existing=True)))


def _lock_frames(rows: Iterable[GrantDecision]) -> None:
    """Lock every frame that the decisions book in, before the first is booked."""
    years = select(Application.programme_id, Allocation.year).select_from(Allocation)
    years = years.join(GrantDecision, GrantDecision.id == Allocation.decision_id)
    years = years.join(Application, Application.id == GrantDecision.application_id)
    wanted: dict[int, set[int]] = {}
    for programme, year in db.session().execute(years.where(GrantDecision.id.in_([row.id for row in rows]))):
        wanted.setdefault(programme, set()).add(year)
    for key in sorted(wanted):
        book.lock_frames(db.session().get_one(Programme, key), wanted[key])


def withdraw(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> GrantDecision:
    """Take back what was recorded and does not hold yet. Raises Missing, Denied, Stale, Refused."""
    row = access.find(GrantDecision, uid, actor, DECIDE, lock=True)
    db.refuse_stale("decision", uid, row.version, version)
    flow.move(DECISION, row, "aterkalla", actor, reason=reason)
    return row


# --- A decision recorded wrongly ----------------------------------------------------------------------------------


def ask_to_correct(actor: Actor, uid: UUID, *, reason: str, version: int | None = None) -> GrantDecision:
    """Say that a decision in force was recorded wrongly; it is undone when another person agrees.

    Raises Missing, Denied, Stale, Refused.
    """
    row = access.find(GrantDecision, uid, actor, CORRECT, lock=True)
    db.refuse_stale("decision", uid, row.version, version)
    if row.state != "bekraftad" or row.wrong_by_id is not None:
        raise flow.Refused([Objection(N_("Bara ett beslut som gäller, och som ingen redan rättar, kan rättas."))])
    row.wrong_because, row.wrong_at, row.wrong_by_id = reason, clock.now(), actor.id
    db.session().flush()
    journal.write(actor, "decision:ask_to_correct", "decision", uid, level=row.level, reason=reason)
    return row


def keep(actor: Actor, uid: UUID, *, version: int | None = None) -> GrantDecision:
    """Let a decision stand that somebody has said is wrong. Raises Missing, Denied, Stale, Refused (nobody has)."""
    row = access.find(GrantDecision, uid, actor, CORRECT, lock=True)
    db.refuse_stale("decision", uid, row.version, version)
    if row.state != "bekraftad" or row.wrong_by_id is None:
        raise flow.Refused([Objection(NOBODY_ASKED)])
    row.wrong_because, row.wrong_at, row.wrong_by_id = "", None, None
    db.session().flush()
    journal.write(actor, "decision:keep", "decision", uid, level=row.level)
    return row


def correct(actor: Actor, uid: UUID, *, version: int | None = None) -> GrantDecision:
    """Undo a decision that another person says was recorded wrongly: its money is booked back, the application waits
    for a decision again, and the old one is kept as corrected. Raises Missing, Denied, Stale, Refused.
    """
    access.require(actor, CONFIRM)
    (row,) = _locked(actor, [uid])
    if row.state == "rattad" and row.confirmed_by_id is not None:
        return row
    db.refuse_stale("decision", uid, row.version, version)
    _lock_frames([row])
    application = db.session().get_one(Application, row.application_id)
    flow.move(DECISION, row, "ratta", actor)
    granting.book_back(actor, row, application, "rattelse", row.wrong_because)
    make_move(actor, application, UNDONE, reason=row.wrong_because)
    granting.after_correction(row, application)
    return row


def move_decision(actor: Actor, uid: UUID, key: str, *, reason: str = "", version: int | None = None) -> GrantDecision:
    """Take a decision that is recorded further: each step by its name, the same for pages and the API.

    Raises Missing, Denied, Stale, Over; Refused, also for a step without the reason that it needs.
    """
    if key in ("bekrafta", "ratta"):
        return (confirm if key == "bekrafta" else correct)(actor, uid, version=version)
    if key == "behall":
        return keep(actor, uid, version=version)
    if not reason.strip():
        raise flow.Refused([Objection(N_("Skriv varför."), "reason")])
    return (withdraw if key == "aterkalla" else ask_to_correct)(actor, uid, reason=reason, version=version)


# --- What stands in the way ---------------------------------------------------------------------------------------


def _second_person(row: GrantDecision, actor: Actor, first: int | None) -> Iterable[Objection]:
    if actor.id is None or actor.id == first:
        yield Objection(N_("Du har skrivit in det. Någon annan bekräftar."))
    elif stands_aside(actor.id, db.session().get_one(Application, row.application_id)):
        yield Objection(N_("Du har anmält jäv i ansökan. Någon annan bekräftar."))


@DECISION.guard("bekrafta")
def _may_hold(row: GrantDecision, actor: Actor) -> Iterable[Objection]:
    """Four eyes, no jäv, the right body, an application that waits, and promises without holes."""
    application = db.session().get_one(Application, row.application_id)
    yield from _second_person(row, actor, row.recorded_by_id)
    yield from _of_meeting(application, db.session().get_one(BodyMeeting, row.meeting_id))
    if row.outcome in GRANTS:
        yield from lacking(application)


@DECISION.guard("ratta")
def _may_be_undone(row: GrantDecision, actor: Actor) -> Iterable[Objection]:
    """Somebody else has asked for it, and no money has left."""
    if row.wrong_by_id is None:
        yield Objection(NOBODY_ASKED)
        return
    yield from _second_person(row, actor, row.wrong_by_id)
    application = db.session().get_one(Application, row.application_id)
    used = book.of_matter(application.uid)
    if any(sums.get("bundet") or sums.get("bokfort") for sums in used.values()):
        yield Objection(
            N_("Pengar är redan bundna eller använda. Beslutet kan inte rättas, bara ändras genom ett nytt.")
        )
    latest = select(func.max(GrantDecision.id)).where(
        GrantDecision.application_id == application.id, GrantDecision.state == "bekraftad"
    )
    if db.session().scalar(latest) != row.id:
        yield Objection(N_("Ett senare beslut gäller. Rätta det först."))


@APPLICATION.guard(*sorted(BY_DECISION))
def _follows_a_decision(application: Application, _actor: Actor) -> Iterable[Objection]:
    """What a meeting decides is recorded at the meeting: each such move follows one decision, or one correction."""
    decided = select(func.count()).select_from(GrantDecision).where(GrantDecision.application_id == application.id)
    moved = select(func.count()).select_from(ApplicationEvent)
    moved = moved.where(ApplicationEvent.application_id == application.id, ApplicationEvent.kind.in_(BY_DECISION))
    done = db.session().scalar(decided.where(GrantDecision.state.in_(("bekraftad", "rattad")))) or 0
    undone = db.session().scalar(decided.where(GrantDecision.state == "rattad")) or 0
    if (db.session().scalar(moved) or 0) >= done + undone:
        yield Objection(N_("Beslut skrivs in på sammanträdets sida och gäller när en annan person har bekräftat dem."))


@APPLICATION.guard("skriv_om")
def _sent_to_rewrite(application: Application, _actor: Actor) -> Iterable[Objection]:
    if _sent_elsewhere(application, "utkast"):
        yield Objection(N_("Utskottet skickade tillbaka ansökan till ny bedömning, inte till sökanden."))


@APPLICATION.guard("bedom_igen")
def _sent_to_assess(application: Application, _actor: Actor) -> Iterable[Objection]:
    if _sent_elsewhere(application, "under_bedomning"):
        yield Objection(N_("Utskottet skickade tillbaka ansökan till sökanden, inte till ny bedömning."))


def _sent_elsewhere(application: Application, target: str) -> bool:
    """Whether a meeting that sent an application back said that it goes elsewhere than there."""
    if application.state != "aterremiss":
        return False
    rows = select(GrantDecision.returns_to).filter_by(application_id=application.id, outcome="aterremiss")
    rows = rows.where(GrantDecision.state == "bekraftad").order_by(GrantDecision.id.desc()).limit(1)
    return db.session().scalar(rows) not in (None, "", target)
