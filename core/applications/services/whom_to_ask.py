"""Whom to ask about an application: for a view by the city's rules, for leave by who has rådighet over its places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.applications.models import (
    MEDGIVANDE,
    READ,
    SAMRAD,
    STREET,
    Application,
    ApplicationAsk,
    ApplicationMeasure,
    ApplicationPlace,
    ApplicationText,
)
from core.applications.services import asking
from core.cooperation import catalogue
from core.dated import valid_on
from core.i18n import N_
from core.people.models import Organisation
from core.places.models import CONTROL_ROLES, Place, PlaceControl
from core.places.services import rows_of

LOCAL_POLICE = N_("Polisen känner läget på platsen.")
HAS_THE_STREET = N_("Har gatan eller belysningen på platsen.")


@dataclass(frozen=True)
class Suggestion:
    """An organisation to ask for its view: why, and whether it must be asked or is recommended."""

    organisation: Organisation
    why: str
    needed: bool
    asked: ApplicationAsk | None = None


@dataclass
class Holder:
    """Who has rådighet over places of the application, with what it has there, and what it has answered if asked."""

    organisation: Organisation
    roles: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    asked: ApplicationAsk | None = None

    @property
    def gives_leave(self) -> bool:
        """Whether it lets the measures be done."""
        return self.asked is not None and asking.is_leave(self.asked)


def suggestions(actor: Actor, application: Application) -> list[Suggestion]:
    """Return who should be asked for a view, those who must be asked first; also who has been asked."""
    access.require(actor, READ)
    away = asking.applicants(application)
    asked = {
        row.organisation_id: row for row in asking.asks_of(actor, application, SAMRAD) if row.state != "aterkallad"
    }
    holds_street = {
        one.organisation.id: one.organisation for one in _holders(application) if set(one.roles) & set(STREET)
    }
    wanted: dict[str, tuple[str, bool]] = {}
    for rule in _by_measures(application):
        known = wanted.get(rule.organisation)
        if known is None or (rule.part == catalogue.RESPONSIBLE and not known[1]):
            wanted[rule.organisation] = (rule.why, rule.part == catalogue.RESPONSIBLE)
    for police in _police(application):
        wanted.setdefault(police, (LOCAL_POLICE, False))
    for one in holds_street.values():
        wanted[one.code] = (wanted.get(one.code, (HAS_THE_STREET, True))[0], True)
    rows = select(Organisation).where(Organisation.code.in_(wanted), valid_on(Organisation, clock.today()))
    there = {row.code: row for row in db.session().scalars(rows)}
    found = [
        Suggestion(there[code], why, needed, asked.get(there[code].id))
        for code, (why, needed) in wanted.items()
        if code in there and there[code].id not in away
    ]
    return sorted(found, key=lambda one: (not one.needed, one.organisation.name))


def _by_measures(application: Application) -> Iterable[catalogue.Rule]:
    kinds = select(ApplicationMeasure.kind).filter_by(application_id=application.id, dropped_on=None).distinct()
    focus = db.session().scalar(select(ApplicationText.focus_area).filter_by(application_id=application.id)) or ""
    for kind in sorted(db.session().scalars(kinds)):
        yield from catalogue.to_be_asked(kind, [focus] if focus else [])


def _police(application: Application) -> list[str]:
    """Return the codes of the local police of the districts that the places lie in."""
    rows = select(Organisation.code).join(Place, Place.district_id == Organisation.id)
    rows = rows.join(ApplicationPlace, ApplicationPlace.place_id == Place.id)
    districts = set(db.session().scalars(rows.where(ApplicationPlace.application_id == application.id)))
    return [row["police"] for row in rows_of("police_areas.csv") if row["district"] in districts]


def holders(actor: Actor, application: Application) -> list[Holder]:
    """Return every organisation but the applicants that has rådighet over a place of the application today."""
    access.require(actor, READ)
    away = asking.applicants(application)
    asked = {
        row.organisation_id: row for row in asking.asks_of(actor, application, MEDGIVANDE) if row.state != "aterkallad"
    }
    found = [one for one in _holders(application) if one.organisation.id not in away]
    for one in found:
        one.asked = asked.get(one.organisation.id)
    return found


def _holders(application: Application) -> list[Holder]:
    rows = select(PlaceControl).options(joinedload(PlaceControl.organisation), joinedload(PlaceControl.place))
    rows = rows.join(ApplicationPlace, ApplicationPlace.place_id == PlaceControl.place_id)
    rows = rows.where(ApplicationPlace.application_id == application.id, valid_on(PlaceControl, clock.today()))
    found: dict[int, Holder] = {}
    order = list(CONTROL_ROLES)
    for row in db.session().scalars(rows.order_by(PlaceControl.id)):
        one = found.setdefault(row.organisation_id, Holder(row.organisation))
        one.roles = sorted({*one.roles, row.role}, key=order.index)
        one.places = sorted({*one.places, row.place.name})
    return sorted(found.values(), key=lambda one: one.organisation.name)
