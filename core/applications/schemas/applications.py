"""Lists of applications."""

from __future__ import annotations

from core.applications.states import APPLICATION
from core.documents import TableOptions
from core.i18n import N_
from core.schema import ListFilter, fields


def _state() -> fields.Choice:
    states = {"": N_("Alla")} | {key: state.label for key, state in APPLICATION.states.items()}
    return fields.Choice(states, load_default="", label=N_("Läge"))


class ApplicationFilter(ListFilter):
    """Which applications to list."""

    visa = _state()


class ListTable(TableOptions):
    """Which applications to write into a table."""

    visa = _state()
