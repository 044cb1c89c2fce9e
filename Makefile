# `make help` lists what there is. Everything runs in .venv, made from the lock files.
SHELL := /bin/sh
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --annotation-style line --python-version 3.11 pyproject.toml
INSTALL := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip install --quiet --no-input --no-compile --disable-pip-version-check
LOCKED := $(INSTALL) --require-hashes --only-binary :all:
PYTHON = $(shell for p in python3.13 python3.12 python3.11 python3.14 python3; do \
	$$p -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help run run-kafka demo test check bench chaos lock clean
.DEFAULT_GOAL := help

help: ## what there is
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

run: .venv/runtime ## start the ledger on this machine; Ctrl-C stops all of it
	@exec $(BIN)/python -m consumers.standalone

demo: .venv/runtime ## start a separate ledger with the complaints of a small plant
	@exec $(BIN)/python -m consumers.standalone --demo

run-kafka: .venv/broker ## start as in production: a Kafka broker, and each role a process
	@exec $(BIN)/python -m consumers

test: .venv/dev ## all tests, on a real PostgreSQL, broker and browser; ARGS="-k name" for some
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.all $(ARGS)

check: .venv/dev ## format, lint and types
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

bench: .venv/dev ## measure, and write the tables of docs/benchmarks.md
	@$(BIN)/python -m tests.bench

chaos: .venv/dev ## kill processes at random and look for damage: SEED=1 MINUTES=5
	@$(BIN)/python -m tests.chaos --seed "$(or $(SEED),1)" --minutes "$(or $(MINUTES),5)"

lock: .venv/dev ## renew the lock files from pyproject.toml
	@$(COMPILE) --upgrade --extra install --extra broker --extra dev -o requirements-dev.lock
	@$(COMPILE) --constraints requirements-dev.lock --extra install --extra broker -o requirements-broker.lock
	@$(COMPILE) --constraints requirements-dev.lock --extra install -o requirements.lock

clean: ## remove caches and build results; data and environment stay
	@rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# --- the environment: made once, and again only when a lock file changed ---------------------

.venv/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed (Debian: apt install python3-venv)"; exit 1; }
	@echo "Making .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv && touch $@

.venv/runtime: requirements.lock | .venv/python
	@echo "Installing what the ledger runs on (by hash, into .venv) ..."
	@$(LOCKED) -r $< && $(INSTALL) --no-deps --no-build-isolation --editable . && touch $@

.venv/broker: requirements-broker.lock | .venv/runtime
	@echo "Installing what a Kafka broker of our own runs on (by hash, into .venv) ..."
	@$(LOCKED) -r $< && touch $@

.venv/dev: requirements-dev.lock | .venv/python
	@echo "Installing what the tests run on (by hash, into .venv) ..."
	@$(LOCKED) -r $< && $(INSTALL) --no-deps --no-build-isolation --editable . && touch .venv/runtime .venv/broker $@
