"""Money for a square, from the first lack to the measured effect, by people in a browser (domain.md 1.3)."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from core import clock
from core.applications.models import Application, ApplicationEvent, ApplicationPart, Assessment, Round
from tests.journeys import assessing, granted, handing_in, meetings, mending, others, steps
from tests.journeys.as_begun import begin_again, make_room
from tests.journeys.desks import Desks, left, refused, seen, send, uid_of
from tests.journeys.handing_in import BOSS, FARSTA, KSU, SECRETARY, SLK, SQUARE, TRAFFIC, WRITER, choose_round, take
from tests.journeys.others import BENCHES, SECOND, THIRD, TUNNELS

pytestmark = [pytest.mark.other_database_long, pytest.mark.timeout(900)]

LACKS = [
    "atgarder.koppling",
    "perspektiv.perspektiv",
    "radighet.medgivande",
    "drift.drift",
    "skotsel.skotsel",
    "samrad.samrad",
    "utgifter.utgift",
    "tidplan.tillstand",
]
"""What the demo's draft lacks, the heaviest first."""
LEFT = {2027: 500_000, 2028: 39_490_000}
"""What remains of the frames when the meeting has decided."""
BY_OTHERS = [key for key in LACKS if key in mending.WAITS]


@pytest.fixture
def desks(city, window):
    return Desks(city, window)


def write_with_the_coach(desks):
    """Mend what the coach lists, one after the other, by its own links; others answer. Return the address."""
    writer = desks[WRITER]
    steps.open_room(writer, "Ansökningar")
    seen(writer, "ansokningar")
    steps.follow(writer.get_by_role("link", name=handing_in.SQUARE))
    application = writer.url
    seen(writer, "utkast")
    assert left(writer) == LACKS
    assert mending.mend_all(writer, application) == [*LACKS, "utgifter.komponenter"]
    assert left(writer) == BY_OTHERS, "the rest is for others to answer"
    handing_in.answer_asks(desks[TRAFFIC], desks.city.address)
    writer.goto(application)
    expect(writer.get_by_text("Inget saknas", exact=True)).to_be_visible()
    assert desks.row(application).sought == sum(mending.COSTS.values())
    return application


def review_and_decide(desks, application):
    """A second person reviews it, and the board decides; who wrote it can do neither."""
    writer, boss = desks[WRITER], desks[BOSS]
    assert [desks[who].goto(application).status for who in (FARSTA, SLK)] == [404, 404], "a draft is the board's own"
    choose_round(writer, application, 2)
    take(writer, application, "Begär granskning")
    writer.goto(f"{application}/steg/godkann")
    expect(writer.get_by_text("Det får den som har rollen Förvaltningschef.")).to_be_visible()
    take(boss, application, "Lämna tillbaka till handläggaren", {"Varför?": "Skriv hur utgiften är räknad."})
    writer.goto(application)
    expect(writer.get_by_text("Skriv hur utgiften är räknad.").first).to_be_visible()
    writer.goto(f"{application}/utgifter")
    writer.get_by_label("Hur är utgifterna räknade?").fill("Efter ramavtalets priser.")
    steps.press(writer, "Spara och markera klar")
    take(writer, application, "Begär granskning")
    boss.goto(application)
    seen(boss, "granskning")
    take(boss, application, "Godkänn för nämnd")
    desks.at("2027-01-27T09:00")
    secretary = desks[SECRETARY]
    secretary.goto(f"{application}/steg/registrera_namndbeslut")
    seen(secretary, "namndbeslut")
    known = {"Vilken dag beslutade nämnden?": "2027-01-26", "Vilken paragraf": "§ 12"}
    take(secretary, application, "Skriv in nämndens beslut", known | {"Vilket diarienummer": "JÄR 2027/44"})
    row = desks.row(application)
    assert (row.state, row.decided_paragraph) == ("namndbeslutad", "12")


def hand_in(desks, application):
    """A minute late is refused in plain words and nothing is lost; in the next round it is in time."""
    desks.at("2027-01-29T16:01")
    boss = desks[BOSS]
    take(boss, application, "Skicka in")
    assert "Omgångens sista dag var 2027-01-29 16.00. Ansökan finns kvar" in refused(boss)
    seen(boss, "for-sent")
    row = desks.row(application)
    assert (row.state, row.submitted_at, row.sought) == ("namndbeslutad", None, sum(mending.COSTS.values()))
    later = handing_in.plan_round(desks[SLK], desks.city.address, "2027-01-30", "2027-02-12", "2027-02-24")
    desks.at("2027-02-12T15:59")
    slk = desks[SLK]
    slk.goto(later)
    steps.press(slk, "Öppna omgången")
    choose_round(desks[BOSS], application, 3)
    take(desks[BOSS], application, "Skicka in")
    expect(desks[BOSS].get_by_text("Hos stadsledningskontoret", exact=True)).to_be_visible()
    row = desks.row(application)
    assert (row.state, row.submitted_at) == ("inskickad", clock.now())
    return later


def complete(desks, application):
    """More is asked for in one part: that one can be written, and no other."""
    slk, writer = desks[SLK], desks[WRITER]
    take(slk, application, "Begär komplettering", {"Underlag": "Skriv hur många som väljer en annan väg."})
    writer.goto(f"{application}/problem")
    assert writer.get_by_role("button", name="Spara utkast").count() == 0
    writer.goto(application)
    seen(writer, "komplettering")
    steps.follow(writer.get_by_role("link", name="Fortsätt med underlag"))
    expect(writer.get_by_text("Skriv hur många som väljer en annan väg.")).to_be_visible()
    seen(writer, "underlag")
    known = {"Vad är det för underlag?": "Dialog", "Vad visar det?": "31 av 46 väljer en annan väg."}
    send(writer, "Skriv in ett underlag", known)
    steps.press(writer, "Markera delen som klar")
    take(writer, application, "Lämna in kompletteringen")
    with desks.city.database.transaction(write=False) as session:
        mine = Application.uid == uid_of(application)
        parts = select(ApplicationPart.part).join(Application).where(mine, ApplicationPart.changed_at == clock.now())
        assert session.scalars(parts).all() == ["underlag"], "nothing else was touched"
        happened = session.scalars(select(ApplicationEvent.kind).join(Application).where(mine)).all()
        assert happened[-3:] == ["skicka_in", "begar_komplettering", "komplettera"]


def assess(desks, application, later, database, actors):
    """Two assess it, sealed until both are done; one of them is partial, and a third takes over."""
    second, third = others.add_assessors(database, actors)
    desks.at("2027-02-15T09:00")
    slk = desks[SLK]
    slk.goto(later)
    steps.press(slk, "Börja bereda")
    take(slk, application, "Börja bedöma", {"Vilket diarienummer": "KS 2027/911", "Registratorn har": True})
    others.hand_in_others(database, later, second, third)
    steps.follow(slk.get_by_role("link", name="Lämna förslag till beslut").first)
    for number in (1, 2):
        send(slk, "Utse någon som bedömer", {"Vem ska bedöma?": f"Beredning {number}"})
    assessing.stand_aside(desks[SECOND], application)
    seen(desks[SECOND], "jav")
    desks[SECOND].goto(f"{application}/bedomning")
    expect(desks[SECOND].get_by_text("Du har anmält jäv.")).to_be_visible()
    assert desks[SECOND].locator("main form").count() == 0, "who is partial has no sheet"
    seen(desks[SECOND], "jav-inget-blad")
    slk.goto(f"{application}/bedomningar")
    expect(slk.get_by_text("Jäv, räknas inte")).to_be_visible()
    send(slk, "Utse någon som bedömer", {"Vem ska bedöma?": "Beredning 3"})
    seen(slk, "bedomningar")
    assessing.assess(slk, application, 2)
    desks[THIRD].goto(f"{application}/bedomningar")
    expect(desks[THIRD].get_by_text("Poängen visas när båda har lämnat in.")).to_be_visible()
    assert desks[THIRD].get_by_text(assessing.BECAUSE).count() == 0, "sealed until both are in"
    desks[THIRD].goto(f"{application}/bedomning")
    seen(desks[THIRD], "bedomning")
    assessing.assess(desks[THIRD], application, 2, koppling=0)
    assessing.agree(desks[THIRD], application)
    seen(desks[THIRD], "bedomningar-oppna")
    with database.transaction(write=False) as session:
        mine = select(Assessment).join(Application).where(Application.uid == uid_of(application))
        assert sorted(one.state for one in session.scalars(mine)) == ["inlamnad", "inlamnad", "jav"]


def put_in_order(desks, application, later):
    """The order by points, one moved up by keyboard over the line, and frozen."""
    slk = desks[SLK]
    for title in (SQUARE, TUNNELS, BENCHES):
        slk.goto(f"{later}/ordning")
        steps.follow(slk.get_by_role("link", name=title))
        steps.press(slk, "Lämna förslag till beslut")
    slk.goto(f"{later}/ordning")
    steps.press(slk, "Ordna efter poäng")
    assert assessing.order(slk) == [(TUNNELS, True), (BENCHES, True), (SQUARE, False)]
    row = slk.locator("tr[data-uid]").filter(has_text=SQUARE)
    row.focus()
    with slk.expect_response("**/ordning/flytta"):
        row.press("Alt+ArrowUp")
    expect(slk.locator("[data-part=told]")).to_have_text(f"{SQUARE} står på plats 2 av 3.")
    slk.reload()
    assert assessing.order(slk) == [(TUNNELS, True), (SQUARE, True), (BENCHES, False)]
    seen(slk, "ordning")
    steps.press(slk, "Frys ordningen")
    expect(slk.get_by_text("Ordningen är fryst.")).to_be_visible()
    seen(slk, "ordning-fryst")
    with desks.city.database.transaction(write=False) as session:
        frozen = session.scalars(select(Round.frozen).where(Round.uid == uid_of(later))).one()
        assert [one["application"] for one in frozen["rows"]][1] == str(uid_of(application))


def decide(desks, application):
    """A batch at the meeting: a thing that nobody looks after stops it, two people make it hold."""
    traffic = desks[TRAFFIC]
    traffic.goto(f"{desks.city.address}/ansokningar/fragor")
    steps.follow(traffic.get_by_role("link", name=mending.LAMPS))
    send(
        traffic, "Vi kan inte lova det", {"Varför kan ni inte lova det?": "Lyktorna ryms inte i avtalet."}, "Svara nej"
    )
    desks.at("2027-02-24T13:00")
    secretary = desks[KSU]
    meeting = meetings.hold_meeting(secretary, "2027-02-24")
    seen(secretary, "sammantrade")
    meetings.choose(secretary, meeting, SQUARE, TUNNELS)
    expect(secretary.get_by_text(f"Fyll i skötsellöftet för {mending.LAMPS}: ansvarig.")).to_be_visible()
    seen(secretary, "flera-beslut")
    steps.follow(secretary.get_by_role("link", name=SQUARE))
    seen(secretary, "beslut-skriv")
    meetings.fill_the_hole(secretary)
    meetings.choose(secretary, meeting, SQUARE, TUNNELS)
    meetings.record(secretary, 2)
    assert desks.row(application).state == "forslag", "nothing holds before the second person"
    meetings.choose(desks[SLK], meeting, SQUARE, TUNNELS, button="Bekräfta de valda")
    seen(desks[SLK], "bekrafta")
    steps.press(desks[SLK], "Bekräfta 2 beslut")
    assert desks.row(application).state == "delvis_beviljad"
    assert {year: kronor for year, kronor in granted.frames(desks).items() if year >= 2027} == LEFT


@pytest.fixture
def first_round(desks):
    """A round that closes on 29 January at four o'clock, after the one that the demo has open."""
    desks.at("2027-01-26T08:00")
    begin_again(desks, SQUARE)
    make_room(desks)
    slk = desks[SLK]
    steps.open_room(slk, "Ansökningar")
    address = handing_in.plan_round(slk, desks.city.address, "2027-01-26", "2027-01-29", "2027-02-24")
    steps.press(slk, "Öppna omgången")
    seen(slk, "omgang")
    return address


def test_from_the_first_lack_to_the_measured_effect(desks, first_round, database, actors):
    application = write_with_the_coach(desks)
    review_and_decide(desks, application)
    later = hand_in(desks, application)
    complete(desks, application)
    assess(desks, application, later, database, actors)
    put_in_order(desks, application, later)
    decide(desks, application)
    granted.accept(desks, application)
    granted.begin_and_be_paid(desks, application)
    granted.be_refused_to_carry_over(desks, application)
    granted.finish(desks, application)
    granted.account(desks, application)
    granted.measure(desks, application)
