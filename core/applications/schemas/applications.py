"""Lists of applications."""

from __future__ import annotations

from core.applications.states import APPLICATION
from core.i18n import N_
from core.schema import ListFilter, fields


class ApplicationFilter(ListFilter):
    """Which applications to list."""

    visa = fields.Choice(
        {"": N_("Alla")} | {key: state.label for key, state in APPLICATION.states.items()},
        load_default="",
        label=N_("Läge"),
    )
