"""A paragraph of minutes is kept without its sign, however it was written, and shown with it once."""

import pytest

from core.schema.paragraphs import bare_paragraph, signed_paragraph


@pytest.mark.parametrize("written", ["12", "§ 12", "§12", " §\u00a0 12 ", "§ § 12", "12 §"])
def test_it_is_the_same_however_it_is_written(written):
    assert bare_paragraph(written) == "12"
    assert signed_paragraph(written) == "§\u00a012"


def test_a_sign_alone_is_no_paragraph():
    assert bare_paragraph("§ ") == signed_paragraph("") == ""
