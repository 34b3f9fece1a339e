"""The draft of what the administration writes to its own board about an application (tjänsteutlåtande)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from core import clock
from core.access import Actor
from core.applications.documents.whole import BOARD, head_of, told_of
from core.applications.models import NEEDED, PERSPECTIVES, WRITE, Application
from core.applications.services import applications, costs
from core.documents import About, Content, kind
from core.i18n import N_, Text
from core.reserve.services.programmes import body_on

__all__ = ["BOARD"]


def _about(actor: Actor, uid: UUID) -> About:
    """Return what it is about, for who writes the application: it is the applicant's own paper."""
    found = applications.read_application(actor, uid, WRITE)
    return About(found.title, f"/ansokningar/{found.uid}", found.level)


@kind(
    BOARD,
    title=N_("Tjänsteutlåtande (utkast)"),
    needs=WRITE,
    about=_about,
    template="documents/board_paper.html",
)
def board_paper(actor: Actor, uid: UUID) -> Content:
    """Gather the draft: what the board is to decide, and what of the application it decides it by."""
    found = applications.read_application(actor, uid, WRITE)
    told = told_of(actor, found)
    running = told["parts"]["drift"]["rows"]["running"]
    most = max((one["amount"] or 0 for one in running), default=0)
    told |= {
        "body": _body(found),
        "running_most": most,
        "running_rows": running,
        "capital_first": next(iter(told["parts"]["utgifter"]["rows"]["capital"]), None),
        "perspectives": _perspectives(told),
        "lacking": costs.lacks_of_running(costs.running_of(found)),
    }
    return Content(
        title=Text(N_("Tjänsteutlåtande, utkast: {title}"), title=found.title),
        filename=f"tjansteutlatande {found.number}",
        context=head_of(found.organisation.name) | told,
        level=found.level,
    )


def _body(application: Application) -> str:
    """Return who decides about the application, as it is called on the day of the round's meeting."""
    meets = application.round.meets_on if application.round else None
    found = body_on(application.programme_id, "beslut", meets or clock.today())
    return found.organisation.name if found is not None else ""


def _perspectives(told: dict[str, Any]) -> list[tuple[str, dict[str, Any] | None]]:
    """Return what is said from each perspective: those that are always needed also when nothing is."""
    said = {one["perspective"]: one for one in told["parts"]["perspektiv"]["rows"]["perspectives"]}
    wanted = [key for key in PERSPECTIVES if key in NEEDED or (key in said and said[key]["impact"])]
    return [(PERSPECTIVES[key], said.get(key)) for key in wanted]
