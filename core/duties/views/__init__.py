"""The pages of duties: how the law is met, who coordinates, lägesbild and plan, our work, ILS."""

from core.duties.views import coordination, ils, plans, reports, work
from core.duties.views.blueprint import pages

__all__ = ["coordination", "ils", "pages", "plans", "reports", "work"]
