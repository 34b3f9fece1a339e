"""How the database finds what somebody reaches, so that years of observations cost a page nothing."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text

from core import access
from core.walks import services
from core.walks.models import Observation
from core.walks.services.inbox import PAGE, inbox_query


@pytest.fixture
def plan(database):
    """How the database would answer a query."""

    def plan(query):
        with database.transaction(write=False) as session:
            compiled = query.compile(session.get_bind(), compile_kwargs={"render_postcompile": True})
            values = compiled.params
            if database.embedded:
                values = tuple(values[name] for name in compiled.positiontup)
            else:
                session.execute(text("SET LOCAL enable_seqscan = off"))
            word = "EXPLAIN QUERY PLAN" if database.embedded else "EXPLAIN"
            rows = session.connection().exec_driver_sql(f"{word} {compiled}", values)
            return "\n".join(row[-1] for row in rows)

    return plan


def test_the_answered_ones_are_read_in_their_order_from_the_index(scene, actors, plan):
    told = plan(inbox_query(actors("tk_drift", "trafik"), "besvarade").limit(PAGE))
    assert "ix_observation_organisation_id_id" in told
    assert "Sort" not in told
    assert "USE TEMP B-TREE" not in told


def test_the_walks_that_one_leads_are_found_once_for_all_observations(scene, database, plan):
    """And not for each of them again, which takes minutes of half a million."""
    told = plan(select(Observation.id).where(access.rule_of(Observation, scene.leader)))
    assert "CORRELATED" not in told
    assert database.embedded or told.count("SubPlan") == told.count("hashed SubPlan") * 2


def test_what_was_seen_last_stands_first_among_the_answered_on_every_page(scene, phone, actors, database):
    uids, office = [uuid4() for _ in range(5)], actors("tk_drift", "trafik")
    for uid in uids:
        assert phone.log(uid, scene.walk).status_code == 201
    with database.transaction():
        services.send_all(scene.leader, scene.walk, uids)
        services.answer_all(office, uids, "klart", services.Answer(answer="Lagat."))
    found, after = [], None
    for size in (2, 2, 1):
        with database.transaction(write=False):
            page = services.list_inbox(office, tab="besvarade", after=after, limit=2)
        assert len(page.rows) == size
        found, after = found + [row.uid for row in page.rows], page.after
    assert (found, after) == (uids[::-1], None)
