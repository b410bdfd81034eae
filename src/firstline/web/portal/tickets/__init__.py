"""A customer's tickets: the list, one ticket, and what may be done with it."""
