"""What the start page says of frister that others have to close."""

from core.refs import Subject
from core.upkeep import services
from core.upkeep.hooks import tryggplats_todo
from tests.upkeep.conftest import HOUSE, KIND


def others(database, actor):
    with database.transaction(write=False):
        return [todo for todo in tryggplats_todo(actor, 20) if todo.whose]


def test_one_waits_for_those_who_answer_in_one_s_own_district(database, actors, plan, scene, clock):
    clock.stop_at("2027-01-12T10:00")
    start = scene.now
    for rule in ("dygn", "dagar"):
        plan(rule, start)
    [waiting] = others(database, scene.leader)
    assert (waiting.whose, waiting.title.values["n"]) == ("Trafiknämnden", 2)
    assert waiting.link.startswith("/skotsel?ansvarig=")
    assert others(database, actors("tk_drift", "trafik")) == [], "she answers herself"
    assert others(database, actors("sdn_samordnare", "sdn-jarva")) == []
    assert others(database, actors("slk_handlaggare", "slk")) == [], "who only looks on waits for nobody"


def test_the_last_day_is_the_day_that_ends_at_midnight(database, plan, scene, clock):
    clock.stop_at("2027-01-12T10:00")
    planned = plan("dagar", scene.now)
    [waiting] = others(database, scene.leader)
    assert waiting.latest == planned.due_on.isoformat()


def test_nobody_waits_for_what_is_paused_or_reported_as_done(database, plan, scene, clock):
    clock.stop_at("2027-01-12T10:00")
    made = [plan("dygn", scene.now) for _ in range(3)]
    with database.transaction():
        services.pause(HOUSE, made[0].uid, reason="Regn")
        about = Subject(made[1].subject_kind, made[1].subject_uid, "Prov")
        services.report_met(HOUSE, KIND, about, at=scene.now)
    [waiting] = others(database, scene.leader)
    assert waiting.title.values["n"] == 1
