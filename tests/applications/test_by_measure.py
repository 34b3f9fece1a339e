"""A part is granted: which measures it leaves out is said, told on paper, and holds for the new plan."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from core import db, flow, outbox, upgrade
from core.applications import decision_letter
from core.applications.documents import decided as papers
from core.applications.models import ApplicationMeasure, GrantDecision
from core.applications.services import answering, by_measure, deciding, decisions, editions, granting
from core.schema import Invalid
from tests.applications.deciding import PROPOSED, add_measure
from tests.applications.test_answering import costs
from tests.applications.test_deciding import said


@pytest.fixture
def gym(database, decided):
    """Farsta seeks a gym beside its lamps; what is decided is the edition as it is now."""
    with database.transaction():
        application = decided.row()
        db.session().execute(update(ApplicationMeasure).values(amount=4_100_000))
        db.session().expire_all()
        measure = add_measure(application, "Utegym", number=2, amount=2_050_000)
        editions.freeze(decided.applicant, application, "skicka_in")
        return measure


def lines(decided):
    row = db.session().scalars(select(GrantDecision).where(GrantDecision.state != "aterkallad")).one()
    return [(one.text, one.sought, one.planned, one.says) for one in by_measure.lines_of(row, decided.row())]


def test_what_is_left_out_is_of_a_part_and_never_all_of_it(database, decided, gym):
    with database.transaction():
        lamps = answering.kept_measures(decided.row())[0]
        whole = {"outcome": "avslag", "amounts": {}, "motive": "ram_slut"}
        for facts in ({"left_out": [uuid4()]}, {"left_out": [lamps.uid, gym.uid]}, {"left_out": [gym.uid]} | whole):
            with pytest.raises(Invalid) as wrong:
                decided.record(**facts)
            assert "left_out" in wrong.value.flat()
        row = decided.record(left_out=[gym.uid])
        assert decided.record(left_out=[gym.uid]).id == row.id
        with pytest.raises(flow.Refused):
            decided.record()
        assert [one["text"] for one in by_measure.left_out_of(row)] == ["Utegym"]


def test_the_new_plan_leaves_it_out_and_each_measure_is_told_as_sought_and_as_planned(database, decided, gym):
    with database.transaction():
        row = decided.granted(left_out=[gym.uid])
        assert lines(decided) == [
            ("14 lyktor", 4_100_000, None, "Omfattas"),
            ("Utegym", 2_050_000, None, "Omfattas inte"),
        ]
        mail = outbox.known([granting.letter_of(row)])
        assert mail
        assert "Beslutet omfattar inte:\n- Utegym" in decision_letter.decided(granting._told(row, decided.row()))[1]
        costs(decided.row(), PROPOSED)
        lamps = ApplicationMeasure.text == "14 lyktor"
        db.session().execute(update(ApplicationMeasure).where(lamps).values(amount=1_950_000))
        with pytest.raises(flow.Refused) as refused:
            answering.accept(decided.applicant, decided.application)
        assert said(refused) == ["Beslutet omfattar inte ”Utegym”. Välj att åtgärden utgår."]
        with pytest.raises(flow.Refused) as refused:
            answering.accept(decided.applicant, decided.application, dropped=[gym.uid])
        told = [text.replace("\u00a0", " ") for text in said(refused)]
        assert told[0].startswith("2 050 000 kr av det beviljade hör inte till någon åtgärd.")
    with database.transaction():
        db.session().execute(update(ApplicationMeasure).where(lamps).values(amount=4_000_000))
        assert papers.letter(decided.secretary, row.uid).context["plan_by"] == row.plan_by
        answering.accept(decided.applicant, decided.application, dropped=[gym.uid])
    with database.transaction():
        assert lines(decided) == [
            ("14 lyktor", 4_100_000, 4_000_000, "Ändrad"),
            ("Utegym", 2_050_000, None, "Omfattas inte"),
        ]
        told = papers.letter(decided.secretary, row.uid).context
        assert told["plan_by"] is None, "it is answered"
        assert [one.planned for one in told["measures"]] == [4_000_000, None]


def test_it_is_chosen_in_the_form_told_on_the_pages_and_ticked_for_who_answers(client, database, decided, gym):
    client.login(decided.secretary)
    page = f"/sammantraden/{decided.meeting}/beslut/{decided.application}"
    drawn = client.get(page).text
    assert "Vilka åtgärder omfattas inte?" in drawn
    facts = {"uid": str(uuid4()), "outcome": "delvis_beviljad", "paragraph": "14", "motive_text": "Gymmet väntar."}
    facts |= {"kr_2027": "2 800 000", "kr_2028": "1 200 000", "left_out": str(gym.uid)}
    refused = client.submit(page, facts | {"motive_text": ""}, page=page)
    assert refused.status_code == 422
    assert f'value="{gym.uid}" checked' in refused.text
    made = client.submit(page, facts, page=page)
    assert made.status_code == 303
    assert "Omfattar inte" in client.get(made.location).text
    with database.transaction():
        row = db.session().scalars(select(GrantDecision)).one()
        deciding.confirm(decided.second, row.uid)
    client.login(decided.applicant)
    drawn = client.get(f"/ansokningar/{decided.application}/beslut").text
    assert "Omfattas inte" in drawn
    assert f'value="{gym.uid}" checked' in drawn
    assert "Handläggaren ändrar utgifterna" in drawn, "who accepts is not who writes"
    with database.transaction():
        costs(decided.row(), PROPOSED)
    drawn = client.get(f"/ansokningar/{decided.application}/beslut").text
    assert 'href="#acceptera"' in drawn
    assert '<details class="tp-details" open><summary>Acceptera med ny plan' in drawn


def test_the_api_says_it_too(client, actors, decided, gym):
    token = actors.token(decided.secretary)
    known = {"meeting": str(decided.meeting), "application": str(decided.application), "outcome": "delvis_beviljad"}
    known |= {"paragraph": "14", "motive_text": "Gymmet väntar.", "left_out": [str(gym.uid)]}
    known |= {"amounts": [{"year": year, "kronor": kronor} for year, kronor in PROPOSED.items()]}
    made = client.put(f"/api/v1/decisions/{uuid4()}", json=known, headers=token)
    assert made.json["left_out"] == [{"uid": str(gym.uid), "number": 2, "text": "Utegym"}]


@pytest.mark.long
def test_back_in_an_older_version_the_decision_stands_without_it(database, decided, gym):
    with database.transaction():
        uid = decided.record(left_out=[gym.uid]).uid
    upgrade.downgrade(database, "core", "0047")
    upgrade.upgrade(database)
    assert upgrade.check(database) == []
    with database.transaction():
        assert by_measure.left_out_of(decisions.read_decision(decided.secretary, uid)) == []
