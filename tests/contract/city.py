"""A small city for tests of who reaches what: two districts that have nothing to do with each other."""

import pickle
from dataclasses import dataclass, fields
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from shapely import MultiPolygon, box
from sqlalchemy import select

from core import access, clock, db, geo, imports, media, outbox, sync
from core.app import house
from core.cooperation import services as cooperation
from core.cooperation.models import CRITERIA
from core.figures.naming import indicators_by_key
from core.media import READY, Listed, Photo
from core.people import services as people
from core.places import services as places
from core.places.models import CONTROL_ROLES, Area
from core.refs import Subject
from core.testing import SEEDED, Template
from core.testing.people import LONG_AGO
from core.upkeep import services as upkeep
from core.walks import services as walks
from core.works import services as works
from core.works.models import Penalty, Warranty
from plugins.klotter import services as klotter
from tests.contract.agreed import Agreed, agree
from tests.contract.applied import Applied, apply
from tests.contract.deciding import waiting_and_decided
from tests.contract.drafted import Drafted, draft
from tests.contract.duty import dutiful
from tests.contract.handed_in import HandedIn, hand_in
from tests.contract.happening import happening
from tests.contract.judged import judged
from tests.contract.money import funded
from tests.contract.reported import Reported, reported
from tests.contract.spent import Spent, spend
from tests.contract.together import asked_and_lifted
from tests.figures.putting import put
from tests.media.samples import encoded

OURS, THEIRS = "sdn-farsta", "sdn-jarva"
MIDDLE = {OURS: (678_000, 6_571_000), THEIRS: (668_000, 6_590_000)}
"""East and north in SWEREF 99 TM."""
JPEG = encoded("image/jpeg")
TOLD = "city.pickle"
"""Beside the photos of a city that was built as a template: what there is in its districts."""
ROUTING_RULE = UUID("6f1c2c1e-9a4b-4f0e-8d57-2f3f1f0c7a11")
ROUTING = {"rank": 95, "place_role": "", "place_kind": "", "kind": "", "words": "", "priority": "p3"} | {
    "source": "Beslut", "contract": None
}  # fmt: skip
"""A routing rule of the whole city."""


@dataclass
class World(Agreed, Applied, Drafted, HandedIn, Reported, Spent):
    """All there is in one district, by uid."""

    board: str
    area: int
    place: UUID
    walk: UUID
    observation: UUID
    graffiti: UUID
    deadline: UUID
    photo: UUID
    control: UUID
    label: UUID
    organisation: UUID
    person: UUID
    grant: UUID
    token: UUID
    task: UUID
    change: UUID
    imported: UUID
    contractor: UUID
    contract: UUID
    order: UUID
    penalty: UUID
    visit: UUID
    deviation: UUID
    warranty: UUID
    plan: UUID
    penalty_rule: UUID
    cycle: UUID
    party: UUID
    picture: UUID
    figure: UUID
    drawing: UUID
    ahead: UUID
    problem: UUID
    cause: UUID
    goal: UUID
    measure: UUID
    consultation: UUID
    method: UUID
    lift: UUID
    weekly_group: UUID
    reporter: UUID
    weekly: UUID
    line: UUID
    action: UUID
    home: UUID
    function: UUID
    coordinator: UUID
    report: UUID
    source: UUID
    table: UUID
    action_plan: UUID
    plan_measure: UUID
    city_goal: UUID
    ils_goal: UUID
    ils_report: UUID
    ils_line: UUID
    ils_verdict: UUID
    ils_indicator: UUID
    ils_activity: UUID
    indicator: UUID
    cited: UUID
    activation: UUID
    permit: UUID
    presence: UUID
    patrol: UUID
    survey: UUID
    project: UUID
    social_goal: UUID
    inquiry: UUID
    programme: UUID
    booked: UUID
    booking: UUID
    round: UUID
    judged: UUID
    assessment: UUID
    partiality: UUID
    waiting: UUID
    body_meeting: UUID
    grant_decision: UUID

    @property
    def limit(self):
        """The district, as a role is limited to it."""
        return f"{places.DISTRICT}:{self.board.removeprefix('sdn-')}"


PARTS = [field.name for part in World.__bases__ for field in fields(part)]
WORLD = [one.name for one in fields(World) if one.name not in PARTS]


class City:
    """Both districts; `ours` is where the person of a test works, `theirs` the other."""

    def __init__(self, database):
        self.database = database
        self.house = access.system("test")
        told = database.settings.data_dir / TOLD
        if told.exists():
            self.ours, self.theirs = pickle.loads(told.read_bytes())
            return
        with database.transaction():
            works.add_rule(self.house, uid=ROUTING_RULE, **ROUTING)
            self.ours, self.theirs = self._world(OURS), self._world(THEIRS)

    def _world(self, board):
        """Build one: its board leads the walk and answers for everything on the place."""
        leader = self._leader(board)
        area = self._area(board)
        controls = [places.NewControl(role, board) for role in CONTROL_ROLES]
        place = places.add_place(leader, **self.place(board), controls=controls)
        walk = walks.add_walk(leader, **self.walk(board, place.uid))
        seen = walks.log_observation(leader, uid=db.new_uid(), walk=walk.uid, kind="belysning")
        photo = Listed(db.new_uid())
        tagged = walks.log_observation(
            leader, uid=db.new_uid(), walk=walk.uid, kind=klotter.KIND, details={"hateful": False}, photos=[photo]
        )
        self._receive(leader, photo.uid)
        frist = upkeep.deadlines_of(leader, "observation", tagged.uid)[0]
        held = places.controls_of(leader, place)[0].uid
        marked = {"kind": "prioriterad_plats", "source": "Beslut", "valid_from": date(2026, 1, 1)}
        label = places.add_label(leader, uid=db.new_uid(), place=place.uid, **marked).uid
        things = (place.uid, walk.uid, seen.uid, tagged.uid, frist.uid, photo.uid, held, label)
        changed, ordered = self._changed(leader, seen.uid), self._ordered(leader, board, place)
        known = (
            changed,
            self._read_in(leader),
            *ordered,
            *self._together(leader, board, place),
            *dutiful(self.house, leader, board),
            *self._known(board),
            *happening(leader, board, place),
            *funded(self.house, board),
            *judged(self.house, leader, board),
            *waiting_and_decided(board, place),
        )
        agreed, drafted = agree(leader, board, place), draft(leader, board, place)
        spent = spend(self.house, leader, board)
        return World(
            **vars(agreed),
            **vars(drafted),
            **vars(spent),
            **vars(reported(spent.granted)),
            **vars(hand_in(leader, board, place)),
            **vars(apply(leader, board)),
            **dict(zip(WORLD, (board, area, *things, *self._administered(board), *known), strict=True)),
        )

    def _together(self, leader, board, place):
        """Begin a cycle of two parties, asked for their own pictures; the board has begun to write its own."""
        today, at = clock.today(), clock.now() + timedelta(days=14)
        facts = {"title": "Tillsammans", "started_on": today, "decision": "§ 1", "decided_on": today, "opens_at": at}
        where = {"organisation": board, "place": place.uid, "mandate": "Samordnare"}
        cycle = cooperation.begin_cycle(leader, uid=db.new_uid(), **facts, **where)
        second = {"organisation": people.organisation("kultur").uid, "role": "medverkande", "mandate": "Chef"}
        party = cooperation.add_party(leader, cycle.uid, **second)
        cooperation.move_cycle(leader, cycle.uid, "begar_lagesbilder")
        picture = cooperation.own_picture(leader, cycle).report.uid
        figure, drawing = db.new_uid(), db.new_uid()
        said = {"kind": "dialog", "what": "Mörkt", "first_on": today, "last_on": today, "source": "Samtal"}
        cooperation.add_evidence(leader, picture, evidence=figure, **said)
        cooperation.draw(leader, picture, drawing=drawing, kind="otrygg", label="Här", geom=place.geom)
        return cycle.uid, party.uid, picture, figure, drawing, *self._planned(leader, board, place)

    def _known(self, board):
        """Let there be a figure of the district; the indicator is the city's."""
        slk = people.organisation("slk")
        person = people.add_person(self.house, email=f"slk-{board}@tryggplats.example", name="Den som vet")
        people.grant_role(self.house, person, role="slk_handlaggare", organisation=slk, valid_from=LONG_AGO)
        knower, code = people.actor_of(person), board.removeprefix("sdn-")
        return indicators_by_key()["trygg_kvall"].uid, put(knower, "trygg_kvall", code, "2024", "62,5")

    def _planned(self, leader, board, place):
        """Another cycle, in its fourth step: a problem with a likely cause, a goal and a measure against it."""
        known = {"organisation": board, "place": place.uid, "mandate": "Samordnare", "started_on": clock.today()}
        cycle = cooperation.begin_cycle(leader, uid=db.new_uid(), title="Vidare", **known)
        cycle.state = "prioritera"
        problem = cooperation.add_problem(leader, cycle.uid, uid=db.new_uid(), what="Mörkt")
        cooperation.score(leader, problem.uid, **dict.fromkeys(CRITERIA, 3))
        cooperation.move_problem(leader, problem.uid, "prioritera", reason="Värst.")
        facts = {"text": "Släckt", "side": "plats_kontroll", "causal_level": "situation", "prediction": "Mörkt"}
        tested = {"test": "Sett efter", "tested_on": clock.today()}
        cause = cooperation.add_cause(leader, problem.uid, uid=db.new_uid(), **facts, **tested)
        cooperation.tell(leader, cause.uid, evidence=db.new_uid(), stance="for", text="Släckt")
        cooperation.move_cause(leader, cause.uid, "behall", reason="Sett.")
        cycle.state = "mal"
        goal = cooperation.add_goal(leader, cycle.uid, uid=db.new_uid(), problem=problem.uid, text="Ljusare")
        said = {"cause": cause.uid, "text": "Laga", "approach": "situationell"}
        measure = cooperation.add_measure(leader, cycle.uid, uid=db.new_uid(), **said)
        area = db.session().scalar(select(Area.uid).where(Area.code == board.removeprefix("sdn-")))
        more = asked_and_lifted(leader, board, cycle.uid, measure.uid, area)
        return cycle.uid, problem.uid, cause.uid, goal.uid, measure.uid, *more

    def _ordered(self, leader, board, place):
        """Order something of a contractor under a contract of the board."""
        contractor = people.organisation("demo-entreprenor").uid
        known = {"title": f"Drift i {board}", "form": "drift", "valid_from": LONG_AGO, "valid_to": date(2099, 1, 1)}
        contract = works.add_contract(leader, uid=db.new_uid(), organisation=board, contractor=contractor, **known)
        wanted = works.Wanted(title="Laga lyktan", priority="p3", category="belysning", place=place, contract=contract)
        made = works.make_order(leader, uid=db.new_uid(), organisation=contract.organisation_id, wanted=wanted)
        late = {
            "begun_at": made.starts_at,
            "late_since": clock.now(),
            "late_until": clock.now(),
            "month": clock.today(),
            "count": 1,
        }
        rule = {"schema": 1, "per": "dygn", "amount": 1000, "source": "AFD.51"}
        cost = Penalty(
            number=f"VI-{board}", contract_id=contract.id, order_id=made.id, leg="fix", rule=rule, possible=1000,
            amount=1000, state="foreslagen", proposed_at=clock.now(), **late,
        )  # fmt: skip
        db.session().add(cost)
        db.session().flush()
        return contractor, contract.uid, made.uid, cost.uid, *self._controlled(leader, contract, made)

    def _controlled(self, leader, contract, order):
        """Plan a visit, note a deviation, guarantee what was done, and let it be done again each week."""
        visit = works.plan_visit(leader, contract.uid, uid=db.new_uid(), planned_on=clock.today())
        said = {"what": "Jouren svarade inte.", "found_on": clock.today()}
        deviation = works.note_deviation(leader, contract.uid, uid=db.new_uid(), **said)
        dates = {"starts_on": clock.today(), "ends_on": date(2099, 1, 1)}
        warranty = Warranty(contract_id=contract.id, order_id=order.id, title=order.title, **dates)
        db.session().add(warranty)
        db.session().flush()
        plan = works.add_plan(
            leader, uid=db.new_uid(), title="Klippa", contract=contract.uid, organisation="", place=None,
            rrule="FREQ=WEEKLY", basis="planerad", starts_on=date(2099, 4, 1), season_from="", season_to="",
        )  # fmt: skip
        costs = {"leg": "respond", "priority": "", "per": "tillfalle", "amount": 500, "source": "AFD.51"}
        rule = works.add_penalty_rule(leader, contract.uid, **costs)
        return visit.uid, deviation.uid, warranty.uid, plan.uid, rule.uid

    def _changed(self, sender, observation):
        """Let a phone have changed what somebody else has changed too, so that a person has to choose."""
        told = {"base_version": 1, "after": None, "made_at": None}
        said = {"before": {"severity": 1}, "fields": {"severity": 3}}
        return sync.receive(sender, "observation", db.new_uid(), observation, **told, **said).uid

    def _read_in(self, leader):
        """Send a file of rows, which no worker has read yet."""
        spool = media.store().spool(lambda target: target.write(b"a;b\n1;2\n"))
        found = imports.receive(leader, spool, kind="report", source="Prov", name="prov.csv")
        spool.unlink(missing_ok=True)
        return found.uid

    def _administered(self, board):
        """Add what only an administrator sees: an organisation, somebody with a role and a key, a task."""
        prov = {"code": f"prov-{board}", "kind": "ovrig", "name": f"Prov {board}"}
        organisation = people.add_organisation(self.house, uid=db.new_uid(), **prov)
        person = people.add_person(self.house, email=f"nagon-{board}@tryggplats.example", name="Någon")
        grant = people.grant_role(self.house, person, role="falt", organisation=people.organisation(board))
        people.create_token(self.house, email=person.email, name="Prov", scopes=["places:place:read"], days=9)
        [token] = people.tokens_of(self.house, person)
        return organisation.uid, person.uid, grant.uid, token.uid, outbox.put("prov", {})

    def _leader(self, board):
        email = f"leder-{board}@tryggplats.example"
        person = people.add_person(self.house, email=email, name="Den som leder")
        organisation = people.organisation(board)
        people.grant_role(self.house, person, role="sdn_samordnare", organisation=organisation, valid_from=LONG_AGO)
        return people.actor_of(person)

    def _area(self, board):
        east, north = MIDDLE[board]
        shape = MultiPolygon([box(east - 4000, north - 3000, east + 4000, north + 3000)])
        code, key = board.removeprefix("sdn-"), people.organisation(board).id
        facts = {"kind": places.DISTRICT, "valid_from": date(2023, 7, 1)}
        area = Area(code=code, name=code.title(), organisation_id=key, geom=shape, **facts)
        db.session().add(area)
        db.session().flush()
        return area.id

    def _receive(self, actor, photo):
        """Let the photo's bytes come, and let the pictures be there: the file itself will do."""
        spool = media.store().spool(lambda target: target.write(JPEG))
        media.receive_file(actor, photo, spool)
        spool.unlink(missing_ok=True)
        row = db.session().scalars(select(Photo).where(Photo.uid == photo)).one()
        row.state, row.large, row.small = READY, row.stored_sha256, row.stored_sha256

    @staticmethod
    def place(board, *, uid=None):
        """What `add_place` takes for a place in the middle of a district."""
        return {
            "uid": uid or db.new_uid(),
            "name": f"Torget i {board.removeprefix('sdn-').title()}",
            "kind": "torg",
            "geometry": shape_in(board),
            "public_access": "allman_plats",
        }

    @staticmethod
    def walk(board, *route, uid=None):
        """What `add_walk` takes for a walk of a board."""
        return {
            "uid": uid or db.new_uid(),
            "title": "Mörkervandring",
            "theme": "belysning",
            "planned_at": clock.now(),
            "light_reason": "Provet går när det går.",
            "organiser": board,
            "places": route,
        }

    def subject(self, world):
        """The graffiti of a world, as what a frist is about."""
        return Subject("observation", world.graffiti, "Klotter", place=world.place)


def _fill(settings):
    database = house(settings)
    city = City(database)
    (settings.data_dir / TOLD).write_bytes(pickle.dumps((city.ours, city.theirs)))
    database.dispose()


BUILT = Template("city", _fill, based=SEEDED)
"""The city as a template: built once per run, copied for each test that asks for it."""


def shape_in(board):
    """A square of 100 metres as GeoJSON."""
    east, north = MIDDLE[board]
    return geo.to_geojson(box(east - 50, north - 50, east + 50, north + 50))


JPEG_SHA256 = sha256(JPEG).hexdigest()
CHECKOUT = Path(__file__).parents[2]
