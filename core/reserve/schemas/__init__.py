"""Descriptions of what the reserve asks and tells."""

from core.reserve.schemas.bookings import (
    BookingFilter,
    BookingOut,
    BookingPage,
    BookingQuery,
    CorrectionForm,
    ProgrammesOut,
    ProposalForm,
    ReserveFilter,
)

__all__ = [
    "BookingFilter",
    "BookingOut",
    "BookingPage",
    "BookingQuery",
    "CorrectionForm",
    "ProgrammesOut",
    "ProposalForm",
    "ReserveFilter",
]
