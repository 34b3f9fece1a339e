"""A photo that a page's form sent, tied to an order: of before the work, or of after it."""

from __future__ import annotations

from uuid import UUID

from werkzeug.datastructures import FileStorage

from core import db, media
from core.access import Actor
from core.media import Listed
from core.works import services


def send_photo(actor: Actor, order: UUID, upload: FileStorage, role: str) -> None:
    """Add one photo to an order. Raises what the photo's intake raises; then nothing of it is saved."""
    with media.spooled(media.whole(upload.stream)) as spool:
        listed = Listed(db.new_uid(), role=role)
        services.add_photo(actor, order, listed)
        media.receive_file(actor, listed.uid, spool)
