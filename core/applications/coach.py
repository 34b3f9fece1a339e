"""The coach: how far an application has come, what it lacks, why that is asked, and where it is mended.

Nothing here asks the database: `Draft` is an application as the coach reads it, a rule is a row of the seed pack
(`coach_rules.csv`) with a function of the same key in `core.applications.coach_rules`. So a round can freeze its rules,
and a city can weigh them otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

READY = 70
"""Percent at which a review may be asked for (domain.md 1.3)."""
NEVER, AT_REVIEW, AT_SUBMIT = "nej", "granskning", "skicka_in"
"""Whether a rule that is not met stops anything: nothing, both review and submission, or submission alone."""
COLUMNS = ("key", "part", "title", "why", "weight", "blocking", "applies")


# --- An application as the coach reads it -------------------------------------------------------------------------


@dataclass(frozen=True)
class Spot:
    """A place of the application, with its access."""

    name: str
    access: str


@dataclass(frozen=True)
class Planned:
    """A measure: `cause` is the state of its cause ("" for none), `running` whether its kind can be chosen now.

    `objections` is what the plugin that its kind belongs to says is left of its own approval.
    """

    kind: str
    text: str
    cause: str = ""
    built: bool = True
    promised: bool = False
    running: bool = True
    objections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aim:
    """A goal of the cycle: which of its fields are not filled in, and whether somebody answers for it."""

    text: str
    lacks: tuple[str, ...] = ()
    owned: bool = False
    due_on: date | None = None


@dataclass(frozen=True)
class Seen:
    """A perspective: whether it says how the measures strike, how that was considered and who was heard."""

    impact: bool = False
    considered: bool = False
    heard: bool = False

    @property
    def whole(self) -> bool:
        """Whether all three are there."""
        return self.impact and self.considered and self.heard


@dataclass(frozen=True)
class Reply:
    """A question to an organisation (its code) about the application: whether it is answered, and how."""

    organisation: str
    asked_for: str
    answered: bool = False
    stance: str = ""


@dataclass(frozen=True)
class Yearly:
    """The running cost of a year: kronor, whether somebody pays it, and whether it says why it is none."""

    amount: int
    paid: bool = False
    why: bool = False


@dataclass(frozen=True)
class Other:
    """Something beside the application that a rule is about: what it is called, its page if the reader reaches it."""

    name: str
    link: str = ""


@dataclass(frozen=True)
class Draft:
    """An application as it stands, without words that the rules do not need. Amounts are whole kronor.

    `drawn` is what of the costs of a year is for planning, which comes before the work.
    """

    programme: str = ""
    access: frozenset[str] = frozenset()
    large: int = 1_000_000
    late_years: int = 1
    max_amount: int | None = None
    board_left: int | None = None
    frames: Mapping[int, int] = field(default_factory=dict)
    places: tuple[Spot, ...] = ()
    problem: str = ""
    evidence: tuple[str, ...] = ()
    cycle: bool = False
    likely: int = 0
    measures: tuple[Planned, ...] = ()
    goals: tuple[Aim, ...] = ()
    perspectives: Mapping[str, Seen] = field(default_factory=dict)
    children: tuple[str, str] = ("", "")
    starts_on: date | None = None
    completes_on: date | None = None
    milestones: tuple[date, ...] = ()
    permits: Mapping[str, str] = field(default_factory=dict)
    replies: tuple[Reply, ...] = ()
    to_ask: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    costs: Mapping[int, int] = field(default_factory=dict)
    drawn: Mapping[int, int] = field(default_factory=dict)
    capital: int = 0
    components: tuple[tuple[int, int], ...] = ()
    running: Mapping[int, Yearly] = field(default_factory=dict)
    alternatives: str = ""
    displacement: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    others: tuple[Other, ...] = ()
    upkeep_words: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    late_ones: tuple[Other, ...] = ()

    @property
    def sought(self) -> int:
        """What is sought, in kronor."""
        return sum(self.costs.values())

    @property
    def built(self) -> tuple[Planned, ...]:
        """The measures that leave something to be looked after."""
        return tuple(one for one in self.measures if one.built)


# --- Rules and what they find -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A rule as data: which part it is of, why it is asked, how much it weighs, what it stops, in which programmes.

    One that weighs nothing only advises. `applies` are codes of programmes; none named means all.
    """

    key: str
    part: str
    title: str
    why: str
    weight: int
    blocking: str = NEVER
    applies: frozenset[str] = frozenset()

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Rule:
        """Return the rule of a row of the seed pack, or of a round that has frozen it."""
        words = {name: row[name] for name in ("key", "part", "title", "why", "blocking")}
        return cls(**words, weight=int(row["weight"]), applies=frozenset(str(row["applies"]).split()))


@dataclass(frozen=True)
class Lack:
    """What is missing, as a sentence that says what to do, and the field of the part's form that mends it, if one does.

    `about` is what it is about beside the application.
    """

    text: str
    field: str = ""
    about: tuple[Other, ...] = ()


MET = None
Verdict = Lack | None
Check = Callable[[Draft], "Verdict | bool"]
"""Says of a draft what it lacks; None where the rule is met, False where it does not apply."""

CHECKS: dict[str, Check] = {}


def checks(key: str) -> Callable[[Check], Check]:
    """Register the function of the rule `key`."""

    def register(check: Check) -> Check:
        CHECKS[key] = check
        return check

    return register


@dataclass(frozen=True)
class Missing:
    """A rule that is not met, and what it lacks."""

    rule: Rule
    lack: Lack


@dataclass(frozen=True)
class Coaching:
    """What the coach says: what is met, what is missing with the heaviest first, what to look out for."""

    met: tuple[Rule, ...]
    missing: tuple[Missing, ...]
    advice: tuple[Missing, ...]

    @property
    def applicable(self) -> int:
        """How many rules apply."""
        return len(self.met) + len(self.missing)

    @property
    def percent(self) -> int:
        """How much of what is asked is there, by weight, rounded down."""
        met = sum(rule.weight for rule in self.met)
        return 100 * met // max(met + sum(one.rule.weight for one in self.missing), 1)

    @property
    def is_ready(self) -> bool:
        """Whether a review may be asked for."""
        return self.percent >= READY

    def stops(self, move: str) -> tuple[Missing, ...]:
        """Return what is missing that stops a move: what stops a review stops submission too."""
        stopping = (AT_REVIEW,) if move == AT_REVIEW else (AT_REVIEW, AT_SUBMIT)
        return tuple(one for one in self.missing if one.rule.blocking in stopping)

    def of_part(self, part: str) -> Coaching:
        """Return what it says of one part."""
        return Coaching(
            tuple(rule for rule in self.met if rule.part == part),
            tuple(one for one in self.missing if one.rule.part == part),
            tuple(one for one in self.advice if one.rule.part == part),
        )


def coaching(draft: Draft, rules: Iterable[Rule]) -> Coaching:
    """Return what the rules say of a draft. A rule whose function nobody has is passed over."""
    met: list[Rule] = []
    missing: list[Missing] = []
    advice: list[Missing] = []
    for rule in rules:
        check = CHECKS.get(rule.key)
        if check is None or (rule.applies and draft.programme not in rule.applies):
            continue
        found = check(draft)
        if isinstance(found, Lack):
            (missing if rule.weight else advice).append(Missing(rule, found))
        elif found is MET and rule.weight:
            met.append(rule)
    missing.sort(key=lambda one: -one.rule.weight)
    return Coaching(tuple(met), tuple(missing), tuple(advice))
