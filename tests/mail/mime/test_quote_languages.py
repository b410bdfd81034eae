"""Quotes of mail programs in the languages that they speak, and texts of people that look like them."""

import time

import pytest

from firstline.mail.mime.quotes import kind_of, split

ANSWER = "Tack, det fungerar.\n\n"
ADDRESS = "support@desk.example"
# From, sent, to, subject: as Outlook and the like repeat a header.
HEADERS = {
    "bg": "От|Изпратено|До|Относно", "ru": "От|Отправлено|Кому|Тема", "uk": "Від|Надіслано|Кому|Тема",
    "sr": "Од|Послато|За|Наслов", "hr": "Od|Poslano|Prima|Predmet", "sl": "Od|Poslano|Za|Zadeva",
    "cs": "Od|Odesláno|Komu|Předmět", "sk": "Od|Odoslané|Komu|Predmet", "pl": "Od|Wysłano|Do|Temat",
    "de": "Von|Gesendet|An|Betreff", "nl": "Van|Verzonden|Aan|Onderwerp", "fr": "De |Envoyé |À |Objet ",
    "es": "De|Enviado el|Para|Asunto", "pt": "De|Enviado|Para|Assunto", "it": "Da|Inviato|A|Oggetto",
    "ro": "De la|Trimis|Către|Subiect", "da": "Fra|Sendt|Til|Emne", "sv": "Från|Skickat|Till|Ämne",
    "fi": "Lähettäjä|Lähetetty|Vastaanottaja|Aihe", "et": "Saatja|Saadetud|Adressaat|Teema",
    "lv": "No|Nosūtīts|Kam|Tēma", "lt": "Nuo|Išsiųsta|Kam|Tema", "hu": "Feladó|Elküldve|Címzett|Tárgy",
    "el": "Από|Στάλθηκε|Προς|Θέμα", "tr": "Kimden|Gönderildi|Kime|Konu", "he": "מאת|נשלח|אל|נושא",
    "ar": "من|تم الإرسال|إلى|الموضوع", "ja": "差出人|送信日時|宛先|件名", "zh": "发件人|发送时间|收件人|主题",
    "ko": "보낸 사람|보낸 날짜|받는 사람|제목", "th": "จาก|ส่ง|ถึง|เรื่อง", "vi": "Từ|Đã gửi|Đến|Chủ đề",
    "id": "Dari|Dikirim|Kepada|Subjek", "kk": "Кімнен|Жіберілді|Кімге|Тақырыбы",
}  # fmt: skip
LINES = [
    "Den fredag 5 juni 2026 12:22:33 CEST skrev Support <support@desk.example>:",
    "Den fre 5 juni 2026 kl 12:22 skrev Support <support@desk.example>:",
    "Le vendredi 5 juin 2026 à 12:22:33 UTC+2, Support <support@desk.example> a écrit :",
    "Le ven. 5 juin 2026, 12 h 22, Support <support@desk.example> a écrit :",
    "pt., 5 cze 2026 o 12:22 Support <support@desk.example> napisał(a):",
    "Dne pá 5. 6. 2026 12:22 uživatel Support <support@desk.example> napsal:",
    "Support <support@desk.example> ezt írta (időpont: 2026. jún. 5., P, 12:22):",
    "pe 5. kesäk. 2026 klo 12.22 Support (support@desk.example) kirjoitti:",
    "Support <support@desk.example>, 5 Haz 2026 Cum, 12:22 tarihinde şunu yazdı:",
    "2026年6月5日(金) 12:22 Support <support@desk.example>:",
    "Support <support@desk.example> 于2026年6月5日周五 12:22写道：",
    "2026년 6월 5일 (금) 오후 12:22, Support <support@desk.example>님이 작성:",
    (
        "\u202bבתאריך יום ו׳, 5 ביוני 2026 ב-12:22 מאת \u202aSupport\u202c\u200f "
        "<\u202asupport@desk.example\u202c\u200f>:\u202c"
    ),
    "пт, 5 черв. 2026 р. о 12:22 Support <support@desk.example> пише:",
    "Em sex., 5 de jun. de 2026 às 12:22, Support <support@desk.example> escreveu:",
    "Il giorno ven 5 giu 2026 alle ore 12:22 Support <support@desk.example> ha scritto:",
    "30.11.2026, 10:00, Поддержка (support@desk.example):",
    "---- On Fri, 05 Jun 2026 12:22:00 +0200 Support <support@desk.example> wrote ----",
]
BARE = [
    "Вы писали 30 ноября 2026 г., 10:00:00:",
    "You wrote 30 November 2026, 10:00:00:",
    "W dniu 5.06.2026 o 12:22, Support pisze:",
    "Den 2026-06-05 kl. 12:22, skrev Support:",
    "2026. 06. 05. 12:22 keltezéssel, Support írta:",
    "在 2026/6/5 12:22, Support 写道:",
    "05.06.2026 12:22, Support õelnud:",
]
TITLES = [
    "-----Ursprungligt meddelande-----",
    "-----Message d’origine-----",
    "-----Wiadomość oryginalna-----",
    "-----Původní zpráva-----",
    "-------- Oprindelig besked --------",
    "----- Eredeti üzenet -----",
    "------------------ 原始邮件 ------------------",
    "-----Вихідне повідомлення-----",
]


def header(names: str, date: str = "den 5 juni 2026 12:22", rule: str = "") -> str:
    sender, sent, to, subject = names.split("|")
    lines = [f"{sender}: Support <{ADDRESS}>", f"{sent}: {date}", f"{to}: s@h.example"]
    return rule + "\n".join([*lines, f"{subject}: Ditt ärende", "", "Hej, prova igen.", ""])


@pytest.mark.parametrize("language", HEADERS)
@pytest.mark.parametrize("mailto", [True, False])
def test_a_repeated_header(language: str, mailto: bool) -> None:
    quote = header(HEADERS[language])
    if mailto:
        quote = quote.replace(f"<{ADDRESS}>", f"[mailto:{ADDRESS}]")
    assert split(ANSWER + quote) == (ANSWER, quote)
    assert kind_of(quote) == "quote"


def test_a_repeated_header_in_a_language_that_nobody_knows() -> None:
    quote = header("Qani|Foo bar|Tlh|Mu", date="2026-06-05 12:22", rule="_" * 32 + "\n")
    assert split(ANSWER + quote) == (ANSWER, quote)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("sign", ["> ", ""])
def test_an_attribution_with_an_address(line: str, sign: str) -> None:
    quote = f"{line}\n\n{sign}Hej, prova igen.\n"
    assert split(ANSWER + quote) == (ANSWER, quote)


@pytest.mark.parametrize("line", BARE)
def test_an_attribution_without_address_stands_above_quote_signs(line: str) -> None:
    quote = f"{line}\n\n> Hej, prova igen.\n"
    assert split(ANSWER + quote) == (ANSWER, quote)
    text = f"{ANSWER}{line}\nso it was.\n"
    assert split(text) == (text, "")


def test_a_quote_with_initials() -> None:
    quote = "Вы писали 30 ноября 2026 г., 10:00:00:\n\nИП> Добрый день!\nИП> Проверьте.\n"
    assert split(ANSWER + quote) == (ANSWER, quote)


@pytest.mark.parametrize("title", TITLES)
def test_the_original_message(title: str) -> None:
    quote = f"{title}\nHej, prova igen.\n"
    assert split(ANSWER + quote) == (ANSWER, quote)


OWN = [
    "Вопросы:\n\nОт: склада ждём накладную\nКому: передать ключи\nДата: любая\n\nСпасибо.\n",
    "Билеты:\n\nОт: София\nДо: Варна\nДата: 12.11.2026\n\nСпасибо.\n",
    "Моля, билети.\nОт: София\nДо: Варна\nДата: 12.11.2026 г.\nБрой: 2\n\nБлагодаря.\n",
    "Please book.\nFrom: Sofia\nTo: Varna\nDate: 5 June 2026\n\nThank you.\n",
    "Please book.\nFrom: Sofia 10:00\nTo: Varna 15:30\nDate: 5 June 2026\n\nThank you.\n",
    "Von: Sofia\nAn: Varna\nDatum: Montag\n\nBitte buchen.\n",
    (
        "Не дошло письмо:\n\nОт: a@b.example\nКому: c@d.example\n"
        "Дата: 12.11.2026 10:00\nТема: Счёт\n\nГде оно?\n"
    ),
    "Потерялось.\nОт: a@b.example\nКому: c@d.example\nДата: вчера\n\nГде оно?\n",
    "Заказ\nИмя: Иван\nДата: 12.11.2026 10:00\nПочта: i@b.example\nТема: вход\n\nНе пускает.\n",
    "----------\nName: Ivan\nDate: 12.11.2026 10:00\nMail: i@b.example\nTopic: in\n\nHelp.\n",
    (
        "На 12.11.2026 в 10:00 инженер написал: приедет завтра.\n"
        "Но его нет. Вопросы:\n\nОт: склада\nКому: нам\nДата: любая\n\nЖдём.\n"
    ),
    "На 12.11.2026 в 10:00 инженер написал:\nприедет завтра\n",
    (
        "Проблема первая: не работает вход.\n--\n"
        "Проблема вторая: не приходит счёт, срочно!\n--\nПроблема третья: поменяйте телефон на 5-55-55\n"
    ),
    "Первое: вход.\n-- \nВторое: не приходит счёт! Бухгалтерия ждёт до пятницы.\nПришлите счёт.\n",
    "Первое.\n-- \nпадает при запуске\n",
    "Первое.\n--\nПринтер не печатает и сканер тоже\n",
    "Первое.\n--\nИрина\nА когда придёт счёт?\n",
    (
        "Скрипт:\n\n# конфигурация\n======\nset -e\n----------------------------\n____________\n"
        "-- \ntail -f log\n* * * * *\n\nПадает на последней строке.\n"
    ),
    "Письмо не дошло.\n\nОтправлено с рабочей почты вчера, но ответа нет.\n",
    "It did not arrive.\n\nSent from our old mailbox yesterday, but nobody answered.\n",
    "It did not arrive.\n\nSent from my phone yesterday, no answer yet.\n",
    "Не дошло.\n\nИзпратено от телефона на колега\n",
]


@pytest.mark.parametrize("text", OWN)
@pytest.mark.parametrize(
    "quote", ["", '12.11.2026, 10:05, "Поддержка" <a@b.example>:\n> Добрый день!\n']
)
def test_what_people_write_is_not_folded(text: str, quote: str) -> None:
    assert split(f"{text}{quote}")[0].strip() == text.strip()


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nIrina\nOrbita\n",
        "--\nИрина Соколова\nОтдел продаж\nтел. +7 495 000-00-00\n",
        "-- \nС уважением,\nИрина\n",
        "-- \nMit freundlichen Grüßen / Best regards\n\nBob\n",
        (
            "-- \nИван Петров\nООО «Орбита»\n\n"
            "Это сообщение конфиденциально и предназначено только адресату.\n"
        ),
        "Sent from my iPhone\n",
        "Sent from Yahoo Mail for iPhone\n",
        "Получить Outlook для Android<https://aka.ms/AAb9ysg>\n",
        "Получить Outlook для Android\n",
        "Отправлено из мобильной Почты Mail.ru\n",
        "Отправлено со смартфона Samsung Galaxy.\n",
        "Изпратено от Yahoo Mail за Android\n",
        "Hämta Outlook för Android\n",
        "Obtenir Outlook pour iOS\n",
    ],
)
def test_a_signature(signature: str) -> None:
    assert split(f"Не работает.\n\n{signature}") == ("Не работает.\n\n", signature)
    assert kind_of(signature) == "signature"


@pytest.mark.parametrize(
    "footer",
    [
        "_______________________________________________\nusers mailing list\nusers@lists.example\n",
        (
            "-- \nYou received this message because you are subscribed to the group.\n"
            "To unsubscribe, visit https://groups.example/x?y=1.\n"
        ),
        "--------------------------\nЭто сообщение проверено на вирусы.\nhttps://www.avast.example\n",
    ],
)
def test_what_a_list_adds_goes_with_the_quote(footer: str) -> None:
    quote = f"On 01/12/26 7:07 PM, Support wrote:\n> Hi,\n> please try again.\n\n{footer}"
    assert split(f"Thanks, that helps.\n\n{quote}") == ("Thanks, that helps.\n\n", quote)


def test_an_answer_below_a_rule_is_no_footer() -> None:
    text = "On 01/12/26 7:07 PM, Support wrote:\n> Did it help?\n\n____________\n"
    text += "No. Look at https://x.example, why is it red?\n"
    assert split(f"Hello.\n{text}") == (f"Hello.\n{text}", "")


@pytest.mark.parametrize(
    "text",
    [
        "From: a@b.example\nSent: 1:30\n" * 20_000,
        ("_" * 32 + "\na: b 2026 10:10\n") * 20_000,
        ("On 1.1.2026 10:10 " + "a <" * 150 + ":\n") * 4_000,
        "x\n" + ("Sent from " + "mi " * 80 + "\n") * 4_000,
        "x\n" + "--\n" * 40_000,
    ],
)
def test_takes_linear_time(text: str) -> None:
    started = time.process_time()
    split(text)
    assert time.process_time() - started < 2
