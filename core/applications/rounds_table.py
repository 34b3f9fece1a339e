"""What rounds hand out as tables: the applications of a round with what each seeks, is proposed and where it stands.

The table as it is published (domain.md 1.6): board, project, sought, proposed, year. Points only once all are in.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core import access, db
from core.access import Actor
from core.applications.models import ASSESSED, OUTCOMES, READ, Application, CostLine, Round
from core.applications.schemas.rounds import OrderTable
from core.applications.services import applications, ranking, rounds
from core.applications.services.amounts import sought_by_year
from core.applications.states import APPLICATION
from core.applications.told_of_rounds import called
from core.documents import About, Column, Content, kind, sheet
from core.i18n import N_, Text
from core.journal import PROTECTED
from core.people.models import Organisation

ROUND = "applications:omgang"
EVERY = 5_000


def sums(actor: Actor, round_: Round) -> tuple[dict[int, int], list[tuple[str, int, int]]]:
    """Return what is sought in a round of what the actor reaches: by year, and by board with how many they are."""
    mine = select(Application.id).where(Application.round_id == round_.id, access.rule_of(Application, actor, READ))
    by_year = select(CostLine.year, func.sum(CostLine.amount)).where(CostLine.application_id.in_(mine))
    years = {year: int(kronor) for year, kronor in db.session().execute(by_year.group_by(CostLine.year))}
    rows = select(Organisation.name, func.count(), func.coalesce(func.sum(Application.sought), 0))
    rows = rows.join(Organisation, Organisation.id == Application.organisation_id).where(Application.id.in_(mine))
    boards = db.session().execute(rows.group_by(Organisation.name).order_by(Organisation.name))
    return dict(sorted(years.items())), [(name, count, int(kronor)) for name, count, kronor in boards]


def _about(actor: Actor, uid: UUID) -> About:
    row = rounds.read_round(actor, uid)
    return About(called(row), f"/omgangar/{row.uid}", row.level)


@kind(ROUND, title=N_("Omgång, som tabell"), needs=READ, about=_about, options=OrderTable)
def as_table(actor: Actor, uid: UUID, **_: Any) -> Content:
    """Gather the applications of a round that the actor reaches, one row each, in its order; nothing protected."""
    round_ = rounds.read_round(actor, uid)
    rows_of = applications.list_applications(actor, applications.Wish(round=uid), limit=EVERY).rows
    found = [one for one in rows_of if one.level < PROTECTED]
    sought = sought_by_year([one.id for one in found])
    years = sorted({year for one in sought.values() for year in one}) or [round_.year]
    judged = ranking.order_of(actor, uid) if actor.may(ASSESSED) else None
    columns: list[Column | str] = [N_("Nämnd"), N_("Ansökan"), N_("Nummer"), N_("Läge"), Column(N_("Sökt"), "kronor")]
    columns += [Column(Text(N_("Sökt {year}"), year=str(year)), "kronor") for year in years]
    if judged is not None:
        columns += [Column(N_("Plats"), "number"), Column(N_("Poäng"), "number"), N_("Förslag")]
        columns += [Column(Text(N_("Föreslås {year}"), year=str(year)), "kronor") for year in years]
        columns += [N_("Ryms i ramen")]
    rows = _rows(found, sought, years, judged)
    name = f"omgang {round_.number} {round_.year} {round_.programme.code}"
    return Content(title=called(round_), filename=name.lower(), sheet=sheet(columns, rows))


def _rows(
    found: list[Application], sought: dict[int, dict[int, int]], years: list[int], judged: ranking.Order | None
) -> Iterator[list[Any]]:
    placed = {line.application.id: (at, line, one) for at, (line, one) in enumerate(judged.rows, 1)} if judged else {}
    last = len(found) + 1
    for row in sorted(found, key=lambda one: (placed.get(one.id, (last,))[0], one.id)):
        each = sought.get(row.id, {})
        told = [row.organisation.name, row.title, row.number, APPLICATION.states[row.state].label, row.sought]
        told += [each.get(year) for year in years]
        if judged is not None:
            told += _judged(placed.get(row.id), years)
        yield told


def _judged(one: Any, years: list[int]) -> list[Any]:
    if one is None:
        return [None, None, "", *(None for _ in years), ""]
    at, line, placed = one
    points = line.verdict.total if line.verdict is not None else None
    proposed = line.proposed or {}
    ends = N_("Ja") if placed.fits else N_("Nej")
    return [at, points, OUTCOMES.get(line.outcome, ""), *(proposed.get(year) for year in years), ends]
