"""The report on orders as each reads it: on the page, on paper, as a file; hand-counted, and nothing of others'."""

import io
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from core.people.services import organisation
from core.places.models import Place
from core.upkeep.period import Period, tertials
from core.works import services
from core.works.models import Contract, ControlVisit, Penalty
from core.works.telling import names_of
from tests.documents.conftest import desk_of, work
from tests.documents.papers import Paper
from tests.works.conftest import add_contract
from tests.works.many import add_orders

pytestmark = pytest.mark.other_database_long

__all__ = ["desk_of", "work"]
DAY = timedelta(days=1)
SPRING = Period(date(2027, 1, 1), date(2027, 4, 30))
ASKED = {"fran": "2027-01-01", "till": "2027-04-30", "per": "avtal"}


def moment(day, hour=12):
    return datetime.fromisoformat(f"2027-{day}T{hour}:00+00:00")


@pytest.fixture
def spring(database, scene, sides, clock):
    """Of the lights: two kept, one late, one open and late, one again after ten days; a visit; two penalties; costs."""
    clock.stop_at("2027-05-20T12:00")
    with database.transaction() as session:
        lights = session.scalars(select(Contract).where(Contract.uid == sides.contract)).one()
        lights.controls_per_month, lights.control_minutes = 2, 100
        place = session.scalars(select(Place.id).where(Place.uid == scene.place)).one()
        common = {"contract_id": lights.id, "executor_id": lights.contractor_id, "place_id": place}
        common |= {"coordinator_id": organisation("sdn-farsta").id}

        def done(begun, due, met, **more):
            known = {"starts_at": begun, "state": "godkand", "done_at": met, "approved_at": met, "cost": 1_000}
            return common | known | more | {"frist": {"due_at": due, "state": "klar", "met_at": met}}

        add_orders(
            session,
            [
                done(moment("02-01"), moment("02-06"), moment("02-05")),
                done(moment("02-15"), moment("02-20"), moment("02-19"), cost=2_500),
                done(moment("04-01"), moment("04-06"), moment("04-16"), priority="p1", category="klotter"),
                common | {"starts_at": moment("04-20"), "frist": {"due_at": moment("04-25"), "moved_count": 1}},
                done(moment("02-02"), moment("02-07"), moment("02-06"), level=3, cost=70_000),
                {"starts_at": moment("03-01"), "frist": {"due_at": moment("03-09")}},
            ],
        )
        visit = {"content": b"prov", "contract_id": lights.id, "planned_on": date(2027, 2, 1), "result": "anmarkning"}
        session.add(ControlVisit(uid=uuid4(), done_on=date(2027, 2, 3), minutes=60, **visit))
        session.add(ControlVisit(uid=uuid4(), done_on=date(2027, 5, 3), minutes=500, **visit))
        for n, (state, late, possible, amount) in enumerate(
            [("kravd", "04-06", 50_000, 30_000), ("eftergiven", "04-25", 5_000, 5_000), ("kravd", "05-02", 900, 900)]
        ):
            since = moment(late)
            facts = {
                "begun_at": since - DAY,
                "late_since": since,
                "late_until": since + DAY,
                "month": since.date().replace(day=1),
            }
            facts |= {"count": 1, "possible": possible, "amount": amount, "proposed_at": since, "state": state}
            session.add(
                Penalty(number=f"VI-9{n}", contract_id=lights.id, leg="fix", rule={"schema": 1, "per": "dygn"}, **facts)
            )


def told(database, actor, **known):
    with database.transaction(write=False):
        return services.order_report(actor, SPRING, **known)


def test_control_penalties_and_costs_by_hand(database, sides, spring):
    found = told(database, sides.orderer)
    [control] = found.controlled
    assert (control.planned, control.done, control.minutes_planned, control.minutes) == (8, 1, 400, 60)
    assert control.share == 15
    [sums] = found.penalties
    assert (sums.number, sums.possible, sums.claimed, sums.waived) == (2, 55_000, 30_000, 5_000)
    assert [(row.place_name, row.orders, row.cost) for row in found.costs.rows] == [("Farsta torg", 3, 4_500)]
    [again] = found.again.rows
    assert (found.again.of, found.again.count, again.at) == (4, 1, moment("02-15"))
    assert again.at - again.latest == 10 * DAY


def test_a_period_that_is_not_over_asks_only_for_the_months_that_have_begun(database, sides, spring, clock):
    clock.stop_at("2027-02-10T12:00")
    [control] = told(database, sides.orderer).controlled
    assert control.minutes_planned == 200


def test_the_three_latest_tertials(clock):
    spoken = {
        date(2027, 1, 2): [(2, date(2026, 5, 1), date(2026, 8, 31)), (3, date(2026, 9, 1), date(2026, 12, 31)),
                           (1, date(2027, 1, 1), date(2027, 4, 30))],
        date(2028, 12, 31): [(1, date(2028, 1, 1), date(2028, 4, 30)), (2, date(2028, 5, 1), date(2028, 8, 31)),
                             (3, date(2028, 9, 1), date(2028, 12, 31))],
    }  # fmt: skip
    for day, expected in spoken.items():
        assert [(nth, one.first, one.last) for nth, one in tertials(day)] == expected


def test_each_reads_of_her_own_and_the_control_is_the_citys(database, sides, spring, actors):
    """Kept, late, open and late; the contractor its own, the district's board what lies with it, others nothing."""
    everybody = {
        sides.orderer: [("Drift av belysning", 2, 1, 1), ("Egen personal", 0, 0, 1)],
        sides.doer: [("Drift av belysning", 2, 1, 1)],
        actors("sdn_samordnare", "sdn-farsta"): [("Avtal som du inte ser", 2, 1, 1)],
        actors("sdn_samordnare", "sdn-jarva"): [],
    }
    for actor, expected in everybody.items():
        found = told(database, actor)
        names = names_of(found)
        rows = [(names[one.key], one.in_time, one.late, one.open_late) for one in found.groups]
        assert sorted(rows) == expected, actor
        assert bool(found.controlled) is (actor is sides.orderer)
        assert bool(found.penalties) is (actor in (sides.orderer, sides.doer))
        assert bool(found.costs.rows) is bool(expected)
    [sums] = told(database, sides.doer).penalties
    assert (sums.number, sums.waived) == (1, 0), "what was waived before it was claimed the contractor never hears of"


def test_the_page_says_it_in_words_charts_and_tables(sides, spring, client):
    client.login(sides.orderer)
    page = client.get("/arbeten/rapport?fran=2027-01-01&till=2027-04-30").text
    for words in (
        "Av 5 frister som skulle vara klara hölls 2 (40 %).",
        "Klara för sent: 1. Öppna och försenade: 2. Flyttade minst en gång: 1.",
        "Av 4 nya arbetsordrar gällde 1 (25 %) samma sorts sak på samma plats",
        "Entreprenadkontrollerna tog 60 av 400 planerade minuter (15 %).",
        "Viten: möjliga 55\u00a0000 kr, krävda 30\u00a0000 kr, eftergivna 5\u00a0000 kr.",
        "Det som färdiganmäldes kostade 4\u00a0500 kr, enligt arbetsordrarna.",
        'id="grupper-diagram-t"',
        'id="kontroll-diagram-t"',
        "februari 2027",
        'aria-current="true">Tertial 1 2027',
    ):
        assert words in page, words
    assert page.count(">Farsta torg<") == 2, "linked from what came again, and from what it cost"
    for per in ("stadsdel", "prioritet", "sort"):
        assert client.get(f"/arbeten/rapport?per={per}").status_code == 200
    wrong = client.get("/arbeten/rapport?fran=2027-03-01&till=2027-02-01")
    assert (wrong.status_code, "Sista dagen ska inte ligga före den första." in wrong.text) == (422, True)
    for page in ("/arbeten", "/avtal", "/skotsel/rapport"):
        assert 'href="/arbeten/rapport"' in client.get(page).text, page


def test_as_many_questions_for_much_as_for_little(database, scene, sides, spring, client, queries):
    def asked():
        with queries() as found:
            assert client.get("/arbeten/rapport?fran=2027-01-01&till=2027-04-30").status_code == 200
        return len(found)

    client.login(sides.orderer)
    few = asked()
    with database.transaction() as session:
        other = add_contract(sides.orderer, title="Renhållning", control_minutes=10)
        place = session.scalars(select(Place.id).where(Place.uid == scene.place)).one()
        more = {
            "contract_id": other.id,
            "place_id": place,
            "starts_at": moment("03-05"),
            "approved_at": moment("03-05"),
        }
        add_orders(session, [more | {"frist": {"due_at": moment("03-09")}} for _ in range(60)])
    assert asked() == few


def test_on_paper_for_the_board(desk_of, sides, spring, work):
    desk = desk_of(sides.orderer)
    asked = desk.ask("works:tertial", desk.actor.uid, **ASKED)
    assert asked.status_code == 202, asked.json
    work()
    paper = Paper(desk.fetch(asked.json["uid"]).data)
    assert (paper.language, paper.title) == ("sv", "Skötsel och arbeten, tertial 1 2027")
    for words in ("Trafiknämnden följer upp", "hölls 2 (40 %)", "Entreprenadkontroll mot plan", "4 500 kr"):
        assert words in paper.text, words
    [said] = paper.alternatives
    assert said.startswith("Egen personal: i tid 0, klara för sent 0, öppna och försenade 1.")
    assert said.endswith("Drift av belysning: i tid 2, klara för sent 1, öppna och försenade 1.")
    assert paper.tags.count("/Table") == 6


def test_each_table_as_a_file(desk_of, sides, spring, work, actors):
    desk = desk_of(sides.orderer)

    def fetched(table, **more):
        asked = desk.ask("works:rapport", desk.actor.uid, tabell=table, **ASKED, **more)
        assert asked.status_code == 202, asked.json
        work()
        return desk.fetch(asked.json["uid"]).data

    rows = {
        "frister": ["Egen personal", 0.0, 0.0, 1.0, 0.0, 0.0],
        "alder": ["Egen personal", 0.0, 0.0, 1.0, 0.0, 1.0],
        "kontroll": ["Drift av belysning", 400.0, 60.0, 15.0, 8.0, 1.0],
        "viten": ["Drift av belysning", 2.0, 55_000.0, 30_000.0, 5_000.0],
        "kostnader": ["Farsta torg", 3.0, 4_500.0],
    }
    for table, expected in rows.items():
        book = CalamineWorkbook.from_filelike(io.BytesIO(fetched(table)))
        assert book.get_sheet_by_index(0).to_python()[1] == expected, table
    written = fetched("igen", format="csv").decode("utf-8-sig").splitlines()
    assert written[0] == "Nummer;Arbetsorder;Plats;Sort;Beställd;Den förra;Dagar efter den"
    assert written[1].split(";")[1:5] == ["Laga lyktan", "Farsta torg", "Belysning", "2027-02-15"]
    assert desk.ask("works:rapport", actors("tk_drift", "trafik").uid, tabell="viten", **ASKED).status_code == 404
