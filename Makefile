# What a person types. Needs: GNU make, bash, Python 3.11 or later; for the rest see `make setup`.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help up preview status down test check example bench soak clean setup

PYTHON ?= python3
# More options of the twin's command, such as: make up ARGS="--arm-port 9000"
ARGS ?=
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
REQUIREMENTS := requirements-dev.txt constraints.txt requirements.txt policies/requirements.txt
PIP := -m pip --disable-pip-version-check install --progress-bar off
# Pulumi's own Python host runs a policy pack in the pack's virtual environment; the twin's, which serves a CLI that the
# twin has built, does without.
PACK := $(if $(shell command -v pulumi),policies/venv/.ready)
export PYRIGHT_PYTHON_IGNORE_WARNINGS = 1
# Where the environment asks Python to keep no bytecode, each of the many processes of a test run would compile the tree
# anew, seconds each. __pycache__ is no part of the repository, and `make clean` removes it.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

up: $(READY) ## deploy Pulumi.dev.yaml with the real Pulumi CLI onto the local twin of Azure
	@$(RUN) -m twin up $(ARGS)

preview: $(READY) ## show what `make up` would change
	@$(RUN) -m twin preview $(ARGS)

status: $(READY) ## tell whether the twin runs, where, and what is on it
	@$(RUN) -m twin status $(ARGS)

down: $(READY) ## destroy the stack, purge deleted services, stop the twin
	@$(RUN) -m twin down $(ARGS)

test: check $(PACK) ## every test: linters and types, the units, real clients and the wheel, then the real CLI on the twin
	$(RUN) -m pytest -m "not engine and not azure and not clients" --numprocesses 2
	$(RUN) -m pytest -m "clients and not engine" --numprocesses 2 --dist loadfile
	$(RUN) -m pytest -m engine --numprocesses 2 --dist loadgroup

check: $(READY) ## linters, types and the rules of the architecture
	$(RUN) -m ruff format --check
	$(RUN) -m ruff check
	$(RUN) -m pyright
	$(VENV)/bin/lint-imports
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-actions .github/actions/*/action.yml
	$(VENV)/bin/zizmor --offline --quiet .github

example: $(READY) ## the example project with the wheel and all that it needs from the package index
	INSTALL_FROM_INDEX=1 $(RUN) -m pytest tests/examples

bench: $(READY) ## measure, and write build/bench.json
	@$(RUN) -m benchmarks $(ARGS)

soak: $(READY) ## five minutes of load while accounts break and heal; fewer seconds: make soak ARGS="--seconds 60"
	@$(RUN) -m benchmarks.soak $(ARGS)

clean: ## remove what was made in this folder; the twin's state and its CLI lie elsewhere (see `make status`)
	rm -rf $(VENV) policies/venv build .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +

setup: $(READY) $(PACK) ## the virtual environments, which other targets make when they are missing or out of date

# Made anew only when a list of requirements has changed, so that everything works without a network afterwards.
$(READY): $(REQUIREMENTS)
	@command -v $(PYTHON) >/dev/null || { echo "error: there is no $(PYTHON) here: install Python 3.11 or later, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "error: $$($(PYTHON) --version 2>&1) is too old: Python 3.11 or later is needed; if it has another name here: make PYTHON=python3.11" >&2; exit 1; }
	@$(RUN) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(MAKE) --no-print-directory $(VENV)/made
	@echo "Installing the packages that $(REQUIREMENTS) name into $(VENV) (a minute or two the first time)"
	@$(RUN) $(PIP) --requirement requirements-dev.txt | { grep --invert-match "^Requirement already satisfied" || true; }
	@touch $@

.PHONY: $(VENV)/made
$(VENV)/made:
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "error: $(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

policies/venv/.ready: policies/requirements.txt $(READY)
	$(RUN) -m venv --clear policies/venv
	@policies/venv/bin/python $(PIP) --requirement policies/requirements.txt | { grep --invert-match "^Requirement already satisfied" || true; }
	@touch $@
