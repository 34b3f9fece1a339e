"""What a camera says of its time, however wild, never stops a photo on its way in nor a page that shows it."""

from uuid import uuid4

from tests.media.samples import encoded, tiff
from tests.walks.scene import photo_row


def taken(raw, zone):
    """A photo whose camera says this of time and zone."""
    return encoded("image/jpeg", tiff=tiff(details=((0x9003, 2, raw), (0x9011, 2, zone))))


def test_a_time_longer_than_its_column_is_cut(phone, database):
    """On PostgreSQL a text too long is an error: the phone would send the last piece again for ever."""
    photo = uuid4()
    assert phone.piece(photo, taken("9" * 64, "0" * 64)).status_code == 200
    assert photo_row(database, photo).taken_raw == "9" * 64 + " " + "0" * 15


def test_a_year_at_the_end_of_the_calendar_is_kept_as_words_only(phone, client, database):
    """In Stockholm this moment lies in the year 10000, which no page can show."""
    photo, record = uuid4(), uuid4()
    assert phone.piece(photo, taken("9999:12:31 23:59:59", "+00:00")).status_code == 200
    assert phone.log(record, phone.walk, photos=[{"uid": str(photo)}]).status_code == 201
    row = photo_row(database, photo)
    assert (row.taken_raw, row.taken_at) == ("9999:12:31 23:59:59 +00:00", None)
    client.login(phone.holder)
    assert client.get(f"/iakttagelser/{record}").status_code == 200
