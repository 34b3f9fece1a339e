"""The demo's platssamverkan, agreements and councils: some late, some done, some boards without.

All that happens is told in the order of its time, by the people of the demo, from the tables of the seed pack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.agreements.models import Agreement, AgreementParty, Collaboration, CommitmentTime, Council, MeetingDecision
from core.agreements.services import (
    agreements,
    checks,
    collaborations,
    commitments,
    councils,
    decisions,
    meetings,
    parties,
    signing,
)
from core.agreements.states import COLLABORATION
from core.people.models import Organisation
from core.people.services import organisation
from core.places.models import Area, Place
from core.places.services import rows_of
from core.roles import ROLES
from core.upkeep.demo import Story, begin, on, somebody

Row = Mapping[str, str]
PHASES = ("kartlagg", "organisera", "kom_overens", "satt_igang", "utvardera", "avveckla")
"""The moves of a platssamverkan, in their order."""
EVERY, MOST = 28, 5
"""Days between the meetings of the demo, and meetings that are told of each."""
ANSWERERS = {"trafik": "tk_drift", "slk": "slk_handlaggare"}
LATE_EVERY, MISSED_EVERY = 4, 5
"""Every fourth decision is left undone, and every fifth time a commitment is not kept."""
MANDATES = {
    "polis_lpo": "Lokalpolisområdeschef",
    "polis_region": "Regionpolischef",
    "stadsdelsnamnd": "Stadsdelsdirektör",
}
CHECKED = ("demo-forening", "fof-jarva", "fof-hasselby-vallingby", "demo-naringsidkare")


def fill() -> None:
    """Let it all happen, each thing at its own time."""
    story = begin()
    story.add(on(-200), _check)
    for row in rows_of("demo_collaborations.csv"):
        _collaborate(story, row)
    for row in rows_of("demo_councils.csv"):
        _sit(story, row)
    for row in rows_of("demo_agreements.csv"):
        _agree(story, row)
    for back in range(120, -1, -15):
        story.add(on(-back, clock.local(clock.now()).time()), partial(_keep, back))
    story.tell()


def _uid(*names: str) -> UUID:
    return db.uid_of(" ".join(("demo", *names)))


def leader_of(code: str) -> Actor:
    """Return who leads what an organisation agrees on."""
    return somebody("slk_handlaggare" if code == "slk" else "sdn_samordnare", code)


def _who(code: str) -> Actor | None:
    """Return somebody of the demo who acts for a party, if there is anybody."""
    known = organisation(code)
    roles = {"polis_lpo": "polis", "fastighetsagarforening": "fof_samordnare", "stadsdelsnamnd": "sdn_samordnare"}
    role = ANSWERERS.get(code) or roles.get(known.kind)
    role = "fastighetsagare_ext" if code == "demo-fastighetsagare" else role
    return somebody(role, code) if role else None


def _mandate(home: Organisation) -> str:
    return MANDATES.get(home.kind, "Enhetschef")


# --- Platssamverkan -----------------------------------------------------------------------------------------------


def _collaborate(story: Story, row: Row) -> None:
    place = db.session().scalars(select(Place).where(Place.name == row["place"])).one()
    board = db.session().get_one(Organisation, place.district_id).code
    uid, begun, leader = _uid("samverkan", row["place"]), int(row["days"]), leader_of(board)
    story.add(on(begun), lambda: _begin(leader, board, uid, place, row))
    phases = PHASES[: PHASES.index(row["until"]) + 1]
    for number, key in enumerate(phases):
        at = begun + (number + 1) * min(30, -begun // (len(phases) + 2))
        at = begun + 380 + 40 * (number - 4) if key in ("utvardera", "avveckla") else at
        story.add(on(min(at, -1)), partial(_move, leader, uid, key))
    if row["meeting"]:
        last = int(row["meeting"])
        organised = begun + 2 * min(30, -begun // (len(phases) + 2)) + 1
        days = [last - EVERY * back for back in range(MOST) if last - EVERY * back > organised]
        for number, day in enumerate(reversed(days)):
            story.add(on(day), partial(_meet, leader, Collaboration, uid, row["police"], number))
        story.add(on(-4), partial(_call, leader, uid))
    if row["until"] in ("satt_igang", "utvardera", "kom_overens"):
        story.add(on(max(begun + 60, -110)), partial(_promise, leader, uid, row, board))


def _begin(leader: Actor, board: str, uid: UUID, place: Place, row: Row) -> None:
    collaborations.begin_collaboration(
        leader, uid=uid, organisation=board, mandate="Stadsdelsdirektör", places=[place.uid], name=place.name,
        vision=row["vision"], started_on=clock.today(), premises="", communication="Skylt på platsen och stadens webb.",
    )  # fmt: skip
    for code in (row["police"], *row["others"].split(";")):
        home = organisation(code)
        role = "ansvarig" if code in ("trafik", row["police"]) else "medverkande"
        facts: dict[str, Any] = {"mandate": _mandate(home), "substitute": "Samordnare", "hours": 4}
        parties.add_party(leader, Collaboration, uid, organisation=home.uid, role=role, **facts)


def _move(leader: Actor, uid: UUID, key: str) -> None:
    if key == "organisera":
        row = collaborations.read_collaboration(leader, uid)
        everybody = [party.uid for party in parties.parties_of(leader, row)]
        facts: dict[str, Any] = {
            "task": "Beslutar och följer upp.",
            "convener": "Stadsdelsdirektör",
            "kind": "styrgrupp",
        }
        group = _uid("styrgrupp", str(uid))
        collaborations.add_group(leader, uid, uid=group, name="Styrgruppen", members=everybody[:3], **facts)
        facts = {
            "task": "Leder arbetet mellan mötena.",
            "convener": ROLES["sdn_samordnare"],
            "kind": "projektgrupp",
        }
        group = _uid("projektgrupp", str(uid))
        collaborations.add_group(leader, uid, uid=group, name="Projektgruppen", members=everybody, **facts)
    reason = "Målen är nådda, och det som återstår sköts i vardagen." if COLLABORATION.move(key).reason else ""
    collaborations.move_collaboration(leader, uid, key, reason=reason)


def _promise(leader: Actor, uid: UUID, row: Row, board: str) -> None:
    for one in rows_of("demo_commitments.csv"):
        code = {"board": board, "polis": row["police"]}.get(one["party"], one["party"])
        facts: dict[str, Any] = {name: one[name] for name in ("kind", "what", "location", "rrule", "indicator")}
        due_on = None if one["rrule"] else clock.today() + timedelta(days=60)
        known: dict[str, Any] = {
            "starts_on": clock.today(),
            "due_on": due_on,
            "function": "Driftledare" if code == "trafik" else "",
        }
        commitment = _uid("åtagande", str(uid), one["what"])
        home = organisation(code).uid
        commitments.propose(leader, Collaboration, uid, uid=commitment, organisation=home, **known, **facts)
        if (actor := _who(code)) is not None and one["kind"] != "information":
            commitments.move_commitment(actor, commitment, "ata")


def _keep(back: int) -> None:
    """Let the parties say of the commitments that were due whether they were kept; of the last fortnight not all do."""
    commitments.make_commitment_times()
    until = clock.today() - timedelta(days=4 if back else 20)
    rows = select(CommitmentTime).where(CommitmentTime.kept.is_(None), CommitmentTime.due_on <= until)
    for number, time in enumerate(db.session().scalars(rows.order_by(CommitmentTime.id)).all()):
        row = db.session().get_one(type(time).commitment.property.mapper.class_, time.commitment_id)
        code = db.session().get_one(Organisation, row.organisation_id).code
        if (actor := _who(code)) is not None:
            missed = number % MISSED_EVERY == MISSED_EVERY - 1
            told = "Personalen räckte inte den veckan." if missed else ""
            commitments.tell_time(actor, time.uid, kept_it=not missed, told=told)


# --- Meetings -----------------------------------------------------------------------------------------------------


def _meet(leader: Actor, owner: Any, uid: UUID, police: str, number: int) -> None:
    meeting = _uid("möte", str(uid), str(number))
    at = clock.now()
    called: dict[str, Any] = {
        "held_at": at,
        "location": "Medborgarkontoret",
        "agenda": "Läget, beslut från förra mötet, åtaganden",
    }
    meetings.call_meeting(leader, owner, uid, uid=meeting, **called)
    thing = meetings.owner_of(meetings.read_meeting(leader, meeting))
    taking = parties.parties_of(leader, thing)
    board = taking[0].organisation.code
    present = {one.organisation.uid: getattr(one, "mandate", "") or one.function for one in taking if one.id % 5}
    present |= {organisation(board).uid: ROLES["sdn_samordnare"]}
    minutes = "Vi gick igenom läget på platsen och vad som är gjort. Det är lugnare på dagen, men kvällarna är kvar."
    meetings.write_minutes(leader, meeting, present=present, minutes=minutes)
    asked = list(rows_of("demo_decisions.csv"))
    there = {one.organisation.code for one in taking}
    for part in range(2):
        one = asked[(2 * number + part) % len(asked)]
        code = {"board": board, "polis": police}.get(one["party"], one["party"])
        code = code if code in there else board
        due = clock.today() + timedelta(days=int(one["due"]))
        facts: dict[str, Any] = {
            "text": one["text"],
            "organisation": organisation(code).uid,
            "due_on": due,
            "function": "",
        }
        decisions.add_decision(leader, meeting, uid=_uid("beslut", str(meeting), str(part)), **facts)
    meetings.move_meeting(leader, meeting, "halla")
    _do_what_was_decided(leader)


def _do_what_was_decided(leader: Actor) -> None:
    """Let what should have been done by now be done, but for every fourth."""
    late = select(MeetingDecision).where(MeetingDecision.state == "oppet", MeetingDecision.due_on < clock.today())
    for row in db.session().scalars(late.order_by(MeetingDecision.id)).all():
        if row.id % LATE_EVERY and agreements.leads(leader, row):
            decisions.move_decision(leader, row.uid, "gor", reason="Gjort, och redovisat på mötet.")


def _call(leader: Actor, uid: UUID) -> None:
    at = clock.now() + timedelta(days=12)
    called: dict[str, Any] = {"held_at": at, "location": "Medborgarkontoret", "agenda": "Läget och vintern"}
    meetings.call_meeting(leader, Collaboration, uid, uid=_uid("nästa möte", str(uid)), **called)


# --- Local councils -----------------------------------------------------------------------------------------------


def _sit(story: Story, row: Row) -> None:
    uid, leader, begun = _uid("råd", row["board"]), leader_of(row["board"]), int(row["days"])

    def found() -> None:
        facts: dict[str, Any] = {"name": "Lokalt råd för trygghet och brottsförebyggande", "started_on": clock.today()}
        facts |= {"task": "Samordnar det brottsförebyggande arbetet i stadsdelsområdet."}
        councils.begin_council(leader, uid=uid, organisation=row["board"], function="Stadsdelsdirektör", **facts)
        for code, function in ((row["police"], "Kommunpolis"), ("utbildning" * (row["education"] == "ja"), "Rektor")):
            if code:
                parties.add_party(leader, Council, uid, organisation=organisation(code).uid, function=function)
        if row["police"] and row["education"] == "ja":
            councils.move_council(leader, uid, "borja")

    story.add(on(begun), found)
    if row["meeting"]:
        story.add(on(int(row["meeting"])), partial(_meet, leader, Council, uid, row["police"], 0))
    if row["plan"]:
        story.add(on(-35), lambda: _plan(leader, uid, row["plan"]))


def _plan(leader: Actor, uid: UUID, text: str) -> None:
    councils.write_plan(leader, uid, year=clock.today().year, text=text, decided_on=clock.today())
    councils.write_plan(leader, uid, year=clock.today().year + 1, text="Utkast: som i år.", decided_on=None)


# --- Agreements ---------------------------------------------------------------------------------------------------


def _check() -> None:
    """Let associations be checked: two of them meet the conditions, one does not, one has run out."""
    asked = dict.fromkeys((key for key, _ in checks.questions()), "ja")
    for number, code in enumerate(CHECKED):
        fails = code == "demo-naringsidkare"
        answers = asked | ({"insyn": "nej"} if fails else {})
        result, note = (
            ("uppfyller_inte", "Ägarna framgår inte.") if fails else ("uppfyller", "Stadgar och årsmöte 2026.")
        )
        day = clock.today() - timedelta(days=300 if code == "demo-forening" else number)
        facts: dict[str, Any] = {
            "occasion": "stod" if fails else "part",
            "function": "Handläggare",
            "note": note,
            "result": result,
        }
        known: dict[str, Any] = {"by": "sdn-jarva", "organisation": organisation(code).uid, "checked_on": day}
        checks.record_check(leader_of("sdn-jarva"), uid=_uid("prövning", code), answers=answers, **known, **facts)


def _agree(story: Story, row: Row) -> None:
    uid, leader, begun = _uid("överenskommelse", row["title"]), leader_of(row["board"]), int(row["days"])
    story.add(on(begun), lambda: _draft(leader, uid, row))
    steps = {"utkast": 0, "remiss": 1, "signeras": 2}.get(row["until"], 3)
    for number, act in enumerate((_send, _let_sign, _sign)[:steps]):
        story.add(on(min(begun + 2 + 5 * number, -1)), partial(act, leader, uid, row))
    if row["until"] == "galler" and begun < -EVERY * 12 and row["board"] == "sdn-jarva":
        done = "Parterna har hållit det mesta. Kvällsnärvaron stärks."
        story.add(on(begun + 340), lambda: signing.record_review(leader, uid, result=done))
    if row["until"] == "nasta":
        story.add(on(-10), lambda: _renew(leader, uid))


def _draft(leader: Actor, uid: UUID, row: Row) -> None:
    together = _uid("samverkan", row["place"]) if row["place"] else None
    facts: dict[str, Any] = {
        "kind": row["kind"],
        "title": row["title"],
        "organisation": row["board"],
        "collaboration": together,
    }
    mandate = "Stadsdirektör" if row["board"] == "slk" else "Stadsdelsdirektör"
    agreements.draft_agreement(leader, uid=uid, mandate=mandate, **facts)
    home = organisation(row["police"])
    parties.add_party(
        leader, Agreement, uid, organisation=home.uid, role="ansvarig", mandate=_mandate(home), substitute="Kommunpolis"
    )
    for chapter in rows_of("demo_chapters.csv"):
        agreements.write_chapter(leader, uid, int(chapter["number"]), text=chapter["text"], version=0)
    agreements.add_priority(
        leader, uid, uid=_uid("område", str(uid)), title="Trygga stråk", text="Ljus, sikt, närvaro."
    )
    for promised in list(rows_of("demo_commitments.csv"))[2::2]:
        code = {"polis": row["police"]}.get(promised["party"], row["board"])
        told: dict[str, Any] = {name: promised[name] for name in ("kind", "what", "location", "rrule", "indicator")}
        told |= {"starts_on": clock.today(), "organisation": organisation(code).uid}
        commitments.propose(leader, Agreement, uid, uid=_uid("löfte", str(uid), promised["what"]), **told)
    today = clock.today()
    days: dict[str, Any] = {"valid_from": today, "valid_to": today + timedelta(days=365 * int(row["years"]))}
    days |= {"answer_by": today + timedelta(days=14)}
    areas = select(Area.uid).where(Area.organisation_id == organisation(row["board"]).id, Area.valid_to.is_(None))
    places = select(Place.uid).where(Place.name == row["place"])
    where: dict[str, Any] = {"areas": list(db.session().scalars(areas)), "places": list(db.session().scalars(places))}
    agreements.change_agreement(leader, uid, version=None, **days, **where)


def _send(leader: Actor, uid: UUID, _row: Row) -> None:
    signing.move_agreement(leader, uid, "skicka_pa_remiss")


def _let_sign(leader: Actor, uid: UUID, row: Row) -> None:
    """Let the police answer where somebody of theirs is in the demo; else the time runs out."""
    police = _who(row["police"])
    for party in _parties(uid):
        if police is not None and party.organisation_id == police.organisation:
            signing.answer(police, party.uid, text="Vi står bakom utkastet.")
    if police is None:
        agreements.change_agreement(leader, uid, version=None, answer_by=clock.today() - timedelta(days=1))
    signing.move_agreement(leader, uid, "lat_signera")


def _parties(uid: UUID) -> Iterator[AgreementParty]:
    rows = select(AgreementParty).join(Agreement, Agreement.id == AgreementParty.agreement_id)
    yield from db.session().scalars(rows.where(Agreement.uid == uid).order_by(AgreementParty.id)).all()


def _sign(leader: Actor, uid: UUID, row: Row) -> None:
    for party in _parties(uid):
        actor = _who(row["police"]) if party.organisation_id != leader.organisation else leader
        how = "e_underskrift" if actor is not None else "inskannad"
        known: dict[str, Any] = {
            "by": party.mandate,
            "on": clock.today(),
            "how": how,
            "reference": f"Dnr {clock.today().year}/{party.id}",
        }
        signing.sign(actor or leader, party.uid, **known)


def _renew(leader: Actor, uid: UUID) -> None:
    after = signing.begin_next(leader, uid, uid=_uid("nästa", str(uid)))
    text = "Var och en håller det som står i tabellen. Ungas kvällar är nya i år."
    agreements.write_chapter(leader, after.uid, 7, text=text, version=1)
    agreements.change_agreement(leader, after.uid, version=None, changed="Åtaganden för ungas kvällar är nya.")
