"""The pages of rounds, of assessing, of the order and of jäv, as people use them without script."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core import clock, db
from core.applications.models import Partiality, Round
from core.applications.services import partiality, ranking, rounds
from core.applications.services.applications import make_move
from core.upkeep.models import Deadline
from tests.applications.assessed import (
    DAY,
    apply_for,
    assess,
    assign,
    give_frame,
    hand_in,
    plan,
    programme_called,
    row_of,
    suggest,
    titles,
)

pytestmark = pytest.mark.other_database_long

CRITERIA = ("tilltrade", "fysisk_miljo", "problembild", "koppling", "effekt", "perspektiv", "samverkan",
            "genomforbarhet", "kostnad")  # fmt: skip


def whole(points="2"):
    """A whole assessment as its form sends it."""
    said = {f"{key}_points": points for key in CRITERIA} | {f"{key}_why": "Därför." for key in CRITERIA}
    return said | {"tilltrade_points": "1", "fysisk_miljo_points": "1", "recommendation": "bevilja", "summary": "Bra."}


def test_a_round_is_laid_up_changed_opened_and_listed(client, database, actors):
    slk = actors("slk_handlaggare", "slk")
    client.login(slk)
    with database.transaction():
        programme = str(programme_called().uid)
    first, last = clock.today(), clock.today() + 20 * DAY
    days = {"opens_on": first, "closes_on": last, "meets_on": last + 30 * DAY}
    known = {"programme": programme, "board_ceiling": "9 000 000", **days}
    form = client.get("/omgangar/ny").text
    known["uid"] = re.search(r'name="uid" value="([^"]+)"', form)[1]
    wrong = client.submit("/omgangar/ny", {**known, "closes_clock": "25.00"})
    assert wrong.status_code == 422
    assert "till exempel 16.00" in wrong.text
    made = client.submit("/omgangar/ny", {**known, "closes_clock": "16.00"})
    assert made.status_code == 303
    address = made.location
    shown = client.get(address).text
    assert "Planerad" in shown
    assert f"{last} 16.00" in shown
    assert "9\u00a0000\u00a0000" in shown
    changed = {key: value for key, value in known.items() if key not in ("uid", "programme")}
    assert client.submit(f"{address}/andra", changed).status_code == 303
    assert (
        client.submit(f"{address}/tak", {"organisation": "sdn-farsta", "amount": "500 000"}, page=address).status_code
        == 303
    )
    assert "500\u00a0000" in client.get(address).text
    assert client.submit(f"{address}/steg/oppna", page=address).status_code == 303
    assert "Väger 25 av 100" in client.get(address).text
    assert "Öppnad" in client.get("/omgangar").text
    again = client.submit("/omgangar/ny", {**known, "uid": known["uid"][:-4] + "abcd"})
    assert again.status_code == 422
    assert "överlappar inte" in again.text
    client.login(actors("sdn_handlaggare", "sdn-farsta"))
    assert client.get(address).status_code == 200, "all who work in the city see when one may apply"
    assert client.get("/omgangar/ny").status_code == 403


def test_a_round_of_whole_days_names_its_last_day_and_no_midnight(client, database, prepared):
    with database.transaction():
        row = plan(prepared.anna, prepared.programme, opens=5, closes=9)
        rounds.move_round(prepared.anna, row.uid, "oppna")
    client.login(prepared.anna)
    shown = client.get(f"/omgangar/{row.uid}").text
    assert shown.count(f"{clock.today() + 9 * DAY}") >= 2
    early = client.submit(f"/omgangar/{row.uid}/steg/bered", page=f"/omgangar/{row.uid}")
    assert f"öppen till och med {clock.today() + 9 * DAY}. Börja" in early.text
    assert "00.00" not in shown + early.text


def test_what_is_applied_for_in_a_round_by_year_and_board(client, prepared):
    client.login(prepared.anna)
    shown = client.get(f"/omgangar/{prepared.round}").text
    assert "Sökt per nämnd" in shown
    assert "5\u00a0000\u00a0000" in shown
    assert f"{prepared.year + 1}: <span" in shown
    client.login(prepared.writer)
    own = client.get(f"/omgangar/{prepared.round}").text
    assert "Belysning" in own
    assert "Torget" not in own, "another board's application is not told"


def test_an_assessment_is_saved_as_a_draft_summed_and_handed_in(client, database, prepared):
    with database.transaction():
        assign(prepared, "Belysning")
    address = f"/ansokningar/{prepared.applications['Belysning']}/bedomning"
    client.login(prepared.anna)
    assert client.submit(address, {"koppling_points": "3", "effekt_why": "Tveksam."}).status_code == 303
    drawn = client.get(address).text
    assert '<span data-part="total">25</span>' in drawn, "the sum stands there without script"
    assert "Tveksam." in drawn
    refused = client.submit(address, {"koppling_points": "3", "knapp": "lamna_in"})
    assert refused.status_code == 409
    marked = dict(re.findall(r'href="#[a-z]+-(\w+)">[^<]*? (?:Ge|Skriv|Svara) ([^<]+)</a>', refused.text))
    assert marked["effekt_points"] == "poäng och skriv varför: Förväntad effekt."
    assert marked["koppling_why"].startswith("varför: ")
    assert "koppling_points" not in marked
    assert [text for key, text in marked.items() if key.startswith("tilltrade")] == [
        "ja eller nej och skriv varför: Tillträde."
    ]
    assert client.submit(address, whole() | {"knapp": "lamna_in"}).status_code == 303
    shown = client.get(address).text
    assert "Summa: 67 av 100" in shown
    assert "Förseglat." in shown
    assert client.submit(address.replace("bedomning", "bedomningar"), {}).status_code in (403, 422)
    stale = client.post(
        address, data=whole() | {"csrf_token": re.search(r'csrf_token" value="([^"]+)', shown)[1], "version": "1"}
    )
    assert stale.status_code == 409


def test_nothing_of_the_points_is_on_a_page_before_both_are_in(client, database, prepared):
    """Not for the other, nor who assigns, nor the economist: not the points, the reasons or the sum."""
    with database.transaction():
        assign(prepared, "Belysning")
        hand_in(prepared.anna, prepared, "Belysning", 3)
    application = prepared.applications["Belysning"]
    pages = (
        f"/ansokningar/{application}/bedomningar", f"/omgangar/{prepared.round}/ordning", f"/omgangar/{prepared.round}",
        f"/ansokningar/{application}", "/att-gora", "/", f"/ansokningar/{application}/bedomning",
    )  # fmt: skip
    for actor in (prepared.bo, prepared.ceri, prepared.economist):
        client.login(actor)
        for page in pages:
            text = client.get(page).text
            assert "Därför" not in text, page
            assert "100 av 100" not in text, page
        order = client.get(pages[1]).text
        assert "Poäng förseglade" in order
        token = {"Accept": "application/json"}
        assert client.get(f"/api/v1/rounds/{prepared.round}/order", headers=token).json["items"][0]["points"] is None


def test_two_are_assigned_a_note_is_written_and_the_proposal_handed_in(client, database, prepared):
    uid = prepared.applications["Belysning"]
    address = f"/ansokningar/{uid}/bedomningar"
    client.login(prepared.anna)
    for actor in (prepared.anna, prepared.bo):
        assert client.submit(address, {"person": str(actor.uid)}).status_code == 303
    third = client.submit(address, {"person": str(prepared.ceri.uid)})
    assert third.status_code == 409
    with database.transaction():
        hand_in(prepared.anna, prepared, "Belysning", 2, effekt=3)
        hand_in(prepared.bo, prepared, "Belysning", 2, effekt=1)
    early = client.submit(f"{address}/steg/lamna_forslag", page=address)
    assert early.status_code == 409
    assert "Gemensam not saknas: Förväntad effekt." in early.text
    assert (
        client.submit(f"{address}/not/effekt", {"text": "Vi möttes.", "points": "2"}, page=address).status_code == 303
    )
    sums = {f"year_{prepared.year}": "1 500 000", f"year_{prepared.year + 1}": "0"}
    version = {"version": str(_version(database, prepared))}
    too_much = client.submit(
        f"{address}/forslag", sums | version | {f"year_{prepared.year}": "2 000 001"}, page=address
    )
    assert too_much.status_code == 422
    assert "Skriv högst det som söks" in too_much.text
    assert client.submit(f"{address}/forslag", sums | version, page=address).status_code == 303
    with database.transaction():
        moves = row_of(prepared, "Belysning").version
    assert client.submit(f"{address}/steg/lamna_forslag", {"version": str(moves)}, page=address).status_code == 303
    shown = client.get(address).text
    assert "Förslaget blir: Delvis beviljad." in shown
    assert "Vi möttes." in shown


def _version(database, prepared):
    with database.transaction(write=False) as session:
        return session.scalar(select(Round.version).where(Round.uid == prepared.round))


def test_an_order_is_moved_by_its_buttons_and_the_move_undone(client, database, prepared):
    address = f"/omgangar/{prepared.round}/ordning"
    client.login(prepared.anna)
    shown = client.get(address).text
    assert f"Strecket: här tar ram {prepared.year} slut" in shown
    version = str(_version(database, prepared))
    move = {"application": str(prepared.applications["Torget"]), "to": "1", "version": version}
    done = client.submit(f"{address}/flytta", move, page=address)
    assert done.status_code == 303
    with database.transaction(write=False):
        assert titles(prepared) == ["Torget", "Belysning", "Bänkar"]
    after = client.get(done.location).text
    assert "Ångra flytt" in after
    assert re.search(r'name="to" value="3"[^<]*<button[^>]*><span>Ångra flytt', after)
    late = client.submit(f"{address}/flytta", move, page=address)
    assert late.status_code == 409, "somebody who moves from an older order is told"
    with database.transaction(write=False):
        assert titles(prepared) == ["Torget", "Belysning", "Bänkar"]


def test_who_has_declared_jav_is_told_why_she_does_not_assess(client, database, prepared):
    with database.transaction():
        one, _ = assign(prepared, "Belysning")
        uid = prepared.applications["Belysning"]
    address, step = f"/ansokningar/{uid}/bedomning", f"/bedomningar/{one.uid}/steg"
    client.login(prepared.anna)
    for key in ("anmal_jav", "lamna_in"):
        assert client.submit(f"{step}/{key}", {"reason": "Bor där."}, page=address).status_code == 404, "not done so"
    with database.transaction():
        partiality.declare(prepared.anna, uid=uuid4(), application=uid, reason="Bor där.")
        frist = select(Deadline.state).where(Deadline.subject_uid == one.uid)
        assert db.session().scalar(frist) == "utgar", "nobody is reminded of what is not to be done"
    told = client.get(address)
    assert told.status_code == 200
    assert "Du har anmält jäv." in told.text
    assert 'name="koppling_points"' not in told.text
    client.login(prepared.bo)
    assert 'name="koppling_points"' in client.get(address).text
    client.login(prepared.ceri)
    assert client.get(address).status_code == 404, "who was never asked has none"


def test_who_is_javig_has_no_buttons_on_the_row(client, database, prepared):
    client.login(prepared.anna)
    belysning = prepared.applications["Belysning"]
    said = {"application": str(belysning), "reason": "Jag bor där."}
    waits = f"/ansokningar/{belysning}/bedomningar"
    assert waits in client.get("/att-gora").text
    drawn = client.get(f"/jav?ansokan={belysning}").text
    said["uid"] = re.search(r'name="uid" value="([^"]+)"', drawn)[1]
    assert client.submit("/jav", said).status_code == 303
    assert "Jag bor där." in client.get("/jav").text
    told = client.get("/att-gora").text
    assert (waits in told, f"/ansokningar/{prepared.applications['Torget']}/bedomningar" in told) == (False, True)
    shown = client.get(f"/omgangar/{prepared.round}/ordning").text
    assert "Du är jävig" in shown
    assert "Flytta Belysning upp" not in shown
    assert "Flytta Torget upp" in shown
    with database.transaction() as session:
        uid = session.scalars(select(Partiality.uid)).one()
        version = session.scalar(select(Round.version))
    move = {"application": str(belysning), "to": "3", "version": str(version)}
    refused = client.submit(
        f"/omgangar/{prepared.round}/ordning/flytta", move, page=f"/omgangar/{prepared.round}/ordning"
    )
    assert refused.status_code == 409
    assert "kan inte flytta raden" in refused.text
    assert client.submit(f"/jav/{uid}/avsluta", {"reason": "Har flyttat."}, page="/jav").status_code == 303
    assert "Upphört" in client.get("/jav").text


def test_it_is_frozen_read_only_and_opened_again(client, database, prepared):
    with database.transaction():
        give_frame(prepared, prepared.economist, prepared.anna, 600_000, prepared.year + 1)
        for title, amounts in (("Belysning", (1_000_000,)), ("Bänkar", (2_500_000,)), ("Torget", (0,))):
            assess(prepared, title)
            suggest(prepared, title, *amounts)
            make_move(prepared.anna, row_of(prepared, title), "lamna_forslag")
    address, steps = f"/omgangar/{prepared.round}/ordning", f"/omgangar/{prepared.round}/steg"
    client.login(prepared.anna)
    assert (
        client.submit(f"{steps}/frys", {"version": str(_version(database, prepared))}, page=address).status_code == 303
    )
    shown = client.get(address).text
    assert "Ordningen är fryst." in shown
    assert "Del av sökt" in shown
    assert "Föreslås avslag" in shown
    assert "/ordning/flytta" not in shown
    frozen_order = f"/api/v1/rounds/{prepared.round}/order"
    assert [one["points"] for one in client.get(frozen_order).json["items"]] == [67, 67, 67]
    with database.transaction():
        torget = prepared.applications["Torget"]
        partiality.declare(prepared.anna, uid=uuid4(), application=torget, reason="Bor där.")
    assert [one["points"] for one in client.get(frozen_order).json["items"]] == [67, 67, None]
    assert client.get(address).text.count('data-label="Poäng"><span class="nw">67') == 2
    bare = client.submit(f"{steps}/tina", {"version": str(_version(database, prepared)), "reason": ""}, page=address)
    assert bare.status_code == 422
    why = {"version": str(_version(database, prepared)), "reason": "En nämnd drog sig ur."}
    assert client.submit(f"{steps}/tina", why, page=address).status_code == 303
    assert "/ordning/flytta" in client.get(address).text


def test_the_table_of_a_round_has_points_only_when_all_are_in(database, prepared):
    from core.applications import rounds_table

    with database.transaction():
        assess(prepared, "Torget", 3)
        assign(prepared, "Belysning")
        hand_in(prepared.anna, prepared, "Belysning", 3)
        suggest(prepared, "Torget", 1_000_000)
        content = rounds_table.as_table(prepared.economist, prepared.round)
        heads = [str(column.title) for column in content.sheet.columns]
        rows = {row[1]: dict(zip(heads, row, strict=True)) for row in content.sheet.rows}
        assert rows["Torget"]["Poäng"] == 100
        assert rows["Torget"][f"Föreslås {prepared.year}"] == 1_000_000
        assert rows["Belysning"]["Poäng"] is None
        assert rows["Belysning"][f"Sökt {prepared.year + 1}"] == 500_000
        row_of(prepared, "Torget").level = 3
        db.session().flush()
        open_rows = rounds_table.as_table(prepared.economist, prepared.round).sheet.rows
        assert "Torget" not in {row[1] for row in open_rows}, "what is protected goes into no table"
        own = rounds_table.as_table(prepared.writer, prepared.round)
        assert "Poäng" not in [str(column.title) for column in own.sheet.columns]
        assert {row[1] for row in own.sheet.rows} == {"Belysning", "Bänkar"}


class TestTold:
    """Att göra, dates and frister."""

    def test_what_waits_for_who_prepares_and_who_assesses(self, client, database, prepared):
        client.login(prepared.anna)
        assert "Utse två som bedömer" in client.get("/att-gora").text
        with database.transaction():
            assign(prepared, "Belysning")
            assess(prepared, "Torget")
        client.login(prepared.bo)
        text = client.get("/att-gora").text
        assert "Bedöm ansökan" in text
        assert "Skriv förslag till beslut" in text

    def test_the_dates_of_rounds_stand_among_those_to_keep(self, client, database, prepared):
        with database.transaction():
            row = plan(prepared.anna, prepared.programme, opens=5, closes=9, meets_on=clock.today() + 40 * DAY)
            assert rounds.last_day(row) == clock.today() + 9 * DAY
        client.login(prepared.writer)
        text = client.get("/").text
        assert "Öppnar: Trygghetsinvesteringar, omgång" in text
        assert f"Sista ansökningsdag {clock.today() + 9 * DAY}" in text

    def test_a_round_whose_last_day_has_been_waits_to_be_prepared(self, client, database, prepared):
        with database.transaction() as session:
            session.execute(update(Round).values(state="oppnad"))
        client.login(prepared.anna)
        assert "Börja bereda omgången" in client.get("/att-gora").text


def test_the_api_tells_rounds_and_their_order(client, database, prepared):
    with database.transaction():
        assess(prepared, "Bänkar", 3)
        suggest(prepared, "Bänkar", 2_000_000)
        late = apply_for(prepared, "En sen", [100])
        late.state = "utkast"
        db.session().flush()
    client.login(prepared.economist)
    listed = client.get("/api/v1/rounds").json["items"]
    assert [(one["uid"], one["open"]) for one in listed] == [(str(prepared.round), False)]
    row = client.get(f"/api/v1/rounds/{prepared.round}").json
    assert (row["state"], len(row["criteria"]), row["max_amount"]) == ("bereds", 9, None)
    order = client.get(f"/api/v1/rounds/{prepared.round}/order")
    assert order.headers["ETag"].startswith(f'"{order.json["version"]}')
    assert order.json["frames"] == [
        {"year": prepared.year, "amount": 5_000_000},
        {"year": prepared.year + 1, "amount": 0},
    ]
    told = {one["title"]: one for one in order.json["items"]}
    assert told["Bänkar"]["points"] == 100
    assert told["Bänkar"]["proposed"] == [{"year": prepared.year, "amount": 2_000_000}]
    assert "En sen" not in told
    client.login(prepared.boss)
    assert client.get(f"/api/v1/rounds/{prepared.round}").status_code == 200
    assert client.get(f"/api/v1/rounds/{prepared.round}/order").status_code == 403


@pytest.mark.one_database
def test_the_order_is_read_in_few_queries(client, database, prepared, queries):
    client.login(prepared.anna)
    client.get(f"/omgangar/{prepared.round}/ordning")
    with queries() as asked:
        client.get(f"/omgangar/{prepared.round}/ordning")
    own = [one for one in asked if one.startswith(("SELECT", "WITH"))]
    assert len(own) <= 22, "\n".join(own)
    assert ranking.MOST >= 500
