"""The demo's walks around today, what was seen on them and what was answered, by the people of the demo.

Everything happens through the services, each thing at its own time: the journal of the demo city reads like a real one.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID

from shapely import LineString, Point
from sqlalchemy import select

from core import clock, db, flow, geo, media
from core.access import Actor
from core.media import Listed, review
from core.people.models import Organisation
from core.places import services as places
from core.places.models import Place
from core.upkeep import demo as upkeep_demo
from core.upkeep.demo import Story, begin, somebody
from core.walks import demo_reports, scenes, services
from core.walks.kinds import kinds
from core.walks.models import Observation
from core.works import demo as works_demo
from core.works import services as works

BEGUN = "starta"
"""The last move of a walk that goes on now."""
HELD = ("starta", "avsluta", "skriva_protokoll", "justera", "skicka_ut", "aterkoppla", "folja_upp")
"""The moves of a walk that is held, in their order."""
DAYS_AFTER = {"skriva_protokoll": 2, "justera": 4, "skicka_ut": 5, "aterkoppla": 21, "folja_upp": 175}
ORDERING = "trafik"
"""Who orders work about what it is sent, in the demo."""
PATTERNS = 3
"""Drawings of each kind; the city has hundreds of observations, and drawing takes time."""


@dataclass(frozen=True)
class Outing:
    """A row of demo_walks.csv: a walk `days` from today that has come as far as the move `until`.

    `follows` is the title of a walk that it follows up, whose way it goes again; `followed`: another follows this up.
    """

    title: str
    theme: str
    purpose: str
    place: Place
    board: str
    start: datetime
    until: str
    seen: int
    follows: str
    followed: bool

    @property
    def uid(self) -> UUID:
        """The same walk in every demo city."""
        return _uid(self.title)


def fill() -> None:
    """Let walks be planned and held and what was seen be answered; beside them orders, frister, letters, reports."""
    story = begin()
    upkeep_demo.plan(story)
    works_demo.plan(story, _show_done)
    demo_reports.plan(story)
    for outing in _outings():
        _plan(story, outing)
    upkeep_demo.plan_parts(story)
    story.tell()


def _outings() -> Iterator[Outing]:
    whole, rows = db.settings().demo_observations, list(places.rows_of("demo_walks.csv"))
    followed = {row["follows"] for row in rows}
    for row in rows:
        place = db.session().scalars(select(Place).where(Place.name == row["place"])).one()
        board = db.session().get_one(Organisation, place.district_id)
        day = clock.today() + timedelta(days=int(row["days"]))
        start = datetime.combine(day, time(int(row["hour"])), clock.STOCKHOLM)
        if row["until"] == BEGUN:
            start = min(start, _half_an_hour_ago())
        seen = whole * int(row["share"]) // 100
        yield Outing(
            title=row["title"],
            theme=row["theme"],
            purpose=row["purpose"],
            place=place,
            board=board.code,
            start=start,
            until=row["until"],
            seen=seen,
            follows=row["follows"],
            followed=row["title"] in followed,
        )


def _half_an_hour_ago() -> datetime:
    """Return the last half hour that is half an hour away: what goes on has begun, whenever the demo is made."""
    then = clock.local(clock.now() - timedelta(minutes=30))
    return then.replace(minute=then.minute // 30 * 30, second=0, microsecond=0)


def _uid(title: str) -> UUID:
    return db.uid_of(f"demo {title}")


def _plan(story: Story, outing: Outing) -> None:
    now = clock.now()
    leader = somebody("sdn_samordnare", outing.board)
    plan: dict[str, Any] = {} if outing.follows else _way(outing.place)

    def add(leader: Actor) -> None:
        services.add_walk(
            leader,
            uid=outing.uid,
            title=outing.title,
            theme=outing.theme,
            purpose=outing.purpose,
            groups=2,
            planned_at=outing.start,
            organiser=outing.board,
            places=[outing.place.uid],
            follows=_uid(outing.follows) if outing.follows else None,
            note_taker=somebody("sdn_handlaggare", outing.board).uid,
            light_reason="Lyktorna tänds för kontroll medan vi går." if outing.theme == "belysning" else "",
            **plan,
        )

    story.add(min(now, outing.start) - timedelta(days=20), lambda: add(leader))
    if outing.until == BEGUN:
        story.add(now, lambda: services.move_walk(leader, outing.uid, BEGUN))
        for number, (kind, severity, text) in enumerate(_sightings(outing.title)):
            story.add(now, partial(_log, outing, number, kind, severity, text))
    elif outing.until in HELD:
        _hold(story, outing, leader)
    elif outing.until:
        why = "För få hade anmält sig." if outing.until == "stalla_in" else ""
        at = min(now, outing.start) - timedelta(days=3)
        story.add(at, lambda: services.move_walk(leader, outing.uid, outing.until, reason=why))


def _way(place: Place) -> dict[str, Any]:
    """Return a way across a place with its stops, and the words that invite to it."""
    (west, south, east, north), middle = place.geom.bounds, place.geom.representative_point()
    corners = [Point(west, south), middle, Point(east, north)]
    asked: dict[str, list[str]] = {}
    for row in places.rows_of("demo_stops.csv"):
        asked.setdefault(row["stop"], []).append(row["question"])
    stops = [services.Stop(name, point, tuple(asked[name])) for name, point in zip(asked, corners, strict=False)]
    return {"route": LineString(corners), "stops": stops, "invitation": f"Vi ses vid {place.name}. Alla är välkomna."}


def _count(outing: Outing, leader: Actor) -> None:
    chance = random.Random(f"{outing.title} deltagare")  # noqa: S311 - a demo
    for row in places.rows_of("demo_participants.csv"):
        count = chance.randint(int(row["fewest"]), int(row["most"]))
        services.count_participants(leader, outing.uid, category=row["category"], age="", gender="", count=count)


def _hold(story: Story, outing: Outing, leader: Actor) -> None:
    """Let a walk be held, and everything after it happen until the move that it has come to."""
    chance = random.Random(outing.title)  # noqa: S311 - a demo
    seen = [_choose(chance) for _ in range(outing.seen)]
    story.add(outing.start, lambda: services.move_walk(leader, outing.uid, "starta"))
    for number, (kind, severity, text) in enumerate(seen):
        story.add(outing.start + timedelta(minutes=2 * number + 1), partial(_log, outing, number, kind, severity, text))
    end = outing.start + timedelta(minutes=2 * len(seen) + 5)
    story.add(end, lambda: services.move_walk(leader, outing.uid, "avsluta"))
    story.add(end + timedelta(minutes=20), partial(_count, outing, leader))
    story.add(end + timedelta(days=1), partial(_send, outing, leader))
    if outing.followed:
        story.add(end + timedelta(days=1, minutes=30), partial(_review, outing, leader))
    for number in range(len(seen)):
        after = timedelta(days=2 + 3 * (number % 4), minutes=number)
        story.add(end + after, partial(_answer, outing, number, everything="aterkoppla" in _moves(outing)))
    for move in _moves(outing)[2:]:
        at = end + timedelta(days=DAYS_AFTER[move])
        if move == "justera":
            taker = somebody("sdn_handlaggare", outing.board)
            story.add(at - timedelta(hours=5), partial(services.move_walk, taker, outing.uid, move))
        story.add(at, partial(services.move_walk, leader, outing.uid, move))


def _moves(outing: Outing) -> tuple[str, ...]:
    return HELD[: HELD.index(outing.until) + 1]


def _choose(chance: random.Random) -> tuple[str, int, str]:
    """Return a kind of observation, how grave it is, and what was written; also of a plugin's kinds."""
    said: dict[str, list[tuple[int, str]]] = {}
    for kind, severity, text in _sightings():
        said.setdefault(kind, []).append((severity, text))
    chosen = chance.choice([*said, *said, *said, *kinds()])
    return (chosen, *chance.choice(said.get(chosen) or [(1, "")]))


def _log(outing: Outing, number: int, kind: str, severity: int, text: str) -> None:
    uid, chance = _observation(outing, number), random.Random(f"{outing.title} {number}")  # noqa: S311 - a demo
    walker = somebody("falt" if number % 2 else "sdn_samordnare", outing.board)
    dark, spot = outing.theme in ("belysning", "klotter"), _spot(outing.place, chance)
    taken = Listed(
        media.twin(uid),
        taken_at=clock.now(),
        latitude=spot.latitude,
        longitude=spot.longitude,
        accuracy_m=spot.accuracy_m,
        direction=float(chance.randrange(360)),
    )
    services.log_observation(
        walker,
        uid=uid,
        walk=outing.uid,
        kind=kind,
        nature="positivt" if kinds()[kind].good else "brist",
        severity=severity,
        description=text,
        position=spot,
        photos=[taken],
    )
    _photograph(walker, media.twin(uid), kind, number % PATTERNS, dark=dark)


def _review(outing: Outing, leader: Actor) -> None:
    """Let two people find that there is nothing to cover in every other photo: the follow-up takes them again."""
    keeper = somebody("sdn_handlaggare", outing.board)
    for number in range(0, outing.seen, 2):
        photo = media.twin(_observation(outing, number))
        review.propose_none(keeper, photo)
        review.release(leader, photo)


def _send(outing: Outing, leader: Actor) -> None:
    """Review what was seen, and send it to who answers; the last two are left for somebody to do."""
    walk = services.read_walk(leader, outing.uid)
    waiting = [row.uid for row in services.waiting_on(leader, walk)]
    services.send_all(leader, outing.uid, waiting if "skriva_protokoll" in _moves(outing) else waiting[:-2])


def _answer(outing: Outing, number: int, *, everything: bool) -> None:
    """Let the receiver answer; of a walk that is not fed back yet, every fourth still waits."""
    row = db.session().scalars(select(Observation).where(Observation.uid == _observation(outing, number))).one()
    if row.state != "fordelad" or (number % 4 == 3 and not everything):  # noqa: PLR2004
        return
    code = db.session().get_one(Organisation, row.organisation_id).code
    receiver = somebody(_answerers().get(code, "sdn_samordnare"), code)
    if code == ORDERING and number % 4 == 0:
        _order(receiver, row.uid, number, everything=everything)
        return
    later = clock.today() + timedelta(days=30)
    if number % 5 == 0:
        said = "Vi har gått igenom platsen och gör inget nu. Det tas upp i nästa års plan."
        services.answer(
            receiver, row.uid, "atgarda_inte", services.Answer(reason="Ryms inte i årets medel.", answer=said)
        )
    elif number % 5 == 1 or not _done(receiver, row.uid):
        services.answer(receiver, row.uid, "planera", services.Answer(answer="Det är beställt.", done_on=later))
    else:
        after = db.uid_of(f"demo efter {row.uid}")
        services.add_photo(receiver, row.uid, Listed(after, role="efter", taken_at=clock.now()))
        _photograph(receiver, after, "", number % PATTERNS, dark=False)
        walker = somebody("falt", outing.board)
        if number % 5 == 2 and services.reaches(walker, Observation, row.id, "walks:observation:verify"):  # noqa: PLR2004
            services.move_observation(walker, row.uid, "verifiera")


def _order(receiver: Actor, observation: UUID, number: int, *, everything: bool) -> None:
    """Let the receiver order work about it.

    What its own people do has been done, shown and approved by a colleague, as all of a walk that is fed back; every
    other order of a contractor waits to be judged.
    """
    order = db.uid_of(f"demo order {observation}")
    made = services.order_work(receiver, observation, order, services.Order())
    own = made.executor_id == made.organisation_id
    doer = receiver if own else somebody("entreprenor", db.session().get_one(Organisation, made.executor_id).code)
    works.move_order(doer, order, "kvittera")
    if own or everything or number % 8 == 0:
        works_demo.report(doer, order, "Åtgärdat på plats.", _show_done)
    if own or everything:
        judge = somebody("fack_handlaggare", ORDERING) if own else receiver
        works.move_order(judge, order, "godkann", works.Said("Kontrollerat på plats."))


def _show_done(actor: Actor, uid: UUID, number: int) -> None:
    """Send a drawn photo of how it looks when it is done."""
    _photograph(actor, uid, "", number, dark=False)


def _done(receiver: Actor, uid: UUID) -> bool:
    """Say that it is done; whether nothing stood in the way, such as the proof that graffiti needs."""
    try:
        with db.savepoint():
            services.answer(receiver, uid, "klart")
    except flow.Refused:
        return False
    return True


def _observation(outing: Outing, number: int) -> UUID:
    return db.uid_of(f"demo {outing.title} {number}")


def _spot(place: Place, chance: random.Random) -> services.Position:
    """Return a place within the place, as a phone would know it."""
    west, south, east, north = place.geom.bounds
    point = place.geom.representative_point()
    for _ in range(20):
        tried = Point(chance.uniform(west, east), chance.uniform(south, north))
        if place.geom.contains(tried):
            point = tried
            break
    longitude, latitude = geo.to_geojson(point)["coordinates"]
    return services.Position(latitude, longitude, chance.choice((4.0, 6.0, 9.0, 14.0)))


def _photograph(actor: Actor, uid: UUID, kind: str, number: int, *, dark: bool) -> None:
    """Send a drawn photo as a phone would, and make its pictures here: they are our own, and need no child process."""
    with media.spooled([_drawn(kind, number, dark=dark)]) as spool:
        media.receive_file(actor, uid, spool)
    media.make_here(uid)


@cache
def _drawn(kind: str, number: int, *, dark: bool) -> bytes:
    icon = kinds()[kind].icon if kind else ""
    return scenes.photo(kind, icon, number, dark=dark)


@cache
def _answerers() -> Mapping[str, str]:
    return {row["organisation"]: row["role"] for row in places.rows_of("demo_answerers.csv")}


@cache
def _sightings(walk: str = "") -> list[tuple[str, int, str]]:
    """Return what is seen on the walk called so, else what may be seen on any: kind, how grave, and in which words."""
    rows = [row for row in places.rows_of("demo_sightings.csv") if row["walk"] == walk]
    return [(row["kind"], int(row["severity"]), row["description"]) for row in rows]
