"""What follows a decision, told with what is seen and what the database holds: from the answer to the effect."""

from playwright.sync_api import expect
from sqlalchemy import select

from core.applications.models import Promise
from core.followup.effect import BETTER, UNTOLD
from core.followup.models import CarryOver, Claim, Effect
from core.reserve.models import Frame, Programme
from core.upkeep.models import Deadline
from tests.journeys import mending, spending, steps
from tests.journeys.assessing import PROPOSED
from tests.journeys.desks import refused, seen, send, uid_of
from tests.journeys.handing_in import BOSS, ECONOMIST, KSU, SLK, WRITER
from tests.journeys.mending import LAMPS

BACK = 50_000


def frames(desks):
    """What remains of the programme's frame, by year."""
    with desks.city.database.transaction(write=False) as session:
        rows = select(Frame.year, Frame.amount - Frame.granted).join(Programme, Programme.id == Frame.programme_id)
        return dict(session.execute(rows.where(Programme.code == "TRYGG")).all())


def accept(desks, application):
    """The plan of all that was sought does not fit what was granted; a revised one does."""
    boss, writer = desks[BOSS], desks[WRITER]
    boss.goto(application)
    steps.follow(boss.get_by_role("link", name="Acceptera med ny plan").first)
    seen(boss, "delvis")
    send(boss, "Acceptera med ny plan", {})
    assert "Utgifterna för 2027 är 800 000 kr. Beviljat är 500 000 kr." in refused(boss).replace("\u00a0", " ")
    assert desks.row(application).state == "delvis_beviljad"
    spending.revise(writer, application, PROPOSED)
    boss.goto(f"{application}/beslut")
    hold = "Alla milstolpar står kvar, fast åtgärder utgår"  # the one of the lamps was written anew with the costs
    send(boss, "Acceptera med ny plan", {LAMPS: True, hold: True})
    row = desks.row(application)
    assert (row.state, row.sought) == ("beviljad", sum(mending.COSTS.values()))


def begin_and_be_paid(desks, application):
    """The work begins, a milestone is done, and a claim goes by three people until it is paid."""
    spending.begin(desks[WRITER], application)
    desks.at("2027-05-20T09:00")
    writer, slk, economist = desks[WRITER], desks[SLK], desks[ECONOMIST]
    writer.goto(f"{application}/genomforande")
    spending.done(writer, spending.TENDERED, "2027-05-19")
    spending.progress(writer, spending.POLES, 50, "")
    expect(writer.get_by_text("10 procent är klart.")).to_be_visible()
    seen(writer, "genomforande")
    claim = spending.claim(writer, 2027, 450_000, "Pollare och bom")
    for page, button in ((slk, "Godkänn underlaget"), (economist, "Markera som betald")):
        page.goto(claim)
        seen(page, "rekvisition")
        steps.press(page, button)
    with desks.city.database.transaction(write=False) as session:
        row = session.scalars(select(Claim).where(Claim.uid == uid_of(claim))).one()
        assert (row.state, row.amount) == ("betald", 450_000)


def be_refused_to_carry_over(desks, application):
    """Money of the year is asked to follow into the next: refused by two people, and it goes back to the frame."""
    desks.at("2027-10-20T09:00")
    writer, economist, secretary = desks[WRITER], desks[ECONOMIST], desks[KSU]
    before = frames(desks)
    writer.goto(f"{application}/genomforande")
    asked = spending.ask_to_carry_over(writer, BACK)
    economist.goto(asked)
    send(economist, "Lämna yttrande", {"Vad är ert yttrande?": "Pengarna hinner användas i år."}, "Lämna yttrandet")
    secretary.goto(asked)
    known = {
        "Avslag": True,
        "Vilken dag?": "2027-10-20",
        "Paragraf": "§ 9",
        "Varför?": "Pengarna hinner användas i år.",
    }
    send(secretary, "Skriv in beslutet", known, "Registrera och skicka för bekräftelse")
    assert frames(desks) == before, "nothing holds before the second person"
    economist.goto(asked)
    seen(economist, "ombudgetering")
    steps.press(economist, "Bekräfta avslag")
    writer.goto(asked)
    expect(writer.get_by_text("Avslagen, medlen återlämnas")).to_be_visible()
    with desks.city.database.transaction(write=False) as session:
        assert session.scalars(select(CarryOver.state).where(CarryOver.uid == uid_of(asked))).one() == "avslagen"
    assert frames(desks) == before | {2027: before[2027] + BACK}


def finish(desks, application):
    """What is built is finished, and from then on trafiknämnden inspects it as it promised."""
    desks.at("2028-02-20T09:00")
    writer = desks[WRITER]
    writer.goto(f"{application}/rapporter")
    known = {"Vad visar bilderna?": "Infarten från söder", "Varför finns det ingen bild efter?": "Mörkt ännu."}
    send(writer, "Välj bilder före och efter", known)
    writer.goto(f"{application}/genomforande")
    spending.done(writer, spending.STANDING, "2027-09-20")
    spending.done(writer, spending.STONES, "2028-02-10")
    for thing in (spending.POLES, spending.MENDED):
        spending.progress(writer, thing, 100, "Allt, besiktigat.")
    expect(writer.get_by_text("100 procent är klart.")).to_be_visible()
    send(writer, "Markera som färdig", {"slutbesiktningen": "2028-02-19"})
    key = desks.row(application).id
    with desks.city.database.transaction(write=False) as session:
        kept = select(Promise.uid).where(Promise.application_id == key)
        live = session.scalars(select(Deadline).where(Deadline.subject_uid.in_(kept))).all()
        assert [one.due_on.isoformat() for one in live] == ["2028-05-19"] * 2, "the lamps are not built"


def account(desks, application):
    """The finance system's outturn is read in; the final report shows it, and a second person approves it."""
    spending.read_in_outturn(desks[ECONOMIST], desks.city.address, desks.city)
    report = spending.account_for_it(desks[WRITER], application)
    slk = desks[SLK]
    slk.goto(report)
    expect(slk.get_by_text("960 000 kr").first).to_be_visible()
    seen(slk, "slutredovisning")
    steps.press(slk, "Godkänn")
    assert desks.row(application).state == "slutredovisad"


def measure(desks, application):
    """A year later: one goal cannot be told, the other is better, and the matter is followed up."""
    desks.at("2029-11-30T16:30")
    writer = desks[WRITER]
    writer.goto(application)
    steps.follow(writer.get_by_role("link", name="Effekten är uppföljd").first)
    steps.press(writer, "Effekten är uppföljd")
    assert "Mät effekten efter minst 12 månader först. Det saknas för mål 1, 2." in refused(writer)
    writer.goto(f"{application}/effekt")
    spending.measure(writer, 1, 12)
    spending.measure(writer, 2, 29, (24, 34), 310)
    for words in ("Går inte att skilja från före", "Bättre"):
        expect(writer.get_by_text(words, exact=True).first).to_be_visible()
    seen(writer, "effekt")
    steps.press(writer, "Effekten är uppföljd")
    row = desks.row(application)
    assert row.state == "effekt_uppfoljd"
    with desks.city.database.transaction(write=False) as session:
        measured = (Effect.application_id == row.id, Effect.state == "matt", Effect.phase != "fore")
        shown = dict(session.execute(select(Effect.value, Effect.verdict).where(*measured)).all())
    assert shown == {12: UNTOLD, 29: BETTER}
