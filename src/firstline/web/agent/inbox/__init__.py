"""The inbox: mail of the departments with the mailbox workflow, in four lists (cap 152-156)."""
