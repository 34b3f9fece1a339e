"""The pages of works: orders, contracts, their control, maintenance plans, penalties."""

from core.works.views import contracts, control, orders, penalties, plans
from core.works.views.blueprint import pages

__all__ = ["contracts", "control", "orders", "pages", "penalties", "plans"]
