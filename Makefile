# make demo   a minute that explains the product: scan, lock, run guarded, attack, watch
# make test   every test
# make lint   style, types, import contracts, licences of words
# make bench  every figure we claim, against its peer, in one run; DATA=DIR adds the detectors on labelled inputs
# make setup  what the others call: the environment from hashed requirements, nothing else on the machine is touched
# make lock   after a change of dependencies: new requirements files (hashes, no addresses)

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
CLOUD  := .venv-cloud
STAMP  := $(VENV)/.ready-$(shell cat requirements*.lock pyproject.toml packages/*/pyproject.toml | cksum | cut -d' ' -f1)

# make coverage  which lines and branches the fast tests reach

.PHONY: demo test test-fast coverage lint format bench setup lock docs clean

demo: setup
	@$(BIN)/python -m examples.demo

test: setup
	@$(BIN)/python -m pytest

test-fast: setup
	@$(BIN)/python -m pytest -m "not e2e" -q

coverage: setup
	@$(BIN)/python -m pytest -q -m "not e2e" --cov --cov-report=term:skip-covered | tail -n 60

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python scripts/build_docs.py --check
	@$(BIN)/remit scan examples/payments-api

format: setup
	@$(BIN)/ruff check --fix --silent . || true
	@$(BIN)/ruff format .

bench: setup
	@for name in start guard scan_speed; do $(BIN)/python -m bench.$$name --json || exit 1; done
	@test -z "$(DATA)" || $(BIN)/python -m bench.detect --data $(DATA) --json

docs: setup
	@$(BIN)/python scripts/build_docs.py

setup: $(STAMP)

$(STAMP):
	@echo "setting up $(VENV) and $(CLOUD) (a minute the first time)" >&2
	@$(PYTHON) -c 'import sys; sys.exit("remit needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e packages/remit-guard -e packages/remit
	@test -x $(CLOUD)/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python $(CLOUD)
	@$(BIN)/uv pip sync --quiet --python $(CLOUD)/bin/python --require-hashes requirements-cloud.lock
	@rm -f $(VENV)/.ready-*
	@touch $@

# uv.lock carries the registry's address in every entry and stays out of git; these carry hashes only.
lock:
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --frozen --no-emit-workspace --no-header --no-annotate --all-groups -o requirements.lock
	@echo "uv" | $(BIN)/uv pip compile --quiet --generate-hashes --no-header --no-annotate --universal -o requirements-setup.lock -
	@for name in cloud bench; do $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate --universal --python-version 3.11 requirements-$$name.in -o requirements-$$name.lock; done
	@! grep -nE 'https?://' requirements*.lock

clean:
	rm -rf $(VENV) $(CLOUD) build dist .mypy_cache .ruff_cache .pytest_cache
