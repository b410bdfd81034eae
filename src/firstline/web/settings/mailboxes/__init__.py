"""Mailboxes that are read by IMAP, as administrators set them up (product 7.3)."""
