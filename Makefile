# `make demo` and `make test` need only Python 3.11 or newer and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Compiled modules are kept: the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: bench mutants demo test test-slow test-exhaustive test-all lint types check serve-demo docs lock release clean help

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: .venv/.runtime  ## the whole job on the real list, against the embedded stand-in services
	$(BIN)/python -m enrich.run --sandbox data/raw/awesome-deep-learning-for-video-analysis.md

test: .venv/.dev  ## the unit tests
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow and not exhaustive"

test-slow: .venv/.dev  ## whole systems: Prefect server, browser, Dask, faults, kills
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m slow --timeout=900

test-exhaustive: .venv/.dev  ## every fault of each service, and fifty kills: a quarter of an hour
	$(BIN)/python -m pytest -q -m exhaustive --timeout=1800

test-all: test test-slow test-exhaustive  ## every test

lint: .venv/.dev  ## ruff: rules and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.dev  ## mypy, strict
	$(BIN)/mypy
	MYPYPATH=flows:src $(BIN)/mypy flows/*.py

bench: .venv/.dev  ## all benchmarks, in one table with the machine and its load
	$(BIN)/python -m benchmarks --write docs/benchmarks.md

mutants: .venv/.dev  ## changes of the rules that no test notices: half an hour and more
	$(BIN)/mutmut run
	$(BIN)/mutmut results
	$(BIN)/python benchmarks/constant_mutants.py

check: lint types test  ## what a commit must pass

serve-demo: .venv/.runtime  ## Prefect server, deployment and one run against the sandbox
	$(BIN)/python flows/demo.py

docs: .venv/.dev  ## regenerate the reference pages, then build the site in build/site
	$(BIN)/python docs/generate.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

lock: .venv/.dev  ## rewrite constraints.txt from what is installed (names and versions only)
	$(BIN)/python -m pip freeze --exclude-editable --exclude enrich | grep -E '^[A-Za-z0-9._-]+==' > constraints.txt

release: .venv/.dev  ## wheel and sdist in dist/, checked, installed and run outside the repository
	$(PIP) -e ".[release]"
	rm -rf dist
	$(BIN)/python -m build --outdir dist
	$(BIN)/python -m twine check --strict dist/*
	$(BIN)/cyclonedx-py requirements constraints.txt --output-file dist/sbom.json
	$(BIN)/python -m pytest -q tests/adoption/test_wheel.py -m slow --timeout=900

clean:  ## remove the environment and caches; data stays
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/.runtime: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e .
	touch $@

.venv/.dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e ".[dev,dask]"
	touch $@ .venv/.runtime
