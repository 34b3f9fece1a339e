"""The one seam to Flask: what the rooms' views and API functions import, and plugins through `core.kit`."""

from core.http.blueprints import Api, Pages, expected_version, with_etag
from core.http.frame import actor, takes, takes_key, undoes
from core.http.pages import back_to, page, redraw_with, section_parts, see_other

__all__ = [
    "Api",
    "Pages",
    "actor",
    "back_to",
    "expected_version",
    "page",
    "redraw_with",
    "section_parts",
    "see_other",
    "takes",
    "takes_key",
    "undoes",
    "with_etag",
]
