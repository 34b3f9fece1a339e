"""The demo's rounds and what was handed in in them: assessed, put in order, decided, withdrawn (`demo_rounds.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, time, timedelta
from functools import partial
from importlib import resources
from typing import Any
from uuid import UUID

from core import clock, db
from core.access import Actor
from core.applications import demo_grounds, demo_whole
from core.applications.demo_whole import uid_of
from core.applications.services import (
    applications,
    assessing,
    deciding,
    meetings,
    moving,
    partiality,
    proposing,
    ranking,
    rounds,
)
from core.applications.services.criteria import criteria
from core.applications.services.eligible import candidates
from core.applications.services.measures import measures_of
from core.reserve.services.programmes import programmes
from core.upkeep.demo import Story, on, somebody

Row = Mapping[str, Any]
MORNING, NOON, LATER = time(9), time(11), time(15)
BOTH = ("slk_handlaggare@slk", "slk_handlaggare-2@slk")
"""Who assess, where the seed pack does not say."""
WHY = {
    "problembild": ("Det är inte visat hur ofta det händer.", "Problemet är styrkt av flera slags underlag."),
    "koppling": ("Orsaken är prövad för lite.", "Orsaken är prövad, och varje åtgärd riktar sig mot den."),
    "effekt": ("Målet är lågt satt mot vad det kostar.", "Målet går att följa upp, och åtgärderna bör leda dit."),
    "perspektiv": ("Perspektiven är nämnda men inte använda.", "De tre perspektiven har påverkat utformningen."),
    "samverkan": ("Den som har rådighet är sent tillfrågad.", "Alla med rådighet har gett sitt medgivande."),
    "genomforbarhet": ("Tidplanen har ingen marginal.", "Tidplanen håller, och tillstånden är utredda."),
    "kostnad": ("Driften är lågt räknad.", "Kostnaden är rimlig, och driften är löst."),
}  # fmt: skip
"""What an assessor writes under few points, and under many."""
GOOD = 2
"""Points that are many."""
SUMMARY = {
    "bevilja": "Väl underbyggd. Åtgärderna riktar sig mot en orsak som är prövad.",
    "bevilja_delvis": "Bra i grunden. En del av åtgärderna kan vänta.",
    "avsla": "Analysen bär inte. Problemet behöver mätas först.",
}
TABLED = "Utskottet vill se tidplanerna tillsammans innan det beslutar."
DRAFTED = 24
"""Days before the last one when an application is begun."""


DAYS = ("opens", "closes", "freezes", "meets", "next_meets", "ends", "begun")
"""What is counted in days from today in the seed pack."""


def read() -> Mapping[str, list[Row]]:
    """Return the rounds, cycles and applications of the seed pack; none for a city without them."""
    path = resources.files("core") / "seeds" / db.settings().city / "demo_rounds.toml"
    found = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    told: dict[str, list[Row]] = {"round": [], "ground": [], "application": []} | found
    moved = {row["key"]: _moved(row) for row in told["round"]}
    told["round"] = [_later(row, moved[row["key"]]) for row in told["round"]]
    told["ground"] = [_later(row, moved.get(row.get("round"), 0)) for row in told["ground"]]
    return told


def _moved(row: Row) -> int:
    """Return how many days a round of another year is moved, so that its committee meets on its day of the year."""
    if "years" not in row:
        return 0
    month, day = row["meets_on"]
    return (date(clock.today().year + row["years"], month, day) - clock.today()).days - int(row["meets"])


def _later(row: Row, days: int) -> Row:
    return dict(row) | {name: row[name] + days for name in DAYS if name in row}


def plan(story: Story) -> None:
    """Let the cycles come about, the rounds open and close, and what is handed in in them be prepared and decided."""
    told = read()
    demo_grounds.plan(story, told["ground"])
    for row in told["round"]:
        mine = [one for one in told["application"] if one["round"] == row["key"]]
        _plan_round(story, row)
        for number, one in enumerate(mine, 11):
            _plan_application(story, row, one, number)
            _plan_assessing(story, row, one)
        _plan_meeting(story, row, mine)


def round_uid(key: str) -> UUID:
    """Return the uid of the round called so."""
    return db.uid_of(f"demo omgång {key}")


def meets_on(key: str) -> date:
    """Return the day when the committee meets about the round called so."""
    return on(next(row["meets"] for row in read()["round"] if row["key"] == key)).date()


def _city(role: str = "slk_handlaggare") -> Actor:
    return somebody(role, "slk")


# --- Rounds ---------------------------------------------------------------------------------------------------------


def _plan_round(story: Story, row: Row) -> None:
    days = {name: on(row[name]).date() for name in ("opens", "closes", "meets")}
    story.add(on(row["opens"] - 30, MORNING), partial(_lay_up, row, days))
    story.add(on(row["opens"], time(0, 5)), partial(_move, row["key"], "oppna"))
    if row["closes"] < 0:
        story.add(on(row["closes"] + 1, MORNING), partial(_move, row["key"], "bered"))


def _lay_up(row: Row, days: Mapping[str, date]) -> None:
    programme = next(one for one in programmes() if one.code == demo_whole.PROGRAMME)
    rounds.plan_round(
        _city(),
        uid=round_uid(row["key"]),
        programme=programme.uid,
        opens_at=clock.first_moment(days["opens"]),
        closes_at=clock.first_moment(days["closes"] + timedelta(days=1)),
        meets_on=days["meets"],
        instructions=row["instructions"].strip(),
        max_amount=None,
        board_ceiling=row.get("board_ceiling"),
        conditional=row.get("conditional", False),
    )


def _move(key: str, move: str) -> None:
    rounds.move_round(_city(), round_uid(key), move)


# --- Applications ---------------------------------------------------------------------------------------------------


def _plan_application(story: Story, row: Row, one: Row, number: int) -> None:
    """Let one be written and handed in, at the latest two days before the last one; or taken some steps only."""
    last, meets = one.get("last", row["closes"]), on(row["meets"]).date()
    story.add(on(last - DRAFTED, NOON), partial(demo_whole.begin, one, round_uid(row["key"])))
    story.add(on(last - DRAFTED + 2, NOON), partial(demo_whole.write, one, meets))
    story.add(on(last - 12, NOON), partial(demo_whole.answer, one["key"]))
    steps = ((11, demo_whole.hand_over), (9, demo_whole.approve), (2, demo_whole.hand_in))
    for before, step in steps[: one.get("steps", len(steps))]:
        story.add(on(last - before, LATER), partial(step, one))
    if "steps" in one:
        return
    story.add(on(last - 5, LATER), partial(demo_whole.decide, one, number))
    if "complete" in one:
        story.add(on(last + 5, NOON), partial(_ask_for_more, one))
    else:
        story.add(on(last + 3, NOON), partial(_begin_assessing, one, number))
    if "withdrawn" in one:
        story.add(on(last + 30, NOON), partial(_withdraw, one))


def _ask_for_more(one: Row) -> None:
    moving.ask_to_complete(_city(), uid_of(one["key"]), parts=one["complete"], reply_by=None, version=None)


def _begin_assessing(one: Row, number: int) -> None:
    diary = f"KS {clock.today().year}/{900 + 13 * number}"
    applications.move_application(_city(), uid_of(one["key"]), "borja_bedoma", diary_city=diary, registered=True)


def _withdraw(one: Row) -> None:
    applications.move_application(demo_whole.boss_of(one), uid_of(one["key"]), "aterkalla", reason=one["withdrawn"])


# --- Assessing ------------------------------------------------------------------------------------------------------


def _plan_assessing(story: Story, row: Row, one: Row) -> None:
    """Let two assess it, as the seed pack says or both alike, and let it be proposed if they have said the same."""
    if {"complete", "withdrawn", "steps"} & set(one):
        return
    begun = row["closes"] + 3
    told = one.get("assessed") or [[by, one["points"], {}] for by in BOTH]
    story.add(on(begun, LATER), partial(_assign, one, [by for by, *_ in told]))
    for later, (by, *said) in enumerate(told):
        if said and isinstance(said[0], str):
            story.add(on(begun + 4, NOON), partial(_stand_aside, one, by, said[0]))
        elif said:
            story.add(on(begun + 9 + later, NOON), partial(_assess, one, by, *said))
    if "assessed" not in one:
        story.add(on(begun + 13, NOON), partial(_propose, one, on(row["meets"]).year))


def _assign(one: Row, people: list[str]) -> None:
    found = candidates(_city(), demo_whole.row_of(one["key"]))
    for by in people:
        key = demo_grounds.actor_of(by).id
        chosen = next(who for who in found if who.key == key)
        assessing.assign(_city(), uid_of(one["key"]), person=chosen.uid)


def _stand_aside(one: Row, by: str, reason: str) -> None:
    made: dict[str, Any] = {"uid": uid_of(one["key"], "jäv"), "application": uid_of(one["key"])}
    partiality.declare(demo_grounds.actor_of(by), reason=reason, **made)


def _assess(one: Row, by: str, points: int, each: Mapping[str, int]) -> None:
    """Hand in an assessment: the points everywhere but where another number is named, gates met."""
    actor, uid = demo_grounds.actor_of(by), uid_of(one["key"])
    scores: dict[str, tuple[int | None, str]] = {}
    for judged in criteria():
        given = 1 if judged.gate else each.get(judged.key, points)
        low, high = WHY.get(judged.key, ("", "Det är uppfyllt."))
        scores[judged.key] = (given, high if judged.gate or given >= GOOD else low)
    offered = one.get("proposed")
    recommended = "bevilja" if offered is None else "bevilja_delvis" if offered else "avsla"
    said: dict[str, Any] = {"recommendation": recommended, "summary": SUMMARY[recommended], "version": None}
    made = assessing.write_assessment(actor, uid, scores=scores, **said)
    assessing.move_assessment(actor, made.uid, "lamna_in")


def _amounts(one: Row, year: int) -> dict[int, int]:
    """Return what is proposed in each year: what is sought, where nothing else is said."""
    return {year + later: kronor for later, kronor in enumerate(one.get("proposed", one["amounts"]))}


def _propose(one: Row, year: int) -> None:
    amounts = _amounts(one, year) or {year: 0}
    proposing.propose(_city(), uid_of(one["key"]), amounts=amounts, version=None)
    applications.move_application(_city(), uid_of(one["key"]), "lamna_forslag")


# --- The order, and the meeting -------------------------------------------------------------------------------------


def _plan_meeting(story: Story, row: Row, mine: list[Row]) -> None:
    """Let the order be frozen and the committee meet; what it tables waits for its next meeting."""
    key, meets, year = row["key"], row["meets"], on(row["meets"]).year
    story.add(on(min(meets - 6, row.get("freezes", meets)), NOON), partial(_meet_later, key, on(meets).date(), ""))
    if meets >= 0:
        return
    story.add(on(row.get("freezes", meets - 10), NOON), partial(_freeze, key))
    story.add(on(meets, NOON), partial(_hold, key))
    for one in mine:
        if "decision" in one or "tabled" in one:
            story.add(on(meets, LATER), partial(_record, key, one, year))
            story.add(on(meets + 1, NOON), partial(_confirm, one))
        if "tabled" in one:
            story.add(on(meets + 3, NOON), partial(_take_up, one))
    story.add(on(meets + 5, NOON), partial(_adjust, key))
    if "next_meets" in row:
        story.add(on(meets + 2, NOON), partial(_meet_later, key, on(row["next_meets"]).date(), "nästa"))
    if "ends" in row:
        story.add(on(row["ends"], NOON), partial(_move, key, "avsluta"))


def _meeting(key: str, which: str = "") -> UUID:
    return db.uid_of(f"demo sammanträde {key} {which}")


def _meet_later(key: str, held_on: date, which: str) -> None:
    made: dict[str, Any] = {"uid": _meeting(key, which), "of_round": round_uid(key), "programme": None}
    meetings.add_meeting(_city("ksu_sekr"), held_on=held_on, **made)


def _freeze(key: str) -> None:
    ranking.rank_by_points(_city(), round_uid(key), version=None)
    ranking.move_order(_city(), round_uid(key), "frys")


def _hold(key: str) -> None:
    meetings.move_meeting(_city("ksu_sekr"), _meeting(key), "hall")


def _adjust(key: str) -> None:
    meetings.move_meeting(_city("ksu_sekr"), _meeting(key), "justera", adjusted_on=clock.today())


def _record(key: str, one: Row, year: int) -> None:
    outcome = one.get("decision", "bordlagd")
    amounts = _amounts(one, year) if outcome in ("beviljad", "delvis_beviljad") else {}
    words = {name: one[name] for name in ("motive", "motive_text", "conditions") if name in one}
    if "tabled" in one:
        words["departs"] = TABLED
    made: dict[str, Any] = {
        "uid": uid_of(one["key"], "beslut"),
        "meeting": _meeting(key),
        "application": uid_of(one["key"]),
    }
    if "left_out" in one:
        row = applications.read_application(_city("ksu_sekr"), uid_of(one["key"]))
        made["left_out"] = [measure.uid for measure in measures_of(row) if measure.text in one["left_out"]]
    paragraph = one.get("tabled") or one.get("paragraph", "12")
    deciding.record(_city("ksu_sekr"), outcome=outcome, amounts=amounts, paragraph=paragraph, **made, **words)


def _confirm(one: Row) -> None:
    deciding.confirm(_city("slk_ekonom"), uid_of(one["key"], "beslut"))


def _take_up(one: Row) -> None:
    applications.move_application(_city(), uid_of(one["key"]), "ta_upp")
