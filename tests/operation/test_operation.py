"""The page of operation: how the jobs went, what waits and why, the journal's walk, and whether all is well."""

import pytest
from sqlalchemy import select

from core import clock as core_clock
from core import journal, lease, letters, outbox, worker
from core.access import Denied, system
from core.hookspecs import Job
from core.journal import JournalLine
from core.lease import JobRun
from core.operation import services
from core.operation.hooks import tryggplats_todo
from core.outbox import Task
from core.worker import Worker

DRIFT = "/admin/drift"


@pytest.fixture
def browser(client, actors):
    client.login(actors("sysadmin", "slk"))
    return client


@pytest.fixture
def work(database):
    """Let the worker do these jobs, and everything that waits."""
    made = Worker(database.settings)
    yield lambda *keys: made.run_once(keys=keys)
    made.close()


def put(database, kind="letter", state=outbox.WAITING, error="", **more):
    with database.transaction() as session:
        uid = outbox.put(kind, {"to": "anna@staden.example", "text": "hemligt"})
        session.flush()
        task = session.scalars(select(Task).where(Task.uid == uid)).one()
        task.state, task.error, task.attempts = state, error, 3
    return uid


def test_a_job_tells_how_it_went_the_last_time(browser, database, work, monkeypatch):
    def fails():
        raise ValueError("anna@staden.example svarar inte")

    jobs = (Job("core:bra", "Det som går bra", 60, lambda: None), Job("core:fel", "Det som går fel", 600, fails))
    monkeypatch.setattr(worker, "JOBS", jobs)
    work("core:bra", "core:fel")
    page = browser.get(DRIFT).text
    for text in ("Det som går bra", "Gick bra", "Det som går fel", "Misslyckades: ValueError: …@staden.example"):
        assert text in page
    with database.transaction() as session:
        runs = {run.key: run for run in session.scalars(select(JobRun))}
        assert (services.next_run(runs["core:fel"]) - runs["core:fel"].started_at).total_seconds() == 600
        lease.forget_runs(["core:bra"])
        session.expire_all()
        assert session.scalars(select(JobRun.key)).all() == ["core:bra"]


def test_what_was_given_up_is_tried_again_or_dropped_with_a_reason(browser, database):
    failed = put(database, state=outbox.FAILED, error="550 <anna@staden.example> no such user")
    later = put(database, "prov")
    page = browser.get(DRIFT).text
    assert "Uppgivet" in page
    for private in ("anna@", "hemligt"):
        assert private not in page + browser.get(f"{DRIFT}/uppgifter/{failed}").text
    assert "En uppgift är uppgiven" in browser.get("/").text

    def decide(uid, what, reason="Adressen är rättad"):
        return browser.submit(f"{DRIFT}/uppgifter/{uid}", {"what": what, "reason": reason}).status_code

    def state(uid):
        with database.transaction(write=False) as session:
            return session.scalars(select(Task.state).where(Task.uid == uid)).one()

    assert decide(failed, "gor_om", reason="") == 422
    assert decide(later, "gor_om") == 422, "what waits is tried by itself"
    assert [decide(failed, "gor_om"), state(failed)] == [303, outbox.WAITING]
    assert [decide(later, "avskriv"), state(later)] == [303, outbox.DROPPED]
    with database.transaction(write=False) as session:
        acts = session.scalars(select(JournalLine.action).where(JournalLine.subject_kind == "task")).all()
    assert acts == ["outbox:retry", "outbox:drop"]


def test_a_task_that_was_dropped_is_never_done_even_by_the_worker_that_holds_it(database):
    uid = put(database, "prov")
    with database.transaction():
        [held] = outbox.claim("en", limit=9)
    with database.transaction():
        assert outbox.drop(uid, "Behövs inte")
        outbox.postpone(held, "försök igen")
    with database.transaction(write=False) as session:
        assert session.scalars(select(Task.state).where(Task.uid == uid)).one() == outbox.DROPPED
        assert not outbox.is_waiting()


def test_the_journal_is_walked_as_a_task_whose_progress_is_seen(browser, database, work, monkeypatch, clock):
    asked = browser.submit(f"{DRIFT}/journal", page=DRIFT)
    assert asked.status_code == 303
    clock.stop_at(core_clock.now())
    assert "<progress" in browser.get(asked.location).text
    assert browser.submit(f"{DRIFT}/journal", page=DRIFT).location == asked.location, "one walk at a time"
    monkeypatch.setattr(services, "STEP", 1)
    noted = []
    real = outbox.progress
    monkeypatch.setattr(outbox, "progress", lambda task, percent: (noted.append(percent), real(task, percent)))
    work()
    assert noted == sorted(noted) != []
    assert "Journalen är hel" in browser.get(asked.location).text
    with database.transaction() as session:
        check = journal.last_check()
        assert (check.faults, check.lines > 0) == (0, True)
        services.check_daily()
        session.flush()
        waiting = select(Task.id).where(Task.kind == services.CHECK, Task.state == outbox.WAITING)
        assert session.scalars(waiting).all() == [], "once a day is enough"
        clock.pass_by(hours=21)
        services.check_daily()
        session.flush()
        assert len(session.scalars(waiting).all()) == 1


def test_a_fault_in_the_journal_is_told(browser, database, work, monkeypatch):
    monkeypatch.setattr(journal, "verify", lambda *_, **__: iter([journal.Fault(7, "raden är ändrad")]))
    asked = browser.submit(f"{DRIFT}/journal", page=DRIFT)
    work()
    assert "Journalen är skadad. Rad 7: raden är ändrad." in browser.get(asked.location).text
    assert "Skadad" in browser.get(DRIFT).text


def test_it_tells_the_same_as_readyz(browser, database, work):
    def well():
        with database.transaction(write=False):
            named = {fact.title: fact.well for fact in services.facts(system("test"))}
        return {
            "database": named["Databas"],
            "worker": named["Arbetare"],
            "plugins": named["Tillägg"],
            "disk": named["Disk"],
            "released": "Återläst kopia" not in named,
        }

    assert browser.get("/readyz").json["checks"] == well()
    assert not well()["worker"]
    work()
    assert browser.get("/readyz").json["checks"] == well()
    assert well()["worker"]
    assert "TRYGGPLATS_SMTP_URL är inte satt" in browser.get(DRIFT).text


def test_only_who_runs_the_installation_sees_it(database, actors):
    leader = actors("sdn_samordnare")
    put(database)
    with database.transaction(write=False):
        for look in (services.jobs, services.waiting, services.facts):
            with pytest.raises(Denied):
                look(leader)
        assert list(tryggplats_todo(leader)) == []
        told = [one.title for one in tryggplats_todo(system("test"))]
        assert told == ["3 delar av driften behöver ses över", "Ett brev väntar"], "no worker, no letters, no backup"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("550 <anna@staden.example> okänd", "550 <…@staden.example> okänd"),
        ("nyckeln tp_abcdefghijklmnopqrstuvwxyz0123456789 nekas", "nyckeln … nekas"),
        (None, ""),
    ],
)
def test_faults_are_shown_without_people_and_keys(said, shown):
    assert services.redacted(said) == shown


@pytest.mark.parametrize(
    ("said", "msgid"),
    [
        (letters.NOT_SET, letters.NOT_SET),
        ("E-postservern svarade 550 <anna@staden.example>\nokänd", letters.ANSWERED),
        ("Ingen kan göra kamera:hamta. Är tillägget avstängt?", outbox.NOBODY),
    ],
)
def test_why_a_letter_waits_is_told_in_the_reader_s_language(said, msgid):
    """It is kept in Swedish; what our own code says is known again as the text that it was made of."""
    told = services.reason_of(outbox.Task(error=said))
    assert told == services.redacted(said)
    assert told.msgid == msgid
    assert services.reason_of(outbox.Task(error="Bröts")) == "Bröts"


def test_a_demo_s_letters_stay_in_the_house_and_are_read_there(browser, database, work):
    with database.transaction():
        uid = letters.put_letter("skotsel@staden.example", "Frister att hålla", "Hej!\n\nLaga lyktan.")
    page = f"{DRIFT}/uppgifter/{uid}"
    assert "Laga lyktan." not in browser.get(page).text, "nobody reads letters in an installation"
    object.__setattr__(database.settings, "env", "demo")
    work()
    with database.transaction(write=False) as session:
        assert session.scalars(select(Task.state).where(Task.uid == uid)).one() == outbox.DONE
    found = browser.get(DRIFT).text
    assert ("Frister att hålla" in found, "Demon skickar inga brev." in found) == (True, True)
    assert "<p>Laga lyktan.</p>" in browser.get(page).text
