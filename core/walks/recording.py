"""How an observation is created and changed by what phones send, in any order (core.sync)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from core import access, db, flow, geo, sync
from core.access import Actor
from core.hookspecs import ObservationKind
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.media import Listed
from core.places.models import Place
from core.schema import Invalid
from core.sync import Kept, Loose
from core.walks import services
from core.walks.kinds import kept, kind_of, load_details
from core.walks.models import SEVERITIES, Observation, Walk
from core.walks.schemas import ObservationFields, ObservationIn, PhoneChange, PhotoAdded
from core.walks.states import LOG, LOGGED_IN, UNROUTED, WITHOUT_WALK

SAME_SPOT = 0.5
"""Metres within which two positions are the same: what degrees lose on their way to the map's grid and back."""

WALK, CANCELLED, ADJUSTED, KIND = "walk", "walk_cancelled", "walk_adjusted", "kind_gone"
ROUTED, DUPLICATE, WRITTEN_OFF = "routed", "merged", "written_off"
CLOSED = {"dubblett": DUPLICATE, "avskriven": WRITTEN_OFF}
"""Why an observation in a state is changed by no phone any more; in others somebody has it to answer."""


def told(known: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a phone has told of an observation, as `log_observation` takes it."""
    return {
        **known,
        "photos": [listed_in(photo) for photo in known["photos"]],
        "position": services.Position(**known["position"]) if known["position"] else None,
        "steps": [step | {"at": step["at"].isoformat()} for step in known["steps"]],
    }


def listed_in(photo: Mapping[str, Any]) -> Listed:
    """Return a photo that an observation lists, as its own intake takes it; of what type it is the bytes decide."""
    said = {name: value for name, value in photo.items() if name not in ("position", "type")}
    return Listed(**said, **(photo["position"] or {}))


def position_of(found: Observation) -> dict[str, Any] | None:
    """Return where an observation lies, as the API tells it."""
    if found.point is None:
        return None
    longitude, latitude = geo.to_geojson(found.point)["coordinates"]
    where = {"latitude": latitude, "longitude": longitude}
    return where | {"accuracy_m": found.accuracy_m, "source": found.position_source}


@sync.record("observation")
class ObservationRecording:
    """An observation, as phones create and change it."""

    title, page, edit = N_("Iakttagelse"), "/iakttagelser/{uid}", "walks:observation:edit"
    where, nowhere, without = N_("På vilken vandring?"), N_("Ingen vandring"), WITHOUT_WALK
    fields, change = ObservationFields, PhoneChange
    reasons: Mapping[str, str] = {
        WALK: N_("Väntar på vandringen. Staden känner inte till den, eller så är den inte din."),
        CANCELLED: N_("Vandringen är inställd."),
        ADJUSTED: N_("Vandringens protokoll är justerat. Då går det inte att lägga till eller ändra iakttagelser."),
        KIND: N_("Sorten finns inte längre."),
        ROUTED: N_("Iakttagelsen är skickad vidare till den som ska svara."),
        DUPLICATE: N_("Iakttagelsen är märkt som dubblett av en annan."),
        WRITTEN_OFF: N_("Iakttagelsen är avskriven."),
    }

    def create(self, actor: Actor, uid: UUID, body: Mapping[str, Any], *, late: bool = False) -> int:
        """Log it on its walk. One whose walk is not known waits for it, and after five days goes without."""
        known = told(ObservationIn().load(body))
        sent, walk = services.content_of(known), known["walk"]
        if not _is_logged(uid) and not _is_kind(known["kind"]):
            raise Kept(KIND)
        try:
            return services.log_observation(actor, uid=uid, sent=sent, **known).version
        except (access.Missing, access.Denied):
            if not actor.may(LOG) or walk is None:
                raise
        except flow.Refused:
            state = db.session().scalar(select(Walk.state).where(Walk.uid == walk))
            raise Kept(CANCELLED if state == "installd" else ADJUSTED) from None
        if not late:
            raise Kept(WALK, walk)
        return services.log_observation(actor, uid=uid, sent=sent, **{**known, "walk": None}).version

    def create_in(self, actor: Actor, uid: UUID, body: Mapping[str, Any], **parent: UUID | None) -> int:
        """Log it on the walk that somebody has chosen, or without one."""
        known = told(ObservationIn().load(body))
        sent, walk = services.content_of(known), parent.get("parent", known["walk"])
        try:
            return services.log_observation(actor, uid=uid, sent=sent, **{**known, "walk": walk}).version
        except access.Missing:
            raise Invalid({"parent": [services.NO_WALK]}) from None

    def add_photo(self, actor: Actor, record: UUID, photo: UUID, told: Mapping[str, Any]) -> None:
        """Tie one more photo to an observation, as one that comes to be listed after it."""
        services.add_photo(actor, record, listed_in(PhotoAdded().load(dict(told)) | {"uid": photo}))

    def parents(self, actor: Actor) -> Iterable[tuple[UUID, str]]:
        """Return the walks that the actor may write on, the latest first."""
        return [(row.uid, f"{row.number} {row.title}") for row in services.open_walks(actor)]

    def find(self, actor: Actor, uid: UUID) -> Observation:
        """Return the observation, locked, for the actor to change."""
        return access.find(Observation, uid, actor, self.edit, lock=True)

    def refuse(self, row: Observation) -> None:
        """Leave to a person what is on a walk that is over, and what somebody else has got to see to."""
        walk = services.walk_of(row)
        if walk is not None and walk.state not in LOGGED_IN:
            raise Kept(CANCELLED if walk.state == "installd" else ADJUSTED)
        if row.state not in UNROUTED:
            raise Kept(CLOSED.get(row.state, ROUTED))

    def stands(self, row: Observation) -> Mapping[str, Any]:
        """Return what the observation holds."""
        made = {"what", "position", "place"}
        own = {name: getattr(row, name) for name in ObservationFields().fields if name not in made}
        what = {"kind": row.kind, "details": row.details.get("values", {})}
        return own | {"what": what, "position": position_of(row), "place": str(row.place.uid) if row.place else None}

    def holds(self, row: Observation, name: str, value: Any) -> bool:
        """Whether a field is what a phone says; a place that nobody chose is none to the phone that left it to us."""
        stands = self.stands(row)[name]
        if name == "what":
            return bool(value["kind"] == row.kind and _read(value)[1]["values"] == stands["details"])
        if name == "position":
            return _is_same_spot(row, value)
        if name == "place" and value is None and stands is not None:
            return services.is_found(row, services.walk_of(row))
        return sorted(stands) == sorted(value) if isinstance(stands, list) else bool(stands == value)

    def write(self, actor: Actor, row: Observation, values: Mapping[str, Any]) -> None:
        """Change the observation as its own rule does."""
        try:
            known = ObservationFields().load(dict(values))
            if known.get("position"):
                known["position"] = services.Position(**known["position"])
            services.change_observation(actor, row.uid, version=row.version, **known)
        except (Invalid, geo.GeometryRefused):
            raise Kept(sync.UNFIT) from None

    def reachable(self, actor: Actor, permission: str) -> Select[UUID]:
        """Select the uids of the observations that the actor reaches."""
        return select(Observation.uid).where(access.rule_of(Observation, actor, permission))

    def seen(self, actor: Actor, uids: Collection[UUID]) -> Mapping[UUID, tuple[str, Mapping[str, Any]]]:
        """Return number, kind and values; of what is protected only its number."""
        rows = select(Observation).where(Observation.uid.in_(uids), access.rule_of(Observation, actor))
        open_, protected = N_("Iakttagelse {n}: {kind}"), N_("Iakttagelse {n}")
        return {
            row.uid: (Text(open_, n=row.number, kind=row.kind_title), self.stands(row))
            if row.level < PROTECTED
            else (Text(protected, n=row.number), {})
            for row in db.session().scalars(rows)
        }

    def words(self, actor: Actor, said: Sequence[tuple[str, Any]]) -> list[str]:
        """Return values in words: choices by their titles, places by their names, positions as coordinates."""
        chosen = {UUID(value) for name, value in said if name == "place" and value}
        rows = select(Place.uid, Place.name).where(Place.uid.in_(chosen), access.rule_of(Place, actor))
        places = {str(row.uid): row.name for row in db.session().execute(rows)} if chosen else {}
        titles = {one.name: dict(one.options) for one in ObservationFields().describe()}
        titles |= {"place": places, "severity": {str(key): title for key, title in SEVERITIES.items()}}
        return [_in_words(name, value, titles.get(name, {})) for name, value in said]

    def told(self, actor: Actor, body: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        """Yield the kind, what the fields say, and the answers to the kind's own questions."""
        key = body["kind"]
        yield N_("Sort"), kind_of(key).title if _is_kind(key) else key
        fields = ObservationFields().fields
        words = self.words(actor, [(name, body.get(name)) for name in fields])
        yield from ((field.metadata["label"], text) for field, text in zip(fields.values(), words, strict=True) if text)
        for name, answer in (body.get("details") or {}).items():
            yield str(name), str(answer)
        if body.get("photos"):
            yield N_("Foton"), str(len(body["photos"]))

    def loose(self, actor: Actor, limit: int) -> Iterable[Loose]:
        """Yield the observations that no walk has, where the actor may say which."""
        for row in services.without_walk(actor, limit):
            title = Text(N_("Iakttagelse {n}: {kind}"), n=row.number, kind=row.kind_title)
            yield Loose(title, row.received_at, f"/iakttagelser/{row.uid}", row.place.name if row.place else "")


def _in_words(name: str, value: Any, titles: Mapping[str, str]) -> str:
    if value in (None, "", []):
        return ""
    if name == "position":
        metres = f" (± {value['accuracy_m']:.0f} m)" if value.get("accuracy_m") else ""
        return f"{value['latitude']:.5f} {value['longitude']:.5f}{metres}".replace(".", ",")
    if name == "place":
        return titles.get(value, N_("En plats som du inte har rätt att se"))
    if name == "what":
        sort, answers = _read(value)
        return _in_a_row([sort.title, *(text for one in answers["shown"] for text in (one["label"], one["text"]))])
    return _in_a_row([titles.get(str(key), str(key)) for key in (value if isinstance(value, list) else [value])])


def _in_a_row(told: Sequence[str]) -> str:
    joined = ", ".join(f"{{v{n}}}" for n in range(len(told)))
    return Text(joined, **{f"v{n}": title for n, title in enumerate(told)}) if len(told) > 1 else told[0]


def _read(what: Mapping[str, Any]) -> tuple[ObservationKind, dict[str, Any]]:
    """Return the kind and its answers frozen; as they were told where the kind is gone, or does not take them."""
    try:
        sort = kind_of(what["kind"])
        return sort, load_details(sort, what["details"])
    except (access.Missing, Invalid):
        return kept(what["kind"], what["details"])


def _is_logged(uid: UUID) -> bool:
    return db.session().scalar(select(Observation.id).where(Observation.uid == uid)) is not None


def _is_kind(key: str) -> bool:
    try:
        kind_of(key)
    except access.Missing:
        return False
    return True


def _is_same_spot(row: Observation, value: Mapping[str, Any] | None) -> bool:
    if row.point is None or value is None:
        return row.point is None and value is None
    try:
        return bool(services.Position(**value).point().distance(row.point) < SAME_SPOT)
    except geo.GeometryRefused:
        return False
