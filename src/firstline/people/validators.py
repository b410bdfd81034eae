"""Checks of a new password, where Django's own words read badly in our languages."""

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.translation import gettext as _


class UnlikeAddress(UserAttributeSimilarityValidator):
    """Refuses a password that is much like the person's mail address."""

    def __init__(self, max_similarity: float = 0.7) -> None:
        super().__init__(("email",), max_similarity)

    def get_error_message(self) -> str:
        return _("The password is too similar to your mail address.")
