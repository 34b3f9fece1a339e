"""Plugins: found by entry point, checked, switched on; and hooks called so that a failing one loses only itself.

design.md 6 is the contract. A plugin is on, off, refused (wrong at load) or parked (failed too often at run time).
The rooms of core speak through the same hooks, registered as `core:<room>`; their failures are not contained.
"""

from core.plugins.answers import check_answer
from core.plugins.calling import collected, note, note_failures, objections, told
from core.plugins.fitting import tables_of
from core.plugins.installed import (
    CONTRACT,
    GROUP,
    House,
    Plugin,
    Refused,
    folders,
    hooks_of,
    house,
    refuse,
    title,
    version,
)
from core.plugins.loading import start
from core.plugins.models import PluginCall, PluginFailure, PluginSetting, PluginState
from core.plugins.settings import save_settings, schema_of, settings_of, version_of_settings
from core.plugins.states import absent, forget_states, is_running, is_traced, owner, set_state, state, trace

__all__ = [
    "CONTRACT",
    "GROUP",
    "House",
    "Plugin",
    "PluginCall",
    "PluginFailure",
    "PluginSetting",
    "PluginState",
    "Refused",
    "absent",
    "check_answer",
    "collected",
    "folders",
    "forget_states",
    "hooks_of",
    "house",
    "is_running",
    "is_traced",
    "note",
    "note_failures",
    "objections",
    "owner",
    "refuse",
    "save_settings",
    "schema_of",
    "set_state",
    "settings_of",
    "start",
    "state",
    "tables_of",
    "title",
    "told",
    "trace",
    "version",
    "version_of_settings",
]
