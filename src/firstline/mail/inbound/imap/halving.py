"""Ask a server about many mails at once, and in ever smaller sets where it says NO.

Some servers refuse a whole set for the sake of one mail in it; the others must not wait for that.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeVar

from firstline.mail.inbound.imap.trouble import Answered

Asked = TypeVar("Asked")
Found = TypeVar("Found")
# Sets refused one after the other, none answered: five halvings. Then it is not about one mail.
MOST_REFUSED = 63


def halved(
    some: list[Asked], ask: Callable[[list[Asked]], list[Found]], beat: Callable[[], None]
) -> Iterator[Found]:
    """What the server answers for these; what it refuses by itself is left out.

    `beat` is called before each question. Raises Answered where it refuses all of many sets; Trouble.
    """
    sets, refused, is_answered = deque([some] if some else []), 0, False
    while sets:
        part = sets.popleft()
        beat()
        try:
            found = ask(part)
        except Answered:
            refused += 1
            if refused >= MOST_REFUSED and not is_answered:
                raise
            middle = len(part) // 2
            sets.extend(half for half in (part[:middle], part[middle:]) if middle)
            continue
        is_answered = is_answered or bool(found)
        yield from found
