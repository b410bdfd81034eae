"""One ticket, opened by the link in a mail, without signing in."""
