"""What is asked and told about agreements."""

from core.agreements.schemas import agreements, collaborations, told

__all__ = ["agreements", "collaborations", "told"]
