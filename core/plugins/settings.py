"""What an administrator has chosen for a plugin, asked by the schema in its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import missing

from core import access, db, journal
from core.plugins.installed import house
from core.plugins.models import PluginSetting
from core.schema import Invalid, Schema


def schema_of(name: str) -> type[Schema] | None:
    """Return the schema of a plugin's settings, None for one that asks nothing."""
    plugin = house().plugins.get(name)
    return plugin.manifest.settings if plugin and plugin.manifest else None


def settings_of(name: str) -> Mapping[str, Any]:
    """Return the settings of a plugin as its schema loads them: what was chosen, else the defaults.

    What was chosen before the schema changed counts as far as it still fits; a plugin must not fail on it.
    """
    schema = schema_of(name)
    if schema is None:
        return {}
    row = db.session().get(PluginSetting, name)
    kept = {key: value for key, value in (row.content if row else {}).items() if key in schema().load_fields}
    try:
        return _with_defaults(schema, schema().load_draft(kept))
    except Invalid as refused:
        fits = refused.valid_data
        return _with_defaults(schema, fits if isinstance(fits, dict) else {})


def _with_defaults(schema: type[Schema], chosen: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {name: field.load_default for name, field in schema().load_fields.items()}
    known = {name: value() if callable(value) else value for name, value in defaults.items()}
    return {**{name: value for name, value in known.items() if value is not missing}, **chosen}


def secrets_of(schema: type[Schema]) -> set[str]:
    """Return the fields whose answers are never shown again: those that are asked as passwords are."""
    return {each.name for each in schema().describe() if each.widget == "password"}


def version_of_settings(name: str) -> int:
    """Return the version of what was chosen, 0 before anything was."""
    row = db.session().get(PluginSetting, name)
    return row.version if row else 0


def save_settings(actor: access.Actor, name: str, sent: Mapping[str, Any], *, version: int | None) -> None:
    """Keep what `sent` says, as JSON, once the plugin's schema has loaded it; a secret that is left out stays.

    Raises Invalid by field, Stale when somebody else has saved meanwhile. The journal knows which fields were
    changed, not to what.
    """
    schema = schema_of(name)
    if schema is None:
        raise access.Missing("plugin-settings", name)
    db.alone(f"plugin-setting:{name}")
    row = db.session().get(PluginSetting, name)
    if (row.version if row else 0) != version:
        raise db.Stale("plugin-settings", db.uid_of(name), row.version if row else 0)
    kept = row.content if row else {}
    stays = {key: kept[key] for key in secrets_of(schema) if key in kept and not sent.get(key)}
    content = schema().dump(schema().load({**sent, **stays}))
    changed = sorted(key for key in {*content, *kept} if content.get(key) != kept.get(key))
    if row is None:
        row = PluginSetting(name=name)
        db.session().add(row)
    row.content = content
    db.session().flush()
    journal.write(actor, "plugin:settings", "plugin", None, name=name, changed=changed)
