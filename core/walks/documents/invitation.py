"""The invitation to a walk (domain.md 2.7): where, when, how dark, whom to ask, and whether one can come along.

It is put up on doors and handed out. So whom to ask is a function, never a person, and nothing internal stands in it:
no risks, no police, no notes of who comes.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core.access import Actor
from core.documents import Content, kind
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.walks import services
from core.walks.documents.gathering import LEAD, PaperOptions, about_led, letterhead
from core.walks.documents.way import way_of
from core.walks.models import LIGHTS

TITLE = N_("Inbjudan")


@kind(
    "walks:invitation",
    title=TITLE,
    needs=LEAD,
    about=about_led,
    template="documents/invitation.html",
    options=PaperOptions,
)
def invitation(actor: Actor, uid: UUID, *, language: str, large: bool) -> Content:
    """Gather what those who are invited need to know."""
    walk = services.read_walk(actor, uid, LEAD)
    way, places = way_of(actor, walk), [one.place for one in services.places_of(actor, walk)]
    named = [place.name for place in places if place.level < PROTECTED]
    light = services.light_of(walk)
    told: dict[str, Any] = {
        "walk": walk,
        "gathering": walk.stops[0].name if walk.stops else next(iter(named), ""),
        "near": named,
        "light": LIGHTS[light],
        "dark": light != "dag",
        "sun": services.sun_of(walk),
        "way": way,
        "partners": [one.name for one in walk.partners],
        "contacts": walk.organiser.contacts.splitlines(),
        "large": large,
    }
    return Content(
        title=Text(N_("Inbjudan: {title}"), title=walk.title),
        filename=f"inbjudan {walk.number} {language}{' stor text' if large else ''}",
        context=letterhead(walk) | told,
        drawings=way.drawings,
        files=way.ground.files,
        level=walk.level,
        language=language,
    )
