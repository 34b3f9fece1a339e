"""Plugins: found by entry point, checked, switched on; and hooks called so that a failing one loses only itself.

design.md 6 is the contract. A plugin is on, off, refused (wrong at load) or parked (failed too often at run time).
The rooms of core speak through the same hooks, registered as `core:<room>`; their failures are not contained.
"""

from core.plugins.answers import check_answer
from core.plugins.calling import collected, note, note_failures, objections, told
from core.plugins.installed import CONTRACT, GROUP, House, Plugin, Refused, house, refuse, title
from core.plugins.loading import start
from core.plugins.models import PluginFailure, PluginState
from core.plugins.states import absent, forget_states, is_running, owner, set_state, state

__all__ = [
    "CONTRACT",
    "GROUP",
    "House",
    "Plugin",
    "PluginFailure",
    "PluginState",
    "Refused",
    "absent",
    "check_answer",
    "collected",
    "forget_states",
    "house",
    "is_running",
    "note",
    "note_failures",
    "objections",
    "owner",
    "refuse",
    "set_state",
    "start",
    "state",
    "title",
    "told",
]
