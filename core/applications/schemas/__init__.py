"""Descriptions of what applications ask and tell."""

from core.applications.schemas import asking, costs
from core.applications.schemas.applications import ApplicationFilter

__all__ = ["ApplicationFilter", "asking", "costs"]
