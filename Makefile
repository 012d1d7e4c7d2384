# Task verbs. Each sets up what it needs: a virtual environment in .venv with pinned, hashed packages.
PYTHON ?= python3
PY := .venv/bin/python
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check gold docs bench generate screenshots clean

help:  ## list the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "détente needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python lacks venv; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

demo: $(READY)  ## read the bundled article and show what it means
	@.venv/bin/detente demo

test: check  ## every check and every test
	$(PY) -m pytest -n 2 --dist loadfile

check: $(READY)  ## style, types, import layers, dependencies
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m deptry src

gold: $(READY)  ## read the annotated articles in ../shared and print the figures
	$(PY) tests/gold/figures.py

docs: $(READY)  ## build the documentation into site/
	$(PY) docs/generate.py
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict --quiet

generate: $(READY)  ## write anew what is generated: format tables, schema, the README's example
	$(PY) docs/generate.py

bench: $(READY)  ## every benchmark, each against a peer in the same run
	@for file in $(filter-out bench/forecasting.py,$(wildcard bench/*.py)); do echo "== $$file"; $(PY) $$file || exit 1; done
	$(PY) bench/forecasting.py ../shared/data/icews14.npz --setting fast --json /dev/null

screenshots: $(READY)  ## make the pictures of the main pages anew, with Debian's chromium
	$(PY) docs/screenshots.py

clean:  ## remove the environment and everything built
	rm -rf .venv site build dist .mypy_cache .ruff_cache .pytest_cache
