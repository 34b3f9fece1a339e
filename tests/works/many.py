"""Orders and frister about them as rows, as many as a test needs: what became of them is given, not lived through."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from core import clock
from core.people.services import organisation
from core.upkeep.models import Deadline
from core.works.limits import FIX
from core.works.models import WorkOrder

BEGUN = datetime(2027, 1, 1, 11, tzinfo=UTC)
RULE = {"schema": 1, "key": "normal", "kind_title": "Utför arbetsorder", "title": "P2", "fix": 5,
        "clock": "calendar_days", "source": "Tidskrav", "version": "1"}  # fmt: skip
_numbers = count(1)


def add_orders(session, facts, *, kind=FIX):
    """Add an order for each of `facts`: what stands in its row, and under `frist` what stands in that of its frist.

    Without `frist` it has none. Returns their uids.
    """
    board = organisation("trafik").id
    orders, frister = [], []
    for one in facts:
        known = dict(one)
        frist = known.pop("frist", None)
        order = {
            "uid": uuid4(), "version": 1, "content": b"prov", "number": f"PR-{next(_numbers):06d}",
            "title": "Laga lyktan", "description": "", "source": "egen", "category": "belysning", "place_id": None,
            "organisation_id": board, "coordinator_id": None, "executor_id": board, "contract_id": None,
            "parent_id": None, "priority": "p2", "terms": {"schema": 1}, "starts_at": BEGUN, "state": "tilldelad",
            "on_site": False, "reply": "", "level": 1, "cost": None, "done_at": None, "approved_at": None,
        } | known  # fmt: skip
        orders.append(order)
        if frist is not None:
            frister.append(_frist(order, frist, kind))
    session.execute(WorkOrder.__table__.insert(), orders)
    if frister:
        session.execute(Deadline.__table__.insert(), frister)
    return [order["uid"] for order in orders]


def _frist(order, known, kind):
    due = known.get("due_at", order["starts_at"] + timedelta(days=5))
    return {
        "uid": uuid4(), "version": 1, "kind": kind, "leg": "fix", "subject_kind": "order", "subject_uid": order["uid"],
        "category": order["category"], "place_id": order["place_id"], "organisation_id": order["organisation_id"],
        "coordinator_id": order["coordinator_id"], "function": "", "rule": RULE, "calendar": "sverige", "urgency": 2,
        "starts_at": order["starts_at"], "due_at": due, "due_on": clock.last_day(due), "paused_seconds": 0,
        "badly_late_at": due + 2 * (due - order["starts_at"]), "paused_since": None, "reported_at": None,
        "state": "oppen", "met_at": None, "moved_count": 0, "level": order["level"],
    } | known  # fmt: skip
