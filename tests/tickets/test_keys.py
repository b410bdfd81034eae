"""Keys to one ticket: whoever quotes a mail does not pass its key on."""

import pytest

from firstline.tickets import keys

KEY = "WzIwNyw2NF0.1xYSBk.fasuuZ-8gI_x"


@pytest.mark.parametrize("slash", ["/", "%2F", "%2f", "%252F"])
def test_a_key_is_taken_out_of_a_quoted_address(slash: str) -> None:
    address = f"https://desk.example/ticket-links/{KEY}/".replace("/", slash)
    hidden = keys.hide(f"See https://safe.example/?url={address}&data=1, please.")
    assert KEY not in hidden
    assert "fasuuZ" not in hidden
    assert hidden.endswith("&data=1, please.")


def test_other_text_stays_as_it_is() -> None:
    text = "About ticket-links and https://desk.example/portal/tickets/SR00000001/"
    assert keys.hide(text) == text
