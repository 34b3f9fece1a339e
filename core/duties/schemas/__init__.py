"""What is asked and told about duties."""

from core.duties.schemas import ils, law

__all__ = ["ils", "law"]
