"""The demo's walks, around today, by the people of the demo."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import select

from core import clock, db
from core.access import Actor
from core.people.models import DEMO_ADDRESS, Person
from core.people.services import actor_of
from core.places.models import Place
from core.walks import services
from core.walks.models import Walk
from core.walks.services.light import sun_at

WALKS = (
    ("Mörkervandring Husby centrum", "belysning", "Husby centrum", "jarva", 0, ("starta",)),
    ("Vårvandring Rågsveds torg", "allman", "Rågsveds torg", "enskede-arsta-vantor", 14, ()),
    ("Klottervandring Sätra", "klotter", "Gångtunneln vid Sätra centrum", "skarholmen", -20, ("starta", "avsluta")),
)
"""Title, theme, place, area of the board, days from today, moves."""
SEEN = (
    ("Mörkervandring Husby centrum", "belysning", 2, "Två lyktor vid trappan lyser inte."),
    ("Mörkervandring Husby centrum", "vaxtlighet_sikt", 2, "Buskarna skymmer sikten mot gångvägen."),
    ("Mörkervandring Husby centrum", "positivt_bevara", 1, "Den nya belysningen vid biblioteket gör torget tryggare."),
    ("Klottervandring Sätra", "skrap_dumpning", 1, "Grovsopor vid tunnelns norra mynning."),
)


def fill() -> None:
    """Plan the walks and log what was seen on them."""
    walks = {planned[0]: _walk(*planned) for planned in WALKS}
    for title, kind, severity, description in SEEN:
        walk, leader = walks[title]
        services.log_observation(
            leader,
            uid=db.uid_of(f"demo {title} {description}"),
            walk=walk.uid,
            kind=kind,
            nature="positivt" if kind == "positivt_bevara" else "brist",
            severity=severity,
            description=description,
        )


def _walk(  # noqa: PLR0917 - the columns of WALKS
    title: str, theme: str, place: str, board: str, days: int, moves: tuple[str, ...]
) -> tuple[Walk, Actor]:
    email = f"sdn_samordnare.sdn-{board}{DEMO_ADDRESS}"
    leader = actor_of(db.session().scalars(select(Person).where(Person.email == email)).one())
    where = db.session().scalars(select(Place.uid).where(Place.name == place)).one()
    evening = datetime.combine(clock.today() + timedelta(days=days), time(18), clock.STOCKHOLM)
    if theme == "belysning":
        evening = max(evening, sun_at(None, evening).sunset + timedelta(minutes=40))
    walk = services.add_walk(
        leader,
        uid=db.uid_of(f"demo {title}"),
        title=title,
        theme=theme,
        planned_at=evening,
        organiser=f"sdn-{board}",
        places=[where],
    )
    for move in moves:
        services.move_walk(leader, walk.uid, move)
    return walk, leader
