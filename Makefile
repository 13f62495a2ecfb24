# `make run` and `make test` include the set-up.

PYTHONS := python3.13 python3.12 python3.11 python3 python
FITS := import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
BIN := .venv/bin
TSC := .venv/node_modules/.bin/tsc
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python
# pip installs if uv has no release for the system, or cannot reach the packages.
INSTALL = install() { $(PIP) --only-binary=:all: uv==0.13.9 && $(UV) "$$@" || $(PIP) "$$@"; }; install
# Of earlier versions: with it uvicorn reads headers of any length into memory.
CLEAN = $(BIN)/python -m pip uninstall --quiet --yes httptools 2>/dev/null
# Compiled once, not in each of the many processes that tests start.
export PYTHONDONTWRITEBYTECODE :=
ORDERED := --dist loadfile --no-loadscope-reorder

.PHONY: run test quick walk check lint format types audit mutants bench load chaos \
  examples pretrained pictures music-data constraints

run: .venv/app
	@$(BIN)/streamlit run app.py

test: .venv/dev
	@sh tests/install.sh
	@$(BIN)/pytest --numprocesses 2 $(ORDERED)

quick: .venv/dev
	@$(BIN)/python -m tests.quick

walk: .venv/dev
	@sh tests/install.sh
	@$(BIN)/pytest tests/walk

# All suites, or those of SUITES="tours chaos".
check: .venv/dev
	@$(BIN)/python -m tests.suites $(SUITES)

lint: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo
	@[ -x $(TSC) ] || npm install --silent --prefix .venv typescript@7.0.2 || true
	@if [ -x $(TSC) ]; then $(TSC) -p tests/tsconfig.json; else \
	  echo "npm or its registry is missing: the browser's scripts are not checked."; fi

format: .venv/dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: .venv/dev
	@$(BIN)/mypy

audit: .venv/dev
	@$(BIN)/python -m tests.security.audit

mutants: .venv/dev .venv/mutmut
	@PYTHONPATH=.venv/mutmut $(BIN)/python .venv/mutmut/bin/mutmut run --max-children 2
	@PYTHONPATH=.venv/mutmut $(BIN)/python -m tests.mutants

bench: .venv/dev
	@sh tests/install.sh
	@for file in benchmarks/[a-z]*.py; do $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

load: .venv/dev
	@sh tests/install.sh
	@$(BIN)/python -m benchmarks.load --sessions $(or $(SESSIONS),50) \
	  --seconds $(or $(SECONDS),120) --scene $(or $(SCENE),live)

chaos: .venv/dev
	@sh tests/install.sh
	@$(BIN)/python -m benchmarks.chaos --kills $(or $(KILLS),100) --runs $(or $(RUNS),20) \
	  $(if $(SEED),--seed $(SEED)) --store $(or $(STORE),both)
	@$(BIN)/python -m benchmarks.chaos --poison

examples: .venv/app
	@$(BIN)/python -m core.examples

pretrained: .venv/app
	@$(BIN)/python -m core.emoji.pretrained
	@$(BIN)/python -m core.music.pretrained

pictures: .venv/dev
	@sh tests/install.sh
	@$(BIN)/python -m docs.previews  # shown on Home
	@$(BIN)/python -m docs.pictures

music-data: .venv/dev
	@$(BIN)/python -m core.music.build

constraints: .venv/app
	@sed -n '/^#/p' constraints.txt > constraints.new
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --no-header \
	  --no-emit-package pip requirements-dev.txt >> constraints.new
	@mv constraints.new constraints.txt

.venv/app: requirements.txt constraints.txt | .venv/python
	@echo "Installing what the dashboard needs. This takes a minute the first time."
	@$(INSTALL) -r requirements.txt -c constraints.txt
	@$(CLEAN)
	@touch $@

.venv/dev: requirements.txt requirements-dev.txt constraints.txt | .venv/python
	@echo "Installing the dashboard and its tools. This takes a minute the first time."
	@$(INSTALL) -r requirements-dev.txt -c constraints.txt
	@$(CLEAN)
	@touch .venv/app $@

# In a folder of its own: with setproctitle, which it brings, Dask renames processes.
.venv/mutmut: | .venv/dev
	@$(INSTALL) --target $@ mutmut==3.8.1 -c constraints.txt

.venv/python:
	@python=; for name in $(PYTHONS); do \
	  if $$name -c '$(FITS)' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Unrolled needs Python 3.11, 3.12 or 3.13, and found none of them." \
	    "Install one (TensorFlow has no release for newer ones yet), then run make again."; \
	  exit 1; \
	fi; \
	test -x $(BIN)/python || $$python -m venv .venv
	@touch $@
