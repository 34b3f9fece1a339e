"""What a district of the small city has of consultation, the library, lifts and weekly reports."""

from datetime import date
from uuid import UUID

from core import access, clock, db
from core.cooperation.services import consulting, library, lifts, weekly, weeks_shown
from core.cooperation.weeks import this_week
from core.people.services import organisation


def asked_and_lifted(leader, board, cycle, measure, area) -> tuple[UUID, ...]:
    """The board is asked about its own measure, has lifted something, and leads a group of two with a report begun."""
    home, day = organisation(board).uid, date(2099, 1, 1)
    asked = consulting.ask(leader, measure, uid=db.new_uid(), organisation=home, function="Chef")
    facts = {"what": "", "approach": "social", "grade": "oklar", "source": "Ange källa"}
    dates = {"valid_from": date(2026, 1, 1), "valid_to": None}
    house = access.system("test")
    method = library.add_method(house, uid=db.new_uid(), name=f"Metod {board}", **facts, **dates)
    said = {"title": "Ljus", "what": "Släckt", "since_on": clock.today(), "tried": "Allt", "asked": "Ljus"}
    lift = lifts.make(leader, uid=db.new_uid(), kind="hinder", cycle=cycle, **said)
    group = weekly.begin_group(leader, uid=db.new_uid(), area=area, organisation=board, function="Samordnare")
    second = organisation("kultur").uid
    member = weekly.add_member(leader, group.uid, organisation=second, function="Chef")
    report = weeks_shown.to_report(leader, 1)[0].uid
    line = {"category": "stold", "severity": 1, "trend": "lika", "certainty": "fakta"}
    item = weekly.add_item(leader, report, item=db.new_uid(), **line)
    wanted = {"organisation": home, "text": "Tänd", "due_on": day}
    action = weekly.assign(leader, group.uid, this_week(), uid=db.new_uid(), **wanted)
    return asked.uid, method.uid, lift.uid, group.uid, member.uid, report, item.uid, action.uid
