"""Every operation of the API answers as its description says, whatever it is sent."""

import json
import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from core import access, demo
from core.people import services as people
from core.people.models import Person
from core.places.models import Place
from core.upkeep.models import Deadline
from core.walks.models import Observation, Walk
from core.walks.services import log_observation

HERE = Path(__file__).parent
ROLES = {
    "sdn-jarva": ("sdn_samordnare", "sdn_handlaggare", "falt"),
    "trafik": ("fack_handlaggare", "tk_drift"),
    "slk": ("slk_handlaggare", "arkivarie", "sysadmin"),
}
"""Together they have every permission that a person can have."""


@pytest.fixture
def city(app, actors):
    """The demo city with two cases of graffiti; somebody who may do everything, and the uids by path."""
    with app.database.transaction():
        demo.fill(access.system("test"))
    somebody = actors("sdn_samordnare", "sdn-jarva")
    with app.database.transaction() as session:
        person = session.get_one(Person, somebody.id)
        for organisation, roles in ROLES.items():
            for role in roles:
                board = people.organisation(organisation)
                people.grant_role(access.system("test"), person, role=role, organisation=board)
        everything = people.actor_of(person)
        walk = session.scalars(select(Walk.uid).where(Walk.state == "pagar")).first()
        for number in range(2):
            uid = f"0190b3a1-7c00-7000-8000-00000000000{number}"
            log_observation(everything, uid=UUID(uid), walk=walk, kind="klotter:klotter")
    with app.database.transaction(write=False) as session:
        rows = {model: [str(uid) for uid in session.scalars(select(model.uid))] for model in (Place, Walk, Observation)}
        frister = [str(uid) for uid in session.scalars(select(Deadline.uid))]
    uids = {
        "/api/v1/places/{uid}": rows[Place],
        "/api/v1/walks/{uid}": rows[Walk],
        "/api/v1/walks/{uid}/moves": rows[Walk],
        "/api/v1/observations/{uid}": rows[Observation],
        "/api/v1/observations/{uid}/moves": rows[Observation],
        "/api/v1/deadlines/{uid}": frister,
        "/api/v1/deadlines/{uid}/moves": frister,
        "/api/v1/klotter/incidents/{uid}": rows[Observation][-2:],
    }
    return everything, uids


def schemathesis(address, somebody, uids, folder, *, examples):
    """Run all phases over all operations, as a person does at the command line."""
    command = [
        Path(sys.executable).with_name("schemathesis"),
        *("--config-file", HERE / "schemathesis.toml", "run", f"{address}/api/openapi.json"),
        *("--header", f"Authorization: {somebody['Authorization']}"),
        *("--max-examples", str(examples), "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all"),
        *("--seed", "27", "--generation-database", "none", "--no-color"),
    ]
    environment = os.environ | {"UIDS": json.dumps(uids), "PYTHONPATH": str(HERE)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.one_database
def test_the_api_is_what_its_description_says(live_server, city, actors, tmp_path):
    somebody, uids = city
    done = schemathesis(live_server, actors.token(somebody), uids, tmp_path, examples=2)
    assert "20 selected / 20 total" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_api_is_what_its_description_says_with_many_examples(live_server, city, actors, tmp_path):
    somebody, uids = city
    done = schemathesis(live_server, actors.token(somebody), uids, tmp_path, examples=200)
    assert "20 selected / 20 total" in done.stdout
    assert done.returncode == 0, done.stdout + done.stderr
