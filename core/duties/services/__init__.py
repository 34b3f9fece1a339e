"""The rules of duties. No function commits or knows the web; each takes the actor first."""

from core.duties.services import clocks, compliance, coordination, ils, ils_goals, our_work, plans, reports

__all__ = ["clocks", "compliance", "coordination", "ils", "ils_goals", "our_work", "plans", "reports"]
