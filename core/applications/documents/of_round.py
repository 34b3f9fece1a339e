"""The summary of a round as stadsledningskontoret publishes it (domain.md 1.6): board, project, sought, proposed, year.

Points are not in it: they are for those who prepare the round.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import db
from core.access import Actor
from core.applications.documents.whole import head_of
from core.applications.models import ASSESSED, OUTCOMES, Application
from core.applications.services import ranking, rounds
from core.applications.services.ranking import years_of
from core.applications.states import APPLICATION
from core.applications.told_of_rounds import called
from core.documents import About, Content, kind
from core.i18n import N_, Text
from core.people.models import Organisation
from core.reserve.models import Programme

SUMMARY = "applications:sammanstallning"
WHOLE = 100


def about_round(actor: Actor, uid: UUID) -> About:
    """Return what a document of a round is about: as protected as what is applied for in it."""
    row = rounds.read_round(actor, uid)
    highest = db.session().scalar(select(func.max(Application.level)).where(Application.round_id == row.id))
    return About(called(row), f"/omgangar/{row.uid}", max(row.level, highest or 1))


@kind(
    SUMMARY,
    title=N_("Sammanställning av omgången"),
    needs=ASSESSED,
    about=about_round,
    template="documents/round_summary.html",
)
def summary(actor: Actor, uid: UUID) -> Content:
    """Gather the order of a round: as it was frozen, else as it stands today."""
    round_ = rounds.read_round(actor, uid)
    kept = kept_order(actor, uid)
    owner = select(Organisation.name).join(Programme, Programme.owner_id == Organisation.id)
    sender = db.session().scalar(owner.where(Programme.id == round_.programme_id)) or actor.organisation_name
    told: dict[str, Any] = {
        "round": round_,
        "called": called(round_),
        "rows": kept["rows"],
        "sought": sum(sum(one["sought"].values()) for one in kept["rows"]),
        "proposed": sum(sum(one["proposed"].values()) for one in kept["rows"]),
        "proposed_by_year": {
            year: sum(one["proposed"].get(year, 0) for one in kept["rows"]) for year in years_of(kept)
        },
        "frames": frames_of(kept),
        "shares": shares_of(kept),
        "running": {int(year): kronor for year, kronor in kept["running"].items()},
        "carried": kept["carried"],
        "outcomes": OUTCOMES,
        "years": years_of(kept),
        "lines": lines_of(kept),
        "frozen_at": round_.frozen_at,
        "outside": [(one["number"], APPLICATION.states[one["state"]].label) for one in kept.get("outside", ())],
        "elsewhere": kept.get("elsewhere", []),
        "waits": sum(1 for one in kept["rows"] if not one["outcome"]),
    }
    return Content(
        title=Text(N_("Sammanställning: {round}"), round=called(round_)),
        filename=f"sammanstallning {round_.programme.code} {round_.year} {round_.number}",
        context=head_of(sender) | told,
        level=about_round(actor, uid).level,
    )


def kept_order(actor: Actor, uid: UUID) -> dict[str, Any]:
    """Return the order of a round as it was frozen; before that as it stands now, in the same shape."""
    round_ = rounds.read_round(actor, uid)
    return round_.frozen or ranking.frozen(ranking.order_of(actor, uid), actor)


def lines_of(kept: dict[str, Any]) -> dict[int, list[str]]:
    """Return before which row (from 0) the money of which years ends."""
    found: dict[int, list[str]] = {}
    for year, place in sorted(kept["lines"].items()):
        found.setdefault(place, []).append(year)
    return found


def frames_of(kept: dict[str, Any]) -> list[tuple[str, int, int, int]]:
    """Return for each year what was left of the frame, what is proposed of it, and what is left then."""
    years = sorted({*kept["frames"], *years_of(kept)})
    proposed = {year: sum(one["proposed"].get(year, 0) for one in kept["rows"]) for year in years}
    return [
        (year, kept["frames"].get(year, 0), proposed[year], kept["frames"].get(year, 0) - proposed[year])
        for year in years
        if kept["frames"].get(year, 0) or proposed[year] or year in kept["lines"]
    ]


def shares_of(kept: dict[str, Any]) -> list[tuple[str, int, int, int, float]]:
    """Return for each board how many it applies for, what it seeks, what is proposed, and its part of all of that.

    Percent with one decimal, the board that gets the most first.
    """
    found: dict[str, list[int]] = {}
    for one in kept["rows"]:
        counts = found.setdefault(one["organisation"], [0, 0, 0])
        counts[0] += 1
        counts[1] += sum(one["sought"].values())
        counts[2] += sum(one["proposed"].values())
    most = sum(counts[2] for counts in found.values())
    rows = [(name, n, sought, given, _percent(given, most)) for name, (n, sought, given) in found.items()]
    return sorted(rows, key=lambda one: (-one[3], one[0]))


def _percent(part: int, of: int) -> float:
    return round(part * WHOLE / of, 1) if of else 0.0
