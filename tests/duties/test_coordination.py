"""Who coordinates: the function of the municipality, a samordnare per board and company, gaps, and merged boards."""

from datetime import date
from uuid import uuid4

import pytest

from core import access, clock, db
from core.duties.hooks import tryggplats_todo
from core.duties.services import coordination
from core.people import services as people
from core.people.services import organisation
from core.schema import Invalid

pytestmark = pytest.mark.other_database_long


def boards(actor, **wish):
    return {board.organisation.code: board for board in coordination.list_boards(actor, limit=200, **wish).rows}


def test_a_board_that_lacks_a_samordnare_is_a_gap_and_so_is_one_whose_has_ended(database, municipality):
    with database.transaction():
        row = municipality.appoint(organisation("sdn-farsta").uid)
        municipality.appoint(organisation("sisab").uid)
        lacking = boards(municipality.city, lacking=True)
        assert {"sdn-jarva", "trafik"} <= set(lacking)
        assert not {"sdn-farsta", "sisab", "slk", "polis-jarva"} & set(lacking)
        coordination.end_coordinator(municipality.city, row.uid, on=date(2027, 2, 28))
        gap = boards(municipality.city, lacking=True)["sdn-farsta"]
        assert (gap.lacks, gap.before.title, gap.before.valid_to) == (True, "Samordnare", date(2027, 2, 28))
        assert not boards(municipality.city, day=date(2027, 2, 28))["sdn-farsta"].lacks, "the last day counts"
        whole, count = coordination.count_boards(municipality.city)
        assert (whole - count, len(boards(municipality.city, lacking=True))) == (1, count)


def test_a_day_that_is_refused_is_told_at_the_samordnare_whose_it_was(database, municipality, client):
    with database.transaction():
        row = municipality.appoint(organisation("sdn-farsta").uid)
    client.login(municipality.city)
    wrong = client.submit(f"/lagkrav/samordnare/{row.uid}/avsluta", {"on": "i går", "version": "1"})
    assert wrong.status_code == 422
    assert f'id="slut-{row.uid}-on"' in wrong.text
    assert 'value="i går"' in wrong.text


def test_a_merged_board_needs_a_samordnare_of_its_own_and_the_old_ones_stay_in_their_years(database, municipality):
    with database.transaction():
        old = organisation("sdn-rinkeby-kista")
        municipality.appoint(old.uid, date(2022, 1, 1))
        then, now = boards(municipality.city, day=date(2022, 6, 1)), boards(municipality.city)
        assert ("sdn-jarva" in then, "sdn-rinkeby-kista" in now) == (False, False)
        assert not then["sdn-rinkeby-kista"].lacks
        assert then["sdn-spanga-tensta"].lacks
        assert now["sdn-jarva"].lacks, "the samordnare of who went into it is not its own"
        assert now["sdn-jarva"].before.organisation.code == "sdn-rinkeby-kista"
    with pytest.raises(Invalid, match="finns"), database.transaction():
        municipality.appoint(organisation("sdn-rinkeby-kista").uid, date(2024, 1, 1))


def test_before_a_merger_it_is_told_how_many_samordnare_end_with_it(database, municipality):
    house = access.system("test")
    with database.transaction():
        for code in ("sdn-farsta", "sdn-skarpnack"):
            municipality.appoint(organisation(code).uid)
        asked = {"codes": ["sdn-farsta", "sdn-skarpnack"], "name": "Nya", "code": "sdn-nya", "on": date(2028, 1, 1)}
        assert ("Samordnare", 2) in people.preview_merger(house, **asked).others


def test_a_board_appoints_its_own_and_nobody_elses_and_is_told_when_it_lacks_one(database, municipality, actors):
    chief, clerk = actors("forv_chef", "sdn-farsta"), actors("medarbetare", "sdn-farsta")
    known = {"title": "Samordnare", "mandate": "Leder.", "valid_from": date(2027, 3, 1)}
    with database.transaction():
        assert [todo.title for todo in tryggplats_todo(chief, 20)] == ["Utse en samordnare"]
        assert list(tryggplats_todo(clerk, 20)) == []
        coordination.appoint(chief, uid=uuid4(), organisation=organisation("sdn-farsta").uid, **known)
        assert list(tryggplats_todo(chief, 20)) == []
    with pytest.raises(access.Missing), database.transaction():
        coordination.appoint(chief, uid=uuid4(), organisation=organisation("sdn-jarva").uid, **known)
    with pytest.raises(access.Denied), database.transaction():
        coordination.appoint(clerk, uid=uuid4(), organisation=organisation("sdn-farsta").uid, **known)


def test_a_new_function_ends_the_one_before_the_day_before(database, municipality, actors):
    reader = actors("ks_las", "ks")
    with database.transaction():
        first = municipality.function()
        second = municipality.function(valid_from=date(2027, 2, 1), title="Nya funktionen")
        assert (first.valid_to, coordination.function_on(reader).uid) == (date(2027, 1, 31), second.uid)
        assert coordination.function_on(reader, date(2026, 1, 1)).uid == first.uid
        with pytest.raises(Invalid, match="gäller redan nästa"):
            coordination.end_function(municipality.city, first.uid, on=date(2027, 2, 1))
        coordination.end_function(municipality.city, second.uid, on=clock.today())
        assert coordination.function_on(reader, date(2027, 3, 2)) is None


def test_however_many_boards_the_list_is_as_many_queries(database, municipality, queries):
    with database.transaction():
        coordination.count_boards(municipality.city)
        with queries() as few:
            coordination.list_boards(municipality.city)
        municipality.appoint_everywhere()
        with queries() as many:
            coordination.list_boards(municipality.city)
    assert len(few) == len(many)


def corrected(row, **facts):
    names = ("title", "mandate", "mailbox", "decision", "valid_from", "valid_to", "version")
    return {name: getattr(row, name) for name in names} | facts


def test_a_samordnare_is_corrected_by_who_appoints_there_and_not_over_what_another_wrote(
    database, municipality, actors, client
):
    chief, other = actors("forv_chef", "sdn-farsta"), actors("forv_chef", "sdn-jarva")
    with database.transaction():
        row = municipality.appoint(organisation("sdn-farsta").uid, mailbox="fel@staden.example")
        coordination.end_coordinator(municipality.city, row.uid, on=clock.today())
        known = corrected(row, organisation=organisation("sdn-farsta").uid, share=80, mailbox="ratt@staden.example")
        known |= {"valid_to": None}
        coordination.change_coordinator(chief, row.uid, **known)
        assert (row.mailbox, row.share, row.valid_to) == ("ratt@staden.example", 80, None)
        with pytest.raises(Invalid, match="före den första"):
            wrong = known | {"valid_to": date(2023, 1, 1), "version": row.version}
            coordination.change_coordinator(chief, row.uid, **wrong)
        with pytest.raises(db.Stale):
            coordination.change_coordinator(chief, row.uid, **known)
        with pytest.raises(access.Missing):
            coordination.change_coordinator(other, row.uid, **known)
    client.login(chief)
    home = f"/lagkrav/samordnare/{row.uid}"
    assert f'href="{home}"' in client.get("/lagkrav/samordnare").text
    form = {"organisation": str(known["organisation"]), "title": "Ny", "mandate": "Leder.", "valid_from": "2024-01-01"}
    assert client.submit(home, form | {"version": "1"}).status_code == 409
    wrong = client.submit(home, form | {"title": "", "version": str(row.version)})
    assert (wrong.status_code, "f-title-error" in wrong.text) == (422, True)
    assert client.submit(home, form | {"version": str(row.version)}).status_code == 303
    assert 'value="Ny"' in client.get(home).text


def test_a_functions_first_day_that_is_corrected_moves_the_last_day_of_the_one_before(database, municipality, actors):
    reader = actors("ks_las", "ks")
    with database.transaction():
        first = municipality.function()
        second = municipality.function(valid_from=date(2027, 2, 1))

        def move(row, **facts):
            known = corrected(row, organisation=organisation("slk").uid, decided_on=row.decided_on, decided_by="KS")
            return coordination.change_function(municipality.city, row.uid, **(known | facts))

        move(second, valid_from=date(2027, 1, 10), mailbox="ny@staden.example")
        assert (first.valid_to, second.mailbox) == (date(2027, 1, 9), "ny@staden.example")
        move(second, valid_from=date(2027, 2, 20))
        assert first.valid_to == date(2027, 2, 19), "no day without a function"
        with pytest.raises(Invalid, match="från den dagen eller senare"):
            move(second, valid_from=first.valid_from)
        with pytest.raises(Invalid, match="gäller redan nästa"):
            move(first, valid_to=None)
        with pytest.raises(db.Stale):
            move(first, version=1)
        move(first, valid_to=date(2026, 12, 31))
        move(second, valid_from=date(2027, 2, 21))
        assert first.valid_to == date(2026, 12, 31), "it had ended by itself"
        with pytest.raises(access.Denied):
            coordination.read_function(reader, first.uid)
