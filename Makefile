# Everything on a fresh machine with Python 3.11, make and git: `make demo`, `make test`.
# `make test-live` needs servers and a browser; `.ci/run` installs them.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test test-live lint types contracts check wheel schemas docs gallery bench clean requirements

demo: $(VENV)/.core
	$(BIN)/costplan estimate stage2
	$(BIN)/costplan compare

# As many side by side as JOBS says; what hangs on real time or on servers is left to `make test-live`.
JOBS ?= 2
test: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not live" -n $(JOBS) --dist loadfile

# One after the other, with nothing skipped; COSTPLAN_REQUIRE_LIVE=0 runs what can be had here.
test-live: export COSTPLAN_REQUIRE_LIVE ?= 1
test-live: $(VENV)/.dev
	$(BIN)/python -m pytest -m live

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The pinned libraries, then this checkout itself; the stamps keep a second call quick.
$(VENV)/.core: requirements/core.txt | $(VENV)/bin/python
	test -e $(VENV)/.dev || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/core.txt
	$(BIN)/python tools/link_checkout.py
	touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python tools/link_checkout.py
	touch $@

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

check: lint types contracts test

# Two builds must give identical files; the wheel must work outside the checkout.
wheel: $(VENV)/.dev
	$(BIN)/python tools/check_wheel.py

schemas: $(VENV)/.core
	for name in $$($(BIN)/costplan schema); do $(BIN)/costplan schema $$name --force -o docs/schemas/$$name.json; done

# The reference of the scenario file, from the models that read it.
docs: $(VENV)/.core
	$(BIN)/python tools/scenario_reference.py

# The pictures of the README; needs a Chromium.
gallery: $(VENV)/.dev
	$(BIN)/python tools/gallery.py

bench: $(VENV)/.dev
	$(BIN)/python benchmarks/startup.py

# Needs uv; hashes, and no index address.
requirements:
	uv pip compile pyproject.toml -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/core.txt
	uv pip compile pyproject.toml -q --python-version 3.11 --all-extras --group dev --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements/dev.txt

clean:
	rm -rf $(VENV) .cache dist build
