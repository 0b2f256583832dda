# make demo · make test · make check · make chaos · make thorough · make fuzz · make bench · make lock: each sets up what it needs.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test check chaos thorough fuzz bench lock clean

demo: $(READY)
	@$(BIN)/govgateway demo

test: $(READY)
	@$(BIN)/python -m pytest -n 2 $(PYTEST)

check: $(READY)
	@$(BIN)/ruff format --check --quiet . && $(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-cache > $(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }
	@$(BIN)/python -m pytest -q tests/unit/docs
	@echo "make check: everything is in order"

chaos: $(READY)
	@$(BIN)/python -m pytest -n 2 -m slow $(PYTEST)

thorough: $(READY)
	@$(BIN)/python -m pytest -n 2 -m thorough $(PYTEST)

# The verifier against atheris, which needs Linux and Python 3.12 or newer: make fuzz FUZZER=python3.13 SECONDS=600
FUZZER ?= python3.12
SECONDS ?= 60

fuzz: .venv-fuzz/.ready
	@mkdir -p .fuzz
	@.venv-fuzz/bin/python tests/fuzz/verify.py -max_total_time=$(SECONDS) -timeout=20 -max_len=6000 .fuzz tests/fuzz/corpus

.venv-fuzz/.ready: requirements/development.txt tests/fuzz/requirements.txt
	@$(FUZZER) -m venv .venv-fuzz
	@.venv-fuzz/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/development.txt
	@.venv-fuzz/bin/python -m pip install --quiet -r tests/fuzz/requirements.txt
	@.venv-fuzz/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

bench: $(READY)
	@$(BIN)/python -m benchmarks $(if $(CHECK),--check)

lock: $(READY)
	@$(BIN)/python -m uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras --group dev \
		--no-header --no-annotate --quiet --upgrade pyproject.toml -o requirements/development.txt

$(READY): requirements/development.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "govgateway needs Python 3.11 or newer (make PYTHON=python3.x)")'
	@echo "Setting up $(VENV) (once) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/development.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

clean:
	@rm -rf $(VENV) .demo .venv-fuzz .fuzz
