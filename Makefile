# Everything happens in a virtual environment of its own; only Python 3.11 or newer with venv is needed.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEMO ?= evenlight-demo
PORT ?= 8501

.PHONY: help setup setup-dev demo serve test test-assets lint format clean

help:
	@echo "make demo         set up, fine-tune two models, audit them, write reports to $(DEMO)/, show them in the dashboard"
	@echo "make serve        the dashboard and a worker for its jobs, on http://127.0.0.1:$(PORT)"
	@echo "make test         set up, then lint, types, imports, tests"
	@echo "make test-assets  the demo and the tests that need real models, data and a browser"
	@echo "make lint         ruff, mypy, import-linter"

# Python 3.11's own pip knows no --group, so pip comes first.
$(BIN)/.pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Evenlight needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade "pip>=25.1"
	@touch $@

$(BIN)/.setup: $(BIN)/.pip pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(BIN)/.setup-dev: $(BIN)/.setup
	$(PIP) install --quiet --constraint constraints.txt --group test --group oracle --group dev
	@touch $@

setup: $(BIN)/.setup
setup-dev: $(BIN)/.setup-dev

demo: setup
	$(BIN)/evenlight demo --output $(DEMO)

serve: setup
	$(BIN)/evenlight serve --port $(PORT)

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: lint
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term:skip-covered

test-assets: setup-dev
	$(BIN)/evenlight demo --output $(DEMO) --no-serve
	$(BIN)/python -m pytest -n auto --dist loadfile -m "browser and not assets"
	$(BIN)/python -m pytest -m "assets or slow or shared or gpu"

clean:
	rm -rf $(VENV) $(DEMO) .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
