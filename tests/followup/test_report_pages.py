"""The pages of reports, pictures and effects: written and handed in, approved by the city, measured, and as a file."""

import re
from datetime import date
from uuid import uuid4

import pytest

from core import db, documents
from core.applications.models import Milestone
from core.applications.services import applications
from core.followup.services import effects, outturn, pairs, reporting
from core.followup.services.outturn import Voucher
from tests.followup.conftest import YEAR
from tests.followup.goals import goal_of

pytestmark = pytest.mark.other_database_long


@pytest.fixture(autouse=True)
def day(clock):
    clock.stop_at("2027-03-01T09:00")


def begun(granted):
    application = granted.application(1_000_000)
    application.state, application.budget_reference = "beviljad", "KSU § 7"
    db.session().add(Milestone(application_id=application.id, title="Schakt", weight=100, due_on=date(2027, 4, 1)))
    goal_of(application)
    effects.freeze(granted.committee, application, {})
    applications.move_application(granted.writer, application.uid, "starta")
    return application


def test_a_report_goes_from_the_board_to_the_city_and_back_and_is_approved(client, database, granted):
    with database.transaction():
        application = begun(granted)
        [report] = reporting.reports_of(granted.writer, application)
    client.login(granted.writer)
    assert (
        "Skriv Tertial 1 2027. Sista dag är 2027-05-31." in client.get(f"/ansokningar/{application.uid}/rapporter").text
    )
    page = f"/rapporter/{report.uid}"
    told = client.submit(f"{page}/steg/lamna_in", page=page)
    assert told.status_code == 409
    assert "Skriv vad som har gjorts först." in told.text
    drawn = next(one for one in told.text.split("<form ") if 'name="delivered"' in one)
    address = re.search(r'action="([^"]+)"', drawn)[1]
    assert client.submit(address, {"delivered": "Grunden är lagd."}, page=page).status_code == 303
    assert "Grunden är lagd." in client.get(page).text, "sent to the page, not to the step beside it"
    assert client.submit(f"{page}/steg/lamna_in", page=page).status_code == 303
    assert "Utgåva 1" in client.get(page).text
    client.login(granted.money.other)
    assert "Granska: Tertial 1 2027" in client.get("/att-gora").text
    assert "Ljusare torg" in client.get("/rapporter?visa=inlamnad").text
    back = {"reason": "Skriv om risker."}
    assert client.submit(f"{page}/steg/lamna_tillbaka", back, page=page).status_code == 303
    client.login(granted.writer)
    assert client.submit(f"{page}/steg/lamna_in", page=page).status_code == 303
    client.login(granted.money.other)
    assert client.submit(f"{page}/steg/godkann", page=page).status_code == 303
    shown = client.get(f"{page}?utgava=1").text
    assert "Godkänd" in shown
    assert "Utgåva 1, inlämnad" in shown


def test_the_work_is_finished_with_a_reason_for_no_picture_and_the_effect_is_measured(client, database, granted, clock):
    with database.transaction():
        application = begun(granted)
    client.login(granted.writer)
    page = f"/ansokningar/{application.uid}/rapporter"
    sent = {"uid": str(uuid4()), "title": "Torget"}
    told = client.submit(f"/ansokningar/{application.uid}/bilder", sent, page=page)
    assert told.status_code == 422
    assert "Välj minst en bild efter arbetet" in told.text
    sent["why_not"] = "Mörkt och regn."
    assert client.submit(f"/ansokningar/{application.uid}/bilder", sent, page=page).status_code == 303
    assert "Ingen bild efter: Mörkt och regn." in client.get(page).text
    with database.transaction():
        made = {"finished_on": date(2027, 2, 20), "reason": "Milstolpen är inte inskriven."}
        applications.move_application(granted.writer, application.uid, "fardigstall", **made)
        [found] = effects.followed(granted.writer, application)
        first = found.after[0]
    page = f"/ansokningar/{application.uid}/effekt"
    shown = client.get(page).text
    assert "Mät mål 1, direkt efter. Sista dag är 2027-03-22." in shown
    assert f"{page}?oppna=e{first.uid}#skriv" in shown
    assert "Vilket värde?" not in shown, "the form is there when it is asked for"
    assert "Skriv in mätningen av mål 1, direkt efter" in client.get(f"{page}?oppna=e{first.uid}").text
    before = {"n": "400", "low": "", "high": "", "hour": "21–23"}
    asked = f"{page}?oppna=f{found.before.uid}"
    assert client.submit(f"/effekter/{found.before.uid}/fore", before, page=asked).status_code == 303
    asked = f"{page}?oppna=e{first.uid}"
    wrong = {"measured_on": "2027-02-25", "value": "55", "n": "400", "method": "Enkät", "low": "60", "high": "70"}
    told = client.submit(f"/effekter/{first.uid}", wrong, page=asked)
    assert told.status_code == 422
    assert "mellan lägsta och högsta värde" in told.text
    right = wrong | {"low": "", "high": "", "hour": "12–14"}
    assert client.submit(f"/effekter/{first.uid}", right, page=asked).status_code == 303
    shown = client.get(page).text
    assert "Bättre" in shown
    assert "Tiden på dygnet är en annan än före." in shown
    assert "Årstiden är en annan än före." in shown
    assert "Visa som tabell" not in shown, "the table stands open beside the curve"
    asked = f"{page}?oppna=ratta{first.uid}"
    assert "Rätta mätningen av mål 1, direkt efter" in client.get(asked).text
    again = client.submit(f"/effekter/{first.uid}/steg/ratta", {"reason": "Fel tal."}, page=asked)
    assert again.headers["Location"].endswith(f"?oppna=e{first.uid}#skriv")
    client.login(granted.chief)
    assert client.get(f"{page}?oppna=e{uuid4()}").status_code == 200


def test_the_final_report_tells_what_it_cost_on_the_day_when_it_was_handed_in(client, database, granted):
    with database.transaction():
        application = begun(granted)
        application.project_code = "P8"
        pairs.pair(granted.writer, application.uid, uid=uuid4(), title="Torget", why_not="Mörkt och regn.")
        made = {"finished_on": date(2027, 2, 20), "reason": "Milstolpen är inte inskriven."}
        applications.move_application(granted.writer, application.uid, "fardigstall", **made)
        _take_in(granted, "V 1", 950_000)
        [report] = [one for one in reporting.reports_of(granted.writer, application) if one.kind == "slut"]
        words = dict.fromkeys(("delivered", "goals", "lessons", "handover"), "Som planerat.")
        reporting.change_report(granted.writer, report.uid, version=None, **words)
        reporting.move_report(granted.writer, report.uid, "lamna_in")
        _take_in(granted, "V 2", 30_000)
    client.login(granted.money.other)
    shown = client.get(f"/rapporter/{report.uid}").text
    assert "950\u00a0000" in shown
    assert "980\u00a0000" not in shown


def _take_in(granted, name, kronor):
    row = Voucher("P8", f"{YEAR}-02", name, kronor)
    outturn.take_in(granted.money.economist, uid=uuid4(), source="Ekonomi", row=row)


def test_a_table_of_the_view_is_a_file_of_its_own(database, granted, actors):
    reader = actors("slk_handlaggare")
    with database.transaction():
        granted.application(2_000_000)
        asked = {"rapport": "oversikt", "tabell": 3, "ar": YEAR, "format": "xlsx"}
        made = documents.every_kind()["followup:tabell"].gather(reader, reader.uid, **asked)
        farsta = [row for row in made.sheet.rows if row[0].startswith("Farsta")]
        assert [row[-2] for row in farsta] == [2_000_000]


def test_another_board_reaches_none_of_it(client, database, granted, actors):
    with database.transaction():
        application = begun(granted)
        [report] = reporting.reports_of(granted.writer, application)
    client.login(actors("sdn_handlaggare", "sdn-bromma"))
    for page in (f"/rapporter/{report.uid}", f"/ansokningar/{application.uid}/effekt"):
        assert client.get(page).status_code == 404
