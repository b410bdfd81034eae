"""Phone numbers in the index: one word for a number, however it is written.

Numbers are told by phonenumbers and compared in the form of E.164 alone: 8 (916) 123-45-67 and
+7 916 1234567 are one. A number without its country is read as one of REGIONS, whoever wrote it, and
gives a word for each where it is a valid one. What is no phone number and is taken for one (some tax
numbers are) does no harm: it is found by the same digits.
"""

import re
from itertools import islice

import phonenumbers

from firstline.search.numbers import WHOLE

MARK = f"{WHOLE}__"  # words of texts hold no underscore, those of numbers and scopes fewer
REGIONS = ("RU", "BG", "KZ", "BY", "UA")
MOST = 100  # phone numbers of a text
FEWEST_DIGITS, MOST_DIGITS = 7, 15
# Digits with single signs between them, that no letter, digit or sign of an address touches.
GAP = r"[ \u00a0\u202f.\-\u2010-\u2015()]{0,3}"
PHONE = re.compile(
    rf"(?<![\w@.\-/+])\+?\(?\d(?:{GAP}\d){{{FEWEST_DIGITS - 1},{MOST_DIGITS + 2}}}(?![\w@])"
)
DIGITS = re.compile(r"\d+", re.ASCII)
RUSSIAN = re.compile(r"8[3489]\d{9}")
# 8 (8-495) 123-45-67: the trunk prefix is told twice.
TWICE = re.compile(r"8(8[3489]\d{9})")


def words_of(text: str) -> list[str]:
    """The words of the phone numbers that a text holds."""
    found = islice(PHONE.finditer(text), MOST)
    return list(dict.fromkeys(mark for match in found for mark in marks_of(match[0])))


def take(text: str) -> tuple[dict[str, list[str]], str]:
    """The phone numbers in a text, each as it was typed, with its words; and the text without them."""
    numbers: dict[str, list[str]] = {}

    def cut(match: re.Match[str]) -> str:
        if marks := marks_of(match[0]):
            numbers[match[0]] = marks
            return " "
        return match[0]

    rest = PHONE.sub(cut, text, count=MOST)
    return numbers, rest


def marks_of(typed: str) -> list[str]:
    """The words of one number as it was typed; none where it can be no phone number."""
    digits = "".join(DIGITS.findall(typed))
    if twice := TWICE.fullmatch(digits):
        digits = twice[1]
    marks = [_mark(digits, region) for region in REGIONS]
    if typed.lstrip("(").startswith("+"):
        # +8 916 …, for 8 916 … or +7 916 …, is written often; as it stands it may be of Vietnam.
        marks = [_mark(f"+{digits}"), *(marks if RUSSIAN.fullmatch(digits) else ())]
    return list(dict.fromkeys(filter(None, marks)))


def _mark(number: str, region: str | None = None) -> str:
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(parsed):
        return ""
    return MARK + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)[1:]
