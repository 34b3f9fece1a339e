"""The city's administrator adds, changes and ends routing rules and reply templates; no row is overwritten."""

import html
import re
from uuid import uuid4

import pytest
from sqlalchemy import select

from core import access
from core.journal import JournalLine
from core.places import services as places
from core.places.models import Place
from core.schema import Invalid
from core.works import services
from core.works.models import ReplyTemplate, RoutingRule
from tests.works.conftest import order_row

pytestmark = pytest.mark.other_database_long

RULE = {"rank": "5", "words": "glas, splitter", "kind": "", "place_kind": "", "place_role": "", "priority": "p1"}
RULES, REPLIES = "/admin/fordelning", "/admin/svar"


@pytest.fixture
def administrator(actors, client):
    somebody = actors("sysadmin", "slk")
    client.login(somebody)
    return somebody


def routed_to(database, sides, **said):
    """What the rules say of something on trafiknämnden's."""
    with database.transaction(write=False) as session:
        board = services.read_contract(sides.orderer, sides.contract).organisation_id
        place = session.scalars(select(Place)).first()
        known = {"role": "belysning_agare", "place": place, "kind": "belysning", "text": ""}
        return services.route(board, **(known | said))


def rules(database):
    with database.transaction(write=False) as session:
        return session.scalars(select(RoutingRule).order_by(RoutingRule.id)).all()


def test_a_rule_is_added_changed_and_ended_by_rows_that_stand(database, sides, client, administrator):
    glass = "Det ligger GLAS på gången."
    before = len(rules(database))
    new = RULE | {"uid": str(uuid4()), "contract": str(sides.contract), "source": "Beslut 12"}
    wrong = client.submit(RULES, new | {"rank": "noll"})
    assert (wrong.status_code, "Skriv ett heltal" in wrong.text) == (422, True)
    for _ in "ab":
        assert client.submit(RULES, new).status_code == 303
    assert len(rules(database)) == before + 1, "sent twice, added once"
    found = routed_to(database, sides, text=glass)
    assert (found.priority, found.contract.uid, found.source) == ("p1", sides.contract, "Beslut 12")
    assert "texten har glas / splitter" in html.unescape(client.get(RULES).text)

    here = f"{RULES}/{new['uid']}"
    assert "Drift av belysning" in client.get(here).text
    changed = RULE | {"rank": "500", "new": str(uuid4()), "source": "Beslut 13", "reason": "Sist av alla."}
    assert "Skriv ett svar." in client.submit(here, changed | {"reason": ""}).text
    assert client.submit(here, changed).status_code == 303
    assert routed_to(database, sides, text=glass).source != "Beslut 13", "another rule comes before it now"
    again = client.submit(here, changed | {"new": str(uuid4())}, page=RULES)
    assert (again.status_code, "redan avslutad" in again.text) == (422, True), "somebody else was first"
    there = f"{RULES}/{changed['new']}"
    assert client.submit(f"{there}/avsluta", {"reason": "Behövs inte."}, page=there).status_code == 303
    *_, first, second = rules(database)
    assert [(row.rank, row.source, row.ended_why) for row in (first, second)] == [
        (5, "Beslut 12", "Sist av alla."), (500, "Beslut 13", "Behövs inte.")
    ], "each stands as it was, with why it ended"  # fmt: skip
    ended = client.get(f"{RULES}?visa=avslutade").text
    assert ("Sist av alla." in ended, "Beslut 13" in ended) == (True, True)
    with database.transaction(write=False) as session:
        lines = select(JournalLine.action).where(JournalLine.subject_kind == "routing_rule").order_by(JournalLine.seq)
        assert session.scalars(lines).all()[-4:] == ["routing:add", "routing:end", "routing:add", "routing:end"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"text": "En öppen lucka."}, ["P0 Fara för liv eller egendom", "10: texten har"]),
        ({"kind": "belysning", "role": "belysning_agare", "place_kind": "gangtunnel"},
         ["P2 Brådskande", "30: sorten är Belysning, platsen är Gångtunnel", "Trafiknämnden", "Drift av belysning"]),
        ({"kind": "skrap"}, ["P3 Normal", "90: Allt", "Det beror på vem som svarar på platsen."]),
    ],
    ids=["words", "kind, place and role", "nothing but the last"],
)  # fmt: skip
def test_what_a_rule_would_take_is_tried_and_nothing_is_kept(database, sides, client, administrator, asked, told):
    known = {"text": "", "kind": "", "place_kind": "", "role": ""} | asked
    with database.transaction():
        places.load_rules(access.system("test"))
    answer = client.submit(f"{RULES}/prova", known, page=RULES)
    assert answer.status_code == 200
    shown = re.sub(r"<[^>]+>", " ", html.unescape(answer.text.partition('role="status"')[2].partition("</dl>")[0]))
    for words in told:
        assert words in shown, shown


def test_a_rule_names_what_there_is(database, sides):
    facts = {"place_role": "", "place_kind": "", "words": "", "priority": "p1", "source": "Beslut", "rank": 1}
    for wrong in ({"kind": "spoken", "contract": None}, {"kind": "", "contract": uuid4()}):
        with pytest.raises(Invalid), database.transaction():
            services.add_rule(sides.orderer, uid=uuid4(), **facts | wrong)


def test_what_reporters_are_told_is_the_citys_to_say(database, sides, ordered, move, client, administrator):
    page = client.get(REPLIES).text
    assert "Arbetet står still en tid. Vi fortsätter när det går." in page
    here = f"{REPLIES}/kvittera"
    said = {"text": "Nu vet de om det.", "reason": "Kortare."}
    assert client.submit(here, said | {"text": ""}).status_code == 422
    assert client.submit(here, said).status_code == 303
    assert "Texten är redan den." in client.submit(here, said).text
    made = ordered()
    move(sides.doer, made, "kvittera")
    assert order_row(database, made).reply == "Nu vet de om det."
    shown = client.get(here).text
    assert ("Den som ska göra arbetet har tagit emot" in shown, "Kortare." in shown) == (True, True)
    assert client.submit(f"{here}/avsluta", {"reason": "Säger inget."}, page=here).status_code == 303
    another = ordered()
    move(sides.doer, another, "kvittera")
    assert order_row(database, another).reply == "", "no text stands ready"
    assert "Ingen text" in client.get(REPLIES).text
    assert client.get(f"{REPLIES}/hitta-pa").status_code == 404
    with database.transaction(write=False) as session:
        rows = select(ReplyTemplate.text, ReplyTemplate.ended_why).where(ReplyTemplate.move == "kvittera")
        assert session.execute(rows.order_by(ReplyTemplate.id)).all() == [
            ("Den som ska göra arbetet har tagit emot beställningen.", "Kortare."),
            ("Nu vet de om det.", "Säger inget."),
        ]


def test_only_who_sets_the_citys_rules_reads_them_there(sides, client, actors):
    for actor, status in ((sides.orderer, 200), (sides.doer, 403), (actors("revisor", "slk"), 403)):
        client.login(actor)
        assert {client.get(address).status_code for address in (RULES, REPLIES)} == {status}
    client.login(actors("revisor", "slk"))
    assert "Ändra och prova reglerna" not in client.get("/tidskrav").text
