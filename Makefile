# Every verb sets up what it needs in .venv; only Python 3.11 or newer, git and make must be there.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
IN_MEMORY = TMPDIR="$$($(BIN)/python tests/scratch.py)"

.PHONY: demo test lint bench engines histories pairwise mutants release format clean

demo: $(READY)  ## write a repository, grow it, validate it
	@$(BIN)/python tests/demo.py

test: lint  ## run every static check and the tests
	$(IN_MEMORY) PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q -n 2  # hundreds of commands start: each module is compiled once

lint: $(READY)  ## run every static check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/yamllint --strict .
	$(BIN)/yamllint --strict -c templates/.yamllint copier.yml templates

release: $(READY)  ## say what a release of the template would mean; with VERSION=0.2.0 make it, with DRY_RUN=1 only try
	@PYTHONPATH=tests $(BIN)/python -m release $(VERSION) $(if $(DRY_RUN),--dry-run)

format: $(READY)  ## rewrite the Python sources in the project's style
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format

bench: $(READY)  ## measure; see tests/benchmarks
	$(BIN)/python -m tests.benchmarks

COUNT ?= 1000
PLAIN ?= 50
KILLS ?= 200

histories: $(READY)  ## edit and update COUNT repositories at random, PLAIN of them with plain Copier too; kill KILLS commands; update every older example
	@$(IN_MEMORY) PYTHONPATH=tests $(BIN)/python -m histories $(COUNT) $(PLAIN) $(KILLS)

pairwise: $(READY)  ## write and check a repository for every two answers that go together, and those at the limits
	$(IN_MEMORY) PAIRWISE=all PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 2 tests/test_pairwise.py

engines: $(READY)  ## build the real engines with Go where they are not there yet, and run the tests that need them
	@$(IN_MEMORY) PYTHONPATH=tests $(BIN)/python -m engines

mutants: $(READY)  ## change the rules' conditions one by one, and say which changes no golden case notices
	@$(BIN)/python tests/mutants.py

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "python 3.11 or newer is needed; set PYTHON")'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,helm]'
	@touch $@

clean:  ## remove what the other verbs made
	rm -rf .venv .demo dist
