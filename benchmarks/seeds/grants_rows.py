"""The rows of an application that is made from a grant, table by table: see `grants`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zlib import crc32

from sqlalchemy import insert, select

from core import clock, db
from core.applications.limits import INSPECTION
from core.applications.models import (
    Allocation,
    Application,
    ApplicationEvent,
    ApplicationMeasure,
    ApplicationPart,
    ApplicationPlace,
    ApplicationText,
    Assessment,
    BodyMeeting,
    CostLine,
    GrantDecision,
    Milestone,
    OtherFunding,
    Promise,
    Proposal,
    Ranked,
    Round,
    RunningCost,
    Score,
)
from core.applications.parts import PARTS
from core.applications.services.criteria import criteria
from core.followup.models import CarryOver, Claim, Effect, GrantReport
from core.reserve.models import Booking, BookingLine, Entry
from core.upkeep.models import Deadline

if TYPE_CHECKING:
    from benchmarks.seeds.grants import Grant, Ground

A_ROUND, YEARS = 200, 8
OPEN_ROUND = -1
DRAFTS = ("utkast", "klar_for_namnd", "inskickad", "komplettering")
FINISHED = ("fardig", "slutredovisad", "effekt_uppfoljd", "avslutad")
FRESH = ("genomfors", "beviljad", "genomfors", "pausad", "genomfors")
WITH_PARTS = 400
RULE = {"schema": 1, "title": "Besiktning", "kind_title": "Besiktning", "clock": "calendar_days", "fix": 30}


def board(ground: Ground, row: Grant) -> int:
    """Return the board that stands for who was granted it."""
    return ground.boards[crc32(row.whose.encode()) % len(ground.boards)]


class _Made:
    """What one application of the batch is: its number, grant, round and its year, state, and what it was granted."""

    def __init__(self, ground: Ground, n: int, row: Grant) -> None:
        self.n, self.row, self.uid = n, row, db.uid_of(f"benchmark application {n}")
        nth = n // A_ROUND
        self.is_draft = n % 40 == 7
        self.nth = OPEN_ROUND if self.is_draft else nth
        self.year = ground.today.year - (max(0, nth - 1) % YEARS if nth else 0)
        self.board = board(ground, row)
        self.granted = 0
        self.outcome = ""
        self.state = self._state(nth)
        self.key = 0
        self.allotted = self.year if not self.is_draft else ground.today.year

    def _state(self, nth: int) -> str:
        if self.is_draft:
            return DRAFTS[self.n // 40 % len(DRAFTS)]
        if nth == 0:
            return ("under_bedomning", "forslag")[self.n % 2]
        if self.n % 5 == 4:
            self.outcome = "avslag"
            return "avslag" if self.n % 2 else "avslutad"
        self.outcome = "delvis_beviljad" if self.n % 5 == 3 else "beviljad"
        self.granted = max(1, self.row.granted // 2) if self.n % 5 == 3 else self.row.granted
        is_new = (max(0, nth - 1) % YEARS) < 2
        if is_new or self.n % 20 == 0:
            return FRESH[self.n // 5 % len(FRESH)]
        return FINISHED[self.n // 5 % len(FINISHED)]

    @property
    def is_finished(self) -> bool:
        """Whether what was granted is built."""
        return bool(self.granted) and self.state in FINISHED


def add(ground: Ground, numbered: Sequence[tuple[int, Grant]]) -> None:
    """Add applications with all that belongs to them."""
    made = [_Made(ground, n, row) for n, row in numbered]
    _rounds(ground, made)
    keys = _new(Application, [_application(ground, one) for one in made])
    for one, key in zip(made, keys, strict=True):
        one.key = key
    _content(ground, made)
    _assessed(ground, [one for one in made if one.nth == 0])
    _decided(ground, [one for one in made if one.outcome])
    _spent(ground, [one for one in made if one.granted])


def _rounds(ground: Ground, made: Sequence[_Made]) -> None:
    """Let each round be there that the applications are in, with the meeting that decided, unless it is prepared."""
    for one in made:
        if one.nth in ground.rounds:
            continue
        nth, uid = one.nth, db.uid_of(f"benchmark round {one.nth}")
        known = db.session().scalar(select(Round.id).where(Round.uid == uid))
        meeting = db.session().scalar(select(BodyMeeting.id).where(BodyMeeting.round_id == known))
        year = ground.today.year if nth == OPEN_ROUND else one.year
        if known is None:
            now, day = clock.now(), timedelta(days=1)
            opens = ground.moment(year, 2) + nth * timedelta(seconds=1)
            closes = opens + 30 * day
            state = {OPEN_ROUND: "oppnad", 0: "bereds"}.get(nth, "beslutad")
            if nth == OPEN_ROUND:
                opens, closes = now - 5 * day, now + 25 * day
            facts = {"uid": uid, "programme_id": ground.programme, "year": year, "number": 100 + nth, "content": b""}
            [known] = _new(Round, [facts | {"opens_at": opens, "closes_at": closes, "state": state}])
        if meeting is None and nth > 0:
            held_on = (ground.moment(year, 6) + timedelta(days=nth // YEARS)).date()
            facts = {"uid": db.new_uid(), "programme_id": ground.programme, "organisation_id": ground.owner}
            facts |= {"round_id": known, "held_on": held_on, "state": "justerat", "content": b""}
            [meeting] = _new(BodyMeeting, [facts])
        ground.rounds[nth] = known
        if meeting is not None:
            ground.meetings[nth] = meeting


def _application(ground: Ground, one: _Made) -> dict[str, Any]:
    handed_in = one.state not in DRAFTS[:2]
    came = ground.moment(one.year) if not one.is_draft else clock.now() - timedelta(days=2)
    turn = f" ({one.n // 1970})" if one.n >= 1970 else ""
    return {
        "uid": one.uid,
        "content": b"",
        "number": _number(one),
        "programme_id": ground.programme,
        "round_id": ground.rounds[one.nth],
        "organisation_id": one.board,
        "title": one.row.title + turn,
        "state": one.state,
        "edition": int(handed_in),
        "sought": one.row.granted,
        "begun_at": came - timedelta(days=20),
        "submitted_at": came if handed_in else None,
        "project_code": f"G{one.n:06}" if one.granted else "",
        "finished_on": ground.moment(one.year, 11).date() if one.is_finished else None,
    }


def _content(ground: Ground, made: Sequence[_Made]) -> None:
    """Add what each application tells: text, place, cost by year, measure, running cost, funding; points and place."""
    rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for one in made:
        about = {"application_id": one.key}
        done = ground.moment(one.year, 11).date()
        rows[ApplicationText].append(about | {"problem": one.row.title, "completes_on": done})
        rows[ApplicationPlace].append(about | {"place_id": ground.places[one.row.number]})
        for later, part in enumerate(_shared(one.row.granted, 1 + one.n % 2)):
            rows[CostLine].append(about | _uid() | {"year": one.year + later, "kind": "entreprenad", "amount": part})
        rest = one.row.cost - one.row.granted
        if rest > 0:
            rows[OtherFunding].append(about | _uid() | {"source": "Egna medel", "amount": rest, "decided": True})
        for year in (1, 2):
            rows[RunningCost].append(about | {"year": year, "amount": one.row.granted // 50, "payer_id": one.board})
        event = {"kind": "begunnen", "target": "utkast", "at": ground.moment(one.year), "organisation_id": one.board}
        rows[ApplicationEvent].append(about | event)
        if one.n < WITH_PARTS:
            rows[ApplicationPart] += [about | {"part": key} for key in PARTS]
        if one.state == "forslag":
            rows[Proposal].append(about | {"year": one.year, "amount": one.row.granted})
        if one.nth == 0:
            place = {"round_id": ground.rounds[0], "position": 1 + one.n, "moved_at": clock.now()}
            rows[Ranked].append(about | place)
    _insert(rows)
    whose = [{"application_id": one.key, "number": 1, "text": "Ny belysning"} | _uid() for one in made]
    for one, measure in zip(made, whose, strict=True):
        measure |= {"kind": one.row.kind, "amount": one.row.granted, "done": 100 if one.is_finished else 40}
    measures = _new(ApplicationMeasure, whose)
    promises = [
        {"uid": db.uid_of(f"benchmark promise {one.n}"), "application_id": one.key, "measure_id": measure}
        | {"owner_id": ground.owner, "standard": "Fel åtgärdas inom 5 arbetsdagar", "cost": one.row.granted // 50}
        for one, measure in zip(made, measures, strict=True)
    ]
    _insert({Promise: promises})


def _assessed(ground: Ground, made: Sequence[_Made]) -> None:
    """Add what two have handed in of each that is being prepared, with points that are not all the same."""
    asked: list[dict[str, Any]] = []
    for one in made:
        for person in ground.assessors:
            facts = {"application_id": one.key, "person_id": person, "state": "inlamnad", "edition": 1}
            asked.append(facts | _uid() | {"asked_at": clock.now(), "recommendation": "bevilja"})
    keys = _new(Assessment, asked)
    scores = []
    for nth, key in enumerate(keys):
        for place, judged in enumerate(criteria()):
            points = 1 if judged.gate else (nth // 2 + place) % 4
            scores.append({"assessment_id": key, "criterion": judged.key, "points": points, "why": "Därför."})
    _insert({Score: scores})


def _decided(ground: Ground, made: Sequence[_Made]) -> None:
    """Add the decision of each, what it grants, and what the book says of that."""
    rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    decisions = []
    for one in made:
        at = ground.moment(one.year, 6)
        facts = {"application_id": one.key, "meeting_id": ground.meetings[one.nth], "paragraph": str(one.n % 200)}
        facts |= {"outcome": one.outcome, "state": "bekraftad", "recorded_at": at, "confirmed_at": at, "content": b""}
        decisions.append(facts | _uid() | {"motive": "" if one.granted else "ram_slut"})
    keys = _new(GrantDecision, decisions)
    given = [(one, key) for one, key in zip(made, keys, strict=True) if one.granted]
    kinds = [(one, "beslut", "beviljat", one.granted) for one, _ in given]
    kinds += [(one, "utfall", "bokfort", max(1, one.granted * 9 // 10)) for one, _ in given if one.is_finished]
    bookings = _new(Booking, [_booking(ground, one, kind, nth) for nth, (one, kind, _, _) in enumerate(kinds)])
    for (one, _, account, amount), booking in zip(kinds, bookings, strict=True):
        line = {"booking_id": booking, "frame_id": ground.frames[one.allotted], "account": account, "amount": amount}
        rows[BookingLine].append(line)
        about = {"matter": one.uid, "organisation_id": one.board, "at": ground.moment(one.year, 6)}
        rows[Entry].append(line | about)
    for one, key in given:
        told = {"decision_id": key, "year": one.allotted, "amount": one.granted, "reserve_code": "CM4"}
        rows[Allocation].append(told)
    _insert(rows)


def _booking(ground: Ground, one: _Made, kind: str, nth: int) -> dict[str, Any]:
    at = ground.moment(one.year, 6)
    whose = {"matter": one.uid, "matter_number": _number(one), "organisation_id": one.board}
    facts = {"number": f"RB-G{one.n:06}{kind[0]}", "programme_id": ground.programme, "kind": kind, "state": "bokford"}
    return _uid() | whose | facts | {"proposed_at": at, "booked_at": at, "decision": f"§ {nth}", "content": b""}


def _spent(ground: Ground, made: Sequence[_Made]) -> None:
    """Add milestones, claims, reports, measured effects, money asked to follow, and inspections that are due."""
    rows: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for one in made:
        about = {"application_id": one.key}
        for month, weight in ((9, 40), (11, 60)):
            day = ground.moment(one.year, month).date()
            step = {"title": "Etapp", "due_on": day, "weight": weight, "done_on": day if one.is_finished else None}
            rows[Milestone].append(about | _uid() | step)
        state = "betald" if one.is_finished else ("inskickad", "utkast", "granskad", "betald")[one.n % 4]
        claim = {"number": f"RK-G{one.n:06}", "year": one.allotted, "amount": max(1, one.granted // 2), "state": state}
        rows[Claim].append(about | _uid() | claim | {"what": "Etapp 1", "content": b""})
        for period, month in (("T1", 5), ("T2", 9)):
            due = {"kind": "tertial", "period": f"{one.year}-{period}", "due_on": ground.moment(one.year, month).date()}
            stands = "godkand" if one.is_finished else ("planerad", "inlamnad")[one.n % 2]
            rows[GrantReport].append(about | _uid() | due | {"state": stands})
        rows[Effect] += _effects(ground, one)
        if one.n % 30 == 1:
            facts = {"number": f"OB-G{one.n:06}", "from_year": one.year, "to_year": one.year + 1, "amount": 1}
            facts |= {"cause": "leverans", "reason": "Försenad", "new_completion": ground.moment(one.year, 12).date()}
            facts |= {"state": ("beviljad", "begard", "avslagen")[one.n // 30 % 3], "content": b""}
            rows[CarryOver].append(about | _uid() | facts | {"asked_at": ground.moment(one.year, 10)})
        if one.is_finished and one.n % 10 == 2:
            rows[Deadline].append(_inspection(ground, one))
    _insert(rows)


def _effects(ground: Ground, one: _Made) -> list[dict[str, Any]]:
    if one.state not in FINISHED[1:]:
        return []
    found = []
    for phase, month, value in (("fore", 2, 4.0), ("man_6", 12, 6.0)):
        facts = {"application_id": one.key, "goal_id": ground.goal, "phase": phase, "state": "matt", "value": value}
        facts |= {"due_on": ground.moment(one.year, month).date(), "n": 40, "unit": "andel", "content": b""}
        facts["verdict"] = ("battre", "samre", "oklart")[one.n % 3] if phase != "fore" else ""
        found.append(_uid() | facts)
    return found


def _inspection(ground: Ground, one: _Made) -> dict[str, Any]:
    starts = ground.moment(one.year, 11)
    due = starts + timedelta(days=30)
    facts: dict[str, Any] = {"kind": INSPECTION, "leg": "fix", "subject_kind": "maintenance_promise", "rule": RULE}
    facts |= {"subject_uid": db.uid_of(f"benchmark promise {one.n}"), "organisation_id": ground.owner}
    facts |= {"place_id": ground.places[one.row.number], "state": "oppen" if one.n % 3 else "klar"}
    return _uid() | facts | {"starts_at": starts, "due_at": due, "due_on": due.date(), "badly_late_at": due}


def _shared(amount: int, many: int) -> list[int]:
    """Return an amount in so many parts, none of them nothing."""
    first = amount // many
    return [part for part in (amount - first * (many - 1), *[first] * (many - 1)) if part > 0]


def _number(one: _Made) -> str:
    return f"TI-G{one.n:06}"


def _uid() -> dict[str, UUID]:
    return {"uid": db.new_uid()}


def _insert(rows: dict[Any, list[dict[str, Any]]]) -> None:
    for model, some in rows.items():
        if some:
            db.session().execute(insert(model), some)


def _new(model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Add rows; return their keys, in the same order."""
    if not rows:
        return []
    made = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session().scalars(made, list(rows)))
