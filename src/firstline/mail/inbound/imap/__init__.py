"""Mailboxes that are read by IMAP (product 7.3). Nothing in them is changed, marked or deleted."""
