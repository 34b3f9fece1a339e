"""The rules of agreements. No function commits or knows the web; each takes the actor first."""

from core.agreements.services import (
    agreements,
    checks,
    collaborations,
    commitments,
    councils,
    coverage,
    decisions,
    ending,
    keeping,
    meetings,
    parties,
    signing,
    texts,
)

__all__ = [
    "agreements",
    "checks",
    "collaborations",
    "commitments",
    "councils",
    "coverage",
    "decisions",
    "ending",
    "keeping",
    "meetings",
    "parties",
    "signing",
    "texts",
]
