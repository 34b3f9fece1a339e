"""What a walk leaves on paper: its kit, its protocol, a letter to each receiver, and a sheet for residents."""

from core.walks.documents import feedback, kit, letters, protocol, table  # noqa: F401 - each registers its kind
