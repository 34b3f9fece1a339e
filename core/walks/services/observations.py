"""Observations: logged, read, changed; each finds its place and who answers for the spot (placing.py)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from core import access, clock, db, flow, journal, media, plugins, sync
from core.access import Actor
from core.hookspecs import Objection, ObservationKind
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.media import Listed
from core.places.models import Place
from core.schema import Invalid
from core.walks.kinds import kept, kind_of, load_details
from core.walks.models import Observation, Report, Walk
from core.walks.services import promises
from core.walks.services.light import sky_at
from core.walks.services.placing import Position, put_at, reached_place, recognise, settle, spot_of
from core.walks.services.protocol import refuse_adjusted
from core.walks.services.walks import GRAVE
from core.walks.states import LOG, OBSERVATION

NO_WALK = N_("Vandringen finns inte, eller så får du inte skriva in på den.")
ADJUSTED = N_("Vandringen har läget ”{state}”. Då går det inte att lägga till eller ändra iakttagelser.")


def log_observation(
    actor: Actor,
    *,
    uid: UUID,
    walk: UUID | None,
    kind: str,
    nature: str = "brist",
    severity: int = GRAVE,
    seen_at: datetime | None = None,
    position: Position | None = None,
    place: UUID | None = None,
    description: str = "",
    details: Mapping[str, Any] | None = None,
    photos: Sequence[Listed] = (),
    sent: bytes | None = None,
    reported_at: datetime | None = None,
    **more: Any,
) -> Observation:
    """Log what was seen, on a walk or without one, once: the same uid and content again is the first observation.

    `place` is one that somebody chose, such as when the phone knows no position. `more` is when and for whom it
    matters, the object, what is proposed, and what the phone tells of how it was seen. `sent` is the fingerprint
    (`content_of`) of what a phone sent once and will not mend: then photos that nobody may take are turned away, and
    a kind that is gone is kept in words. `reported_at` is when another register got it, believed as it stands.

    It finds its place, who coordinates and who answers for the spot. Raises Invalid, Missing, Conflict,
    GeometryRefused, and Refused when the walk takes in nothing more.
    """
    access.require(actor, LOG)
    facts: dict[str, Any] = {"kind": kind, "nature": nature, "severity": severity, "description": description}
    given = {name: value for name, value in more.items() if _is_said(value)}
    told = {"walk": walk, "seen_at": seen_at, "position": position, "place": place, "details": details}
    content = sent or content_of(facts | told | more | {"photos": list(photos)})
    if (known := _logged_before(actor, uid, content)) is not None:
        return known
    outing = access.find(Walk, walk, actor, LOG, lock=True) if walk else None
    refuse_adjusted(outing, ADJUSTED)
    sort, answers = _kind(kind, details or {}, keep=sent is not None)
    observation = Observation(
        uid=uid,
        content=content,
        walk_id=outing.id if outing else None,
        home_id=None if outing else actor.organisation,
        number=_next_in(outing),
        kind_title=sort.title,
        seen_at=reported_at or _believed(seen_at),
        received_at=clock.now(),
        reporter_id=actor.id,
        details=answers,
        **{"state": OBSERVATION.start} | facts | given,
    )
    settle(observation, outing, position, sort.control_role, reached_place(actor, place))
    recognise(observation)
    observation.sun_elevation, observation.after_sunset_min = sky_at(spot_of(observation), observation.seen_at)
    db.session().add(observation)
    db.session().flush()
    (media.expect_those_allowed if sent else media.expect)(actor, "observation", uid, photos, level=observation.level)
    _note_logged(actor, observation, outing)
    return observation


def _note_logged(actor: Actor, observation: Observation, walk: Walk | None) -> None:
    """Journal a new observation; let what follows on it follow, and what has waited for it be tried."""
    known = {"kind": observation.kind, "walk": walk.number if walk else ""}
    journal.write(actor, "observation:log", "observation", observation.uid, level=observation.level, **known)
    _tell(actor, observation)
    sync.arrived(observation.uid)


ALWAYS = ("kind", "nature", "severity", "description", "walk", "seen_at", "position", "place", "details", "photos")


def content_of(known: Mapping[str, Any]) -> bytes:
    """Return the fingerprint of what a phone has sent of an observation."""
    return db.fingerprint(**{name: value for name, value in known.items() if _is_said(value) or name in ALWAYS})


def _is_said(value: object) -> bool:
    """Whether something that may be left out was told: 0.0 degrees are north."""
    return bool(value) or isinstance(value, float)


def _logged_before(actor: Actor, uid: UUID, content: bytes) -> Observation | None:
    """Return the observation that came with this uid, if one did. Raises Conflict when it was another one."""
    known = db.session().scalar(select(Observation).where(Observation.uid == uid))
    if known is not None and (known.content != content or known.reporter_id != actor.id):
        raise db.Conflict("observation", uid)
    return known


def _tell(actor: Actor, observation: Observation) -> None:
    """Let the plugins' cases and the frister of walks follow what is now known."""
    plugins.told("after_observation", actor, observation=observation.ref())
    promises.logged(observation)


def _believed(seen_at: datetime | None) -> datetime:
    """Return the phone's time, or the server's when the phone's cannot be right (domain rule T6).

    A clock that is more than ten minutes ahead or over a year behind is wrong; the server's time stands beside anyway.
    """
    now = clock.now()
    return seen_at if seen_at and now - timedelta(days=366) <= seen_at <= now + timedelta(minutes=10) else now


def _kind(key: str, answers: Mapping[str, Any], *, keep: bool) -> tuple[ObservationKind, dict[str, Any]]:
    """Return the kind and the answers to its questions; of one that is gone what can be read of it, if asked to."""
    try:
        found = kind_of(key)
    except access.Missing:
        if keep:
            return kept(key, answers)
        raise Invalid({"kind": [N_("Sorten finns inte. Välj en i listan.")]}) from None
    return found, load_details(found, answers)


def _next_in(walk: Walk | None) -> int:
    """Return the next number in the walk, whose row is locked; among those without a walk where there is none."""
    if walk is None:
        return db.next_number("iakttagelse-utan-vandring")
    highest = select(func.coalesce(func.max(Observation.number), 0)).where(Observation.walk_id == walk.id)
    return db.session().scalars(highest).one() + 1


def change_observation(actor: Actor, uid: UUID, *, version: int, **changes: Any) -> Observation:
    """Change nature, severity, description, `position`, `place` (a uid, or None) or `what` of an observation.

    `version` is the one that the change is built on; `what` is {"kind": key, "details": answers}. A new position finds
    the place anew, unless another one is chosen with it; without one it stays where it is. What stood there before is
    journalled; plugins are told, so that their cases and frister follow. Raises Stale, Missing, Denied, Invalid,
    GeometryRefused, and Refused when the walk's protocol is adjusted.
    """
    observation = access.find(Observation, uid, actor, "walks:observation:edit", lock=True)
    db.refuse_stale("observation", uid, observation.version, version)
    walk = walk_of(observation)
    refuse_adjusted(walk, ADJUSTED)
    stood = observation.place
    chosen = reached_place(actor, changes.pop("place")) if "place" in changes else stood
    moved, position = "position" in changes, changes.pop("position", None)
    if (what := changes.pop("what", None)) is not None:
        sort, answers = _kind(what["kind"], what["details"], keep=False)
        changes |= {"kind": sort.key, "kind_title": sort.title, "details": answers}
    before = {name: getattr(observation, name) for name in changes}
    with db.session().no_autoflush:  # one change, one version
        for name, value in changes.items():
            setattr(observation, name, value)
        role = kind_of(observation.kind).control_role if plugins.is_running(observation.kind) else ""
        if moved:
            before["point"] = observation.point.wkt if observation.point else None
            settle(observation, walk, position, role, chosen if chosen is not stood or position is None else None)
        elif chosen is not stood:
            before["place"] = str(stood.uid) if stood else None
            put_at(observation, walk, chosen, role)
        elif "kind" in before:
            put_at(observation, walk, stood, role)
        if "point" in before or "place" in before or "asset_ref" in changes:
            recognise(observation)
    db.session().flush()
    journal.write(actor, "observation:change", "observation", uid, level=observation.level, before=before)
    _tell(actor, observation)
    return observation


def walk_of(observation: Observation) -> Walk | None:
    """Return the walk on which something was seen."""
    return db.session().get_one(Walk, observation.walk_id) if observation.walk_id is not None else None


def join_walk(actor: Actor, uid: UUID, walk: UUID, *, version: int | None) -> Observation:
    """Say on which walk something was seen that came without one. Raises Stale, Missing, Denied, Invalid, Refused."""
    observation = access.find(Observation, uid, actor, "walks:observation:edit", lock=True)
    db.refuse_stale("observation", uid, observation.version, version)
    if observation.walk_id is not None:
        raise flow.Refused([Objection(N_("Iakttagelsen hör redan till en vandring."))])
    reached = select(Walk).where(Walk.uid == walk, access.rule_of(Walk, actor, LOG))
    outing = db.session().scalar(reached.with_for_update(of=Walk))
    if outing is None:
        raise Invalid({"walk": [NO_WALK]})
    refuse_adjusted(outing, ADJUSTED)
    observation.walk_id, observation.number, observation.home_id = outing.id, _next_in(outing), None
    role = kind_of(observation.kind).control_role if plugins.is_running(observation.kind) else ""
    put_at(observation, outing, observation.place, role)
    db.session().flush()
    db.session().expire(observation, ["walk"])
    journal.write(actor, "observation:join", "observation", uid, level=observation.level, walk=outing.number)
    return observation


def without_walk(actor: Actor, limit: int) -> list[Observation]:
    """Return what the actor can say on which walk it was seen, the latest first."""
    rows = select(Observation).where(Observation.walk_id.is_(None), Observation.level < PROTECTED)
    rows = rows.where(Observation.id.not_in(select(Report.observation_id)))  # was not seen on a walk
    rows = rows.where(access.rule_of(Observation, actor, "walks:observation:edit"))
    return list(db.session().scalars(rows.order_by(Observation.id.desc()).limit(limit)))


def read_observation(actor: Actor, uid: UUID) -> Observation:
    """Return the observation with walk, place and who answers; Missing when the actor does not reach it."""
    access.require(actor, "walks:observation:read")
    whole = select(Observation).options(
        joinedload(Observation.walk),
        joinedload(Observation.organisation),
        joinedload(Observation.coordinator),
        joinedload(Observation.proposed),
        joinedload(Observation.kept),
        joinedload(Observation.asset),
    )
    row = db.session().scalar(whole.where(Observation.uid == uid, access.rule_of(Observation, actor)))
    if row is None:
        raise access.Missing("observation", uid)
    return row


def observations_of(actor: Actor, walk: Walk | None) -> list[Observation]:
    """Return the observations of a walk that the actor reaches, in the order they were logged; of no walk none."""
    if walk is None:
        return []
    rows = select(Observation).options(joinedload(Observation.organisation)).where(Observation.walk_id == walk.id)
    return list(db.session().scalars(access.visible(rows, actor).order_by(Observation.number)))


def add_photo(actor: Actor, uid: UUID, listed: Listed) -> media.Photo:
    """Tie one more photo, such as the one taken after the work, to an observation, once.

    To one that the actor's phone has sent and that is kept, too: it is judged when the observation is created.
    """
    try:
        level = access.find(Observation, uid, actor, "media:photo:add", lock=True).level
    except (access.Missing, access.Denied):
        if not sync.is_kept(actor, "observation", uid):
            raise
        level = 1
    return media.expect_one(actor, "observation", uid, listed, level=level)


def _called(actor: Actor, uids: Collection[UUID]) -> dict[UUID, str]:
    """Say what each observation is about and where: of what is protected only that it is one."""
    rows = select(Observation.uid, Observation.kind_title, Place.name)
    rows = rows.outerjoin(Place, and_(Place.id == Observation.place_id, Place.level < PROTECTED))
    rows = rows.where(Observation.uid.in_(uids), Observation.level < PROTECTED, access.rule_of(Observation, actor))
    called = N_("{kind}, {place}")
    return {
        row.uid: Text(called, kind=row.kind_title, place=row.name) if row.name else row.kind_title
        for row in db.session().execute(rows)
    }


@media.record("observation", page="/iakttagelser/{uid}", title=N_("Iakttagelsen"), called=_called)
def _photographed(actor: Actor, permission: str) -> Any:
    """A photo of an observation is reached by those who reach the observation."""
    return select(Observation.uid).where(access.rule_of(Observation, actor, permission))


@media.policy
def _policy_of(kind: str | None, record: UUID | None, spot: tuple[float, float] | None) -> str:
    """Of a photo of an observation the policy of the observation's place holds, wherever the phone thought it was."""
    if kind != "observation" or spot is not None:
        return media.FREE
    said = select(Place.photo_policy).join(Observation, Observation.place_id == Place.id)
    return db.session().scalar(said.where(Observation.uid == record)) or media.FREE
