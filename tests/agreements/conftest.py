"""What the tests of agreements share: a platssamverkan of the scene's place, and the people of its parties."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from core import clock
from core.access import Actor
from core.agreements import services
from core.agreements.chapters import CHAPTERS
from core.agreements.models import Agreement, Collaboration
from core.people.services import organisation
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["queries", "scene"]

DAY = timedelta(days=1)


@dataclass
class Together:
    """A platssamverkan of Farsta in its first phase, with the police and trafiknämnden as parties."""

    uid: UUID
    place: UUID
    leader: Actor
    police: Actor
    traffic: Actor


@pytest.fixture
def together(database, scene, actors):
    leader, police, traffic = (
        actors(role, code)
        for role, code in (("sdn_samordnare", "sdn-farsta"), ("polis", "polis-farsta"), ("tk_drift", "trafik"))
    )
    with database.transaction():
        uid = begin(leader, scene.place, started_on=clock.today() - 90 * DAY).uid
        for code in ("polis-farsta", "trafik"):
            join(leader, Collaboration, uid, code)
    return Together(uid, scene.place, leader, police, traffic)


def begin(leader, *places, **facts):
    """Begin a platssamverkan of Farsta."""
    known = {"name": "Farsta torg", "vision": "Alla trivs.", "started_on": clock.today()} | facts
    known |= {"organisation": facts.get("organisation", "sdn-farsta"), "mandate": "Samordnare"}
    return services.collaborations.begin_collaboration(leader, uid=uuid4(), places=places, **known)


def join(leader, owner, uid, code, **facts):
    """Let an organisation take part."""
    known = {"role": "medverkande", "mandate": "Chef"} | facts
    return services.parties.add_party(leader, owner, uid, organisation=organisation(code).uid, **known)


def organised(together):
    """Take the platssamverkan to where meetings are held."""
    for key in ("kartlagg", "organisera"):
        services.collaborations.move_collaboration(together.leader, together.uid, key)


def agreed(together):
    """And on to where it is agreed."""
    organised(together)
    facts = {"kind": "styrgrupp", "name": "Styrgruppen", "members": []}
    services.collaborations.add_group(together.leader, together.uid, uid=uuid4(), **facts)
    services.collaborations.move_collaboration(together.leader, together.uid, "kom_overens")


def meeting(together, days=0, **facts):
    """Call a meeting so many days from now."""
    at = clock.now() + days * DAY
    known = {"held_at": at, "agenda": "Läget"} | facts
    return services.meetings.call_meeting(together.leader, Collaboration, together.uid, uid=uuid4(), **known)


def held(together, days=0, **facts):
    """Hold a meeting, with the board there."""
    row = meeting(together, days, **facts)
    present = {organisation("sdn-farsta").uid: "Samordnare"}
    services.meetings.write_minutes(together.leader, row.uid, present=present, minutes="Vi gick igenom läget.")
    return services.meetings.move_meeting(together.leader, row.uid, "halla")


def decide(together, row, code="trafik", days=7, text="Laga lyktorna"):
    """Write down that somebody does something by a day."""
    facts = {"organisation": organisation(code).uid, "function": "Driftledare", "due_on": clock.today() + days * DAY}
    return services.decisions.add_decision(together.leader, row.uid, uid=uuid4(), text=text, **facts)


def written(leader, kind="polis_lokal", *codes, **facts):
    """Draft an agreement, with every chapter written, that is ready to be sent to its parties."""
    today = clock.today()
    known = {"title": "Samverkan med polisen", "organisation": "sdn-farsta", "mandate": "Stadsdelsdirektör"} | facts
    row = services.agreements.draft_agreement(leader, uid=uuid4(), kind=kind, **known)
    for code in codes or ("polis-farsta",):
        join(leader, Agreement, row.uid, code, mandate="Lokalpolisområdeschef")
    for chapter in CHAPTERS[:-1]:
        services.agreements.write_chapter(leader, row.uid, chapter.number, text=f"Om {chapter.number}.", version=0)
    days = {"valid_from": today, "valid_to": today + 700 * DAY, "answer_by": today + 14 * DAY}
    services.agreements.change_agreement(leader, row.uid, version=None, **days)
    return row


def sent(leader, uid):
    """Send a draft to its parties."""
    return services.signing.move_agreement(leader, uid, "skicka_pa_remiss")


def part(actor, row):
    """The party that somebody acts for."""
    return services.parties.own_party(actor, row)


def sign(actor, row, **facts):
    """Sign for one's own party."""
    known = {"by": "Chef", "on": clock.today(), "how": "e_underskrift", "reference": "E-1"} | facts
    return services.signing.sign(actor, part(actor, row).uid, **known)


def applying(leader, police, **facts):
    """An agreement with the police that applies."""
    return signed_by_all(leader, police, written(leader, **facts))


def signed_by_all(leader, police, row):
    """Take a draft to where it applies."""
    sent(leader, row.uid)
    services.signing.answer(police, part(police, row).uid, text="Bra.")
    services.signing.move_agreement(leader, row.uid, "lat_signera")
    sign(leader, row)
    sign(police, row)
    return row


def said(refused):
    """What a refusal says."""
    return [objection.message for objection in refused.value.objections]
