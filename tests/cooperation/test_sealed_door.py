"""The sealed door, tried from everywhere: every page and operation, every hook, every document, every other table.

A party has written a marker into all that it can write in; nobody else finds it anywhere before the opening. The same
walk finds it afterwards, so that the walk itself is proved.
"""

from contextlib import suppress
from datetime import date, timedelta
from uuid import uuid4

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import select

from core import access, clock, plugins
from core.cooperation import services
from core.cooperation.models import CycleParty, ReportDrawing, ReportEvidence, SituationReport
from core.db import Base, session
from core.documents import every_kind
from core.flow import Refused
from core.people.services import change_organisation, choose_letters, organisation
from core.places.models import Place
from core.refs import Subject
from core.schema import Invalid
from core.testing.people import Client
from core.upkeep.models import Deadline
from core.upkeep.services import put_letters
from core.upkeep.services.personal import put_personal
from tests.cooperation.conftest import asked_for, begin, write

pytestmark = pytest.mark.other_database_long

SEALED, DRAFT, INSIDE, UNSAVED = "Zonmarkör", "Utkastmarkör", "Internmarkör", "Osparatmarkör"
"""Handed in by a party, begun to write by another, said by the first within its own house, typed by the second."""
WRITTEN_IN = {"report_section", "section_draft", "report_evidence", "report_drawing", "cycle_comment"}
"""The tables in which it stands."""
KEYS = ("utmaningar", "behov", "plats")
"""Two sections of a picture; a part of an application, whose rule names the keys that it takes."""
PAGES = ("place", "observation", "deadline", "order", "walk", "cycle", "situation_report")
OTHERS = (
    ("sdn_samordnare", "sdn-farsta"),  # drives the cycle
    ("falt", "sdn-farsta"),
    ("polis", "polis-jarva"),  # another party
    ("slk_handlaggare", "slk"),
    ("revisor", "kf"),
    ("forv_chef", "kf"),  # above them all
    ("dso", "slk"),
    ("arkivarie", "slk"),
    ("sysadmin", "slk"),
    ("sdn_samordnare", "sdn-skarpnack"),  # has nothing to do with it
    ("", ""),  # nobody
)
NEAR = ("/", "/att-gora", "/skotsel", "/dokument", "/platser/<uuid:uid>", "/api/v1/deadlines", "/api/v1/todo")
NEAREST = OTHERS[:1]


@pytest.fixture
def behind_the_door(database, together, scene):
    """Trafiknämnden has handed in SEALED and says INSIDE among its own, the police has begun to write DRAFT."""
    with database.transaction():
        for code in ("sdn-farsta", "polis-jarva", "trafik"):
            home = organisation(code)
            contacts = f"Skötsel: {code}@exempel.se"
            change_organisation(access.system("test"), home.uid, version=home.version, contacts=contacts)
        begin(together.leader, scene.place, title="En annan")
        asked_for(together)
        uid = write(together.traffic, together.cycle, SEALED)
        days = {"first_on": date(2026, 1, 1), "last_on": date(2026, 6, 30)}
        figure = {"kind": "dialog", "what": SEALED, "source": SEALED, "unit": SEALED, "compared_with": SEALED}
        services.add_evidence(together.traffic, uid, evidence=uuid4(), value=3.5, **figure, **days)
        shape = MultiPolygon([box(676_000, 6_571_000, 676_050, 6_571_050)])
        services.draw(together.traffic, uid, drawing=uuid4(), kind="otrygg", label=SEALED, geom=shape)
        services.move_picture(together.traffic, uid, "lamna_in")
        services.comment(together.traffic, together.cycle, uid=uuid4(), audience="intern", text=INSIDE)
        begun = write(together.police, together.cycle, DRAFT)
        services.keep_draft(together.police, begun, "behov", text=UNSAVED, done=False, version=None)
    return uid


@pytest.fixture
def door(app, actors, database, together, scene):
    return Door(app, actors, database, together, scene)


class Door:
    """Ways to look for a word: each returns where it was found."""

    def __init__(self, app, actors, database, together, scene):
        self.app, self.actors, self.database, self.together, self.scene = app, actors, database, together, scene

    def uids(self):
        """The real uids of the cycle, of all that hangs on it, and of what lies beside it."""
        models = (SituationReport, ReportEvidence, ReportDrawing, CycleParty, Deadline)
        with self.database.transaction(write=False):
            found = [uid for model in models for uid in session().scalars(select(model.uid))]
        return [self.together.cycle, self.scene.place, self.scene.walk, *found]

    def addresses(self, *, near):
        """Every address that can be read, with each of the uids; `near` only those of cooperation, and NEAR."""
        uids = self.uids()
        for rule in self.app.url_map.iter_rules():
            is_near = any(part in rule.rule for part in ("samverkan", "lagesbild", "cycles")) or rule.rule in NEAR
            if "GET" not in rule.methods or rule.arguments - {"uid", "key"} or (near and not is_near):
                continue
            for uid in uids if "uid" in rule.arguments else [""]:
                for key in KEYS if "key" in rule.arguments else [""]:
                    known = {"uid": uid, "key": key}
                    with suppress(ValueError):  # a rule whose keys are named in it takes no other
                        yield rule.build({name: known[name] for name in rule.arguments})[1]

    def answers(self, actor, words, *, near):
        """Where one of the words stands in what somebody is answered."""
        page, api = Client(self.app, self.actors), Client(self.app, self.actors)
        bearer = self.actors.token(actor) if actor else {}
        if actor:
            page.login(actor)
        for address in self.addresses(near=near):
            is_api = address.startswith("/api/")
            answer = (api if is_api else page).get(address, headers=bearer if is_api else {}, buffered=True)
            yield from (f"{address}: {word}" for word in words if word.encode() in answer.data)

    def hooks(self, actor, words):
        """Where one of the words stands in what rooms and plugins say."""
        about = [(page, uid) for page in PAGES for uid in self.uids()]
        with self.database.transaction():
            place = session().scalars(select(Place).where(Place.uid == self.scene.place)).one().ref()
            now = clock.now()
            asked = [
                ("todo", {"limit": 500}),
                ("events", {"place": place, "before": now + timedelta(days=1), "limit": 500}),
                ("changes", {"since": now - timedelta(days=30), "limit": 500}),
                ("dates", {"after": now - timedelta(days=1), "limit": 500}),
                *(("sections", {"page": page, "subject": Subject(page, uid, "")}) for page, uid in about),
            ]
            for hook, known in asked:
                said = [str(called.values) for called in plugins.collected(hook, actor=actor, **known)]
                yield from (f"{hook}: {word}" for word in words if any(word in one for one in said))

    def documents(self, actor, words):
        """Where one of the words stands in a document or a table that somebody may ask for."""
        uids = [*self.uids(), actor.uid]
        for key, kind in every_kind().items():
            for uid in uids:
                try:
                    with self.database.transaction():
                        access.require(actor, kind.needs)
                        kind.about(actor, uid)
                        content = kind.gather(actor, uid, **kind.options().load({}))
                        rows = list(content.sheet.rows) if content.sheet else []
                        told = str((content.title, content.filename, content.context, content.drawings, rows))
                except (access.Denied, access.Missing, Invalid, Refused):
                    continue
                yield from (f"{key}: {word}" for word in words if word in told)

    def tables(self, words):
        """Where one of the words stands in the database, but for the tables in which it was written."""
        with self.database.transaction(write=False):
            for table in Base.metadata.sorted_tables:
                if table.name not in WRITTEN_IN:
                    rows = str(session().execute(select(table)).all())
                    yield from (f"{table.name}: {word}" for word in words if word in rows)

    def let_the_house_work(self):
        """Everything that the house does by itself: its jobs, the letters of a day, people's own letters."""
        with self.database.transaction():
            for one in plugins.collected("jobs"):
                for job in one.values:
                    if job.key.startswith(("cooperation", "upkeep")):
                        job.run()
            put_letters(clock.today())
            choose_letters(self.together.leader, version=0, days="vardagar", urgent_only=False, others=True)
            assert put_personal(self.together.leader.id, clock.today())


def test_nobody_finds_it_nearby(behind_the_door, door):
    for role, code in NEAREST:
        actor = door.actors(role, code)
        words = [SEALED, DRAFT, INSIDE, UNSAVED]
        assert list(door.answers(actor, words, near=True)) == [], actor.name
        assert list(door.hooks(actor, words)) == [], actor.name
        assert list(door.documents(actor, words)) == [], actor.name


def test_the_house_itself_carries_it_nowhere(behind_the_door, door):
    door.let_the_house_work()
    assert list(door.tables([SEALED, DRAFT, INSIDE, UNSAVED])) == []
    for actor in (access.system("test"), access.NOBODY):
        assert list(door.hooks(actor, [SEALED, DRAFT, INSIDE, UNSAVED])) == []


def test_the_same_walk_finds_it_when_they_are_open(behind_the_door, door, database, together):
    with clock.frozen(clock.now() + timedelta(days=15)):
        leader = together.leader
        found = {one.partition(":")[0] for one in door.answers(leader, [SEALED], near=True)}
        assert f"/lagesbilder/{behind_the_door}" in found
        assert f"/samverkan/{together.cycle}/lagesbilder" in found
        assert list(door.answers(leader, [DRAFT, INSIDE, UNSAVED], near=True)) == []


def test_who_wrote_it_finds_it_all_the_time(behind_the_door, door, together):
    found = {
        one.rpartition(": ")[2] for one in door.answers(together.traffic, [SEALED, DRAFT, INSIDE, UNSAVED], near=True)
    }
    assert found == {SEALED, INSIDE}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("role", "code"), OTHERS)
def test_nobody_finds_it_anywhere(behind_the_door, door, role, code):
    """The whole route map, with every uid, by everybody."""
    door.let_the_house_work()
    actor, words = door.actors(role, code) if role else None, [SEALED, INSIDE]
    words += [] if role == "polis" else [DRAFT, UNSAVED]  # it is the police's own
    assert list(door.answers(actor, words, near=False)) == []
    if actor is not None:
        assert list(door.hooks(actor, words)) == []
        assert list(door.documents(actor, words)) == []
