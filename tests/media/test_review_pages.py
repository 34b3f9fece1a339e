"""The pages of review: what waits, what cannot be a rectangle, from one person to the other."""

from uuid import uuid4

import pytest
from sqlalchemy import event

from core.media import review
from tests.media.samples import encoded
from tests.walks.scene import photo_row

pytestmark = pytest.mark.other_database_long


def test_what_is_no_rectangle_is_refused_at_its_field(client, phone, sent):
    uid = sent()
    client.login(phone.holder)
    here = f"/bilder/{uid}/maskera"
    rows = {"r1.kind": "face", "r1.left": "90", "r1.top": "10", "r1.width": "20", "r1.height": ""}
    answer = client.submit(here, rows)
    assert answer.status_code == 422
    assert "Rutan går utanför bilden" in answer.text
    assert 'value="90"' in answer.text
    empty = client.submit(here, {"r1.kind": "face", "r1.left": "", "r1.top": "", "r1.width": "", "r1.height": ""})
    assert (empty.status_code, "Rita minst en ruta" in empty.text) == (409, True)
    nonsense = client.submit(
        here, {"r1.kind": "moln", "r1.left": "x", "r1.top": "1", "r1.width": "1", "r1.height": "1"}
    )
    assert nonsense.status_code == 422


def test_the_pages_lead_from_one_to_the_other_person(client, phone, colleague, sent, work, database):
    """Without script: numbers in rows, the list of what waits, the button that only another gets."""
    uid = sent()
    here = f"/bilder/{uid}/maskera"
    client.login(phone.holder)
    waiting = client.get("/bilder/att-granska").text
    assert here in waiting
    assert "Belysning, Farsta torg" in waiting, "what it is of, and where"
    rows = {"r1.kind": "face", "r1.left": "10", "r1.top": "10", "r1.width": "12", "r1.height": "15,5"}
    assert client.submit(here, rows | {"version": "1"}).status_code == 303
    assert "Släpp bilden" not in client.get(here).text
    assert here not in client.get("/bilder/att-granska?visa=slappa").text
    client.login(colleague)
    assert here in client.get("/bilder/att-granska?visa=slappa").text
    assert "Släpp bilden" in client.get(here).text
    back = client.submit(f"/bilder/{uid}/skicka_tillbaka", {"reason": "Skylten saknas."}, page=here)
    assert back.status_code == 303
    client.login(phone.holder)
    assert "Skylten saknas." in client.get(here).text
    assert client.submit(here, rows).status_code == 303
    own = client.submit(f"/bilder/{uid}/slapp", page=here)
    assert (own.status_code, photo_row(database, uid).review) == (409, "ej_granskad"), "not by whoever proposed it"
    client.login(colleague)
    assert client.submit(f"/bilder/{uid}/slapp", page=here).status_code == 303
    work()
    assert photo_row(database, uid).review == "granskad"


@pytest.mark.one_database
def test_the_list_asks_as_little_for_many_as_for_one(database, phone, sent, work, client):
    """A constant number of queries, and a page that ends where the next begins."""
    asked = []

    def listener(_connection, _cursor, statement, *_):
        asked.append(statement)

    def queries():
        asked.clear()
        event.listen(database.engine, "before_cursor_execute", listener)
        assert client.get("/bilder/att-granska").status_code == 200
        event.remove(database.engine, "before_cursor_execute", listener)
        return len(asked)

    first = sent()
    client.login(phone.holder)
    one = queries()
    uids = [uuid4() for _ in range(4)]
    phone.log(uuid4(), phone.walk, photos=[{"uid": str(uid)} for uid in uids])
    assert {phone.resume(uid, encoded("image/jpeg")).status_code for uid in uids} == {200}
    work()
    assert queries() == one
    with database.transaction(write=False):
        start = review.waiting(phone.holder, limit=3)
        rest = review.waiting(phone.holder, limit=3, after=start.after)
        assert [row.photo.uid for row in (*start.rows, *rest.rows)] == [first, *uids]
        assert rest.after is None
        assert review.counts(phone.holder) == (5, 0)
