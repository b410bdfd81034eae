"""Customers as staff see them: who there is, who is invited, who asks to come in."""
