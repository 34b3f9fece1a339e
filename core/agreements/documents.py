"""What agreements hand out: an agreement as a tagged PDF for the archive, and which boards lack what as a table."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core import access, clock, db
from core.access import Actor
from core.agreements.chapters import CHAPTERS
from core.agreements.models import (
    AGREEMENT_KINDS,
    COMMITMENT_KINDS,
    SIGNED_HOW,
    Agreement,
    AgreementArea,
    AgreementPlace,
)
from core.agreements.models.together import PARTS, READ
from core.agreements.services import agreements, coverage, parties, texts
from core.agreements.services.coverage import READ_COVERAGE
from core.agreements.states import AGREEMENT
from core.cooperation.models import PARTY_ROLES
from core.documents import About, Column, Content, TableOptions, kind, sheet
from core.documents.drawn_map import DrawnMap
from core.documents.ground import ground_of
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.places import services as places
from core.places.models import Area, Place
from core.schema import fields

PAPER, COVERAGE = "agreements:overenskommelse", "agreements:tackning"
TITLE = N_("Överenskommelse")


def _about(actor: Actor, uid: UUID) -> About:
    row = agreements.read_agreement(actor, uid)
    return About(row.title, f"/overenskommelser/{row.uid}", row.level)


@kind(PAPER, title=TITLE, needs=READ, about=_about, template="documents/agreement.html")
def on_paper(actor: Actor, uid: UUID) -> Content:
    """Gather an agreement as it stands: the frozen text once it is to be signed, with who has signed."""
    row = agreements.read_agreement(actor, uid)
    text, city = texts.text_of(row), places.city(db.settings().city)
    svg, ground = _map(row)
    said = {one["number"]: one["text"] for one in text["chapters"]}
    told: dict[str, Any] = {
        "city": city.get("organisation", city["name"]),
        "sender": row.organisation.name,
        "today": clock.today(),
        "agreement": row,
        "text": text,
        "kind": AGREEMENT_KINDS[row.kind],
        "stands": AGREEMENT.states[row.state].label,
        "chapters": [(chapter, said[chapter.number]) for chapter in CHAPTERS],
        "roles": PARTY_ROLES,
        "kinds": COMMITMENT_KINDS,
        "signatures": parties.parties_of(actor, row),
        "how": SIGNED_HOW,
        "mapped": bool(svg),
        "later": agreements.applies_later(row),
        "attribution": ground.attribution,
        "day": date.fromisoformat,
    }
    return Content(
        title=row.title,
        filename=f"overenskommelse {row.number} utgava {row.edition}",
        context=told,
        drawings={"map": svg} if svg else {},
        files=ground.files if svg else {},
        level=row.level,
    )


def _map(row: Agreement) -> tuple[str, Any]:
    """Return the map of an agreement's places and the borders of its areas, and the ground beneath."""
    spots = select(Place.geom).join(AgreementPlace, AgreementPlace.place_id == Place.id)
    areas = select(Area.geom).join(AgreementArea, AgreementArea.area_id == Area.id)
    shapes = list(db.session().scalars(spots.where(AgreementPlace.agreement_id == row.id, Place.level < PROTECTED)))
    borders = list(db.session().scalars(areas.where(AgreementArea.agreement_id == row.id)))
    drawn = DrawnMap(shapes=shapes or borders, borders=borders if shapes else ())
    ground = ground_of(drawn.box, db.settings())
    return drawn.svg(ground.pictures), ground


# --- Who lacks what -----------------------------------------------------------------------------------------------

COLUMNS = (
    Column(N_("Stadsdelsnämnd"), width=36),
    Column(N_("Del"), width=28),
    Column(N_("Finns"), width=8),
    Column(N_("Nummer"), width=12),
    Column(N_("Namn"), width=40),
    Column(N_("Från"), "date", 13),
    Column(N_("Till"), "date", 13),
    Column(N_("Översyn senast"), "date", 13),
    Column(N_("Leds av"), width=30),
)


class CoverageOptions(TableOptions):
    """On which day."""

    day = fields.Date(required=True)


def _own(actor: Actor, uid: UUID) -> About:
    """A table of what somebody reaches is about themselves: nobody else's can be asked for."""
    if uid != actor.uid:
        raise access.Missing("person", uid)
    return About(actor.organisation_name, "/platssamverkan/tackning")


@kind(COVERAGE, title=N_("Vilka nämnder saknar samverkan"), needs=READ_COVERAGE, about=_own, options=CoverageOptions)
def as_table(actor: Actor, _uid: UUID, *, day: date, **_: Any) -> Content:
    """Gather every board with what it has on a day; a part that is lacking has a row that says so."""
    rows: list[list[Any]] = []
    for row in coverage.coverage(actor, day):
        for part, called in PARTS.items():
            found = row.of(part)
            rows += [[row.board.name, called, "ja", *_line(part, one), row.mandates[part, one.id]] for one in found]
            if not found:
                rows.append([row.board.name, called, "nej", *[None] * 6])
    return Content(
        title=Text(N_("Samverkan per stadsdelsnämnd {day}"), day=day.isoformat()),
        filename=f"samverkan per stadsdelsnamnd {day.isoformat()}",
        sheet=sheet(COLUMNS, rows),
    )


def _line(part: str, one: Any) -> list[Any]:
    if part == "polis":
        return [one.number, one.title, one.applies_on, one.valid_to, one.review_on]
    return [one.number, one.name, one.started_on, one.ended_on, None]
