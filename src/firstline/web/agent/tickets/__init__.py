"""One ticket: shown, answered, moved. Each verb is a noun with a create."""
