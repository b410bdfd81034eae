# Thin on purpose: launch.py does the work, and works without make.
PYTHON ?= python3
LAUNCH = @$(PYTHON) launch.py

.DEFAULT_GOAL := help
.PHONY: run test lint bench demo install messages lock help

run lint bench demo install messages lock help:
	$(LAUNCH) $@ $(ARGS)

test:
	$(LAUNCH) test $(if $(ENGINE),--engine $(ENGINE)) $(ARGS)
