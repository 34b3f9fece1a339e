"""Where the pages of this room hang."""

from __future__ import annotations

from core.http import Pages

pages = Pages("people", "core.people.views")
