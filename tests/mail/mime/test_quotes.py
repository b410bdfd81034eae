"""What a person wrote apart from what they quote; nothing is lost whichever way it goes."""

import re
import time

import pytest

from firstline.base.html import clean, to_text
from firstline.mail.mime.quotes import kind_of, split
from firstline.mail.mime.quotes_html import split_both, split_html

QUOTE = "> Здравствуйте,\n> чем помочь?\n"
ANSWERS = [
    ("gmail_en", "On Tue, Nov 10, 2026 at 9:30 AM Support <support@desk.example> wrote:\n"),
    (
        "gmail_wrapped",
        "On Tue, Nov 10, 2026 at 9:30 AM Support of the Desk\n<support@desk.example> wrote:\n",
    ),
    ("gmail_ru", "вт, 10 нояб. 2026 г. в 09:30, Поддержка <support@desk.example>:\n"),
    ("yandex", '10.11.2026, 09:30, "Поддержка" <support@desk.example>:\n'),
    ("mail_ru", "Вторник, 10 ноября 2026, 9:30 +03:00 от Поддержка <support@desk.example>:\n"),
    ("bat_ru", "Поддержка <support@desk.example> написал(а) 10.11.2026 9:30:\n"),
    ("thunderbird_ru", "10.11.2026 9:30, Поддержка пишет:\n"),
    ("gmail_bg", "На вт, 10.11.2026 г. в 9:30 Поддръжка <support@desk.example> написа:\n"),
    ("abv_bg", "На 10.11.2026 г. в 9:30 ч., Поддръжка написа:\n"),
    ("de", "Am 10.11.2026 um 09:30 schrieb Support <support@desk.example>:\n"),
    ("fr", "Le mar. 10 nov. 2026 à 09:30, Support <support@desk.example> a écrit :\n"),
    ("none", ""),
]
BLOCKS = [
    "-----Original Message-----\nFrom: Support\nSent: Tuesday\nTo: Irina\nSubject: Printer\n\nText\n",
    "________________________________\nОт: Поддержка\nОтправлено: 10 ноября\nКому: Ирина\nТема: Тест\n\nТекст\n",
    "От: Поддръжка\nИзпратено: вторник\nДо: Ирина\nОтносно: Принтер\n\nТекст\n",
    "*From:* Support\n*Sent:* Tuesday\n*Subject:* Printer\n\nText\n",
    "-------- Исходное сообщение --------\nТекст\n",
    "-------- Оригинално съобщение --------\nТекст\n",
    "On 10 Nov 2026, at 09:30, Support <support@desk.example> wrote:\n\nText without signs\n",
]
WHOLE = [
    "Just a text.\n",
    "Сервер пишет:\nошибка 500\n",
    "В 12:30 сервер пишет:\nошибка 500\n",
    "Please note:\nFrom: the list below take two.\n",
    "> only a quote\n> and nothing else\n",
    "---------- Forwarded message ---------\nFrom: Shop <shop@v.example>\nDate: today\nSubject: Bill\n\nPay!\n",
    "-- \nIrina\n",
    "",
]


def whole(text: str) -> tuple[str, str]:
    """The split of a text, after a look that not one character went missing."""
    visible, quoted = split(text)
    assert text in (visible + quoted, quoted + visible)
    return visible, quoted


@pytest.mark.parametrize(
    "attribution", [line for _, line in ANSWERS], ids=[name for name, _ in ANSWERS]
)
def test_answer_above_the_quote(attribution: str) -> None:
    assert whole(f"Не печатает.\n\n{attribution}{QUOTE}") == (
        "Не печатает.\n\n",
        attribution + QUOTE,
    )


@pytest.mark.parametrize("block", BLOCKS)
def test_answer_above_the_whole_mail(block: str) -> None:
    assert whole(f"It works now.\n\n{block}") == ("It works now.\n\n", block)


@pytest.mark.parametrize("text", WHOLE)
def test_nothing_to_fold(text: str) -> None:
    assert whole(text) == (text, "")


def test_answer_below_the_quote() -> None:
    quote = f"{ANSWERS[0][1]}{QUOTE}"
    assert whole(f"{quote}\nBelow.\n") == ("\nBelow.\n", quote)


def test_answers_between_stay_whole() -> None:
    text = f"{ANSWERS[0][1]}> First?\nYes.\n> Second?\nNo.\n"
    assert whole(text) == (text, "")


def test_signature_goes_with_the_quote() -> None:
    assert whole(f"Done.\n-- \nIrina\nOrbita\n\n{QUOTE}")[0] == "Done.\n"
    assert whole("Done.\n-- \nIrina\nOrbita\n") == ("Done.\n", "-- \nIrina\nOrbita\n")


def test_dashes_far_above_the_end_are_no_signature() -> None:
    text = "One\n--\n" + "Two\n" * 40
    assert whole(text) == (text, "")


@pytest.mark.parametrize(
    "signature",
    [
        "С уважением,\nИрина Соколова\nООО «Орбита»\n+7 495 000-00-00\n",
        "С уважением, Ирина\n",
        "С наилучшими пожеланиями\n\nИрина Соколова\nhttps://orbita.example\n",
        "Поздрави,\nИван Петров\n",
        "С уважение,\nиван\n\n",
        "Best regards,\nIrina Sokolova\nHead of IT\nOrbita Ltd.\nirina@orbita.example\n",
        "Kind regards\n\nirina\n",
        "Yours sincerely,\n\nIrina\n\n\n",
        "С уважением,\nИрина\n-- \nОрбита\n",
    ],
)
def test_a_closing_is_a_signature(signature: str) -> None:
    text = "Принтер не печатает.\n\n"
    assert whole(text + signature) == (text, signature)
    assert whole(text + signature + ANSWERS[0][1] + QUOTE)[0] == text
    assert whole(f"{text}{signature}> old\n") == (text, f"{signature}> old\n")
    assert kind_of(signature) == "signature"
    assert kind_of(signature + BLOCKS[0]) == "both"


@pytest.mark.parametrize(
    "text",
    [
        "Работает.\nС уважением отношусь к вашему труду.\nНо принтер сломан.\n",
        "Спасибо!\nС уважением, Ирина.\nА когда придёт счёт?\n",
        "Спасибо!\nС уважением,\nкогда придёт счёт\n",
        "Спасибо!\nС уважением,\nИрина\nP.S. Счёт не пришёл\n",
        "Спасибо!\nС уважением,\nИрина\nПришлите нам счёт до пятницы.\n",
        "Благодаря!\nПоздрави на екипа\n",
        "Благодаря!\nПоздрави,\nИван\nКога ще дойдете?\n",
        "Thanks.\nBest regards to Anna, she was quick.\nThe printer is broken.\n",
        "Thanks.\nBest regards, could you call me today?\n",
        "Thanks.\nBest regards,\nIrina\nOne\nTwo\nThree\nFour\n",
        "Спасибо!\nС уважением\n",
        "С уважением,\nИрина\n",
        "Best regards,\n\nIrina\nOrbita\n",
    ],
)
def test_polite_words_are_no_signature(text: str) -> None:
    assert whole(text) == (text, "")


def test_a_closing_stays_where_the_words_go_out() -> None:
    text = "Done.\n\nBest regards,\nAnna\n"
    assert split(text, closing=False) == (text, "")


@pytest.mark.parametrize("folded", [ANSWERS[0][1] + QUOTE, QUOTE, *BLOCKS])
def test_a_quote_is_called_one(folded: str) -> None:
    assert kind_of(folded) == "quote"
    assert kind_of(f"-- \nIrina\n\n{folded}") == "both"


@pytest.mark.parametrize(
    "text",
    [
        "Regards,\n" * 100_000,
        "x\n" + "С уважением, " * 100_000,
        "x\nRegards,\n" + "\n" * 400_000,
        "On On On On " * 60_000,
        "On 1 <a@b.example> wrote\n" * 40_000,
        "On 1 wrote:\n" * 40_000,
        "From: x\n" * 40_000,
        "> \nx\n" * 20_000,
        "x:\n" * 40_000,
        " " * 3_000_000 + "x:\n" + "- " * 400_000,
        "line\n" * 500_000,
    ],
)
def test_takes_linear_time(text: str) -> None:
    """C52."""
    started = time.process_time()
    whole(text)
    assert time.process_time() - started < 1


class TestHtml:
    @pytest.mark.parametrize(
        "quote",
        [
            '<div class="gmail_quote"><div class="gmail_attr">X wrote:</div><blockquote>Old</blockquote></div>',
            '<blockquote type="cite"><p>Old</p></blockquote>',
            '<div class="moz-cite-prefix">On 10.11. X wrote:</div><blockquote type="cite">Old</blockquote>',
            '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: X</div><div>Old</div>',
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3pt"><p>From: X</p></div><p>Old</p>',
        ],
    )
    def test_quote_of_each_mail_program(self, quote: str) -> None:
        visible, quoted = split_html(clean(f"<div><p>New</p>{quote}</div>"))
        assert re.findall("New|Old", visible) == ["New"]
        assert re.findall("New|Old", quoted) == ["Old"]
        assert (clean(visible), clean(quoted)) == (visible, quoted)  # both well-formed

    @pytest.mark.parametrize("mark", ["divRplyFwdMsg", "x_divRplyFwdMsg", "x_x_appendonsend"])
    def test_a_text_is_cut_where_its_html_is(self, mark: str) -> None:
        html = clean(f'<p>New</p><hr><div id="{mark}">Qani: X<br>Foo: Y</div><p>Old</p>')
        text = to_text(html)
        visible, quoted = split_both(text, html)
        assert (visible.strip(), visible + quoted) == ("New", text)
        assert split_both("Something else", html) == ("Something else", "")

    def test_answers_between_stay_whole_in_thunderbird(self) -> None:
        cited = '<div class="moz-cite-prefix">On 10.11.2026 10:00, X wrote:</div>'
        html = clean(
            f'<p>See below.</p>{cited}<blockquote type="cite">First?</blockquote><p>Yes.</p>'
            '<blockquote type="cite">Second?</blockquote><p>No.</p>'
        )
        assert split_both(to_text(html), html) == (to_text(html), "")

    def test_a_form_with_names_in_bold_stays_whole(self) -> None:
        names = ("Name", "Mail", "Date", "Text")
        fields = "".join(f"<b>{name}:</b> a@b.example 10:00<br>" for name in names)
        html = clean(f"<p>A form was sent</p><hr>{fields}")
        assert split_both(to_text(html), html)[1] == ""
        assert split_html(html)[0] == "<p>A form was sent</p>"

    def test_text_below_the_quote_stays_whole(self) -> None:
        html = clean('<blockquote type="cite">Old</blockquote><p>New</p>')
        assert split_html(html) == (html, "")

    def test_nothing_quoted(self) -> None:
        assert split_html("<p>New</p>") == ("<p>New</p>", "")
