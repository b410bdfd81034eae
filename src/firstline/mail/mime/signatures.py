"""What people and their programs put below a mail: "-- ", "Best regards, ...", "Sent from my phone".

Only the last lines above a place are looked at, each of at most a few hundred characters.
"""

import re

_DASHES_LINES = 12
_DASHES = re.compile(r"--[ \u00a0]?\Z|--[ \u00a0]\s*\Z")
# What telephones and mail programs write below a mail by themselves: a few words, all of them of a
# program or a device. Whoever writes "Sent from our old mailbox, but nobody answered" says something.
_SENT_FROM = re.compile(
    r"(?:sent|posted|written) (?:from|via|with|using)|sendt (?:fra|via|med)|skickat (?:från|med)"
    r"|gesendet (?:von|mit|über|via|aus)|von (?=meinem)|envoyé (?:de(?:puis)?|à partir de|avec|via)"
    r"|inviato (?:da|con|dal)|enviado (?:desde|do|de|a partir do|com|con)|verzonden (?:vanaf|met|via|vanuit)"
    r"|verstuurd (?:vanaf|met)|wysłane (?:z|za pomocą)|wysłano z|odesláno z|odoslané z|lähetetty"
    r"|trimis de pe|küldve|отправлено (?:с помощью|при помощи|со?|из|через)|написано (?:с|в)|послано (?:с|из)"
    r"|изпратен[ао]? (?:от|чрез|с помощта на|с)|надіслано (?:з|із|через|за допомогою)|відправлено (?:з|із)",
    re.IGNORECASE,
)
_GET = re.compile(
    r"(?:get|download|try|получить|получите|скачать|скачайте|загрузить|загрузите|вземете|изтеглете"
    r"|вземи|отримати|отримайте|завантажити|obtenir|obtenez|télécharger|téléchargez"
    r"|hol(?:en)?(?: sie)? (?:sich|dir)"
    r"|laden sie|skaffa|hämta|hent|få|hanki|obtener|obtén|descargar|scarica|ottieni|obter|obtenha"
    r"|baixar|pobierz|stáhnout|získať|získejte|download de|obțineți) ",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"(?:iphone(?:'\w{1,2})?|ipad|ipod|ios|mac|macbook|android|samsung|galaxy|huawei|honor|xiaomi|redmi|poco|mi|pixel"
    r"|oneplus|realme|oppo|vivo|lg|htc|sony|xperia|blackberry|nokia|lumia|outlook|yahoo|gmail|mail"
    r"|mail\.ru|mymail|proton|protonmail|thunderbird|spark|airmail|edison|bluemail|aquamail|k-9|fairemail"
    r"|windows|phone|смартфон\w{0,3}|телефон\w{0,3}|планшет\w{0,2}|устройств\w{1,3}|smartphone|tablet"
    r"|handy|mobile|device|gerät|пошт\w{1,2}|поща\w{0,2}|яндекс\.почт\w|почт\w{1,2}|e-mail|email)",
    re.IGNORECASE,
)
_LITTLE = re.compile(
    r"(?:my|moj\w{0,3}|мо[ейя]\w{0,2}|своего|мой|meinem|mein|min|mijn|mon|ma|mi|meu|mio|il|the|a|an|de|le|la"
    r"|pour|für|för|for|fra|från|od|z|dla|systemu|aplikac\w{1,3}|per|para|pro|na|do|за|на|для|с|от|из|в"
    r"|мобильн\w{1,3}|мобілн\w{1,3}|мобилн\w{1,3}|мобільн\w{1,3}|mobil\w{0,4}|приложени\w{1,2}|app|приложението"
    r"|програм\w{1,3}|яндекса?|рамблер\w?|plus|pro|max|mini|ultra|note|air|new|5g|4g|lte|ce"
    r"|on|secure|der|die|das|voor|gesendet|verschickt|operating|powered|by|en|una|uno|un|meu|minha|min|smart|wireless|network|компании|фирмы|марки)",
    re.IGNORECASE,
)
_DEVICE_WORDS = 10
_LINK = re.compile(r"[<(\[]?(?:https?://|www\.)\S{1,300}")
_DEVICE_LONGEST = 300
# What lawyers, virus scanners and mailing lists put below a name, or below dashes of their own.
_LEGAL = re.compile(
    r"confidential|intended (?:only|solely|recipient)|privileged|disclaimer|unauthori[sz]ed"
    r"|virus[- ]free|antivirus|(?:checked|scanned) (?:for|by)|before printing|unsubscribe|subscribed"
    r"|конфиденциальн|предназначен[оаы]? (?:только|исключительно)|поверителн|антивирус|провер\w{2,4} на вирус"
    r"|перед печатью|отписаться|vertraulich|confidentiel|riservat|virenfrei|virengeprüft",
    re.IGNORECASE,
)
_LEGAL_FIRST = re.compile(
    r"(?:this|the) (?:e-?mail|message|information|communication)|to unsubscribe|you (?:received|are receiving)"
    r"|disclaimer|confidential|(?:это|данное|настоящее) (?:сообщение|письмо|электронное)|вы получили это"
    r"|(?:това|настоящото) (?:съобщение|писмо)|diese (?:e-?mail|nachricht)|ce (?:message|courriel|mail)"
    r"|questo messaggio|este (?:mensaje|correo|e-?mail)|virus-free",
    re.IGNORECASE,
)
_PARTICLES = {
    "von", "van", "der", "den", "de", "del", "da", "di", "du", "la", "le", "and", "und", "et", "y", "of",
    "the", "for", "at", "и", "в", "на", "по", "от", "для", "за", "при",
}  # fmt: skip
_CONTACT = re.compile(
    r"(?:tel|phone|mob|fax|e-?mail|www|http|тел|моб|факс|эл|почта|имейл|skype|telegram|whatsapp|\+?\d)"
    r"[^a-zа-я]|\S{1,100}@\S{1,200}\Z",
    re.IGNORECASE,
)
# How a letter ends, with the name on the same line or below it.
_CLOSING = re.compile(
    r"(?:(?:с|со)\s(?:искренним\s|глубоким\s|большим\s)?уважением|с наилучшими пожеланиями"
    r"|с добрыми пожеланиями|с благодарностью|искренне ваша?|всего (?:доброго|наилучшего|хорошего)"
    r"|(?:с\s)?(?:най-добри\s|сърдечни\s|приятелски\s)?поздрави|с (?:дълбоко\s|искрено\s)?уважение"
    r"|с най-добри пожелания|с благодарност|искрено ваша?"
    r"|(?:with\s)?(?:my\s)?(?:best|kind|kindest|warm|warmest|many)?\s?regards|best wishes"
    r"|(?:yours\s)?(?:sincerely|faithfully|truly)(?:\syours)?|all the best|respectfully(?:\syours)?"
    r"|(?:mit\s)?(?:freundlichen?|lieben?|besten?|viele|herzlichen?|schönen?)\s(?:grü(?:ß|ss)en?|gruß)"
    r"|(?:met\s)?(?:vriendelijke|hartelijke)\sgroet(?:en)?|(?:bien\s)?cordialement|bien à vous"
    r"|(?:un\s)?(?:cordial\s)?saludos?(?:\scordiales)?|atentamente|cordiali saluti|distinti saluti"
    r"|(?:med\s)?(?:vänliga?\shälsning(?:ar)?|venlig\shilsen|vennlig\shilsen)|mvh|ystävällisin terveisin"
    r"|(?:z\s)?pozdraw\w{3,7}|z poważaniem|s pozdravem|s pozdravom|з повагою|atenciosamente|saygılarımla)"
    r"\s{0,3}(?:[,.!;:—–-]{1,3}\s{0,3}(?P<name>.{0,60}))?",
    re.IGNORECASE,
)
_CLOSING_LONGEST = 120
_CLOSING_LINES = 4  # below the closing; and as many empty ones
_NAME_WORDS = 4
_BELOW_LONGEST = 80
_SENTENCE_WORDS = 3  # a line of as many words that ends as a sentence is one
_SENTENCE = (".", "!", "…", ":", ";")
_AFTERTHOUGHT = re.compile(r"p\.?\s?s\b|з\.?\s?ы\b|п\.?\s?п?\.?\s?с\b", re.IGNORECASE)


def before(lines: list[str], cut: int, *, closing: bool) -> int:
    """Where the signature above line `cut` begins; `cut` when there is none.

    `closing`: whether "Best regards, ..." without dashes is one, too.
    """
    cut = _before_dashes(lines, cut)
    return _before_closing(lines, cut) if closing else cut


def begins(line: str) -> bool:
    """Whether a signature begins with this line."""
    line = line.strip()
    return _DASHES.fullmatch(line) is not None or _is_device(line) or _closes(line) is not None


def _before_dashes(lines: list[str], cut: int) -> int:
    """`cut`, or the "-- " line shortly before it, or what a telephone wrote right before it."""
    for i in range(cut - 1, max(cut - 1 - _DASHES_LINES, 0), -1):
        if _DASHES.fullmatch(lines[i].rstrip("\r\n")):
            return i if _is_signature([line.strip() for line in lines[i + 1 : cut]]) else cut
    last = _last(lines, cut)
    return last if last and _is_device(lines[last].strip()) else cut


def _is_signature(lines: list[str]) -> bool:
    """Whether these are a name and what stands below one. Dashes divide a text as well."""
    filled = [line for line in lines if line]
    if not filled:
        return True
    first, rest = filled[0], filled[1:]
    if _is_device(first) or (_LEGAL_FIRST.match(first) and _LEGAL.search(" ".join(filled[:3]))):
        return not any("?" in line for line in rest)
    closed = _closes(first)
    if closed is None and not (_is_name(first) or _CONTACT.match(first)):
        return False
    if closed is None and _is_said(first):
        return False
    return not any(_is_said(line) for line in _before_legal(rest))


def _before_legal(lines: list[str]) -> list[str]:
    """The lines above what lawyers put below a name."""
    legal = next((i for i, line in enumerate(lines) if _LEGAL.search(line)), len(lines))
    return lines[:legal]


def _is_device(line: str) -> bool:
    """Whether a telephone or a mail program wrote this line by itself."""
    if not line or len(line) > _DEVICE_LONGEST:
        return False
    bare = _LINK.sub(" ", line).strip().rstrip(".!")
    begin = _SENT_FROM.match(bare) or _GET.match(bare)
    linked = bare != line.rstrip(".!") and begin is None
    said = bare[begin.end() :] if begin else bare
    found = [word.strip(",.;:()") for word in said.replace("-", " ").split()]
    if not (begin or linked) or not 1 <= len(found) <= _DEVICE_WORDS:
        return False
    named = any(_PROGRAM.fullmatch(word) for word in found)
    return named and all(_is_of_program(word) for word in found if word)


def _is_of_program(word: str) -> bool:
    """Whether the word belongs to the name of a program or a device: its maker, model or version."""
    if _PROGRAM.fullmatch(word) or _LITTLE.fullmatch(word):
        return True
    return word.isascii() and (word[:1].isupper() or any(sign.isdigit() for sign in word))


def _before_closing(lines: list[str], cut: int) -> int:
    """`cut`, or the line that closes the letter, when nothing but a name and the like follows it."""
    below: list[str] = []
    last = _last(lines, cut)
    for i in range(last, max(last - 2 * _CLOSING_LINES - 1, 0), -1):
        line = lines[i].strip() if len(lines[i]) <= 2 * _CLOSING_LONGEST else lines[i]
        if (named := _closes(line)) is not None:
            return i if _is_name_and_place(named, below[::-1]) else cut
        if line:
            below.append(line)
        if len(below) > _CLOSING_LINES:
            break
    return cut


def _last(lines: list[str], cut: int) -> int:
    """The last line before `cut` that is not empty; 0 when that is the first one, or none."""
    return next((i for i in range(cut - 1, 0, -1) if lines[i].strip()), 0)


def _closes(line: str) -> str | None:
    """The name behind the closing of a letter, "" when none stands there; None: it is no closing."""
    first, slash, second = line.partition(" / ")
    if slash and _closes(first) == "":  # in two languages
        return _closes(second)
    found = _CLOSING.fullmatch(line) if len(line) <= _CLOSING_LONGEST else None
    return None if found is None else (found["name"] or "").strip()


def _is_name_and_place(named: str, below: list[str]) -> bool:
    """Whether these are a name, and what stands below a name: a post, a company, a telephone. A
    closing without any is a line that needs no folding."""
    said = [named, *below] if named else below
    return bool(said) and _is_name(said[0]) and not any(_is_said(line) for line in said[1:])


def _is_name(text: str) -> bool:
    """One to four words with capitals, or one word; no question and no sentence."""
    words = text.rstrip(".,").split()
    if not words or len(words) > _NAME_WORDS or set("?!:;") & set(text):
        return False
    named = [word for word in words if word not in _PARTICLES]
    return len(words) == 1 or (bool(named) and all(not word[0].islower() for word in named))


def _is_said(line: str) -> bool:
    """Whether somebody says something in this line: it must not be folded."""
    if len(line) > _BELOW_LONGEST or "?" in line or _AFTERTHOUGHT.match(line):
        return True
    return line.endswith(_SENTENCE) and len(line.split()) >= _SENTENCE_WORDS
