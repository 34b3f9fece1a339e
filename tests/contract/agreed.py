"""What there is of agreements in a district of the small city of these tests."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core import clock, db
from core.agreements import services
from core.agreements.models import Agreement, Collaboration, Council
from core.people import services as people

ANSWERS = ("styrelse", "oppenhet", "likavarde", "vald", "lag", "insyn")


@dataclass
class Agreed:
    """By uid: a platssamverkan with a second party, a council, a draft agreement, a check of an association."""

    collaboration: UUID
    collaboration_party: UUID
    group: UUID
    meeting: UUID
    decision: UUID
    commitment: UUID
    commitment_time: UUID
    council: UUID
    member: UUID
    agreement: UUID
    agreement_party: UUID
    check: UUID


def agree(leader, board, place):
    """Begin all of it, led by a board about a place; its second party is the board for culture."""
    today, second = clock.today(), people.organisation("kultur").uid
    uid = db.new_uid()
    led = {"organisation": board, "mandate": "Samordnare"}
    services.collaborations.begin_collaboration(
        leader, uid=uid, name="Torget", places=[place.uid], started_on=today, **led
    )
    joins = {"organisation": second, "mandate": "Chef", "role": "medverkande"}
    party = services.parties.add_party(leader, Collaboration, uid, **joins)
    group = db.new_uid()
    services.collaborations.add_group(leader, uid, uid=group, kind="styrgrupp", name="Styrgrupp", members=[])
    meeting = services.meetings.call_meeting(leader, Collaboration, uid, uid=db.new_uid(), held_at=clock.now())
    home = people.organisation(board).uid
    known = {"text": "Laga", "organisation": home, "due_on": today + timedelta(days=9)}
    decision = services.decisions.add_decision(leader, meeting.uid, uid=db.new_uid(), **known)
    promised = {"kind": "underhall", "what": "Sopa", "starts_on": today, "rrule": "FREQ=WEEKLY", "organisation": home}
    commitment = services.commitments.propose(leader, Collaboration, uid, uid=db.new_uid(), **promised)
    services.commitments.move_commitment(leader, commitment.uid, "ata")
    time = services.commitments.times_of(leader, commitment)[0]
    council = services.councils.begin_council(
        leader, uid=db.new_uid(), organisation=board, name="Rådet", function="Chef", started_on=today
    )
    member = services.parties.add_party(leader, Council, council.uid, organisation=second, function="Chef")
    agreement = services.agreements.draft_agreement(leader, uid=db.new_uid(), kind="plats", title="Torget", **led)
    agreed = services.parties.add_party(leader, Agreement, agreement.uid, **joins)
    answers = dict.fromkeys(ANSWERS, "ja")
    said = {"occasion": "part", "by": board, "function": "Chef", "checked_on": today, "result": "uppfyller"}
    asked = people.organisation("demo-forening").uid
    check = services.checks.record_check(leader, uid=db.new_uid(), organisation=asked, answers=answers, **said)
    return Agreed(
        uid, party.uid, group, meeting.uid, decision.uid, commitment.uid, time.uid, council.uid, member.uid,
        agreement.uid, agreed.uid, check.uid,
    )  # fmt: skip
