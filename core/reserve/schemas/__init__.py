"""Descriptions of what the reserve asks and tells."""

from core.reserve.schemas.bookings import (
    FIRST_YEAR,
    LARGEST,
    LAST_YEAR,
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
    "FIRST_YEAR",
    "LARGEST",
    "LAST_YEAR",
    "BookingFilter",
    "BookingOut",
    "BookingPage",
    "BookingQuery",
    "CorrectionForm",
    "ProgrammesOut",
    "ProposalForm",
    "ReserveFilter",
]
