"""Who may do what: actors, roles and permissions as data, and the row rules that filter every list in SQL.

Three questions, always in this order (design.md 4.5):
1. the route: does the actor have the permission at all? (`Actor.may`, asked before the body is read)
2. the list: which rows does the actor reach? (`visible(select, actor)`)
3. the object: is this one among them? (`require(actor, permission, row)`; if not, it looks missing)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from core import db, roles
from core.db import Base
from core.hookspecs import Permission
from core.i18n import N_
from core.roles import (
    ANSWERERS,
    BOARD,
    CITY,
    CONTRACT_READERS,
    EVERYONE,
    LEADERS,
    PARTNERS,
    SIGNED_IN,
    UNMASKED,
)

ROLES, STAFF = roles.ROLES, roles.STAFF

PERMISSIONS: tuple[Permission, ...] = (
    Permission("api:docs:read", N_("Läsa beskrivningen av API:t"), city=(*CITY, "sysadmin")),
    Permission("areas:area:import", N_("Läsa in områden"), city=("sysadmin",)),
    Permission("areas:area:read", N_("Se stadens områden"), city=SIGNED_IN),
    Permission("core:asset:read", N_("Hämta stilmallar och skript"), city=EVERYONE),
    Permission("core:health:read", N_("Se om tjänsten lever"), city=EVERYONE),
    Permission("documents:document:ask", N_("Be om dokument, och ta bort sina egna"), city=SIGNED_IN),
    Permission("documents:document:read", N_("Se och hämta dokument som man har bett om"), city=SIGNED_IN),
    Permission(
        "handover:file:carry", N_("Skicka in filer som telefoner har gjort"), own=("falt", *LEADERS), field=True
    ),
    Permission("imports:import:run", N_("Läsa in filer från andra register"), own=ANSWERERS),
    Permission("journal:line:read", N_("Läsa journalen"), city=("revisor", "dso")),
    Permission("maps:file:read", N_("Hämta kartfiler"), city=SIGNED_IN, field=True),
    Permission("media:keeper:grant", N_("Ge tillgång till original av maskade foton"), city=("arkivarie", "dso")),
    Permission("media:keeper:read", N_("Se vem som har tillgång till original"), city=("arkivarie", "dso", "revisor")),
    Permission("media:mask:propose", N_("Föreslå vad som ska maskas i bilder"), own=("falt", *ANSWERERS)),
    Permission("media:mask:release", N_("Släppa bilder som någon annan har maskat"), own=ANSWERERS),
    Permission(
        "media:photo:add", N_("Lägga till foton"), own=("falt", *LEADERS, *ANSWERERS, "entreprenor"), field=True
    ),
    Permission(
        "media:photo:fetch",
        N_("Hämta bilder som är granskade, som man själv har skickat eller har rätt att se ändå"),
        own=(*STAFF, *PARTNERS, "entreprenor"),
        city=("slk_handlaggare", "revisor", "dso", "arkivarie"),
        field=True,
    ),
    Permission("media:photo:hide", N_("Dölja bilder genast"), own=("falt", *ANSWERERS), city=("dso",)),
    Permission("media:photo:original", N_("Hämta originalfoton"), own=BOARD, city=("arkivarie", "dso")),
    Permission(
        "media:photo:read",
        N_("Se foton som ingen har granskat än"),
        own=UNMASKED,
        city=("slk_handlaggare", "revisor", "dso", "arkivarie"),
        field=True,
    ),
    Permission("media:photo:show", N_("Visa dolda bilder igen"), own=BOARD, city=("dso",)),
    Permission("operation:backup:make", N_("Göra säkerhetskopior"), city=("sysadmin",)),
    Permission("operation:installation:read", N_("Se tillägg och drift"), city=("sysadmin",)),
    Permission("operation:plugin:edit", N_("Slå på, stänga av och ställa in tillägg"), city=("sysadmin",)),
    Permission("operation:task:edit", N_("Göra om eller avskriva det som väntar"), city=("sysadmin",)),
    Permission("people:device:claim", N_("Be om att logga in en telefon"), city=EVERYONE),
    Permission("people:device:connect", N_("Ansluta och logga ut sina telefoner"), city=SIGNED_IN),
    Permission("people:device:own", N_("Läsa om och logga ut den telefon man använder"), city=SIGNED_IN, field=True),
    Permission("people:letter:choose", N_("Välja vilka brev man själv vill ha"), city=SIGNED_IN),
    Permission("people:look:choose", N_("Välja ljust eller mörkt utseende"), city=EVERYONE),
    Permission("people:organisation:edit", N_("Lägga upp, ändra och slå samman organisationer"), city=("sysadmin",)),
    Permission("people:organisation:read", N_("Se organisationer"), city=SIGNED_IN),
    Permission("people:person:edit", N_("Lägga upp, ändra och avsluta personer"), city=("sysadmin",)),
    Permission("people:person:read", N_("Se personer och deras roller"), city=("sysadmin",)),
    Permission("people:role:grant", N_("Ge och avsluta roller"), city=("sysadmin",)),
    Permission("people:session:close", N_("Logga ut"), city=SIGNED_IN),
    Permission("people:session:open", N_("Logga in"), city=EVERYONE),
    Permission("people:start:read", N_("Se sin startsida"), city=SIGNED_IN),
    Permission("people:token:create", N_("Göra och avsluta nycklar till API:t"), city=("sysadmin",)),
    Permission("people:token:own", N_("Se och avsluta sina egna nycklar"), city=SIGNED_IN),
    Permission("places:asset:import", N_("Läsa in anläggningar"), city=("sysadmin",)),
    Permission("places:asset:read", N_("Se anläggningar"), city=(*STAFF, "fof_samordnare", *CITY), field=True),
    Permission("places:control:edit", N_("Ange och avsluta rådighet"), own=BOARD),
    Permission("places:label:edit", N_("Märka platser"), own=BOARD),
    Permission("places:place:close", N_("Stänga platser och slå ihop dem"), own=BOARD),
    Permission("places:place:edit", N_("Lägga upp och ändra platser"), own=BOARD),
    Permission("places:place:read", N_("Se platser"), own=(*STAFF, *PARTNERS), city=CITY, field=True),
    Permission(
        "sync:change:choose",
        N_("Välja vad som ska gälla av det som telefoner har skickat"),
        own=("falt", *LEADERS),
        field=True,
    ),
    Permission(
        "sync:change:read", N_("Se det som telefoner har skickat och som väntar"), own=("falt", *LEADERS), field=True
    ),
    Permission("upkeep:calendar:edit", N_("Ange egna lediga dagar i kalendern"), own=ANSWERERS),
    Permission("upkeep:deadline:close", N_("Klarmarkera frister"), own=ANSWERERS),
    Permission("upkeep:deadline:move", N_("Flytta frister till ett annat datum"), own=ANSWERERS),
    Permission("upkeep:deadline:pause", N_("Pausa frister"), own=ANSWERERS),
    Permission("upkeep:deadline:plan", N_("Planera frister")),
    Permission("upkeep:deadline:read", N_("Se frister"), own=(*STAFF, *PARTNERS, "entreprenor"), city=CITY),
    Permission("upkeep:deadline:remind", N_("Påminna den man väntar på"), own=("fof_samordnare", *ANSWERERS)),
    Permission("upkeep:deadline:reopen", N_("Öppna frister igen"), own=ANSWERERS),
    Permission("upkeep:feed:own", N_("Göra och avsluta sina egna kalendrar"), city=SIGNED_IN),
    Permission("upkeep:feed:read", N_("Hämta en kalender som man har adressen till"), city=EVERYONE),
    Permission("upkeep:reminder:read", N_("Se när påminnelser går och vem de når"), city=("sysadmin",)),
    Permission("upkeep:reminder:set", N_("Bestämma när påminnelser går"), city=("sysadmin",)),
    Permission("walks:observation:answer", N_("Svara på iakttagelser"), own=(*ANSWERERS, "polis", *PARTNERS)),
    Permission("walks:observation:edit", N_("Ändra iakttagelser"), own=("falt", *LEADERS), field=True),
    Permission("walks:observation:log", N_("Skriva in iakttagelser"), own=("falt", *LEADERS), field=True),
    Permission("walks:observation:read", N_("Se iakttagelser"), own=(*STAFF, *PARTNERS), city=CITY, field=True),
    Permission("walks:observation:review", N_("Granska iakttagelser"), own=LEADERS),
    Permission("walks:observation:route", N_("Fördela iakttagelser"), own=LEADERS),
    Permission("walks:observation:verify", N_("Bekräfta åtgärder"), own=("falt", *LEADERS)),
    Permission("walks:request:read", N_("Se vad som är offentligt av det som har rapporterats"), city=EVERYONE),
    Permission(
        "walks:walk:adjust", N_("Justera protokoll"), own=("falt", *LEADERS, "fack_handlaggare", "tk_drift", "polis")
    ),
    Permission("walks:walk:lead", N_("Planera och leda vandringar"), own=LEADERS),
    Permission("walks:walk:read", N_("Se vandringar"), own=(*STAFF, "fof_samordnare"), city=CITY, field=True),
    Permission("walks:walk:run", N_("Starta och avsluta vandringar"), own=LEADERS, field=True),
    Permission("works:contract:edit", N_("Lägga upp och ändra avtal"), own=ANSWERERS),
    Permission("works:contract:read", N_("Se avtal"), own=(*CONTRACT_READERS, "entreprenor"), city=CITY),
    Permission("works:control:do", N_("Planera och göra entreprenadkontroller"), own=ANSWERERS),
    Permission("works:control:read", N_("Se entreprenadkontroller och garantier"), own=CONTRACT_READERS, city=CITY),
    Permission("works:deviation:answer", N_("Svara på avvikelser"), own=("entreprenor",)),
    Permission("works:deviation:note", N_("Skriva in och stänga avvikelser"), own=ANSWERERS),
    Permission("works:deviation:read", N_("Se avvikelser"), own=(*CONTRACT_READERS, "entreprenor"), city=CITY),
    Permission("works:interest:declare", N_("Anmäla jäv"), city=SIGNED_IN),
    Permission("works:interest:read", N_("Se anmält jäv"), city=("revisor",)),
    Permission("works:order:approve", N_("Godkänna och underkänna det som är gjort"), own=ANSWERERS),
    Permission("works:order:do", N_("Kvittera och färdiganmäla arbetsordrar"), own=(*ANSWERERS, "entreprenor")),
    Permission("works:order:make", N_("Beställa arbete"), own=ANSWERERS),
    Permission("works:order:read", N_("Se arbetsordrar"), own=(*CONTRACT_READERS, "falt", "entreprenor"), city=CITY),
    Permission("works:penalty:approve", N_("Besluta att kräva viten"), own=(*ANSWERERS, "forv_chef")),
    Permission("works:penalty:confirm", N_("Bekräfta föreslagna viten"), own=ANSWERERS),
    Permission("works:penalty:contest", N_("Bestrida viten"), own=("entreprenor",)),
    Permission("works:penalty:propose", N_("Föreslå och återta viten")),
    Permission("works:penalty:read", N_("Se viten"), own=(*CONTRACT_READERS, "entreprenor"), city=CITY),
    Permission("works:penalty:waive", N_("Efterge viten"), own=("jurist",)),
    Permission("works:plan:edit", N_("Lägga upp och ändra skötselplaner"), own=ANSWERERS),
    Permission("works:plan:read", N_("Se skötselplaner"), own=(*CONTRACT_READERS, "falt", "entreprenor"), city=CITY),
    Permission(
        "works:terms:edit",
        N_("Ändra stadens Tidskrav, fördelningsregler och svarsmallar"),
        own=("tk_drift",),
        city=("sysadmin",),
    ),
    Permission(
        "works:terms:read",
        N_("Se stadens Tidskrav och fördelningsregler"),
        own=(*CONTRACT_READERS, "entreprenor"),
        city=(*CITY, "sysadmin"),
    ),
)
"""Every permission of core in one alphabetised list: what it is, who has it within their own organisation,
and who has it for the whole city. Plugins add theirs with the hook `permissions`."""


class Denied(Exception):
    """The actor lacks a permission; carries which one, who has it, and `why` if no role is wanting."""

    def __init__(self, permission: str, why: str = "") -> None:
        super().__init__(permission)
        self.permission, self.why = permission, why

    @property
    def holders(self) -> list[str]:
        """Titles of the roles that have the permission."""
        entry = permissions().get(self.permission)
        return [ROLES[role] for role in ROLES if entry and role in (*entry.own, *entry.city)]


class Missing(Exception):
    """There is no such row, or the actor may not know of it: the same answer for both."""

    def __init__(self, kind: str, uid: object) -> None:
        super().__init__(f"{kind} {uid}")
        self.kind, self.uid = kind, uid


class TooManyTries(Exception):
    """Somebody tried too often; the answer is the same, right or wrong, until the window is over."""


@dataclass(frozen=True)
class Grant:
    """A role held in an organisation now. `organisations` holds it, those it succeeded and those below it."""

    role: str
    organisation: int
    organisations: frozenset[int]
    areas: frozenset[int] | None = None
    """Keys of the areas that the role is limited to, as they are today; None for a role without such a limit."""
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reach:
    """How far a permission goes: None means without limit, otherwise keys of organisations, areas, categories."""

    organisations: frozenset[int] | None
    areas: frozenset[int] | None = None
    categories: frozenset[str] | None = None


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person with the roles held at this moment, nobody (not logged in), or the system itself."""

    kind: str
    name: str
    id: int | None = None
    uid: UUID | None = None
    organisation: int | None = None
    organisation_name: str = ""
    grants: tuple[Grant, ...] = ()
    scopes: frozenset[str] | None = field(default=None)
    """Permissions of the bearer token used; None with a session. A token never gives more than its person has."""
    device: UUID | None = None
    """The phone that this comes from, if it does."""

    def may(self, permission: str) -> bool:
        """Whether the actor has the permission for anything at all."""
        return bool(self.reaches(permission))

    def reaches(self, permission: str) -> tuple[Reach, ...]:
        """Return how far the permission goes, one reach for each role that gives it."""
        entry = permissions().get(permission)
        if entry is None or (self.scopes is not None and permission not in self.scopes):
            return ()
        if self.kind == "system" or "*" in entry.city:
            return (Reach(None),)
        return tuple(
            Reach(
                organisations=None if grant.role in entry.city else grant.organisations,
                areas=grant.areas,
                categories=grant.categories or None,
            )
            for grant in self.grants
            if grant.role in entry.own or grant.role in entry.city
        )

    @property
    def signed_in(self) -> bool:
        """Whether this is a person."""
        return self.kind == "person"


NOBODY = Actor("anonymous", "")


def system(name: str) -> Actor:
    """Return the actor of what the house does by itself: a job, a rule, a command of the operating system's user."""
    return Actor("system", name)


_added: dict[str, Permission] = {}


def permissions() -> Mapping[str, Permission]:
    """Return every permission, core's and those of the plugins that are on."""
    return {**_CORE, **_added}


_CORE = {entry.key: entry for entry in PERMISSIONS}


def add_permissions(entries: Iterable[Permission]) -> None:
    """Replace the plugins' permissions by `entries`."""
    _added.clear()
    _added.update({entry.key: entry for entry in entries})


RowRule = Callable[[Actor, str], ColumnElement[bool]]
"""(actor, permission) -> the condition that a row must meet to be reached with that permission."""

_row_rules: dict[type[Base], tuple[str, RowRule]] = {}


def visible_to(model: type[Base], permission: str) -> Callable[[RowRule], RowRule]:
    """Register the rule that says, in SQL, which rows of `model` are reached; `permission` is what reading needs."""

    def register(rule: RowRule) -> RowRule:
        _row_rules[model] = (permission, rule)
        return rule

    return register


def for_nobody(*models: type[Base]) -> None:
    """Say that rows of `models` are the machine's own and stand in nobody's list."""
    for model in models:
        _row_rules[model] = ("", lambda actor, _: true() if actor.kind == "system" else false())


for_nobody(db.Counter)


def for_everybody(*models: type[Base]) -> None:
    """Say that rows of `models` are plain facts that every person who is logged in may see."""
    for model in models:
        _row_rules[model] = ("", lambda actor, _: false() if actor.kind == "anonymous" else true())


def has_rule(model: type[Base]) -> bool:
    """Whether somebody has said who may see rows of `model`."""
    return model in _row_rules


def rule_of(model: type[Base], actor: Actor, permission: str = "") -> ColumnElement[bool]:
    """Return the condition for rows of `model` that `actor` reaches with `permission` (reading, if not given).

    A model without a rule shows nothing.
    """
    if model not in _row_rules:
        return false()
    reading, rule = _row_rules[model]
    return rule(actor, permission or reading)


Rows = TypeVar("Rows", bound=Select[Any])


def visible(statement: Rows, actor: Actor) -> Rows:
    """Return `statement` with the row rule of every table it selects from."""
    models = {entry["entity"]: None for entry in statement.column_descriptions if entry["entity"] is not None}
    for model in models:
        statement = statement.where(rule_of(model, actor))
    return statement


def within(
    actor: Actor,
    permission: str,
    *owners: Any,
    area: Callable[[frozenset[int]], ColumnElement[bool]] | None = None,
    category: Any = None,
) -> ColumnElement[bool]:
    """Return the usual row rule: one of the `owners` is an organisation that `permission` reaches.

    An owner is a column, or what else has `in_` of organisations.

    A role limited to areas or categories sees through this rule only what lies inside; where the
    table cannot tell (`area` or `category` not given) the limited role sees nothing.
    """
    conditions = []
    for reach in actor.reaches(permission):
        condition = true() if reach.organisations is None else or_(*(o.in_(reach.organisations) for o in owners))
        if reach.areas is not None:
            condition = condition & (area(reach.areas) if area is not None else false())
        if reach.categories is not None:
            condition = condition & (category.in_(reach.categories) if category is not None else false())
        conditions.append(condition)
    return or_(*conditions) if conditions else false()


Row = TypeVar("Row", bound=Base)


def find(model: type[Row], uid: UUID, actor: Actor, permission: str, *, lock: bool = False) -> Row:
    """Return the row with `uid` that the actor reaches with `permission`, locked for change if asked.

    Raises Denied when the actor lacks the permission for a row that may be seen, Missing for any other row.
    """
    table: Any = model
    statement = select(model).where(table.uid == uid, rule_of(model, actor, permission))
    if lock:
        statement = statement.with_for_update(of=table)
    row = db.session().scalar(statement)
    if row is None:
        readable = select(true()).where(table.uid == uid, rule_of(model, actor))
        if not actor.may(permission) or db.session().scalar(readable):
            raise Denied(permission)
        raise Missing(model.__tablename__, uid)
    return row


def require(actor: Actor, permission: str, row: Base | None = None) -> None:
    """Raise Denied without `permission`; with a `row`, also when it is not reached (Missing if not even seen)."""
    if not actor.may(permission):
        raise Denied(permission)
    if row is not None and actor.kind != "system":
        find(type(row), row.uid, actor, permission)  # type: ignore[attr-defined]
