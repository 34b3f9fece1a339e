"""What the tests of cooperation share: a cycle of three parties on the scene's place."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from core import clock
from core.access import Actor
from core.cooperation import services
from core.people.services import organisation
from tests.walks.conftest import queries
from tests.walks.scene import scene

__all__ = ["queries", "scene"]

PARTIES = (("polis", "polis-jarva"), ("tk_drift", "trafik"))


@dataclass
class Together:
    """A cycle in its first step, driven by Farsta with the police and trafiknämnden as parties."""

    cycle: UUID
    leader: Actor
    police: Actor
    traffic: Actor

    @property
    def actors(self) -> tuple[Actor, ...]:
        """Whoever acts for each of the parties."""
        return self.leader, self.police, self.traffic


@pytest.fixture
def together(database, scene, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    police, traffic = (actors(role, code) for role, code in PARTIES)
    with database.transaction():
        cycle = begin(leader, scene.place)
        for _, code in PARTIES:
            party = {"organisation": organisation(code).uid, "role": "medverkande", "mandate": "Samordnare"}
            services.add_party(leader, cycle.uid, **party)
    return Together(cycle.uid, leader, police, traffic)


def begin(leader, place, **facts):
    """Begin a cycle on a place, decided on the day that it begins, its pictures open in two weeks."""
    today = clock.today()
    known = {"title": "Farsta torg", "started_on": today, "decision": "SDN § 12", "decided_on": today}
    known |= {"opens_at": clock.now() + timedelta(days=14), "mandate": "Samordnare"}
    return services.begin_cycle(leader, uid=uuid4(), organisation="sdn-farsta", place=place, **(known | facts))


def asked_for(together):
    """Take the cycle to its second step: the parties are asked for their own pictures."""
    return services.move_cycle(together.leader, together.cycle, "begar_lagesbilder")


def write(actor, cycle, text, key="utmaningar"):
    """Write in one's own picture; return it."""
    found = services.own_picture(actor, services.read_cycle(actor, cycle))
    services.write_section(actor, found.report.uid, key, text=text, done=True)
    return found.report.uid


def hand_in(actor, cycle, text="Det är mörkt."):
    """Write and hand in one's own picture."""
    return services.move_picture(actor, write(actor, cycle, text), "lamna_in")
