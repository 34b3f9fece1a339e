"""What is written in a section and not saved: there again for who wrote it, for nobody else, never handed in unseen."""

import pytest
from sqlalchemy import select

from core import access, flow
from core.cooperation import services
from core.cooperation.models import SectionDraft
from core.db import session
from tests.cooperation.conftest import asked_for, hand_in, write

pytestmark = pytest.mark.other_database_long


@pytest.fixture
def asked(database, together):
    with database.transaction():
        asked_for(together)
        return write(together.police, together.cycle, "Det är mörkt.")


def test_what_was_typed_is_there_when_one_comes_back_until_it_is_saved_or_thrown_away(
    database, together, asked, client, actors
):
    here = f"/lagesbilder/{asked}/behov"
    client.login(together.police)
    page = client.get(here).text
    assert f'data-address="{here}/utkast"' in page
    kept = client.submit(f"{here}/utkast", {"text": "Mer ljus vid trap"}, page=here)
    assert (kept.status_code, list(kept.get_json())) == (200, ["at"])
    page = client.get(here).text
    assert "Mer ljus vid trap" in page
    assert "Det här är vad du skrev och inte sparade." in page
    assert "Du har skrivit något här som inte är sparat." in client.get(f"/lagesbilder/{asked}").text
    client.login(actors("sdn_samordnare", "polis-jarva"))
    colleague = client.get(f"/lagesbilder/{asked}").text
    assert ("Avsnitt" in colleague, "inte är sparat" in colleague) == (True, False), "a colleague has drafts of her own"
    client.login(together.police)
    assert client.submit(f"{here}/kasta", {}, page=here).status_code == 303
    assert "Mer ljus vid trap" not in client.get(here).text
    client.submit(f"{here}/utkast", {"text": "Mer ljus."}, page=here)
    client.submit(here, {"text": "Mer ljus vid trappan."}, page=here)
    page = client.get(here).text
    assert ("Mer ljus vid trappan." in page, "inte sparade" in page) == (True, False)


def test_saved_by_a_colleague_meanwhile_what_was_typed_does_not_write_over(database, together, asked, client):
    here = f"/lagesbilder/{asked}/behov"
    with database.transaction():
        services.write_section(together.police, asked, "behov", text="Kollegans.", done=True, version=None)
        services.keep_draft(together.police, asked, "behov", text="Mitt.", done=False, version=1)
    client.login(together.police)
    page = client.get(here).text
    assert 'name="version" value="1"' in page
    answer = client.submit(here, {"text": "Mitt.", "version": "1"}, page=here)
    assert (answer.status_code, "Kollegans." in answer.text) == (409, True)


def test_what_says_the_same_as_the_section_is_no_draft_also_when_it_comes_after_it_was_saved(database, together, asked):
    mine = {"text": "Mer ljus.", "done": False}
    with database.transaction():
        services.keep_draft(together.police, asked, "behov", version=1, **mine)
        services.write_section(together.police, asked, "behov", version=1, **mine)
        services.keep_draft(together.police, asked, "behov", version=1, **mine)
        assert session().scalars(select(SectionDraft)).all() == [], "sent before it was saved, it came after"
        services.keep_draft(together.police, asked, "behov", version=2, text="Mer ljus vid", done=False)
        services.keep_draft(together.police, asked, "behov", version=2, **mine)
        assert services.move_picture(together.police, asked, "lamna_in").handed_in_at is not None


def test_it_is_not_handed_in_unseen_nor_kept_in_what_is_handed_in(database, together, asked):
    with database.transaction():
        services.keep_draft(together.police, asked, "behov", text="Halvt", done=False, version=None)
    with pytest.raises(flow.Refused, match="inte är sparat"), database.transaction():
        services.move_picture(together.police, asked, "lamna_in")
    with database.transaction():
        services.discard_draft(together.police, asked, "behov")
        services.move_picture(together.police, asked, "lamna_in")
    with pytest.raises(flow.Refused, match="inlämnad"), database.transaction():
        services.keep_draft(together.police, asked, "behov", text="För sent", done=False, version=None)
    with pytest.raises(access.Missing), database.transaction():
        services.keep_draft(together.leader, asked, "behov", text="Annan parts", done=False, version=None)


def test_what_a_colleague_had_not_saved_when_it_was_handed_in_is_told_to_her_alone(
    database, together, asked, client, actors
):
    """It does not come along, also when the pictures are open; she may throw it away, and nobody learns of it."""
    her, hers = actors("sdn_samordnare", "polis-jarva"), "Mer ljus vid trappan"
    with database.transaction():
        services.keep_draft(her, asked, "behov", text=hers, done=False, version=None)
        for actor in together.actors:
            hand_in(actor, together.cycle)
    here, all_of_them = f"/lagesbilder/{asked}", f"/samverkan/{together.cycle}/lagesbilder"
    for actor in (together.police, together.leader):
        client.login(actor)
        assert not any(
            hers in text or "kom inte med" in text for text in (client.get(one).text for one in (here, all_of_them))
        )
    client.login(her)
    assert "Det kom inte med." in client.get(all_of_them).text
    page = client.get(here).text
    assert ("Det kom inte med." in page, hers in page) == (True, True)
    assert client.submit(f"{here}/behov/kasta", {}, page=here).status_code == 303
    assert [hers in client.get(here).text, "kom inte med" in client.get(all_of_them).text] == [False, False]


def test_in_the_common_picture_each_writes_her_own_until_it_is_saved(database, together, asked):
    with database.transaction():
        for actor in together.actors:
            hand_in(actor, together.cycle)
        common = services.begin_common(together.leader, together.cycle)
        for actor in (together.leader, together.police):
            services.keep_draft(actor, common.uid, "overens", text=actor.name, done=False, version=None)
        for actor in (together.leader, together.police):
            assert [one.text for one in services.drafts_of(actor, common).values()] == [actor.name]
        services.write_section(together.leader, common.uid, "overens", text="Vi ser samma.", done=False, version=None)
        assert [one.text for one in session().query(SectionDraft)] == [together.police.name]
