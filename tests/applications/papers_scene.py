"""An application with every part full, as long as anybody could write it, on the scene's ground."""

from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import select

from core import clock, db
from core.applications import models as m
from core.applications.services import editions
from core.cooperation.models import Cause, Goal, Problem
from core.people.services import organisation
from core.places.models import Place

LONG = "Torget töms efter klockan 18. Kvinnor över 65 går en omväg på 300 meter för att slippa gångtunneln. " * 40
"""4 000 characters."""
YEARS = (2027, 2028, 2029)
HOSTILE = "<b>Fet</b> & {{ 7 * 7 }}"


def fill(writing, *, times=1, text="Det är mörkt vid trappan, och ingen stannar."):
    """Fill every part of a draft; `times` as many rows, and words as long as `text`."""
    application = _one(m.Application, writing.uid)
    key, today = application.id, clock.today()
    traffic, board = organisation("trafik"), organisation("sdn-farsta")
    _words(key, text, today)
    cause = goal = None
    if writing.cycle:
        cause = _one(Cause, writing.cause)
        goal = _one(Goal, writing.goal)
        application.cycle_id = db.session().get_one(Problem, cause.problem_id).cycle_id
        db.session().add(m.ApplicationGoal(application_id=key, goal_id=goal.id))
    place = _one(Place, writing.place)
    db.session().add(m.ApplicationPlace(application_id=key, place_id=place.id))
    for n in range(1, 3 * times + 1):
        about = {"application_id": key, "uid": uuid4()}
        db.session().add(
            m.ApplicationEvidence(
                **about, kind="trygghetsmatning", says=f"Underlag {n}: {text[:1900]}", source="Trygghetsmätningen",
                period="2026", value=38.5 + n, unit="procent", compared=27.0, compared_with="staden",
            )
        )  # fmt: skip
        measure = m.ApplicationMeasure(
            **(about | {"uid": uuid4()}), number=n, kind="belysning_ny", text=f"Lyktor längs väg {n}", quantity=14.0,
            unit="st", place_id=place.id, cause_id=cause.id if cause else None, amount=1_000_000 + n, weight=30,
        )  # fmt: skip
        db.session().add(measure)
        db.session().flush()
        db.session().add(
            m.Promise(
                **(about | {"uid": uuid4()}), measure_id=measure.id, owner_id=traffic.id, standard="Hel och tänd",
                first_after=1, every=12, cost=18_000 + n, payer_id=traffic.id,
            )
        )  # fmt: skip
        day = today + timedelta(days=30 * n)
        db.session().add(
            m.Milestone(**(about | {"uid": uuid4()}), title=f"Etapp {n}", due_on=day, weight=20, note=text[:400])
        )
        for year in YEARS:
            db.session().add(
                m.CostLine(
                    **(about | {"uid": uuid4()}), year=year, kind=("projektering", "entreprenad", "inkop")[n % 3],
                    what=f"Post {n}", amount=100_000 * n + year, capital=n != 2,
                )
            )  # fmt: skip
        db.session().add(m.Component(**(about | {"uid": uuid4()}), name=f"Del {n}", amount=500_000, years=15 + n % 30))
        db.session().add(
            m.OtherFunding(**(about | {"uid": uuid4()}), source=f"Fond {n}", amount=25_000, decided=n == 1)
        )
        db.session().add(
            m.Attachment(
                **(about | {"uid": uuid4()}), kind="kalkyl", title=f"Kalkyl {n}", sha256=f"{n:064x}", size=10,
                type="application/pdf", added_at=clock.now(),
            )
        )  # fmt: skip
    for year in range(1, 6):
        db.session().add(m.RunningCost(application_id=key, year=year, amount=60_000 * year, payer_id=board.id))
    for name in m.PERSPECTIVES:
        facts = {"impact": text[:1900], "considered": HOSTILE, "heard": "Funktionshinderrådet 2026-10-14"}
        db.session().add(m.ApplicationPerspective(application_id=key, perspective=name, **facts))
    for kind in ("bygglov", "ta_plan"):
        row = m.ApplicationPermit(application_id=key, kind=kind, stands="sokt", reference="SBK 2026-1", note="")
        db.session().add(row)
    for asked_for, who in ((m.SAMRAD, organisation("slk")), (m.MEDGIVANDE, traffic)):
        db.session().add(
            m.ApplicationAsk(
                uid=uuid4(), application_id=key, organisation_id=who.id, asked_for=asked_for, asked_at=clock.now(),
                state="besvarad", stance="tillstyrker", answer=text[:3900], answered_on=today, considered=HOSTILE,
            )
        )  # fmt: skip
    db.session().flush()
    application.sought = sum(db.session().scalars(select(m.CostLine.amount).filter_by(application_id=key)))
    application.rank, application.diary_own = None, "FAR 2026/88"
    application.decided_on, application.decided_paragraph = date(2026, 10, 1), "9"
    db.session().flush()
    return application


def _one(model, uid):
    return db.session().scalars(select(model).filter_by(uid=uid)).one()


def _words(key, text, today):
    said = db.session().get_one(m.ApplicationText, key)
    for column in m.ApplicationText.__table__.columns:
        if column.type.python_type is str and column.type.length >= 2000:
            setattr(said, column.key, text[: column.type.length])
    said.children_heard, said.starts_on, said.completes_on = "ja", today, today + timedelta(days=300)
    db.session().flush()


def told(application):
    """All that the application says now, as its paper is to say it."""
    return editions.content_of(application)
