# Needs only python3 (3.11+), make and a network to the package registry. Everything goes into ./.venv.
SHELL := /bin/sh
.SHELLFLAGS := -eu -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
# processes for the tests; "auto" is one a core, at most four; ARGS=-n0 for one (a debugger needs that)
WORKERS ?= auto
# where these are set every process of a run would compile every module anew
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/$(VENV)/pycache

.PHONY: help demo test serve check bench client format clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# uv comes through pip, into the project's own environment; then the lock decides every version
$(BIN)/uv:
	@echo "Setting up ./$(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (found: $$($(PYTHON) --version)). Set PYTHON=python3.x"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

$(READY): $(BIN)/uv pyproject.toml uv.lock
	@echo "Installing the locked packages (speech models included, about 600 MB on first use) ..."
	@UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON=$(BIN)/python $(BIN)/uv sync --locked --inexact --no-progress
	@touch $(READY)

demo: $(READY) ## a broker phones in, gets an agent, a lead is answered (ARGS=--fast: in text, under 30 s)
	@$(BIN)/seiketsu demo $(ARGS)

serve: $(READY) ## the service on http://127.0.0.1:8000
	@$(BIN)/seiketsu serve $(ARGS)

test: ## everything: static checks, then the tests (ARGS="-k name" for some)
	@began=$$(date +%s); $(MAKE) --no-print-directory check; checked=$$(date +%s); \
	outcome=0; $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS) || outcome=$$?; \
	ended=$$(date +%s); echo "static checks $$((checked - began)) s, tests $$((ended - checked)) s, together $$((ended - began)) s"; \
	exit $$outcome

check: $(READY) ## format, lint, types, import rules, flows
	@$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports --no-cache > /tmp/lint-imports.$$$$ 2>&1 || { cat /tmp/lint-imports.$$$$; rm -f /tmp/lint-imports.$$$$; exit 1; }; rm -f /tmp/lint-imports.$$$$
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/seiketsu doctor --static

bench: $(READY) ## latency, CPU and memory beside stock pipecat, written to docs/performance.md
	@$(BIN)/seiketsu bench $(ARGS)

client: $(READY) ## the Python client and the Postman collection, anew from the OpenAPI document
	@$(BIN)/python -m clients.generate

format: $(READY) ## format the code
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

clean: ## forget the environment and the local data
	@rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis
