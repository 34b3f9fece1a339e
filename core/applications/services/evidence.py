"""What shows the problem (E16, X2): picked where it was seen, measured or told, or written by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access, clock, db
from core.access import Actor
from core.applications.models import EVIDENCE_KINDS, Application, ApplicationEvidence
from core.applications.services import applications, parts
from core.applications.services.content import cycle_read, places_of
from core.cooperation import services as cooperation
from core.cooperation.models import ReportEvidence, SituationReport
from core.cooperation.models.cycles import READ as READ_CYCLES
from core.figures import services as figures
from core.figures.models import READ as READ_FIGURES
from core.figures.models import Figure, Indicator
from core.i18n import N_, Text
from core.places.models import Area, PlaceArea
from core.schema import Invalid
from core.walks.models import Observation
from core.walks.states import OBSERVATION

KEY = "underlag"
MOST = 200
READ_OBSERVATIONS = "walks:observation:read"
WALKED, SEEN, MEASURED, TOLD = "trygghetsvandring", "egen_observation", "trygghetsmatning", "dialog"
SHORTEST = {"grannsamtal": TOLD, "nattvandring": WALKED, "besiktning": "certifiering"}
"""Kinds of what pictures say, as the programme names them (domain.md 1.2)."""


@dataclass(frozen=True)
class Wish:
    """Which observations to choose among: of a kind, in a state."""

    kind: str = ""
    state: str = ""


EVERYTHING = Wish()


@dataclass
class Shown:
    """The evidence of an application, each with the address of what it points at, if the actor reaches that."""

    rows: list[ApplicationEvidence]
    links: dict[UUID, str] = field(default_factory=dict)

    @property
    def kinds(self) -> int:
        """Of how many kinds it is."""
        return len({one.kind for one in self.rows})


# --- Reading ------------------------------------------------------------------------------------------------------


def evidence_of(actor: Actor, application: Application) -> Shown:
    """Return the evidence of an application that the actor reads, with where it comes from; four queries."""
    rows = select(ApplicationEvidence).where(ApplicationEvidence.application_id == application.id)
    found = list(db.session().scalars(rows.order_by(ApplicationEvidence.id).limit(MOST)))
    shown = Shown(found)
    by_observation = {one.observation_id: one.uid for one in found if one.observation_id is not None}
    seen: Any = select(Observation.id, Observation.uid).where(Observation.id.in_(by_observation))
    if by_observation and actor.may(READ_OBSERVATIONS):
        for row in db.session().execute(seen.where(access.rule_of(Observation, actor))):
            shown.links[by_observation[row.id]] = f"/iakttagelser/{row.uid}"
    by_figure = {one.figure_id: one.uid for one in found if one.figure_id is not None}
    if by_figure and actor.may(READ_FIGURES):
        measured = select(Figure.id, Figure.uid).where(Figure.id.in_(by_figure), access.rule_of(Figure, actor))
        for row in db.session().execute(measured):
            shown.links[by_figure[row.id]] = f"/statistik/siffror/{row.uid}"
    by_picture = {one.picture_evidence: one.uid for one in found if one.picture_evidence is not None}
    if by_picture and actor.may(READ_CYCLES):
        told = select(ReportEvidence.uid, SituationReport.uid.label("report"))
        told = told.join(SituationReport, SituationReport.id == ReportEvidence.report_id)
        told = told.where(ReportEvidence.uid.in_(by_picture), access.rule_of(ReportEvidence, actor))
        for row in db.session().execute(told):
            shown.links[by_picture[row.uid]] = f"/lagesbilder/{row.report}"
    return shown


def observations_to_choose(actor: Actor, application: Application, wish: Wish = EVERYTHING) -> list[Observation]:
    """Return what has been seen on the application's places that the actor reaches, the newest first, at most MOST.

    What is in the application already is left out.
    """
    places = [one.id for one in places_of(application)]
    if not places or not actor.may(READ_OBSERVATIONS):
        return []
    used = select(ApplicationEvidence.observation_id).where(
        ApplicationEvidence.application_id == application.id, ApplicationEvidence.observation_id.is_not(None)
    )
    rows = select(Observation).options(joinedload(Observation.walk)).where(Observation.place_id.in_(places))
    rows = rows.where(Observation.id.not_in(used), Observation.kept_id.is_(None))
    if wish.kind:
        rows = rows.where(Observation.kind == wish.kind)
    if wish.state:
        rows = rows.where(Observation.state == wish.state)
    rows = rows.order_by(Observation.seen_at.desc(), Observation.id.desc())
    return list(db.session().scalars(access.visible(rows, actor).limit(MOST)))


def kinds_to_choose(actor: Actor, application: Application) -> dict[str, str]:
    """Return the kinds of what has been seen on the application's places, with their titles."""
    places = [one.id for one in places_of(application)]
    if not places or not actor.may(READ_OBSERVATIONS):
        return {}
    rows = select(Observation.kind, Observation.kind_title).where(Observation.place_id.in_(places)).distinct()
    found = db.session().execute(rows.where(access.rule_of(Observation, actor)).order_by(Observation.kind_title))
    return {row.kind: row.kind_title for row in found}


def figures_to_choose(actor: Actor, application: Application) -> list[figures.Citation]:
    """Return the newest of the city's figures for the areas that the application's places lie in."""
    places = [one.id for one in places_of(application)]
    if not places or not actor.may(READ_FIGURES):
        return []
    rows = select(Area.kind, Area.code).join(PlaceArea, PlaceArea.area_id == Area.id).distinct()
    areas = {(row.kind, row.code) for row in db.session().execute(rows.where(PlaceArea.place_id.in_(places)))}
    used = select(Figure.uid).join(ApplicationEvidence, ApplicationEvidence.figure_id == Figure.id)
    taken = set(db.session().scalars(used.where(ApplicationEvidence.application_id == application.id)))
    found = figures.newest(actor, areas)
    return [one for one in found if one.value is not None and one.uid not in taken]


def told_to_choose(actor: Actor, application: Application) -> list[ReportEvidence]:
    """Return what the pictures of the application's cycle say, once they are open to each other: nothing sealed."""
    cycle = cycle_read(actor, application)
    if cycle is None or not cooperation.is_open(cycle):
        return []
    rows = select(ApplicationEvidence.picture_evidence).where(ApplicationEvidence.application_id == application.id)
    used = set(db.session().scalars(rows))
    return [one for one in cooperation.figures_in(actor, cycle) if one.uid not in used]


# --- Writing ------------------------------------------------------------------------------------------------------


def add_evidence(actor: Actor, uid: UUID, *, evidence: UUID, **facts: Any) -> ApplicationEvidence:
    """Write down by hand what shows the problem, once for each `evidence`.

    Raises Missing, Denied, Conflict, Refused.
    """
    added: ApplicationEvidence = parts.add_row(actor, uid, KEY, ApplicationEvidence(uid=evidence, **facts))
    return added


def change_evidence(actor: Actor, uid: UUID, *, version: int | None = None, **facts: Any) -> Application:
    """Change what is said of a piece of evidence. Raises Missing, Denied, Stale, Refused."""
    application, _ = parts.change_row(actor, KEY, ApplicationEvidence, uid, version=version, **facts)
    return application


def take_evidence(actor: Actor, uid: UUID) -> Application:
    """Take a piece of evidence out. Raises Missing, Denied, Refused."""
    return parts.take_row(actor, KEY, ApplicationEvidence, uid)


def pick_observations(actor: Actor, uid: UUID, chosen: Collection[UUID]) -> int:
    """Take observations of the application's places in as evidence; those that are in it already stay once.

    Raises Missing, Denied, Invalid, Refused.
    """

    def made(one: Observation) -> ApplicationEvidence:
        walk = one.walk
        said = one.description or one.kind_title
        source = Text(N_("Iakttagelse {n}, {walk}"), n=one.number, walk=walk.number if walk else N_("utan vandring"))
        return ApplicationEvidence(
            kind=WALKED if walk else SEEN,
            says=f"{one.kind_title}: {said}"[:2000] if one.description else said,
            source=source[:300],
            period=clock.local(one.seen_at).date().isoformat(),
            observation_id=one.id,
        )

    return _pick(actor, uid, {"observations": chosen}, observations_to_choose, made)


def pick_figures(actor: Actor, uid: UUID, chosen: Collection[UUID], kind: str = MEASURED) -> int:
    """Take figures of the city's in as evidence of a kind. Raises Missing, Denied, Invalid, Refused."""
    rows = select(Figure.uid, Figure.id, Indicator.unit).join(Indicator, Indicator.id == Figure.indicator_id)
    known = {row.uid: row for row in db.session().execute(rows.where(Figure.uid.in_(chosen)))}

    def made(one: figures.Citation) -> ApplicationEvidence:
        return ApplicationEvidence(
            kind=kind,
            says=f"{one.title}, {one.area}: {one.text}"[:2000],
            source=one.source[:300],
            period=one.period[:60],
            value=one.value,
            unit="" if known[one.uid].unit == "antal" else known[one.uid].unit,
            figure_id=known[one.uid].id,
        )

    return _pick(actor, uid, {"figures": chosen}, figures_to_choose, made)


def pick_told(actor: Actor, uid: UUID, chosen: Collection[UUID]) -> int:
    """Take in what the open pictures of the cycle say. Raises Missing, Denied, Invalid, Refused."""

    def made(one: ReportEvidence) -> ApplicationEvidence:
        days = [one.first_on.isoformat(), one.last_on.isoformat()]
        names = {"value": one.value, "unit": one.unit, "compared": one.compared_value}
        return ApplicationEvidence(
            kind=one.kind if one.kind in EVIDENCE_KINDS else SHORTEST.get(one.kind, TOLD),
            says=one.what,
            source=one.source,
            period="–".join(dict.fromkeys(days)),
            compared_with=one.compared_with,
            picture_evidence=one.uid,
            **names,
        )

    return _pick(actor, uid, {"told": chosen}, told_to_choose, made)


def _pick(
    actor: Actor,
    uid: UUID,
    asked: dict[str, Collection[UUID]],
    choose: Callable[[Actor, Application], list[Any]],
    made: Callable[[Any], ApplicationEvidence],
) -> int:
    """Take in those of what can be chosen; what is there already is no fault, what nobody offered is refused."""
    application, _ = applications.part_to_write(actor, uid, KEY, version=None)
    [(name, chosen)] = asked.items()
    offered = {one.uid: one for one in choose(actor, application)}
    wanted = [one for one in dict.fromkeys(chosen) if one in offered]
    if not wanted and chosen:
        raise Invalid({name: [N_("Välj bland dem i listan. De som är med redan behöver inte väljas igen.")]})
    for one in wanted:
        row = made(offered[one])
        row.uid = db.new_uid()
        parts.add_row(actor, uid, KEY, row)
    return len(wanted)


def states() -> dict[str, str]:
    """Return the states that observations are in, with their words."""
    return {key: state.label for key, state in OBSERVATION.states.items()}
