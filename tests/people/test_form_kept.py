"""A form that was sent after the session had ended: its words go with the login, however much was sent with them."""

import re
from html import unescape
from io import BytesIO
from uuid import uuid4

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from core.http.frame import BODY_BYTES

WORDS = "Lampan är trasig vid trappan & buskarna är höga"
PHOTO = 3_000_000


def held(asked):
    return unescape(re.search(r'name="kvar"[^>]* value="([^"]+)"', asked.text)[1])


def photo(size=PHOTO):
    return FileStorage(BytesIO(b"\xff\xd8" * (size // 2)), "foto.jpg")


def send(client, address, fields):
    """Send a form with a file, of somebody whose session has ended."""
    boundary, body = encode_multipart(fields)
    return client.post(address, data=body, content_type=f'multipart/form-data; boundary="{boundary}"')


@pytest.mark.one_database
def test_the_words_beside_a_phone_s_photo_go_with_the_login_and_the_photo_lies_nowhere(client, anna, log_in, settings):
    here = f"/vandringar/{uuid4()}/skriv-in"
    asked = send(client, here, {"what": WORDS, "photo": photo()})
    assert asked.status_code == 401
    assert not (settings.data_dir / "parts").exists(), "of a stranger no file is laid on the disk"
    back = log_in(anna, kvar=held(asked))
    assert "Lampan är trasig vid trappan &amp; buskarna är höga" in back.text
    assert "Filen som du valde följde inte med." in back.text
    assert f'action="{here}"' in back.text


@pytest.mark.one_database
def test_a_long_line_on_a_map_takes_no_words_with_it(client, anna, log_in):
    line = ",".join(f"[{18 + n / 1e5:.5f},{59 + n * 7 % 9973 / 1e5:.5f}]" for n in range(9_000))
    asked = send(client, "/platser/ny", {"name": WORDS, "geometry": line})
    assert "buskarna är höga" in log_in(anna, kvar=held(asked)).text


@pytest.mark.one_database
@pytest.mark.parametrize("sent", [{"photo": photo(BODY_BYTES)}, {"what": "ord " * 100_000}])
def test_what_no_login_can_carry_is_told_so_that_she_goes_back_to_what_she_wrote(client, sent):
    answer = send(client, "/platser/ny", {"name": WORDS} | sent)
    assert answer.status_code == 413
    assert "Gå tillbaka" in answer.text
