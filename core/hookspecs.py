"""THE CONTRACT between core and its plugins: the hooks, and the values they exchange.

A plugin knows this module and `core.kit`, nothing else. Hooks get and return values, never database rows.
Declarative hooks return iterables of frozen dataclasses whose keys begin with the plugin's name and a colon.
How a failing plugin is treated follows from the hook's kind (design.md 6): declared (asked once at start) ·
collected (left out of the page) · veto (the move is refused) · told (undone to a savepoint, the request goes on).
"""

from __future__ import annotations

# mypy: disable-error-code="empty-body"
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pluggy

# What stands in `core.refs` is here too: a plugin knows one module of hooks and their values.
from core.refs import DeadlineRef as DeadlineRef
from core.refs import MeasureRef as MeasureRef
from core.refs import MoveRef as MoveRef
from core.refs import ObservationRef as ObservationRef
from core.refs import OrderRef as OrderRef
from core.refs import PlaceRef as PlaceRef
from core.refs import Subject as Subject

if TYPE_CHECKING:
    from core.access import Actor
    from core.schema import Schema

PROJECT = "tryggplats"
hookimpl, hookspec = pluggy.HookimplMarker(PROJECT), pluggy.HookspecMarker(PROJECT)


# --- What a plugin declares -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Manifest:
    """Who the plugin is. `core` is the range of versions of the contract it was written for, such as ">=1,<2".

    `settings` ask an administrator (`kit.settings`); `level` is the highest of what it keeps (0 open … 4 special).
    """

    name: str
    title: str
    root: Path
    core: str
    settings: type[Schema] | None = None
    level: int = 1


@dataclass(frozen=True)
class Permission:
    """A right `<plugin>:<thing>:<act>`. Roles of their own organisation get it in `own`, city-wide ones in `city`.

    One of the `field` is what somebody's phone may do too, as far as her roles have the right.
    """

    key: str
    title: str
    own: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    field: bool = False


@dataclass(frozen=True)
class ObservationKind:
    """A kind of observation logged on a walk; `details` are its own questions, a `good` one is to keep, not to mend."""

    key: str
    title: str
    short: str = ""
    icon: str = "pen"
    control_role: str = ""
    details: type[Schema] | None = None
    good: bool = False


@dataclass(frozen=True)
class Rule:
    """A time limit: `fix` of `clock`; urgency 0 goes before 1 before 2. `version` is that of the terms it is from.

    Clocks: clock_minutes; clock_hours; open_hours, within the `window` of working days ("07:00", "16:00");
    working_days; calendar_days; statutory, a term of law in `unit` (days | weeks | months | years); season, until the
    end of the next one ("03-15", "05-15"); given_date, a day or a moment that was `given` elsewhere, as `source` says.
    """

    fix: int
    clock: str
    title: str = ""
    urgency: int = 2
    source: str = ""
    version: str = ""
    unit: str = "days"
    window: tuple[str, str] | None = None
    season: tuple[str, str] | None = None
    given: date | datetime | None = None


@dataclass(frozen=True)
class DeadlineKind:
    """A promise in time; who has `control_role` over the spot owns it. `closes_itself`: not closed by hand."""

    key: str
    title: str
    control_role: str
    rules: Mapping[str, Rule]
    leg: str = "fix"
    closes_itself: bool = False


@dataclass(frozen=True)
class MeasureKind:
    """A kind of measure (åtgärd), `social` or `situationell`; a `physical` one is consulted about before it is done."""

    key: str
    title: str
    approach: str = "situationell"
    physical: bool = True


@dataclass(frozen=True)
class Routes:
    """Blueprints made with `kit.Pages` and `kit.Api`; all addresses begin with the plugin's name."""

    pages: tuple[Any, ...] = ()
    api: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Job:
    """Work that the worker does by itself every so many `seconds`; it may run twice without harm."""

    key: str
    title: str
    seconds: int
    run: Callable[[], None]


# --- What is collected for a page -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """A part of a page: `template` is rendered with `context`; light ones come first."""

    key: str
    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    weight: int = 50


@dataclass(frozen=True)
class Event:
    """A line of a place's timeline. `shape` and `tone` are those of states; `back` is the thread to its origin."""

    at: datetime
    kind: str
    text: str
    link: str = ""
    back: str = ""
    shape: str = "full"
    photo: UUID | None = None
    level: int = 1


@dataclass(frozen=True)
class Change:
    """Something that somebody else did: `about` says to what, `text` what, `by` for which organisation."""

    at: datetime
    about: str
    text: str
    link: str
    by: str = ""
    level: int = 1


@dataclass(frozen=True)
class Dated:
    """Something that happens at a time whoever does what: a walk, a meeting, the last day of a round."""

    at: datetime
    title: str
    link: str = ""
    level: int = 1


@dataclass(frozen=True)
class Todo:
    """Something that waits for the actor: `context` says where, `detail` is a second line, `latest` says `due_at`.

    With `whose` it waits for them; `nudge` is where a form reminds them. First is what is `ongoing`, then what goes
    `before` all else. No letter tells of a `level` above 1 (that of what it is about) but that there is something.
    """

    key: str
    title: str
    link: str
    context: str = ""
    detail: str = ""
    due_at: datetime | None = None
    latest: str = ""
    tone: str = "plain"
    shape: str = "open"
    state: str = ""
    whose: str = ""
    nudge: str = ""
    ongoing: bool = False
    before: bool = False
    level: int = field(kw_only=True)


@dataclass(frozen=True)
class Objection:
    """Why a move is refused and what to do; `field` is the form's field it belongs to, or the id of what mends it."""

    message: str
    field: str = ""


# --- The hooks --------------------------------------------------------------------------------------------------


@hookspec
def tryggplats_manifest() -> Manifest:
    """Declared, required. Say who you are, once, before anything else is asked."""


@hookspec
def tryggplats_permissions() -> Iterable[Permission]:
    """Declared. Return the rights that your routes and services need."""


@hookspec
def tryggplats_observation_kinds() -> Iterable[ObservationKind]:
    """Declared. Return the kinds of observation you add to the phone's page and the API."""


@hookspec
def tryggplats_deadline_kinds() -> Iterable[DeadlineKind]:
    """Declared. Return the deadline kinds you plan with `kit.plan_deadline`."""


@hookspec
def tryggplats_measure_kinds() -> Iterable[MeasureKind]:
    """Declared. Return the kinds of measure you add to what a cycle's parties may plan."""


@hookspec
def tryggplats_routes() -> Routes:
    """Declared. Return your blueprints; every route of theirs names the permission it needs."""


@hookspec
def tryggplats_jobs() -> Iterable[Job]:
    """Declared. Return what the worker shall do for you by the clock."""


@hookspec
def tryggplats_demo(city: str) -> None:
    """Told, once for a new demo city. Add what belongs to your field, through your own services."""


@hookspec
def tryggplats_sections(page: str, subject: Subject, actor: Actor) -> Iterable[Section]:
    """Collected. Return your parts of a `page` (place, observation, deadline, order, organisation) about `subject`."""


@hookspec
def tryggplats_events(place: PlaceRef, actor: Actor, before: datetime, limit: int) -> Iterable[Event]:
    """Collected. Return at most `limit` of your events on `place` older than `before`, newest first."""


@hookspec
def tryggplats_todo(actor: Actor, limit: int) -> Iterable[Todo]:
    """Collected. Return at most `limit` of what waits for `actor`, the most urgent first."""


@hookspec
def tryggplats_changes(actor: Actor, since: datetime, limit: int) -> Iterable[Change]:
    """Collected. Return at most `limit` of what others did after `since` to what `actor` reaches, newest first."""


@hookspec
def tryggplats_dates(actor: Actor, after: datetime, limit: int) -> Iterable[Dated]:
    """Collected. Return at most `limit` of your dates after `after` that `actor` shall know of, the next first."""


@hookspec
def tryggplats_objections(move: MoveRef, subject: ObservationRef | DeadlineRef, actor: Actor) -> Iterable[Objection]:
    """Veto. Return what stands in the way of `move`; nothing means that you have no objection."""


@hookspec
def tryggplats_measure_objections(measure: MeasureRef, actor: Actor) -> Iterable[Objection]:
    """Veto. Return what your own approval of `measure`, if of a kind of yours, lacks for money to be sought for it."""


@hookspec
def tryggplats_after_observation(observation: ObservationRef, actor: Actor) -> None:
    """Told. An observation has been logged, or changed: plan your deadline, open your case, or let them follow."""


@hookspec
def tryggplats_after_move(move: MoveRef, subject: ObservationRef | DeadlineRef, actor: Actor) -> None:
    """Told. A state has changed: `subject` is as it is now."""


@hookspec
def tryggplats_after_order(move: MoveRef, order: OrderRef, actor: Actor) -> None:
    """Told. A work order has changed state: let what it is about follow."""
