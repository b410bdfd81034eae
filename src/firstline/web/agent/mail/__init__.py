"""Mails that could not become tickets, for people to look at."""
