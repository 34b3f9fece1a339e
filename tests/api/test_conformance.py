"""Every operation of the API answers as its description says, whatever it is sent."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from core import access, media
from core.http import openapi
from core.people import services as people
from core.people.models import Person
from core.places.models import Place
from core.testing.people import LONG_AGO
from core.upkeep.models import Deadline
from core.walks.models import Observation, Walk
from core.walks.services import log_observation
from tests.demo import DEMO
from tests.media.samples import encoded

HERE = Path(__file__).parent
ROLES = {
    "sdn-jarva": ("sdn_handlaggare", "falt"),
    "trafik": ("fack_handlaggare", "tk_drift"),
    "slk": ("slk_handlaggare", "arkivarie", "sysadmin"),
}
"""Together with a coordinator in Järva they have every permission that a person can have."""
PHOTO = UUID("0190b3a1-7c00-7000-8000-000000000010")
PHASES = ("Fuzzing", "Stateful")
LONG_PHASES = ("Coverage", *PHASES)
"""Of schemathesis; the one that is left out sends examples, of which the description has none."""


@pytest.fixture
def template():
    return DEMO


@pytest.fixture
def city(app, actors):
    """The demo city with two cases of graffiti and a photo; somebody who may do everything, and the uids by path."""
    somebody = actors("sdn_samordnare", "sdn-jarva")
    with app.database.transaction() as session:
        person = session.get_one(Person, somebody.id)
        for organisation, roles in ROLES.items():
            for role in roles:
                board = people.organisation(organisation)
                people.grant_role(access.system("test"), person, role=role, organisation=board, valid_from=LONG_AGO)
        everything = people.actor_of(person)
        walk = session.scalars(select(Walk.uid).where(Walk.state == "pagar")).first()
        for number in range(2):
            known = {"walk": walk, "kind": "klotter:klotter", "photos": [media.Listed(PHOTO)] if number else []}
            log_observation(everything, uid=UUID(f"0190b3a1-7c00-7000-8000-00000000000{number}"), **known)
        spool = media.store().spool(lambda target: target.write(encoded("image/jpeg")))
        media.receive_file(everything, PHOTO, spool)
        spool.unlink(missing_ok=True)
    with app.database.transaction(write=False) as session:
        rows = {
            model: [str(uid) for uid in session.scalars(select(model.uid).order_by(model.id))]
            for model in (Place, Walk, Observation, Deadline)
        }
    uids = {
        "/api/v1/places/{uid}": rows[Place],
        "/api/v1/walks/{uid}": rows[Walk],
        "/api/v1/walks/{uid}/moves": rows[Walk],
        "/api/v1/observations/{uid}": rows[Observation],
        "/api/v1/observations/{uid}/moves": rows[Observation],
        "/api/v1/photos/{uid}": [str(PHOTO)],
        "/api/v1/deadlines/{uid}": rows[Deadline],
        "/api/v1/deadlines/{uid}/moves": rows[Deadline],
        "/api/v1/klotter/incidents/{uid}": rows[Observation][-2:],
    }
    return everything, uids


def schemathesis(address, somebody, uids, folder, *, phases, examples):
    """Run the phases over all operations, as a person does at the command line."""
    command = [
        Path(sys.executable).with_name("schemathesis"),
        *("--config-file", HERE / "schemathesis.toml", "run", f"{address}/api/openapi.json"),
        *("--header", f"Authorization: {somebody['Authorization']}"),
        *("--max-examples", str(examples), "--phases", ",".join(phases).lower(), "--checks", "all"),
        *("--seed", "27", "--generation-database", "none", "--no-color"),
    ]
    environment = os.environ | {"UIDS": json.dumps(uids), "PYTHONPATH": str(HERE)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def check_all_was_tried(said, app, phases):
    """Every operation of the description, in each of the phases: what is skipped finds nothing."""
    paths = openapi.document(app)["paths"].values()
    operations = sum(len(openapi.METHODS & set(path)) for path in paths)
    assert f"{operations} selected / {operations} total" in said
    assert f"Tested: {operations}\n" in said
    assert re.findall(r"^  ✅ (\w+)$", said, re.MULTILINE) == list(phases)


@pytest.mark.one_database("postgres")
@pytest.mark.timeout(300)
def test_the_api_is_what_its_description_says(live_server, app, city, actors, tmp_path):
    somebody, uids = city
    done = schemathesis(live_server, actors.token(somebody), uids, tmp_path, phases=PHASES, examples=5)
    assert done.returncode == 0, done.stdout + done.stderr
    check_all_was_tried(done.stdout, app, PHASES)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_api_is_what_its_description_says_with_many_examples(live_server, app, city, actors, tmp_path):
    somebody, uids = city
    done = schemathesis(live_server, actors.token(somebody), uids, tmp_path, phases=LONG_PHASES, examples=60)
    assert done.returncode == 0, done.stdout + done.stderr
    check_all_was_tried(done.stdout, app, LONG_PHASES)
    links = re.search(r"API Links:\s+(\d+) covered", done.stdout)
    assert int(links[1]) > 0, "what one operation made is used in another; two examples are too few for that"
