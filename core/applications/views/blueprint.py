"""The blueprint of the pages of applications."""

from __future__ import annotations

from core.http import Pages

pages = Pages("applications", "core.applications.views")
