"""The pages of works: orders, contracts, their control, maintenance plans, penalties, how things are routed."""

from core.works.views import contracts, control, orders, penalties, plans, reports, routing
from core.works.views.blueprint import pages

__all__ = ["contracts", "control", "orders", "pages", "penalties", "plans", "reports", "routing"]
