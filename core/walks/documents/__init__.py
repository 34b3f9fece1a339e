"""A walk on paper: the invitation, its kit, its protocol, a letter to each receiver, and a sheet for residents."""

from core.walks.documents import (  # noqa: F401 - each registers its kind
    feedback,
    invitation,
    kit,
    letters,
    protocol,
    table,
)
