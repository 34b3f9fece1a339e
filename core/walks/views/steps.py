"""What comes next for a walk, its protocol and what was seen on it: a sentence, and where or how it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import flask

from core import clock
from core.flow import Move
from core.http.texts import translate
from core.i18n import N_, Text
from core.walks import services
from core.walks.models import Observation, Walk
from core.walks.states import BEFORE_ITS_END, KEPT, TO_COME, shown_state
from core.walks.views.planning import unfilled

IN_THE_WALK, BESIDE = N_("Nästa steg i vandringen"), N_("Annat som går att göra")


@dataclass(frozen=True)
class Step:
    """The next step. It is made with `move`, or where `label` leads; with neither there is only to wait.

    `rest` is what the other moves on the page are called beside it.
    """

    words: str
    label: str = ""
    href: str = ""
    move: Move | None = None
    kind: str = "primary"
    rest: str = BESIDE


def step_of_walk(walk: Walk, moves: Iterable[Move], *, may_lead: bool, may_log: bool, is_followed: bool) -> Step | None:
    """Return what comes next in a walk that has been read with its parts; `moves` are those that ask nothing."""
    ahead = _is_ahead(walk)
    if may_log and walk.state in BEFORE_ITS_END and not ahead:
        href = flask.url_for("walks.log_page", uid=walk.uid)
        return Step(translate(N_("Skriv in vad ni ser.")), N_("Skriv in iakttagelse"), href, rest=IN_THE_WALK)
    if ahead and may_lead and (left := unfilled(walk)):
        words = Text(N_("Fyll i planen: {parts}."), parts=", ".join(map(translate, left)))
        href = flask.url_for("walks.plan", uid=walk.uid)
        return Step(translate(words), N_("Fyll i planen"), href, rest=IN_THE_WALK)
    if may_lead and walk.state == "aterkopplad" and not is_followed:
        href = flask.url_for("walks.new", foljer=walk.uid)
        return Step(translate(N_("Planera en uppföljande vandring.")), N_("Planera uppföljningen"), href)
    if first := next((move for move in moves if _is_time_to(move, walk)), None):
        return Step(_sentence(first), move=first)
    read = Step("", N_("Läs protokollet"), flask.url_for("walks.protocol", uid=walk.uid), kind="secondary")
    return _wait(walk, read, may_lead=may_lead)


def step_of_protocol(walk: Walk, moves: Iterable[Move], *, may_lead: bool) -> Step | None:
    """Return what comes next with the protocol of a walk: to adjust it, or whom it waits for."""
    if adjust := next((move for move in moves if move.key == "justera"), None):
        words = N_(
            "Justera protokollet. Två personer gör det: den som antecknade och en medarrangör. "
            "Finns ingen medarrangör justerar samordnaren."
        )
        return Step(translate(words), move=adjust)
    return _wait(walk, Step(""), may_lead=may_lead)


def step_of_observation(found: Observation, moves: Iterable[Move], *, asks: Iterable[str], calls: bool) -> Step | None:
    """Return what comes next with an observation; moves with the keys `asks` have a form further down the page."""
    if calls:
        words = N_("Ring den som ansvarar, och kvittera samtalet.")
        return Step(translate(words), N_("Se vem du ringer"), "#ring")
    first = next((move for move in moves if not move.reason), None)
    if first is None or shown_state(found.nature, found.state) is KEPT:
        return None
    if first.key in asks:
        return Step(_sentence(first), first.label, "#steg-forst", first, "secondary")
    return Step(_sentence(first), move=first)


def _sentence(move: Move) -> str:
    return translate(Text(N_("{step}."), step=translate(move.label)))


def _wait(walk: Walk, door: Step, *, may_lead: bool) -> Step | None:
    """Return that a protocol waits for somebody: for who leads it the way to say who took notes, else `door`."""
    who = services.awaited(walk)
    if not who:
        return None
    names = f" {translate(N_('och'))} ".join(map(translate, who))
    words = translate(Text(N_("Vänta på att protokollet justeras av {names}."), names=names))
    if may_lead and not walk.note_taker:
        href = flask.url_for("walks.part", uid=walk.uid, part="manniskor")
        return Step(words, N_("Skriv in vem som antecknade"), href)
    return replace(door, words=words)


def _is_ahead(walk: Walk) -> bool:
    """Whether the walk is still prepared: its day has not come, and nobody has started it."""
    return walk.state in TO_COME and clock.today() < clock.local(walk.planned_at).date()


def _is_time_to(move: Move, walk: Walk) -> bool:
    """Whether a move is what comes next: no meeting that is not planned, no start before the day."""
    if move.key == "halla_formote":
        return walk.pre_meeting_at is not None
    return move.key != "starta" or not _is_ahead(walk)
