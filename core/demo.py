"""The demo city: organisations, people for every role, places, walks. The same every time for the same date.

People are functions, not persons; their password is public, which is why a demo only listens on 127.0.0.1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib import resources

from shapely import Point
from sqlalchemy import select

from core import access, clock, db, geo, plugins
from core.access import ROLES, Actor
from core.applications.services.criteria import load_criteria
from core.cooperation.services.library import load_methods
from core.figures.services import load_indicators
from core.people import passwords
from core.people import services as people
from core.people.models import DEMO_ADDRESS, Organisation, Person, RoleGrant
from core.places import services as places
from core.places.areafiles import approximate_areas, code_of
from core.places.models import Area, Place
from core.reserve.services.programmes import load_programmes
from core.upkeep.services import fill_calendar
from core.works.services import load_routing, load_terms

PASSWORD = "tryggplats-demo"  # noqa: S105 - public, and only where Settings.demo
BOARD_ROLES = ("sdn_samordnare", "sdn_handlaggare", "falt", "forv_chef", "namndsekr")
OTHER_ROLES = {
    "trafik": ("fack_handlaggare", "tk_drift", "tk_belysning", "forv_chef", "namndsekr", "jurist"),
    "slk": (
        "slk_handlaggare", "slk_ekonom", "ksu_sekr", "registrator", "arkivarie", "dso", "sakerhet", "sysadmin",
        "chef", "medarbetare", "besiktare",
    ),
    "ks": ("ks_las",),
    "kf": ("revisor",),
    **dict.fromkeys(("demo-entreprenor", "demo-renhallning", "demo-gata", "demo-park"), ("entreprenor",)),
    "demo-fastighetsagare": ("fastighetsagare_ext",),
    "demo-forening": ("medarbetare",),
}  # fmt: skip
SEVERAL = {"slk": {"slk_handlaggare": 3}}
"""How many people have a role where it takes more than one, such as two who assess and one who stands aside."""
BY_KIND = {"stadsdelsnamnd": BOARD_ROLES, "polis_lpo": ("polis",), "fastighetsagarforening": ("fof_samordnare",)}
CONTROLS = ("renhallning", "belysning_agare", "driftansvar_gata", "vaghallare", "vinter")
"""What trafiknämnden answers for on every demo place; the stadsdelsnämnd keeps the park land (domain.md 0b)."""
NOON = time(12)
EMPLOYED = timedelta(days=5 * 365)
"""How long everybody has had a role: what the demo tells of reaches as far back."""
DRAWN_FROM = date(2022, 1, 1)
"""The first day of the demo's areas, before the boards of today were made of those there were."""


def seed(*, demo: bool = False) -> None:
    """Load the city's own data into an empty database: organisations, calendar, Tidskrav. Again does no harm.

    Raises Invalid for an organisation of a kind that there is not.
    """
    fill_calendar()
    city = db.settings().city
    rows = [*_rows(city, "organisations.csv"), *(_rows(city, "organisations_demo.csv") if demo else ())]
    people.add_from_table(access.system("seed"), rows)
    load_terms(access.system("seed"))
    load_routing(access.system("seed"))
    load_methods(access.system("seed"))
    load_indicators(access.system("seed"))
    load_programmes(access.system("seed"))
    load_criteria(access.system("seed"))


def fill(actor: Actor, *, day: date | None = None) -> bool:
    """Fill an empty database with the demo city as it is now, or at noon of `day`; return whether that was to be done.

    Of today nothing is told that has not happened yet.
    """
    access.require(actor, "people:person:edit")
    if db.session().scalar(select(Person.id).limit(1)) is not None:
        return False
    now = clock.now()
    noon = datetime.combine(day, NOON, clock.STOCKHOLM) if day else now
    with clock.frozen(min(noon, now) if day == clock.today() else noon):
        seed(demo=True)
        places.load_rules(access.system("demo"))
        _areas()
        _people()
        _mailboxes()
        _places()
        db.session().flush()
        _hold()
        plugins.told("demo", actor, city=db.settings().city)
    return True


def _areas() -> None:
    """Draw the areas of the boards, and of those that were merged into them: each from its day to its day."""
    rows = list(_rows(db.settings().city, "district_points.csv"))
    today = [(row["code"], float(row["lon"]), float(row["lat"])) for row in rows]
    before = [(row["before"] or row["code"], float(row["lon"]), float(row["lat"])) for row in rows]
    merged = {row["before"] for row in rows}
    drawn = [*approximate_areas(today), *((code, shape) for code, shape in approximate_areas(before) if code in merged)]
    for code, shape in drawn:
        board = people.organisation(code)
        area = Area(
            kind=places.DISTRICT,
            code=code.removeprefix("sdn-"),
            name=_area_name(board),
            organisation_id=board.id,
            geom=shape,
            valid_from=board.valid_from or DRAWN_FROM,
            valid_to=board.valid_to,
            source="Ungefärligt, ritat för demon",
            approximate=True,
        )
        db.session().add(area)
    db.session().flush()
    places.lend_to_the_police(access.system("demo"))


def _area_name(board: Organisation) -> str:
    """Return "Norra innerstaden" for Norra innerstadens stadsdelsnämnd: the board's name may be a genitive."""
    name = board.name.removesuffix(" stadsdelsnämnd")
    return name if f"sdn-{code_of(name)}" == board.code else name.removesuffix("s")


def _people() -> None:
    """Add somebody for every role that an organisation has; one hash for all, it is the same password."""
    hashed, since = passwords.hashed(PASSWORD), min(date(2023, 7, 1), clock.today() - EMPLOYED)
    for organisation in db.session().scalars(select(Organisation).where(Organisation.valid_to.is_(None))):
        several = SEVERAL.get(organisation.code, {})
        for role in OTHER_ROLES.get(organisation.code, BY_KIND.get(organisation.kind, ())):
            for number in range(1, several.get(role, 1) + 1):
                which = f"-{number}" if number > 1 else ""
                email = f"{role}{which}.{organisation.code}{DEMO_ADDRESS}"
                person = Person(
                    uid=db.uid_of("demo " + email),
                    email=email,
                    name=_name(role, organisation) + which.replace("-", " "),
                    password=hashed,
                )
                db.session().add(person)
                db.session().flush()
                grant = {"person_id": person.id, "organisation_id": organisation.id, "role": role}
                db.session().add(RoleGrant(valid_from=since, areas=[], categories=[], **grant))


def _mailboxes() -> None:
    """Give the organisations of the demo their function mailboxes; some have none, as in any city."""
    keeper, rows = access.system("demo"), list(_rows(db.settings().city, "demo_mailboxes.csv"))
    for home in db.session().scalars(select(Organisation).where(Organisation.valid_to.is_(None))).all():
        boxes = [row for row in rows if row["kind"] == home.kind and row["code"] in ("", home.code)]
        if boxes:
            contacts = "\n".join(f"{row['function']}: {row['box']}.{home.code}{DEMO_ADDRESS}" for row in boxes)
            people.change_organisation(keeper, home.uid, version=home.version, contacts=contacts)


def _name(role: str, organisation: Organisation) -> str:
    """Return a function for a name: nobody real is in the demo."""
    title = ROLES[role].partition(",")[0]
    return (
        ROLES[role]
        if title in ("Trafikkontoret", "Stadsledningskontoret", "Kommunstyrelsen")
        else f"{title}, {organisation.name}"
    )


def _places() -> None:
    """Add the demo's places, each by the stadsdelsnämnd that it lies in."""
    keeper = access.system("demo")
    for row in _rows(db.settings().city, "demo_places.csv"):
        centre = geo.from_geojson({"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]})
        district = places.area_at(Point(centre))
        code = db.session().get_one(Organisation, district.organisation_id).code if district else "trafik"
        controls = [places.NewControl(role, "trafik", "Demo") for role in CONTROLS]
        controls += [places.NewControl("driftansvar_park", code, "Demo"), places.NewControl("markagare", code, "Demo")]
        places.add_place(
            keeper,
            uid=db.uid_of("demo " + row["name"]),
            name=row["name"],
            kind=row["kind"],
            geometry=geo.to_geojson(centre.buffer(float(row["radius_m"]), quad_segs=3)),
            public_access=row["public_access"],
            description=row["description"],
            oncall=row["oncall"],
            controls=controls,
        )
        if row["label"]:
            label, place, today = (
                db.uid_of("demo label " + row["name"]),
                db.uid_of("demo " + row["name"]),
                clock.today(),
            )
            places.add_label(keeper, uid=label, place=place, kind=row["label"], source="Demo", valid_from=today)


def _hold() -> None:
    """Hold what every act names until the city is filled: a session forgets what nobody holds, and fetches it anew."""
    db.session().info["held"] = [row for model in (Organisation, Place) for row in db.session().scalars(select(model))]


def _rows(city: str, name: str) -> Iterator[dict[str, str]]:
    with (resources.files("core") / "seeds" / city / name).open("r", encoding="utf-8") as file:
        yield from csv.DictReader(file)
