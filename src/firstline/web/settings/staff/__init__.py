"""Staff, as administrators invite, change and deactivate them (cap 136-139)."""
