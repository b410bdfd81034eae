"""Doors for the machines of others; each has a secret of its own, and no session."""
