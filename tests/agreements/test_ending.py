"""The end of a platssamverkan: what is open in it ends, or another one takes it over, as who ends it says."""

import pytest
from sqlalchemy import select

from core import access, clock, db, flow
from core.agreements import services
from core.agreements.limits import COMMITTED, DECIDED, EXPIRES, REVIEW
from core.agreements.models import Agreement, Collaboration, Commitment, Meeting, MeetingDecision
from core.agreements.models.together import READ
from core.db import session
from core.journal import JournalLine
from core.people.services import organisation
from core.places.models import Place
from core.schema import Invalid
from core.upkeep.models import Deadline
from tests.agreements.conftest import DAY, agreed, applying, begin, decide, held, join, meeting, said, written
from tests.agreements.test_commitments import propose
from tests.walks.scene import add_place, square

pytestmark = pytest.mark.other_database_long
WHY = "Målet är nått."


def frister(*kinds):
    rows = select(Deadline.kind, Deadline.state).where(Deadline.kind.in_(kinds)).order_by(Deadline.id)
    return [(kind, state) for kind, state in db.session().execute(rows)]


@pytest.fixture
def winding_up(database, together):
    """A platssamverkan that is being wound up, with a commitment taken on, another proposed, and a decision open."""
    with database.transaction():
        agreed(together)
        row = propose(together.traffic, together)
        services.commitments.move_commitment(together.traffic, row.uid, "ata")
        propose(together.leader, together, "polis-farsta", what="Patrullera")
        decide(together, held(together))
        for key, reason in (("satt_igang", ""), ("utvardera", ""), ("avveckla", WHY)):
            services.collaborations.move_collaboration(together.leader, together.uid, key, reason=reason)
    return row.uid


def end(together, **facts):
    return services.ending.end_collaboration(together.leader, together.uid, "avsluta", reason=WHY, **facts)


def commitments():
    rows = select(Commitment).order_by(Commitment.id)
    return [(row.collaboration_id, row.number, row.state) for row in db.session().scalars(rows)]


def test_who_ends_it_says_what_becomes_of_what_is_open(database, together, winding_up):
    with pytest.raises(flow.Refused) as refused, database.transaction():
        services.collaborations.move_collaboration(together.leader, together.uid, "avsluta", reason=WHY)
    assert said(refused) == [
        "Välj vad som händer med åtagandena som är öppna. De är 2.",
        "Beslut från möten är öppna. De är 1.",
    ]
    with pytest.raises(flow.Refused, match="Välj vad som händer"), database.transaction():
        end(together)
    with database.transaction():
        row = end(together, rest="upphor")
        assert [state for *_, state in commitments()] == ["avslutat", "avbojt"]
        assert frister(COMMITTED, DECIDED) == [(COMMITTED, "utgar"), (DECIDED, "utgar")]
        told = [(one.kind, one.reason) for one in services.collaborations.events_of(together.leader, row)]
    assert ("upphort", WHY) in told


def test_nothing_is_open_again_in_what_has_ended_until_that_is(database, together, winding_up, client):
    with database.transaction():
        end(together, rest="upphor")
        decision = db.session().scalars(select(MeetingDecision)).one()
        meeting = services.decisions.meeting_of(together.leader, decision.uid)
    with pytest.raises(flow.Refused, match="Öppna det igen"), database.transaction():
        services.commitments.move_commitment(together.traffic, winding_up, "ta_upp_igen", reason=WHY)
    with pytest.raises(flow.Refused, match="Öppna det igen"), database.transaction():
        services.decisions.move_decision(together.leader, decision.uid, "ta_upp_igen", reason=WHY)
    client.login(together.traffic)
    assert "ta_upp_igen" not in client.get(f"/ataganden/{winding_up}").text
    client.login(together.leader)
    page = client.get(f"/moten/{meeting}").text
    assert ("ta_upp_igen" in page, f"/moten/{meeting}/beslut" in page) == (False, False)
    with database.transaction():
        services.collaborations.move_collaboration(together.leader, together.uid, "oppna_igen", reason=WHY)
        services.commitments.move_commitment(together.traffic, winding_up, "ta_upp_igen", reason=WHY)
        services.decisions.move_decision(together.leader, decision.uid, "ta_upp_igen", reason=WHY)
        assert [state for *_, state in commitments()] == ["foreslaget", "avbojt"]


def test_another_platssamverkan_takes_over_with_the_frister_once_who_has_promised_takes_part(
    database, together, scene, winding_up
):
    with database.transaction():
        where = add_place("Farsta strand", square(700, 700, 60))
        other = begin(together.leader, where, name="Farsta strand", started_on=clock.today() - 9 * DAY)
        join(together.leader, Collaboration, other.uid, "trafik")
    with pytest.raises(Invalid, match="som tar över"), database.transaction():
        end(together, rest="lamnas_over")
    with pytest.raises(flow.Refused, match=r"Lägg först till .*olis.* i Farsta strand"), database.transaction():
        end(together, rest="lamnas_over", to=other.uid)
    with database.transaction():
        join(together.leader, Collaboration, other.uid, "polis-farsta")
        end(together, rest="lamnas_over", to=other.uid)
        assert commitments() == [(other.id, 1, "atagit"), (other.id, 2, "foreslaget")]
        [frist] = session().scalars(select(Deadline).where(Deadline.kind == COMMITTED))
        assert (frist.state, session().get_one(Place, frist.place_id).uid) == ("oppen", where)
        journalled = select(JournalLine.action).where(JournalLine.action == "commitment:hand_over")
        for row, kind in ((together.uid, "lamnat"), (other.uid, "overtaget")):
            thing = services.collaborations.read_collaboration(together.leader, row)
            [who] = {
                one.organisation.code
                for one in services.collaborations.events_of(together.leader, thing)
                if one.kind == kind
            }
            assert who == "sdn-farsta", "the history says who handed it over"
    with database.transaction():
        assert len(db.session().scalars(journalled).all()) == 2
    with database.transaction():
        [time] = services.commitments.promised_by(together.leader, organisation("trafik").uid)
        services.commitments.tell_time(together.traffic, time.uid, kept_it=True, told="Spolat.")
        assert [state for _, state in frister(COMMITTED)] == ["klar", "oppen"]


def test_what_is_called_and_drafted_in_it_ends_too_and_the_page_says_so_before(database, together, winding_up, client):
    with database.transaction():
        ahead, been = meeting(together, 7), meeting(together, -7)
        draft = written(together.leader, "plats", "trafik", collaboration=together.uid)
        applies = applying(together.leader, together.police, collaboration=together.uid)
        uids = [(Meeting, ahead.uid), (Meeting, been.uid), (Agreement, draft.uid), (Agreement, applies.uid)]
    client.login(together.leader)
    text = client.get(f"/platssamverkan/{together.uid}").text
    assert "Kommande möten: 1. De ställs in med ditt skäl." in text
    assert "Utkast till överenskommelser: 1. De läggs ned med ditt skäl." in text
    with database.transaction():
        end(together, rest="upphor")
        states = [access.find(model, uid, together.leader, READ).state for model, uid in uids]
        assert states == ["installt", "kallat", "nedlagd", "galler"]
        [told] = session().scalars(select(Agreement.ended_why).where(Agreement.uid == draft.uid))
        assert told == WHY


def test_the_form_that_ends_it_asks_and_tells_and_nobody_is_asked_where_nothing_is_open(
    database, together, winding_up, client
):
    here = f"/platssamverkan/{together.uid}"
    with database.transaction():
        version = services.collaborations.read_collaboration(together.leader, together.uid).version
    client.login(together.leader)
    text = client.get(here).text
    assert "Öppna åtaganden: 2. Beslut från möten som inte är gjorda: 1. De skrivs av med ditt skäl." in text
    refused = client.submit(f"{here}/steg/avsluta", {"reason": WHY, "version": version}, page=here)
    assert (refused.status_code, "Vad händer med åtagandena som är öppna?" in refused.text) == (409, True)
    client.submit(f"{here}/steg/avsluta", {"reason": WHY, "rest": "upphor", "version": version}, page=here)
    with database.transaction():
        assert services.collaborations.read_collaboration(together.leader, together.uid).state == "avslutad"


def test_notice_of_an_agreement_says_what_ends_with_it(database, together, client):
    with database.transaction():
        row = applying(together.leader, together.police)
        uid = row.uid
    client.login(together.leader)
    assert "Åtaganden som upphör när överenskommelsen sägs upp: 0." in client.get(f"/overenskommelser/{uid}").text
    with database.transaction():
        services.signing.move_agreement(together.leader, uid, "sag_upp", reason=WHY)
        assert {state for _, state in frister(REVIEW, EXPIRES)} == {"utgar"}
