"""The effect of a grant on paper: what was frozen before, each measuring since, and what that shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from core.access import Actor
from core.applications.documents.offered import Group, Offered, offers
from core.applications.documents.whole import head_of
from core.applications.models import Application
from core.applications.states import GRANTED_STATES
from core.documents import About, Content, kind
from core.followup.effect import SEASONS, VERDICTS
from core.followup.models import PHASES, READ
from core.followup.services import carrying_out, effects
from core.followup.states import EFFECTS
from core.i18n import N_, Text

EFFECT = "followup:effekt"


def _about(actor: Actor, uid: UUID) -> About:
    found = carrying_out.read_granted(actor, uid)
    return About(found.title, f"/ansokningar/{found.uid}/effekt", found.level)


@kind(EFFECT, title=N_("Effektrapport"), needs=READ, about=_about, template="documents/effect_report.html")
def effect_on_paper(actor: Actor, uid: UUID) -> Content:
    """Gather each goal of a grant with what was measured: value, how many, interval; or that it cannot be told."""
    application = carrying_out.read_granted(actor, uid)
    found = effects.followed(actor, application)
    newest = [one.newest for one in found]
    told: dict[str, Any] = {
        "application": application,
        "goals": found,
        "counts": [(title, sum(1 for one in newest if one and one.verdict == key)) for key, title in VERDICTS.items()],
        "unmeasured": sum(1 for one in newest if one is None),
        "phases": PHASES,
        "seasons": SEASONS,
        "verdicts": VERDICTS,
        "states": {key: state.label for key, state in EFFECTS.states.items()},
    }
    return Content(
        title=Text(N_("Effekt: {title}"), title=application.title),
        filename=f"effektrapport {application.number}",
        context=head_of(application.organisation.name) | told,
        level=max([application.level, *(row.level for one in found for row in (*one.after, *one.compared))]),
    )


@offers
def _offers(actor: Actor, application: Application) -> Iterable[Group]:
    if not actor.may(READ) or application.state not in (*GRANTED_STATES, "avslutad"):
        return
    if effects.followed(actor, application):
        items = [Offered(N_("Gör effektrapport"), EFFECT, application.uid)]
        yield Group(N_("Effekt"), N_("Läget före och varje mätning efter, med antal svar och osäkerhet."), items)
