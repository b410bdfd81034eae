"""The normaliser: forms of a word meet, other words stay apart, and no text is too much for it."""

import subprocess
import sys
import time
from itertools import combinations
from pathlib import Path

import pytest

from firstline.search.dictionaries import load
from firstline.search.words import LONGEST_WORD, MOST_WORDS, normalise

RUSSIAN = """
принтер принтера принтеру принтером принтеры принтеров принтерам принтерами принтерах
сервер сервера серверу сервером серверы серверов серверам
заявка заявки заявку заявкой заявок заявкам заявками заявках
ошибка ошибки ошибку ошибкой ошибок ошибкам
договор договора договору договором договоры договоров
письмо письма письму письмом писем письмам
клиент клиента клиенту клиентов клиентами
пароль пароля паролю паролем пароли паролей
лицензия лицензии лицензию лицензий лицензиями
оборудование оборудования оборудованию оборудованием
работать работает работают работал работала работали
отправить отправил отправили отправлю отправьте
настройка настройки настройку настроек настройками
сломаться сломался сломалась сломались
включить включил включила включите включили
быстрый быстрая быстрое быстрые быстрого быстрыми
сеть сети сетью сетей сетям
объект объекта объекты объектов объектом
день дня дней днем днём
человек человека человеку
"""
BULGARIAN = """
принтер принтера принтерът принтери принтерите
сървър сървъра сървърът сървъри сървърите
заявка заявката заявки заявките
грешка грешката грешки грешките
договор договора договорът договори договорите
фактура фактурата фактури фактурите
писмо писмото писма писмата
клиент клиента клиентът клиенти клиентите
парола паролата пароли паролите
лиценз лиценза лицензът лицензи лицензите
работя работи работят работеше
изпратя изпрати изпратих изпратили изпратете
нов нова ново нови новата новите новия
мрежа мрежата мрежи мрежите
диск диска дискът дискове дисковете
поръчка поръчката поръчки поръчките
монитор монитора мониторът монитори мониторите
домейн домейна домейнът домейни домейните
човек човека човекът
ден деня денят дни дните
"""
ENGLISH = """
printer printers
server servers
work works worked working
crash crashes crashed crashing
fail fails failed failing
invoice invoices invoiced
connect connects connected connecting
reply replies replied replying
update updates updated updating
mouse mice
buy buys bought buying
write writes wrote written writing
company companies
battery batteries
new newer newest
license licenses licensed
"""
GROUPS = [line for text in (RUSSIAN, BULGARIAN, ENGLISH) for line in text.strip().splitlines()]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.split()[0])
def test_forms_of_a_word_meet(group: str) -> None:
    assert set.intersection(*(set(normalise(word)) for word in group.split()))


@pytest.mark.parametrize("groups", [RUSSIAN, BULGARIAN, ENGLISH], ids=["ru", "bg", "en"])
def test_other_words_stay_apart(groups: str) -> None:
    words = {group.split()[0]: set(normalise(group)) for group in groups.strip().splitlines()}
    assert [pair for pair in combinations(words, 2) if words[pair[0]] & words[pair[1]]] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SR00048213", ["sr00048213"]),
        ("Canon LBP-6030w, 2 шт.", ["canon", "lbp", "6030w", "2", "шт"]),
        ("ivan.petrov@mail.example", ["ivan", "petrov", "mail", "exampl"]),
        ("ЁЛКА елка", ["елк", "елк"]),
        ("и\u0306од за\u0301мок", normalise("йод замок")),
        ("snake_case", ["snake", "case"]),
        ("«» — … 😀 \x00 \ud800 \u202e", []),
        ("a\x00b", ["a", "b"]),
        ("", []),
    ],
)
def test_what_a_word_is(text: str, words: list[str]) -> None:
    assert normalise(text) == words


@pytest.mark.parametrize(
    "text",
    ["x" * 1_000_000, "и" + "\u0301\u0316" * 500_000, "ъ" * 1_000_000, "'" * 1_000_000],
    ids=["letters", "marks", "vowels", "signs"],
)
def test_the_time_grows_with_the_length_alone(text: str) -> None:
    load()
    started = time.process_time()
    words = normalise(text)
    assert time.process_time() - started < 2
    assert [word for word in words if len(word) > LONGEST_WORD] == []


def test_a_text_gives_so_many_words_and_no_more() -> None:
    assert len(normalise("word " * 30_000)) == MOST_WORDS


def test_two_processes_may_make_the_dictionaries_at_once(tmp_path: Path) -> None:
    program = (
        f"from django.conf import settings; settings.configure(DICTIONARIES={str(tmp_path)!r})\n"
        "from firstline.search import words; words.warm(); print(*words.normalise('mice човекът'))"
    )
    command = [sys.executable, "-c", program]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[0].split() for process in both]
    assert said == [normalise("mouse човек")] * 2
    (made,) = tmp_path.iterdir()
    files = ["en.dic", "endings.json", "forms.dic", "lemmas.dic"]
    assert sorted(path.name for path in made.iterdir()) == files
