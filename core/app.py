"""The house put together: one ordered list, read from top to bottom."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from core import access, clock, db, plugins
from core.agreements import api as agreements_api
from core.agreements import hooks as agreements_hooks
from core.agreements import views as agreements_views
from core.applications import api as applications_api
from core.applications import asks_api, coach_api, decisions_api, rounds_api
from core.applications import hooks as applications_hooks
from core.applications import views as applications_views
from core.cooperation import api as cooperation_api
from core.cooperation import hooks as cooperation_hooks
from core.cooperation import lifts_api, weekly_api
from core.cooperation import views as cooperation_views
from core.documents import api as documents_api
from core.documents import hooks as documents_hooks
from core.documents import views as documents_views
from core.duties import api as duties_api
from core.duties import hooks as duties_hooks
from core.duties import views as duties_views
from core.figures import api as figures_api
from core.figures import hooks as figures_hooks
from core.figures import ogc
from core.figures import views as figures_views
from core.followup import booked_api, claims_api, finance_api, moving_api
from core.followup import hooks as followup_hooks
from core.followup import map_api as followup_map
from core.followup import views as followup_views
from core.http import (
    Api,
    Pages,
    app_version,
    around,
    dpop,
    errors,
    handover,
    headers,
    imports,
    machine,
    maps,
    openapi,
    phone,
    photos,
    review,
    review_api,
    style,
    sync_api,
    texts,
)
from core.http import sync as sync_pages
from core.http.frame import Application, csrf_of
from core.http.machine import folder, static_url
from core.i18n import N_
from core.media import hooks as media_hooks
from core.operation import backup_views, keeper_views
from core.operation import hooks as operation_hooks
from core.operation import views as operation_views
from core.people import api as people_api
from core.people import hooks as people_hooks
from core.people import services as people
from core.people import views as people_views
from core.places import api as places_api
from core.places import hooks as places_hooks
from core.places import services as places
from core.places import views as places_views
from core.presence import api as presence_api
from core.presence import hooks as presence_hooks
from core.presence import views as presence_views
from core.reserve import api as reserve_api
from core.reserve import hooks as reserve_hooks
from core.reserve import views as reserve_views
from core.settings import LOOPBACK, Settings
from core.sync import hooks as sync_hooks
from core.upkeep import api as upkeep_api
from core.upkeep import hooks as upkeep_hooks
from core.upkeep import views as upkeep_views
from core.walks import api as walks_api
from core.walks import hooks as walks_hooks
from core.walks import open311, phone_api
from core.walks import views as walks_views
from core.works import api as works_api
from core.works import control_api
from core.works import hooks as works_hooks
from core.works import views as works_views

ROOMS = (
    media_hooks, sync_hooks, documents_hooks, people_hooks, places_hooks, figures_hooks, upkeep_hooks, works_hooks,
    walks_hooks, cooperation_hooks, agreements_hooks, presence_hooks, duties_hooks, reserve_hooks, applications_hooks,
    followup_hooks, operation_hooks,
)  # fmt: skip
"""The rooms' voices in the contract, lowest room first."""

PAGES: tuple[Pages, ...] = (
    machine.pages, maps.pages, people_views.pages, places_views.pages, figures_views.pages, upkeep_views.pages,
    works_views.pages, walks_views.pages, cooperation_views.pages, agreements_views.pages, presence_views.pages,
    duties_views.pages, duties_views.work.pages, reserve_views.pages, applications_views.pages, followup_views.pages,
    operation_views.pages, keeper_views.pages, backup_views.pages, app_version.pages, phone.pages, photos.pages,
    review.pages, sync_pages.pages, handover.pages, imports.pages, open311.pages, documents_views.pages,
    openapi.pages,
)  # fmt: skip
APIS: tuple[Api, ...] = (
    people_api.api, places_api.api, figures_api.api, ogc.api, upkeep_api.api, works_api.api, control_api.api,
    walks_api.api, cooperation_api.api, agreements_api.api, presence_api.api, lifts_api.api, weekly_api.api,
    duties_api.api, coach_api.api, rounds_api.api, applications_api.api, asks_api.api, decisions_api.api,
    reserve_api.api, claims_api.api, moving_api.api, booked_api.api, finance_api.api, followup_map.api,
    phone_api.api, photos.api, review_api.api, sync_api.api,
    handover.api, imports.api, documents_api.api,
)  # fmt: skip

NAVIGATION = (
    (N_("Start"), "/", "people:start:read"),
    (N_("Att göra"), "/att-gora", "people:start:read"),
    (N_("Platser"), "/platser", "places:place:read"),
    (N_("Vandringar"), "/vandringar", "walks:walk:read"),
    (N_("Samverkan"), "/samverkan", "cooperation:cycle:read"),
    (N_("Platssamverkan"), "/platssamverkan", "agreements:agreement:read"),
    (N_("Ansökningar"), "/ansokningar", "applications:application:read"),
    (N_("Frågor om ansökningar"), "/ansokningar/fragor", "applications:consultation:answer"),
    (N_("Reserven"), "/reserven", "reserve:frame:read"),
    (N_("Beslut"), "/sammantraden", "applications:decision:confirm"),
    (N_("Aktivering"), "/aktivering", "presence:activation:read"),
    (N_("Inkorg"), "/inkorg", "walks:observation:answer"),
    (N_("Skötsel"), "/skotsel", "upkeep:deadline:read"),
    (N_("Arbeten"), "/arbeten", "works:order:read"),
    (N_("Statistik"), "/statistik", "figures:figure:read"),
    (N_("Uppföljning"), "/uppfoljning", "followup:city:read"),
    (N_("Vårt arbete"), "/vart-arbete", "duties:work:read"),
    (N_("Lagkrav"), "/lagkrav", "duties:law:read"),
    (N_("Tillägg"), "/admin/tillagg", "operation:installation:read"),
    (N_("Organisationer"), "/admin/organisationer", "people:organisation:edit"),
    (N_("Personer och roller"), "/admin/personer", "people:person:read"),
    (N_("Nycklar till API:t"), "/admin/nycklar", "people:token:create"),
    (N_("Påminnelser"), "/admin/paminnelser", "upkeep:reminder:read"),
    (N_("Fördelningsregler"), "/admin/fordelning", "works:terms:edit"),
    (N_("Svarsmallar"), "/admin/svar", "works:terms:edit"),
    (N_("Tillgång till original"), "/admin/original", "media:keeper:read"),
    (N_("Drift"), "/admin/drift", "operation:installation:read"),
)
"""The rooms in the order that everybody sees them; a role hides some (ux-desktop 1), and one within another
is reached from that by who has both.
"""

BEGINNINGS = (
    (N_("Skriv in iakttagelse"), "/vandringar", "walks:observation:log"),
    (N_("Planera vandring"), "/vandringar/ny", "walks:walk:lead"),
    (N_("Lägg till plats"), "/platser/ny", "places:place:edit"),
    (N_("Besvara iakttagelser"), "/inkorg", "walks:observation:answer"),
    (N_("Skötsel i tid"), "/skotsel", "upkeep:deadline:read"),
    (N_("Läs in en fil från ett annat register"), "/inlasningar", "imports:import:run"),
    (N_("Se inkomna rapporter"), "/inkomna-rapporter", "walks:observation:review"),
    (N_("Se vem som får hämta original"), "/admin/original", "media:keeper:read"),
)
"""What one may begin with from the start page, as far as there is such a page and the role has the right."""


def house(settings: Settings, extra: Iterable[tuple[str, Any]] = ()) -> db.Database:
    """Prepare this process for work without pages: clock, plugins, database; worker and commands need no more."""
    clock.start_at(settings.now)
    plugins.start(ROOMS, settings.plugins, failures_to_park=settings.plugin_failures, extra=extra)
    return db.Database(settings)


def create_app(settings: Settings, *, extra_plugins: Iterable[tuple[str, Any]] = ()) -> Application:
    """Return the web application. Raises NoRightNamed when a route of core does not say which permission it needs."""
    database = house(settings, extra_plugins)
    app = Application("core", static_folder=None, template_folder=str(folder("templates")))
    app.database, app.settings, app.doorkeeper, app.beginnings = database, settings, people, BEGINNINGS
    _configure(app, settings)
    csrf_of(app)
    texts.install(app, [str(folder("translations")), *plugins.folders("translations")])
    errors.install(app)
    for pages in PAGES:
        app.register_blueprint(pages)
    style.install(app)
    rest = openapi.install(app, APIS)
    _plugin_routes(app, rest)
    openapi.open_docs(app)
    around.install(app, NAVIGATION)
    app_version.install(app)
    dpop.install(app)
    maps.install(app, places.city(settings.city))
    headers.install(app)
    app.check_rights()
    return app


def _configure(app: Application, settings: Settings) -> None:
    prefix = "__Host-" if settings.secure else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRYGGPLATS_COOKIE=f"{prefix}tryggplats",
        SESSION_COOKIE_NAME=f"{prefix}tryggplats-form",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=list(LOOPBACK) if settings.hostname in LOOPBACK else [settings.hostname],
        MAX_FORM_PARTS=200,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        PROPAGATE_EXCEPTIONS=False,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["icons"] = json.loads((folder("templates") / "ui" / "icons.json").read_text("utf-8"))


def _plugin_routes(app: Application, rest: openapi.Rest) -> None:
    """Register each plugin's blueprints, after a look at their names and rights; a wrong one refuses the plugin."""
    taken = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    for name, plugin in list(plugins.house().plugins.items()):
        declare = getattr(plugin.module, "tryggplats_routes", None)
        if plugin.refusal or declare is None:
            continue
        try:
            routes = declare()
            plugins.check_answer("routes", routes)
            if name in taken:
                raise plugins.Refused(f"adressen /{name} är redan kärnans")  # noqa: TRY301 - beside what it is about
            for blueprint in (*routes.pages, *routes.api):
                _check_blueprint(name, blueprint)
            for pages in routes.pages:
                app.plugin_of[pages.name] = name
                app.register_blueprint(pages, url_prefix=f"/{name}")
            for api in routes.api:
                app.plugin_of[api.name] = name
                rest.register_blueprint(api, url_prefix=f"{openapi.PREFIX}/{name}")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, core starts
            plugins.refuse(name, error)


def _check_blueprint(name: str, blueprint: Any) -> None:
    if not isinstance(blueprint, (Pages, Api)):
        raise plugins.Refused("rutter görs med kit.Pages och kit.Api")
    if blueprint.name not in (name, f"{name}-api"):
        raise plugins.Refused(f"blueprint {blueprint.name} ska heta {name} eller {name}-api")
    if foreign := [right for right in blueprint.rights if not right.startswith(f"{name}:")]:
        raise plugins.Refused(f"rätten {foreign[0]} ska börja med {name}:")
    if unknown := [right for right in blueprint.rights if right not in access.permissions()]:
        raise plugins.Refused(f"rätten {unknown[0]} är inte deklarerad")
