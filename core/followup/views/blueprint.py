"""The blueprint of the pages of followup."""

from __future__ import annotations

from core.http import Pages

pages = Pages("followup", "core.followup.views")
