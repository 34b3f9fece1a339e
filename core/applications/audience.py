"""How an application stands in the words of who reads it: applicants read where it lies now (E4)."""

from __future__ import annotations

from core.access import Actor
from core.applications.models import READ, Application
from core.applications.states import APPLICATION, FOR_APPLICANTS
from core.flow import State


def stands_for(actor: Actor, application: Application) -> State:
    """Return the state of an application with the label that the actor reads; the key is the same for all."""
    state = APPLICATION.states[application.state]
    if any(reach.organisations is None for reach in actor.reaches(READ)):
        return state
    label = FOR_APPLICANTS.get(application.state, state.label)
    return State(label, state.tone, state.shape, closed=state.closed)
