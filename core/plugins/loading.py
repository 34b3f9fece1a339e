"""At start: each plugin is found, checked and asked once for what it declares; a wrong one is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import metadata
from types import ModuleType
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from core import access
from core.hookspecs import Manifest, MeasureKind
from core.permissions import PERMISSIONS
from core.plugins.answers import check_answer
from core.plugins.fitting import check_models, check_name, configure_models, forget_models, models_now
from core.plugins.installed import CONTRACT, GROUP, House, Plugin, Refused, house, open_house, refuse
from core.schema import Schema

TAKEN = {right.key.partition(":")[0] for right in PERMISSIONS}
"""Names under which core has rights of its own."""

APPROACHES = ("social", "situationell")
"""How a kind of measure works."""


def start(
    rooms: Iterable[ModuleType],
    allowed: tuple[str, ...] | None,
    *,
    failures_to_park: int = 5,
    extra: Iterable[tuple[str, Callable[[], Any]]] = (),
) -> House:
    """Find, check and register all plugins for this process; one that is wrong is refused, core goes on.

    `allowed` are the names that may run (None: all that are installed); `extra` are name and loader of
    plugins that are no distribution, for tests.
    """
    opened = open_house(failures_to_park)
    for room in rooms:
        opened.manager.register(room, f"core:{room.__name__.split('.')[1]}")
    configure_models()
    found = [(entry.name, entry.load) for entry in metadata.entry_points(group=GROUP)]
    for name, load in sorted([*found, *extra], key=lambda pair: pair[0]):
        if allowed is None or name in allowed:
            opened.plugins[name] = Plugin(name)
            _admit(opened.plugins[name], load)
    _declare()
    return opened


def _admit(plugin: Plugin, load: Callable[[], Any]) -> None:
    try:
        plugin.module = _loaded(plugin.name, load)
        house().manager.register(plugin.module, plugin.name)
        house().manager.check_pending()
        plugin.manifest = _manifest(plugin)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, core starts
        refuse(plugin.name, error)


def _loaded(name: str, load: Callable[[], Any]) -> Any:
    """Import a plugin and look at the models that it brings; a wrong one leaves none."""
    if name in TAKEN:
        raise Refused("namnet är ett av kärnans egna")
    check_name(name)
    before = models_now()
    try:
        module = load()
        check_models(name, module, before)
    except (Exception, SystemExit):
        forget_models(before)
        raise
    return module


def _manifest(plugin: Plugin) -> Manifest:
    answer = getattr(plugin.module, "tryggplats_manifest", None)
    if answer is None:
        raise Refused("har ingen tryggplats_manifest")
    manifest = answer()
    if not isinstance(manifest, Manifest) or manifest.name != plugin.name:
        raise Refused(f"manifestet ska heta {plugin.name}, som i entry point")
    check_answer("manifest", manifest)
    if not re.fullmatch(r"[a-z][a-z0-9]{1,30}", manifest.name):
        raise Refused("namnet ska vara små bokstäver a–z")
    try:
        wanted = SpecifierSet(manifest.core)
    except InvalidSpecifier as error:
        raise Refused(f"versionsintervallet {manifest.core!r} går inte att läsa") from error
    if manifest.settings is not None:
        _check_schema("settings", manifest.settings)
    if CONTRACT not in wanted:
        raise Refused(f"är skriven för kontrakt {manifest.core}, här är {CONTRACT}")
    return manifest


def _declare() -> None:
    """Ask every plugin once for what it declares; a key under another name, or twice, refuses the plugin.

    The rooms of core declare their frister so too, under the name "core".
    """
    for room in house().manager.get_plugins():
        declare = getattr(room, "tryggplats_deadline_kinds", None)
        if declare and (house().manager.get_name(room) or "").startswith("core:"):
            house().deadline_kinds |= {kind.key: kind for kind in declare()}
    rights = []
    for name, plugin in house().plugins.items():
        if plugin.refusal:
            continue
        try:
            own_rights = _own(name, "permissions")
            kinds = _own(name, "observation_kinds")
            frister = _own(name, "deadline_kinds")
            measures = _own(name, "measure_kinds")
            jobs = _own(name, "jobs")
            for kind in kinds:
                if kind.details is not None:  # the phone's page asks the questions of all kinds at once
                    _check_schema(f"details i {kind.key}", kind.details)
            _check_approaches(measures)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - as above
            refuse(name, error)
            continue
        rights += own_rights
        house().observation_kinds |= {kind.key: kind for kind in kinds}
        house().deadline_kinds |= {kind.key: kind for kind in frister}
        house().measure_kinds |= {kind.key: kind for kind in measures}
        house().jobs[name] = jobs
    access.add_permissions(rights)


def _own(name: str, hook: str) -> list[Any]:
    """Return what plugin `name` declares with `hook`, its keys checked."""
    function = getattr(house().manager.get_plugin(name), f"tryggplats_{hook}", None)
    values = list(function()) if function else []
    keys = [value.key for value in values]
    if wrong := [key for key in keys if not key.startswith(f"{name}:")]:
        raise Refused(f"{wrong[0]} i {hook} ska börja med {name}:")
    if len(set(keys)) != len(keys):
        raise Refused(f"{hook} har samma nyckel två gånger")
    for value in values:
        check_answer(hook, value)
    return values


def _check_approaches(kinds: Iterable[MeasureKind]) -> None:
    """Raise Refused for a kind of measure that works in a way we do not know."""
    for kind in kinds:
        if kind.approach not in APPROACHES:
            raise Refused(f"approach i {kind.key} ska vara {' eller '.join(APPROACHES)}")


def _check_schema(what: str, schema: Any) -> None:
    """Refuse questions that cannot be drawn."""
    if not issubclass(schema, Schema):
        raise Refused(f"{what} ska vara ett Schema")
    schema().describe()
