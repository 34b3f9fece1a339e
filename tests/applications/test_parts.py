"""The parts of an application on their pages, without script: what is typed is kept, or told at its field."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core import access, clock, db, flow
from core.applications.models import (
    Application,
    ApplicationDraft,
    ApplicationMeasure,
    ApplicationPart,
    ApplicationParty,
    ApplicationText,
    Milestone,
)
from core.applications.parts import PARTS
from core.applications.schemas.parts import FORMS
from core.applications.services import applications, content, measures, parts
from core.applications.services.summary import parts_summary
from core.cooperation import services as cooperation
from core.http.forms import BUTTON
from core.journal import JournalDetail, JournalLine
from core.people.services import organisation
from core.places.models import Place
from core.schema import Invalid
from tests.applications.written import begin, fourth, grounded, queries, scene, third, together, writing
from tests.cooperation.test_chain import FACTS

pytestmark = pytest.mark.other_database_long

__all__ = ["fourth", "grounded", "queries", "scene", "third", "together", "writing"]
OURS = ("plats", "problem", "underlag", "orsaker", "atgarder", "mal", "perspektiv", "tidplan")


def number_of(place):
    return db.session().scalar(select(Place.number).where(Place.uid == place))


def test_eight_parts_are_filled_in_and_the_task_list_tells_what_they_hold(database, grounded, client):
    here = grounded.here
    with database.transaction():
        number = number_of(grounded.place)
    client.login(grounded.writer)

    def save(key, **fields):
        assert client.submit(f"{here}/{key}", fields | {BUTTON: "klar"}).status_code == 303, key

    save("plats", places=number, access_note="Öppet dygnet runt.")
    save("problem", problem="Många undviker torget när det är mörkt.\nMest på vardagar.")
    save("orsaker", cycle=str(grounded.cycle), cause_note="Prövade med polisen.")
    save("mal", goals=[str(grounded.goal)], focus_area="offentlig_miljo", expected="Fler går här.")
    perspectives = {f"{one}.{name}": "Ja." for one in ("barn", "aldre") for name in ("impact", "considered", "heard")}
    save("perspektiv", children_heard="ja", children_note="I skolan.", **perspectives)
    permits = {"bygglov.stands": "sokt", "bygglov.reference": "2027-1"}
    save("tidplan", starts_on="2027-05-01", completes_on="2028-09-30", **permits)
    line = {"uid": str(uuid4()), "kind": "belysning_ny", "text": "Nya lyktor", "quantity": "12", "unit": "stycken"}
    line |= {"place": str(grounded.place), "cause": str(grounded.cause), "amount": "1 250 000", "built": "ja"}
    assert client.submit(f"{here}/atgarder/ny", line, page=f"{here}/atgarder").status_code == 303
    save("atgarder", alternatives="Bara siktröjning.", displacement="Till parken.")
    shown = {"uid": str(uuid4()), "kind": "tyck_till", "says": "14 synpunkter om mörker", "period": "2026"}
    assert client.submit(f"{here}/underlag/nytt", shown, page=f"{here}/underlag").status_code == 303
    save("underlag")

    page = client.get(here).text
    for told in (
        "Farsta torg, Allmän plats",
        "57 tecken",
        "1 underlag av 1 slag",
        "1 orsak, 1 trolig",
        "1 åtgärd",
        "1 mål",
        "2 perspektiv, barn har hörts",
        "Start 2027-05-01, klart 2028-09-30, 1 tillstånd utrett",
    ):
        assert told in page, told
    left = ("problem", "underlag", "perspektiv", "tidplan")  # too short, of one kind, two of three, permits unknown
    assert page.count("<span>1 sak kvar</span>") == len(left)
    assert page.count("<span>Klar</span>") == 8 - len(left), "with a lack none is marked"
    with database.transaction() as session:
        [row] = session.scalars(select(ApplicationMeasure))
        assert (row.number, row.amount, row.quantity, row.built, row.weight) == (1, 1_250_000, 12, True, 0)
    measured = client.get(f"{here}/atgarder").text
    assert "1. Nya lyktor" in measured
    assert "Ni söker mer än 1\xa0000\xa0000 kr" in measured


@pytest.mark.parametrize("key", PARTS)
def test_everything_is_saved_however_little_there_is(writing, client, key):
    client.login(writing.writer)
    assert client.submit(f"{writing.here}/{key}", {}).status_code == 303
    assert client.get(f"{writing.here}/{key}").status_code == 200


TYPED = st.text(alphabet=st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    ["", "2027-02-31", "-1", "1e9", "PL-99999", "ja", "\x00", "🌲" * 40, str(uuid4())]
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.sampled_from(sorted(PARTS)), data=st.data())
def test_what_is_typed_is_kept_or_told_at_its_field(writing, client, key, data):
    client.login(writing.writer)
    names = [one.name for one in FORMS[key]().describe()]
    fields = {name: data.draw(TYPED, label=name) for name in names}
    answer = client.submit(f"{writing.here}/{key}", fields)
    assert answer.status_code in {303, 422}
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text
        assert answer.text.count("tp-error") >= 1


def test_two_who_write_in_one_part_see_both_versions(database, writing, client, actors):
    here, colleague = f"{writing.here}/problem", actors("sdn_samordnare")
    client.login(writing.writer)
    page = client.get(here).text
    with database.transaction():
        parts.write_part(colleague, writing.uid, "problem", problem="Samordnarens text.")
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    refused = client.post(here, data={"csrf_token": token, "version": "1", "problem": "Min text."})
    assert refused.status_code == 409
    assert "Samordnarens text." in refused.text
    assert "Min text." in refused.text
    assert client.submit(f"{writing.here}/plats", {"access_note": "Öppet."}).status_code == 303, "other parts are free"


def test_a_row_leaves_what_stands_unsaved_beside_it_and_the_part_is_no_longer_done(database, writing):
    with database.transaction():
        parts.write_part(writing.writer, writing.uid, "tidplan", done=True)
    with database.transaction():
        before = parts.read_part(writing.writer, writing.uid, "tidplan").part.version
        step = Milestone(uid=uuid4(), title="Klart", due_on=clock.today(), weight=100)
        parts.add_row(writing.writer, writing.uid, "tidplan", step)
    with database.transaction():
        part = parts.read_part(writing.writer, writing.uid, "tidplan").part
    assert (part.version, part.done_at) == (before, None)


def test_a_row_is_changed_once_for_each_version_and_taken_out(database, writing, client):
    uid, here = uuid4(), f"{writing.here}/tidplan"
    client.login(writing.writer)
    step = {"uid": str(uid), "title": "Lyktorna står", "due_on": "2027-10-01", "weight": "60"}
    assert client.submit(f"{here}/milstolpar", step, page=here).status_code == 303
    assert client.submit(f"{here}/milstolpar", step, page=here).status_code == 303, "the same step again is the same"
    assert client.submit(f"{here}/milstolpar", step | {"title": "Annat"}, page=here).status_code == 409
    row = f"/ansokningar/milstolpar/{uid}"
    changed = {"title": "Lyktorna lyser", "due_on": "2027-11-01", "weight": "70"}
    assert client.submit(row, changed).status_code == 303
    assert client.submit(row, changed | {"version": "1"}).status_code == 409
    assert client.submit(row, changed | {"weight": "170"}).status_code == 422
    assert "Lyktorna lyser" in client.get(here).text
    assert client.submit(f"{row}/ta-bort", page=row).status_code == 303
    assert client.get(row).status_code == 404
    assert "Lyktorna lyser" not in client.get(here).text


# --- What is not saved yet ----------------------------------------------------------------------------------------


def test_what_is_not_saved_is_kept_for_who_wrote_it_and_for_nobody_else(database, writing, client, actors):
    here = f"{writing.here}/problem"
    client.login(writing.writer)
    kept = client.submit(f"{here}/utkast", {"problem": "Hemligt halvfärdigt"}, page=here)
    assert (kept.status_code, list(kept.get_json())) == (200, ["at"])
    assert client.submit(f"{here}/utkast", {"annat": "x"}, page=here).status_code == 422
    offered = client.get(here).text
    assert "Sparat automatiskt" in offered
    assert "Hemligt halvfärdigt" not in offered
    used = client.get(f"{here}?utkast=ja").text
    assert "Hemligt halvfärdigt" in used
    client.login(actors("sdn_samordnare"))
    for page in (writing.here, here, f"{here}?utkast=ja", f"/api/v1/applications/{writing.uid}/parts/problem"):
        other = client.get(page).text
        assert "Hemligt halvfärdigt" not in other
        assert "Sparat automatiskt 2" not in other
    with database.transaction() as session:
        assert session.scalar(select(ApplicationText.problem)) == ""
        [draft] = session.scalars(select(ApplicationDraft))
        assert draft.written["values"] == {"problem": ["Hemligt halvfärdigt"]}
        told = [str(row.detail) for row in session.scalars(select(JournalDetail))]
        lines = list(session.scalars(select(JournalLine.action).where(JournalLine.action == "application:write")))
    assert not any("Hemligt" in one for one in told)
    assert lines == [], "a draft never enters the journal"


def test_a_draft_is_saved_or_thrown_away(database, writing, client):
    here = f"{writing.here}/problem"
    client.login(writing.writer)
    client.submit(f"{here}/utkast", {"problem": "Halvt"}, page=here)
    assert client.submit(f"{here}/kasta", page=here).status_code == 303
    assert "Sparat automatiskt 2" not in client.get(here).text
    client.submit(f"{here}/utkast", {"problem": "Helt"}, page=here)
    assert client.submit(here, {"problem": "Helt"}, page=f"{here}?utkast=ja").status_code == 303
    assert "Sparat automatiskt 2" not in client.get(here).text
    with database.transaction() as session:
        assert session.scalar(select(ApplicationText.problem)) == "Helt"


def test_a_draft_from_before_a_colleague_saved_is_shown_beside_what_stands(database, writing, client, actors):
    here, colleague = f"{writing.here}/problem", actors("sdn_samordnare")
    client.login(writing.writer)
    client.submit(f"{here}/utkast", {"problem": "Mitt halva"}, page=here)
    with database.transaction():
        parts.write_part(colleague, writing.uid, "problem", problem="Kollegans hela")
    both = client.submit(here, {"problem": "Mitt halva"}, page=f"{here}?utkast=ja")
    assert both.status_code == 409
    assert "Kollegans hela" in both.text


def test_a_draft_that_is_far_too_long_is_refused(database, writing):
    with pytest.raises(Invalid, match="för långt"), database.transaction():
        kept = {"problem": ["x" * (parts.LONGEST + 1)]}
        parts.keep_draft(writing.writer, writing.uid, "problem", version=1, values=kept)


# --- Who, and when ------------------------------------------------------------------------------------------------


def test_a_draft_of_another_board_looks_missing(database, writing, client, actors):
    for role, code in (("sdn_handlaggare", "sdn-jarva"), ("slk_handlaggare", "slk"), ("ks_las", "ks")):
        client.login(actors(role, code))
        for page in (writing.here, f"{writing.here}/problem", f"/api/v1/applications/{writing.uid}"):
            assert client.get(page).status_code == 404, (role, page)
        assert "Farsta torg: ljus" not in client.get("/ansokningar").text


def test_who_applies_together_writes_too_until_they_leave(database, writing, actors):
    other = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction() as session:
        key = session.scalar(select(Application.id).where(Application.uid == writing.uid))
        party = ApplicationParty(
            application_id=key, organisation_id=organisation("sdn-jarva").id, joined_on=clock.today()
        )
        session.add(party)
    with database.transaction():
        parts.write_part(other, writing.uid, "problem", problem="Även hos oss.")
    with database.transaction() as session:
        session.get_one(ApplicationParty, party.id).left_on = clock.today()
    with pytest.raises(access.Missing), database.transaction():
        parts.write_part(other, writing.uid, "problem", problem="Inte längre.")


def test_a_part_that_is_locked_is_read_and_not_written(database, writing, client, actors):
    with database.transaction() as session:
        parts.write_part(writing.writer, writing.uid, "problem", problem="Det är mörkt.\nOch ödsligt.")
        parts.write_part(writing.writer, writing.uid, "perspektiv", children_heard="nej")
        session.scalars(select(Application)).one().state = "inskickad"
    with pytest.raises(flow.Refused, match="låst"), database.transaction():
        parts.write_part(writing.writer, writing.uid, "problem", problem="Nytt.")
    for reader in (writing.writer, actors("slk_handlaggare", "slk")):
        client.login(reader)
        for key in PARTS:
            page = client.get(f"{writing.here}/{key}")
            assert page.status_code == 200
            assert "Spara utkast" not in page.text
            assert f'action="{writing.here}/{key}"' not in page.text
        assert "<p>Och ödsligt.</p>" in client.get(f"{writing.here}/problem").text
        assert "<p>Nej</p>" in client.get(f"{writing.here}/perspektiv").text


def test_a_part_with_rows_does_not_say_that_nothing_is_written_in_it(database, writing, client):
    with database.transaction() as session:
        parts.add_row(writing.writer, writing.uid, "tidplan", Milestone(title="Ritning klar", due_on=date(2027, 3, 1)))
        session.scalars(select(Application)).one().state = "inskickad"
    client.login(writing.writer)
    shown = {key: client.get(f"{writing.here}/{key}").text for key in PARTS}
    assert "Ritning klar" in shown["tidplan"]
    assert [key for key, page in shown.items() if "Inget är skrivet här." in page] == ["problem", "perspektiv"]
    assert "Ingen utgift är skriven än." in shown["utgifter"]


def test_only_what_is_asked_for_is_open_when_it_is_to_be_completed(database, writing, client):
    with database.transaction() as session:
        session.scalars(select(Application)).one().state = "komplettering"
        part = session.scalars(select(ApplicationPart).where(ApplicationPart.part == "problem")).one()
        part.wanted = "Skriv när det händer."
    client.login(writing.writer)
    assert "Begärd komplettering" in client.get(writing.here).text
    assert "Skriv när det händer." in client.get(f"{writing.here}/problem").text
    assert client.submit(f"{writing.here}/problem", {"problem": "På kvällen."}).status_code == 303
    assert "Spara utkast" not in client.get(f"{writing.here}/plats").text


def test_names_are_for_those_who_read(database, writing, client, actors):
    with database.transaction() as session:
        session.scalars(select(Application)).one().state = "under_bedomning"
    client.login(writing.writer)
    assert "Bedöms av stadsledningskontoret" in client.get(writing.here).text
    assert "Bedöms av stadsledningskontoret" in client.get("/ansokningar").text
    client.login(actors("slk_handlaggare", "slk"))
    page = client.get(writing.here).text
    assert "<span>Under bedömning</span>" in page
    assert "Bedöms av stadsledningskontoret" not in page


# --- Places, causes, measures, goals ------------------------------------------------------------------------------


def test_a_place_that_the_public_does_not_reach_is_kept_and_told_of(database, writing, client):
    with database.transaction() as session:
        place = session.scalars(select(Place).where(Place.uid == writing.place)).one()
        place.public_access = "ej_tilltrade"
        number = place.number
    client.login(writing.writer)
    assert client.submit(f"{writing.here}/plats", {"places": number}).status_code == 303
    told = "Platsen är kvartersmark utan tillträde. Medel ges bara till platser som allmänheten når."
    assert told in client.get(f"{writing.here}/plats").text
    with database.transaction():
        found = applications.read_application(writing.writer, writing.uid)
        assert list(content.not_reached(found.programme, content.places_of(found)).values()) == [told]
        found.programme.access = ""
        assert content.not_reached(found.programme, content.places_of(found)) == {}, "a programme that asks for none"


def test_a_measure_on_no_likely_cause_is_kept_and_flagged(database, grounded):
    def flagged():
        found = applications.read_application(grounded.writer, grounded.uid)
        return [str(one) for one in measures.flags(found, measures.measures_of(found)).values()]

    uid = uuid4()
    with database.transaction():
        parts.write_part(grounded.writer, grounded.uid, "orsaker", cycle=grounded.cycle)
        measures.add_measure(grounded.writer, grounded.uid, measure_uid=uid, text="Bänkar")
        assert flagged() == ["Välj den orsak som åtgärden riktar sig mot."]
        guess = cooperation.add_cause(grounded.writer, grounded.problem, uid=uuid4(), **FACTS).uid
        measures.change_measure(grounded.writer, uid, cause=guess)
        assert flagged() == ["Orsaken är inte prövad som trolig."]
        measures.change_measure(grounded.writer, uid, cause=grounded.cause)
        assert flagged() == []
        parts.write_part(grounded.writer, grounded.uid, "orsaker", cycle=None)
        assert flagged() == ["Orsaken hör till en annan samverkan än den som ansökan bygger på."]
        assert [one.text for one, _ in measures.causes_to_choose(grounded.writer, begin(grounded.writer))] == []


def test_what_an_application_points_at_is_what_its_writer_reads(database, grounded, actors):
    stranger = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction():
        uid = begin(stranger, organisation="sdn-jarva").uid
    for key, facts in (("orsaker", {"cycle": grounded.cycle}), ("mal", {"goals": [grounded.goal]})):
        with pytest.raises(Invalid), database.transaction():
            parts.write_part(stranger, uid, key, **facts)
    for facts in ({"cause": grounded.cause}, {"place": grounded.place}, {"kind": "kamera"}, {"kind": "fordonsskydd"}):
        with pytest.raises(Invalid), database.transaction():
            measures.add_measure(stranger, uid, measure_uid=uuid4(), text="Något", **facts)


def test_kinds_that_plugins_bring_are_not_offered_without_them(writing, client):
    client.login(writing.writer)
    page = client.get(f"{writing.here}/atgarder").text
    assert 'value="belysning_ny"' in page
    assert 'value="kamera"' not in page
    assert 'value="fordonsskydd"' not in page


def test_a_goal_of_another_cycle_stays_and_is_told_of(database, grounded, client):
    with database.transaction():
        parts.write_part(grounded.writer, grounded.uid, "orsaker", cycle=grounded.cycle)
        parts.write_part(grounded.writer, grounded.uid, "mal", goals=[grounded.goal])
        parts.write_part(grounded.writer, grounded.uid, "orsaker", cycle=None)
    client.login(grounded.writer)
    assert "Annan samverkan" in client.get(f"{grounded.here}/mal").text
    assert client.submit(f"{grounded.here}/mal", {"goals": [str(grounded.goal)]}).status_code == 303
    with database.transaction():
        assert content.goals_chosen(applications.read_application(grounded.writer, grounded.uid))


def test_the_task_list_asks_as_much_however_much_there_is(database, grounded, queries):
    def asked():
        with database.transaction(), queries() as told:
            parts_summary(applications.read_application(grounded.writer, grounded.uid))
        return sum(one.startswith("SELECT") for one in told)

    empty = asked()
    with database.transaction():
        parts.write_part(grounded.writer, grounded.uid, "plats", places=[grounded.place])
        parts.write_part(grounded.writer, grounded.uid, "orsaker", cycle=grounded.cycle)
        parts.write_part(grounded.writer, grounded.uid, "mal", goals=[grounded.goal])
        for _ in range(5):
            measures.add_measure(grounded.writer, grounded.uid, measure_uid=uuid4(), text="Lyktor", built=True)
    assert (empty, asked()) == (4, 4)
