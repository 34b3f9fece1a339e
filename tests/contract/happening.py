"""What happens on the place of a district, for the small city of the contract's tests."""

from datetime import date

from core import clock, db
from core.people import services as people
from core.presence import services

LAST = date(2099, 12, 31)


def happening(leader, board, place):
    """Arrange something, promise presence, ask for patrols, ask people, and lay up a project; return their uids."""
    today, own = clock.today(), people.organisation(board).uid
    whose = {"organisation": board, "place": place.uid}
    days = {"starts_on": today, "ends_on": today}
    arranged = services.add_activation(
        leader, uid=db.new_uid(), title="Marknad", kind="marknad", permits=["polistillstand"], **days, **whose
    )
    hours = {"begins": "18.00", "ends": "22.00"}
    known = {"kind": "nattvandrare", "weekdays": ["4"], "valid_from": today}
    plan = services.add_plan(leader, uid=db.new_uid(), **known, **hours, **whose)
    known = {"hours": 10, "reason": "Bråk.", "tried": "Nattvandrare."}
    patrol = services.ask_for_patrols(leader, uid=db.new_uid(), **known, **days, **hours, **whose)
    known = {"title": "Enkät", "phase": "fore", "first_on": today, "last_on": today}
    survey = services.add_survey(leader, uid=db.new_uid(), **known, **whose)
    known = {"title": "Nytt torg", "kind": "ombyggnad", "starts_on": today}
    project = services.add_project(leader, uid=db.new_uid(), **known, **whose)
    goal = services.add_goal(leader, project.uid, text="Tryggt på kvällen", responsible=own, follow_up_on=LAST)
    asked = services.ask(leader, project.uid, asked=own, question="Var är det mörkt?")
    [permit] = services.permits_of(arranged)
    made = (arranged, permit, plan, patrol, survey, project, goal, asked)
    return tuple(row.uid for row in made)
