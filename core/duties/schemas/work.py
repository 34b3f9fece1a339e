"""Whose work is shown."""

from __future__ import annotations

from core.i18n import N_
from core.schema import Schema, fields


class WorkFilter(Schema):
    """One of the organisations in which one works."""

    organisation = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Vilken organisation?"))
