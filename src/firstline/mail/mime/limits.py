"""Bounds that hold before any parsing, so that no mail can cost more than a few seconds.

A bound never loses bytes: the raw mail is stored before it is parsed, and what lies beyond a bound
stands in the mail as one file (quality C50, C51).
"""

SECTION = (512 * 1024, 2_000)
"""Bytes and fields of the mail's header section that are read; the rest of it is skipped."""

PART_SECTION = 200
"""Fields of the header section of one part."""

HEADER_VALUE = 64 * 1024
"""Bytes of one field; 4,000 recipients need twice that, no honest subject needs a tenth."""

HEADER_SHOWN = 8 * 1024
"""Characters of one decoded field in `Mail.headers`."""

PARAMETERS = (8 * 1024, 100)
"""Characters and semicolons of a Content-Type or Content-Disposition field that are read: the
standard library takes time that grows with the square of them, 0.1 s for 8 KB."""

SUBJECT = 2_000
"""Characters of a subject."""

ADDRESSES = 1_000
"""Mailboxes of one field."""

NAME = 255
"""Characters of a person's name."""

EMAIL = 254
"""Characters of an address (RFC 5321 4.5.3.1.3 leaves 254 inside the angle brackets)."""

MESSAGE_ID = 990
"""Characters of one message id; a line holds 998 (RFC 5322 2.1.1)."""

REFERENCES = 200
"""Message ids kept of one References field: the first and the last ones."""

DEPTH = 8
"""Levels of multipart inside one another; the corpus has four. Each line is compared with the
boundaries of all levels."""

LINES = 500_000
"""Lines of a mail that are searched for parts; 35 MB of base64 have 470,000."""

PARTS = 500
"""Parts of one mail."""

TEXTS = 50
"""Text parts shown as the mail's body; more become files."""

FILE_NAME = 255
"""Bytes of a file name in UTF-8."""

HTML = 1024 * 1024
"""Characters of HTML of one mail that are sanitised; what comes after is text and a file."""

NESTED = 10
"""Mails inside a mail whose heads are shown; all of them are files."""

NESTED_READ = 512 * 1024
"""Bytes of each mail inside a mail that are read for its text."""

NESTED_TEXT = 50_000
"""Characters of all their texts that are shown; each of them is whole in its file."""

SIGNED = 5
"""Signed S/MIME messages of one mail that are opened, those inside one another included."""
