"""How reports and measurings are named in frister and letters."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import access
from core.access import Actor
from core.db import session
from core.followup.models import Effect, GrantReport
from core.followup.services import reporting
from core.i18n import N_, Text
from core.upkeep.naming import About, names


@names("grant_report")
def _reports_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(GrantReport).options(joinedload(GrantReport.application)).where(GrantReport.uid.in_(uids))
    return {
        row.uid: About(_called(row), f"/rapporter/{row.uid}", row.application.number)
        for row in session().scalars(rows.where(access.rule_of(GrantReport, actor)))
    }


def _called(row: GrantReport) -> Text:
    return Text(N_("{report}, {title}"), report=reporting.title_of(row), title=row.application.title)


@names("effect")
def _effects_named(actor: Actor, uids: Collection[UUID]) -> dict[UUID, About]:
    rows = select(Effect).options(joinedload(Effect.application), joinedload(Effect.goal)).where(Effect.uid.in_(uids))
    words = N_("Effekten av {title}, mål {goal}")
    return {
        row.uid: About(
            Text(words, title=row.application.title, goal=row.goal.number),
            f"/ansokningar/{row.application.uid}/effekt",
            row.application.number,
        )
        for row in session().scalars(rows.where(access.rule_of(Effect, actor)))
    }
