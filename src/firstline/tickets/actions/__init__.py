"""One file a verb. Web, mail, API and CLI all change tickets here and nowhere else."""
