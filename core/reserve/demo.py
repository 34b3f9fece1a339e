"""The demo's reserve: a budget for each year around today, and more money that waits for its second person."""

from __future__ import annotations

from datetime import date
from functools import partial

from core import clock, db
from core.places.services import rows_of
from core.reserve.services import book
from core.reserve.services.programmes import programmes
from core.upkeep.demo import Story, on, somebody


def plan(story: Story) -> None:
    """Let each year get its budget before it begins, and the last one of the file be proposed a week ago."""
    today = clock.today()
    for number, row in enumerate(rows_of("demo_frames.csv")):
        year = today.year + int(row["year_from_now"])
        decided = date(year - 1, 11, 27) if row["kind"] == "kf_budget" else date(year, 5, 20)
        days = min((decided - today).days, -30 if row["confirmed"] else -7)
        story.add(on(days), partial(_propose, number, row, year))


def _propose(number: int, row: dict[str, str], year: int) -> None:
    found = next(one for one in programmes() if one.code == row["programme"])
    economist, other = somebody("slk_ekonom", "slk"), somebody("slk_handlaggare", "slk")
    made = book.propose(
        economist,
        uid=db.uid_of(f"demo frame {number}"),
        programme=found.uid,
        kind=row["kind"],
        year=year,
        amount=int(row["amount"]),
        decision=f"{row['decision']} {clock.today().isoformat()}",
    )
    if row["confirmed"]:
        book.confirm(other, made.uid)
