"""The pages of works: orders, contracts, Tidskrav, penalties."""

from core.works.views import contracts, orders, penalties
from core.works.views.blueprint import pages

__all__ = ["contracts", "orders", "pages", "penalties"]
