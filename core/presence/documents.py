"""What presence hands out: each of its lists as a file, with what its reader may be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from core import access, clock
from core.access import Actor
from core.documents import About, Column, Content, kind, sheet
from core.i18n import N_, Text
from core.presence import services
from core.presence.bands import ACTIVATIONS, PRESENCE, WEEKDAYS, bands, kinds_of
from core.presence.models.activations import READ
from core.presence.models.counts import READ as READ_COUNTS
from core.presence.models.patrols import READ as READ_PATROLS
from core.presence.models.plans import READ as READ_PLANS
from core.presence.services.choosing import Page
from core.presence.states import PARTS, PATROL

AT_ONCE = 500
"""Rows that are asked for at a time."""


def _about(link: str) -> Any:
    def about(actor: Actor, uid: UUID) -> About:
        """A list of what somebody reaches is about themselves: nobody else's can be asked for."""
        if uid != actor.uid:
            raise access.Missing("person", uid)
        return About(actor.organisation_name, link)

    return about


def _every(ask: Any) -> Iterator[Any]:
    """Yield the rows of a list, page after page: `ask` returns the one after a place."""
    for page in _pages(ask):
        yield from page


def _pages(ask: Any) -> Iterator[Any]:
    """Yield the rows of each page."""
    found: Page = ask(None)
    yield found.rows
    while found.after is not None:
        found = ask(found.after)
        yield found.rows


def _content(actor: Actor, title: str, columns: Any, rows: Iterator[Any]) -> Content:
    called = Text(N_("{title}, {name}"), title=title, name=actor.organisation_name)
    return Content(title=called, filename=f"{title} {clock.today().isoformat()}", sheet=sheet(columns, rows))


@kind("presence:activations", title=N_("Aktiveringar som tabell"), needs=READ, about=_about("/aktivering/lista"))
def activations(actor: Actor, _uid: UUID, **_: str) -> Content:
    """Gather what is arranged: ahead, over and cancelled."""
    columns = (
        Column(N_("Nummer")), Column(N_("Aktivering"), width=34), Column(N_("Typ"), width=24),
        Column(N_("Plats"), width=28), Column(N_("Ordnas av"), width=28), Column(N_("Värd"), width=28),
        Column(N_("Från"), "date", 12), Column(N_("Till"), "date", 12), Column(N_("Kostnad"), "kronor"),
        Column(N_("Besökare"), "number"), Column(N_("Läge"), width=20), Column(N_("Vad det gav"), width=50),
    )  # fmt: skip
    kinds = kinds_of(ACTIVATIONS)

    def rows() -> Iterator[Any]:
        for part in PARTS:
            wish = services.Wish(part)
            for one in _every(lambda at, wish=wish: services.list_activations(actor, wish, after=at, limit=AT_ONCE)):
                host, state = one.host.name if one.host else "", services.standing_of(one).label
                yield (
                    one.number, one.title, kinds.get(one.kind, one.kind), one.place.name, one.organisation.name, host,
                    one.starts_on, one.ends_on, one.cost, one.visitors, state, one.outcome,
                )  # fmt: skip

    return _content(actor, N_("Aktiveringar"), columns, rows())


@kind("presence:plans", title=N_("Närvaro som tabell"), needs=READ_PLANS, about=_about("/narvaro"))
def plans(actor: Actor, _uid: UUID, **_: str) -> Content:
    """Gather presence month by month: planned and done hours, contacts as they may be told."""
    columns = (
        Column(N_("Närvaro"), width=20), Column(N_("Var"), width=28), Column(N_("Vem"), width=28),
        Column(N_("Månad"), "date", 12), Column(N_("Planerade timmar"), "number"),
        Column(N_("Utförda timmar"), "number"), Column(N_("Kontakter"), "number"),
    )  # fmt: skip
    kinds = kinds_of(PRESENCE)

    def rows() -> Iterator[Any]:
        for page in _pages(lambda at: services.list_plans(actor, after=at, limit=AT_ONCE)):
            for one, months in zip(page, services.plans.months_of_all(actor, page, months=12), strict=True):
                who, where = (one.done_by or one.organisation).name, services.where_named(one)
                for month in months:
                    told = (kinds.get(one.kind, one.kind), where, who, month.month)
                    yield (*told, month.planned, month.done, month.contacts)

    return _content(actor, N_("Närvaro"), columns, rows())


@kind("presence:patrols", title=N_("Ordningsvakter som tabell"), needs=READ_PATROLS, about=_about("/ordningsvakter"))
def patrols(actor: Actor, _uid: UUID, **_: str) -> Content:
    """Gather requests for patrols with their hours."""
    columns = (
        Column(N_("Nummer")), Column(N_("Begärs av"), width=28), Column(N_("Var"), width=28),
        Column(N_("Från"), "date", 12), Column(N_("Till"), "date", 12), Column(N_("Begärda timmar"), "number"),
        Column(N_("Beviljade timmar"), "number"), Column(N_("Utförda timmar"), "number"),
        Column(N_("Läge"), width=20), Column(N_("Skäl för beslutet"), width=50),
    )  # fmt: skip

    def rows() -> Iterator[Any]:
        for one in _every(lambda at: services.list_requests(actor, after=at, limit=AT_ONCE)):
            where, state = services.where_named(one), PATROL.states[one.state].label
            days = (one.starts_on, one.ends_on)
            yield (
                one.number, one.organisation.name, where, *days, one.hours, one.granted, one.done, state, one.answer,
            )  # fmt: skip

    return _content(actor, N_("Ordningsvakter"), columns, rows())


@kind("presence:counts", title=N_("Räkningar som tabell"), needs=READ_COUNTS, about=_about("/rakningar"))
def counts(actor: Actor, _uid: UUID, **_: str) -> Content:
    """Gather counts of people, as they may be told."""
    columns = (
        Column(N_("Plats"), width=28), Column(N_("Dag"), "date", 12), Column(N_("Veckodag")), Column(N_("Tidsband")),
        Column(N_("Minuter"), "number"), Column(N_("Vuxna som passerar"), "number"),
        Column(N_("Barn som passerar"), "number"), Column(N_("Vuxna som stannar"), "number"),
        Column(N_("Barn som stannar"), "number"), Column(N_("Kvinnor"), "number"), Column(N_("Män"), "number"),
        Column(N_("I timmen"), "number"), Column(N_("Vem räknade"), width=28),
    )  # fmt: skip

    def rows() -> Iterator[Any]:
        known = bands()
        for one in _every(lambda at: services.list_counts(actor, after=at, limit=AT_ONCE)):
            row = one.count
            band = known[row.band].title if row.band in known else row.band
            told = one.numbers.values()
            day = (row.day, WEEKDAYS[str(row.day.weekday())])
            yield (row.place.name, *day, band, row.minutes, *told, one.per_hour, row.organisation.name)

    return _content(actor, N_("Räkningar"), columns, rows())
