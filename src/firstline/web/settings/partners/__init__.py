"""Partners, as administrators shape them (product 2.3)."""
