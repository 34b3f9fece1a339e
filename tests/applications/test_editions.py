"""An application is frozen as it is decided and handed in, and stays so; two editions are compared (E17)."""

from uuid import uuid4

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DatabaseError

from core import access, clock, db
from core.applications import models as m
from core.applications.compared import LABELS, differences
from core.applications.models import ApplicationEdition, ApplicationText
from core.applications.parts import PARTS
from core.applications.services import applications, asking, costs, editions, promising, writing_together
from core.people.services import organisation
from tests.applications.draft_scene import at_state, draft, measure, scene

pytestmark = pytest.mark.other_database_long

__all__ = ["draft", "scene"]


def filled(draft):
    """Write something in every part that is written in rows of its own."""
    line = {"kind": "entreprenad", "what": "Lyktor", "capital": True}
    row = costs.add_row(draft.writer, draft.uid, "rad", uid=uuid4(), year=2027, amount=900_000, **line)
    costs.add_row(draft.writer, draft.uid, "komponent", uid=uuid4(), name="Lyktor", amount=900_000, years=20)
    about = {"asked_for": "samrad", "organisation": organisation("idrott").uid}
    asking.ask(draft.writer, draft.uid, uid=uuid4(), **about)
    who = organisation("trafik").uid
    facts = {"standard": "Tänd", "first_after": 1, "every": 12, "cost": 9_000}
    promising.write_promise(draft.writer, draft.light, owner=who, payer=who, **facts)
    db.session().get(ApplicationText, draft.row.id).problem = "Det är mörkt vid tunneln och få går där."
    db.session().flush()
    return row


def test_an_edition_holds_every_part_with_names_beside_keys_and_never_changes(database, draft):
    with database.transaction():
        line = filled(draft)
        first = editions.freeze(draft.writer, draft.row, "registrera_namndbeslut")
        kept = dict(first.content)
        assert first.content["schema"] == 1
        assert first.content["application"]["organisation_name"] == "Farsta stadsdelsnämnd"
        assert first.content["problem"]["fields"]["problem"].startswith("Det är mörkt")
        [cost] = first.content["utgifter"]["rows"]["costs"]
        assert (cost["kind"], cost["kind_name"], cost["amount"]) == ("entreprenad", "Entreprenad", 900_000)
        assert first.content["samrad"]["rows"]["asks"][0]["organisation_name"] == "Idrottsnämnden"
        [lofte] = first.content["skotsel"]["rows"]["promises"]
        assert (lofte["owner"], lofte["measure"]) == ("Trafiknämnden", "Fjorton lyktor längs gångvägen")
        costs.change_row(draft.writer, "rad", line.uid, version=None, amount=1)
    with database.transaction():
        again = editions.read_edition(draft.writer, draft.uid, 1)
        assert again.content == kept
        assert editions.digest_of(again.content) == again.digest
    for change in (
        update(ApplicationEdition).values(why="annat"),
        text("DELETE FROM application_edition"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), database.transaction():
            db.session().execute(change)


def test_it_is_frozen_when_it_is_handed_in_and_that_is_what_it_is_judged_by(database, draft, actors):
    leader = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction():
        line = filled(draft)
        at_state(draft, "komplettering")
        applications.make_move(leader, draft.row, "komplettera")
        [found] = editions.editions_of(draft.writer, draft.row)
        assert (found.number, found.why, draft.row.edition) == (1, "komplettera", 1)
        at_state(draft, "delvis_beviljad")
        costs.remove_row(draft.writer, "rad", line.uid, version=None)  # as much as was granted: nothing here
        applications.make_move(leader, draft.row, "acceptera")
        assert (editions.editions_of(draft.writer, draft.row)[0].number, draft.row.edition) == (2, 1)


def test_two_editions_differ_part_by_part_word_by_word(database, draft):
    with database.transaction():
        line = filled(draft)
        first = editions.freeze(draft.writer, draft.row, "skicka_in")
        costs.change_row(draft.writer, "rad", line.uid, version=None, amount=1_200_000)
        measure(draft.row, 3, "siktrojning", "Röj buskarna")
        db.session().get(ApplicationText, draft.row.id).problem = "Det är mörkt vid tunneln och ingen går där."
        writing_together.invite(draft.writer, draft.uid, organisation="kultur").joined_on = clock.today()
        second = editions.freeze(draft.writer, draft.row, "komplettera")
        told = {part.key: part for part in differences(first.content, second.content)}
        assert list(told) == ["application", "problem", "atgarder", "utgifter"]
        [(label, before, after)] = [(one.label, one.before, one.after) for one in told["problem"].fields]
        assert label == "Problembild"
        assert [piece.text for piece in before if piece.changed] == ["få"]
        assert [piece.text for piece in after if piece.changed] == ["ingen"]
        [added] = told["atgarder"].rows
        assert (added.how, added.title) == ("added", "Röj buskarna")
        [changed] = [one for one in told["utgifter"].rows if one.name == "costs"]
        assert changed.how == "changed"
        assert ["".join(piece.text for piece in changed.fields[0].after)] == ["1\u00a0200\u00a0000"]
        assert not differences(first.content, first.content)


MACHINES = {"uid", "number", "organisation", "programme", "cycle", "asked_for", "asked_at", "state", "outside", "level"}
MACHINES |= {"stance", "asked_on", "live_since", "sha256", "size", "type", "added_at", "removed_on", "photo", "kind"}
MACHINES |= {"focus_area", "perspective", "stands", "observation", "figure", "access", "picture_evidence"}
"""Facts of an edition that people do not read as such: keys beside which a name stands, and marks of the machine's."""


def test_every_fact_that_is_frozen_has_a_name_for_people_or_is_the_machines(database, draft):
    with database.transaction():
        for model in (m.ApplicationEvidence, m.Milestone, m.ApplicationPermit, m.ApplicationPerspective):
            known = {"kind": "dialog", "says": "Mörkt", "title": "Klart", "due_on": clock.today()}
            known |= {"stands": "sokt", "perspective": "barn", "application_id": draft.row.id, "uid": uuid4()}
            names = {column.key for column in model.__table__.columns}
            db.session().add(model(**{name: value for name, value in known.items() if name in names}))
        filled(draft)
        content = editions.content_of(draft.row)
        facts = {name for part in PARTS for name in content[part]["fields"]} | set(content["application"])
        facts |= {name for part in PARTS for rows in content[part]["rows"].values() for row in rows for name in row}
        assert facts - MACHINES <= set(LABELS)


def test_editions_are_read_by_who_reads_the_application(database, draft, actors):
    other = actors("sdn_handlaggare", "sdn-jarva")
    with database.transaction():
        editions.freeze(draft.writer, draft.row, "skicka_in")
        with pytest.raises(access.Missing):
            editions.read_edition(other, draft.uid, 1)
        with pytest.raises(access.Missing):
            editions.read_edition(draft.writer, draft.uid, 2)
