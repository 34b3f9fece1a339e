"""How a whole application comes about in the demo: written, asked about, answered, reviewed, decided and handed in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.applications import demo_grounds
from core.applications.models import (
    MEDGIVANDE,
    PERMIT_KINDS,
    RUNNING_YEARS,
    SAMRAD,
    Application,
    ApplicationPlace,
    Milestone,
)
from core.applications.services import applications, asking, costs, evidence, measures, parts, promising, whom_to_ask
from core.people.models import Organisation
from core.people.services import organisation
from core.places.models import Place
from core.reserve.services.programmes import programmes
from core.upkeep.demo import somebody

Row = Mapping[str, Any]
PROGRAMME = "TRYGG"
ANSWERS = {"trafik": "fack_handlaggare"}
"""Who answers for an organisation that is asked; for the boards their handläggare."""
PICKED = 2
"""How much of what was seen on the place is taken in as evidence."""
PERSPECTIVES = {
    "barn": {
        "impact": "Barn går här på väg till skola och fritid, också när det är mörkt.",
        "considered": "Åtgärderna är ritade i barns höjd, och vägen till skolan är fri under bygget.",
        "heard": "En klass på mellanstadiet har gått vägen med oss.",
    },
    "jamstalldhet": {
        "impact": "Fler kvinnor än män säger att de tar en annan väg när det är mörkt.",
        "considered": "Ljus och sikt läggs först där flest säger att de vänder.",
        "heard": "Svaren i dialogen är uppdelade på kvinnor och män.",
    },
    "tillganglighet": {
        "impact": "Den som kör rullstol eller går med rullator har bara en väg att välja på.",
        "considered": "Inget som byggs smalnar av gångvägen till mindre än två meter.",
        "heard": "Rådet för funktionshindersfrågor, en gång.",
    },
}
BY_ROWS = ("underlag", "atgarder", "samrad", "radighet", "utgifter", "drift", "skotsel", "bilagor")
"""The parts that are marked as done when their rows are in."""
PERMITS = {key: {"stands": "behovs_ej"} for key in PERMIT_KINDS} | {"ta_plan": {"stands": "sokt"}}


def uid_of(key: str, *what: object) -> UUID:
    """Return the uid of the application called so, or of something in it."""
    return db.uid_of(" ".join(("demo ansökan", key, *map(str, what))))


def row_of(key: str) -> Application:
    """Return the application called so."""
    return db.session().scalars(select(Application).where(Application.uid == uid_of(key))).one()


def board_of(row: Row) -> str:
    """Return the code of the board that applies."""
    code: str = row["by"].partition("@")[2]
    return code


def boss_of(row: Row) -> Actor:
    """Return who reviews what the board writes, and hands it in."""
    return somebody("forv_chef", board_of(row))


def begin(row: Row, in_round: UUID) -> None:
    """Begin it in a round that is open."""
    programme = next(one for one in programmes() if one.code == PROGRAMME)
    facts = {"organisation": board_of(row), "title": row["title"], "programme": programme.uid, "in_round": in_round}
    applications.begin_application(demo_grounds.actor_of(row["by"]), uid=uid_of(row["key"]), **facts)


def write(row: Row, meets: date) -> None:
    """Write all of it, and ask those that are to be asked; it is wanted from the day when the committee `meets`."""
    actor, uid = demo_grounds.actor_of(row["by"]), uid_of(row["key"])
    _tell_why(actor, uid, row)
    _tell_what(actor, uid, row, meets)
    write_money(actor, uid, row, meets.year)
    for number, one in enumerate(row["measures"], 1):
        thing = uid_of(row["key"], "åtgärd", number)
        promise(actor, thing, row, cost=row["running"] * one[4] // sum(row["amounts"]), number=number)
    ask(actor, row["key"], row["title"])
    for key in BY_ROWS:
        parts.write_part(actor, uid, key, done=True)


def _tell_why(actor: Actor, uid: UUID, row: Row) -> None:
    named = select(Place.uid).where(Place.name.in_(row["places"]))
    places = list(db.session().scalars(named))
    parts.write_part(actor, uid, "plats", done=True, places=places, access_note="Allmän plats, öppen dygnet runt.")
    parts.write_part(actor, uid, "problem", done=True, problem=row["problem"])
    made = {"kind": "dialog", "source": "Samtal på platsen, två eftermiddagar"}
    dialogue = "De flesta som vi talade med nämnde problemet innan vi hade frågat om det."
    evidence.add_evidence(actor, uid, evidence=uid_of(row["key"], "underlag", 1), says=dialogue, **made)
    known = {"kind": "tyck_till", "source": "Tyck till, tolv månader", "unit": "synpunkter"}
    told = "Synpunkter om platsen, mer än dubbelt så många som på andra platser i stadsdelen."
    count = 20.0 + len(row["problem"]) % 30
    evidence.add_evidence(actor, uid, evidence=uid_of(row["key"], "underlag", 2), says=told, value=count, **known)
    seen = evidence.observations_to_choose(actor, row_of(row["key"]))[:PICKED]
    if seen:
        evidence.pick_observations(actor, uid, [one.uid for one in seen])
    about: dict[str, Any] = {"cycle": demo_grounds.uid_of(row["ground"])}
    note = "Orsaken är prövad på plats tillsammans med trafikkontoret."
    parts.write_part(actor, uid, "orsaker", done=True, cause_note=note, **about)


def _tell_what(actor: Actor, uid: UUID, row: Row, meets: date) -> None:
    ground = row["ground"]
    here = db.session().scalar(select(Place.uid).where(Place.name == row["places"][0]))
    whole = sum(row["amounts"])
    for number, (kind, text, quantity, unit, amount) in enumerate(row["measures"], 1):
        facts = {"kind": kind, "text": text, "quantity": float(quantity), "unit": unit, "amount": amount}
        facts |= {"place": here, "cause": demo_grounds.uid_of(ground, "orsak"), "weight": 100 * amount // whole}
        measures.add_measure(actor, uid, measure_uid=uid_of(row["key"], "åtgärd", number), **facts)
    said = {name: row[name] for name in ("alternatives", "displacement")}
    parts.write_part(actor, uid, "atgarder", **said)
    expected = "Målet ska vara nått ett år efter att arbetet är klart."
    goals = [demo_grounds.uid_of(ground, "mål")]
    parts.write_part(actor, uid, "mal", done=True, focus_area="offentlig_miljo", expected=expected, goals=goals)
    heard = "En klass har gått vägen med oss och ritat var de vänder."
    parts.write_part(
        actor, uid, "perspektiv", done=True, children_heard="ja", children_note=heard, perspectives=PERSPECTIVES
    )
    for number, (title, days, weight) in enumerate(row["milestones"], 1):
        due = meets + timedelta(days=days)
        step = Milestone(uid=uid_of(row["key"], "milstolpe", number), title=title, due_on=due, weight=weight)
        parts.add_row(actor, uid, "tidplan", step)
    last = meets + timedelta(days=max(one[1] for one in row["milestones"]))
    days_of: dict[str, Any] = {"starts_on": meets + timedelta(days=40), "completes_on": last}
    parts.write_part(actor, uid, "tidplan", done=True, permits=PERMITS, **days_of)


def write_money(actor: Actor, uid: UUID, row: Row, year: int) -> None:
    """Write what it costs in each year from `year`, how it is written off, and what it costs to run."""
    key = row["key"]
    for later, amount in enumerate(row["amounts"]):
        planned = amount // 10 if later == 0 and amount > 1_000_000 else 0  # noqa: PLR2004 - the large ones are drawn
        for kind, part in (("projektering", planned), ("entreprenad", amount - planned)):
            if part:
                line = {"year": year + later, "kind": kind, "amount": part, "capital": True}
                costs.add_row(actor, uid, "rad", uid=uid_of(key, "rad", later, kind), **line)
    for number, one in enumerate(row["measures"], 1):
        whole = {"name": one[1][:120], "amount": one[4], "years": 10 if one[0] == "siktrojning" else 20}
        costs.add_row(actor, uid, "komponent", uid=uid_of(key, "del", number), **whole)
    payer = organisation(board_of(row)).uid
    yearly = {"amount": row["running"], "payer": payer, "why": ""}
    said: dict[str, Any] = {f"ar{number}": dict(yearly) for number in range(1, RUNNING_YEARS + 1)}
    parts.write_part(actor, uid, "drift", running_note="Ryms i nämndens ram från året efter.", **said)


def promise(actor: Actor, measure: UUID, row: Row, *, cost: int, number: int) -> None:
    """Let the board promise to look after what is built, and trafiknämnden be asked for what lights."""
    lights = row["measures"][number - 1][0].startswith("belysning") and board_of(row) != "trafik"
    owner = organisation("trafik" if lights else board_of(row)).uid
    standard = "Släckta lyktor tänds inom 5 arbetsdagar" if lights else "Fel åtgärdas inom 10 arbetsdagar"
    facts: dict[str, Any] = {"standard": standard, "cost": cost, "first_after": 3, "every": 12}
    made = promising.write_promise(actor, measure, owner=owner, payer=organisation(board_of(row)).uid, **facts)
    if lights:
        promising.ask_for_promise(actor, made.uid)


def ask(actor: Actor, key: str, title: str) -> None:
    """Ask those who must be asked for their view, and those with rådighet for their leave."""
    found = row_of(key)
    wanted = [(SAMRAD, one.organisation) for one in whom_to_ask.suggestions(actor, found) if one.needed]
    wanted += [(MEDGIVANDE, one.organisation) for one in whom_to_ask.holders(actor, found)]
    wanted += [(asked_for, _neighbour(found)) for asked_for in (SAMRAD, MEDGIVANDE)]
    questions = {SAMRAD: f"Vad anser ni om det vi vill göra: {title}?", MEDGIVANDE: ""}
    for asked_for, one in dict.fromkeys(wanted):
        facts: dict[str, Any] = {"asked_for": asked_for, "organisation": one.uid, "question": questions[asked_for]}
        asking.ask(actor, found.uid, uid=uid_of(key, asked_for, one.code), **facts)


def _neighbour(found: Application) -> Organisation:
    """Return who has the street beside what a board applies for; for trafiknämnden, the board of the place.

    The demo's rådighet is written on the day when it is filled, and what is told of here was before.
    """
    street = organisation("trafik")
    if found.organisation_id != street.id:
        return street
    rows = select(Organisation).join(Place, Place.district_id == Organisation.id)
    rows = rows.join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    return db.session().scalars(rows.where(ApplicationPlace.application_id == found.id).limit(1)).one()


def answer(key: str) -> None:
    """Let everybody answer what they have been asked: yes, and that they will look after what is theirs."""
    found, house = row_of(key), applications.read_application
    writer = somebody("forv_chef", db.session().get_one(Organisation, found.organisation_id).code)
    for one in asking.asks_of(writer, house(writer, found.uid)):
        said = "Ni får göra åtgärderna." if one.asked_for == MEDGIVANDE else "Bra. Hör av er om tiden för schakten."
        asking.answer(_answering(one.organisation), one.uid, stance="tillstyrker", answer=said)
    for thing in promising.built_things(found):
        if thing.promise is not None and thing.promise.asked_on is not None and thing.promise.owner is not None:
            promising.answer_promise(_answering(thing.promise.owner), thing.promise.uid, accepts=True)


def _answering(one: Organisation) -> Actor:
    return somebody(ANSWERS.get(one.code, "sdn_handlaggare"), one.code)


def hand_over(row: Row) -> None:
    """Let it be reviewed by the boss."""
    applications.move_application(demo_grounds.actor_of(row["by"]), uid_of(row["key"]), "begar_granskning")


def approve(row: Row) -> None:
    """Let the boss approve it for the board."""
    applications.move_application(boss_of(row), uid_of(row["key"]), "godkann")


def decide(row: Row, number: int) -> None:
    """Let the board decide, and the secretary write that in."""
    secretary = somebody("namndsekr", board_of(row))
    said: dict[str, Any] = {"decided_on": clock.today(), "paragraph": str(number), "at_once": True}
    diary = f"{clock.today().year}/{400 + 7 * number}"
    applications.move_application(secretary, uid_of(row["key"]), "registrera_namndbeslut", diary_own=diary, **said)


def hand_in(row: Row) -> None:
    """Let the boss hand it in."""
    applications.move_application(boss_of(row), uid_of(row["key"]), "skicka_in")
