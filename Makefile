# Thin: each target is the command one would type, after what it needs is installed in .venv.
# PYTHON=... chooses the interpreter that .venv is made with (3.11 or newer).

VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
ACCEPT := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
SECONDS ?= 60
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
            $$p $(ACCEPT) 2>/dev/null && echo $$p && break; done)

.DEFAULT_GOAL := help
# All targets share one environment, so `make -j` installs one thing at a time.
.NOTPARALLEL:
.PHONY: help setup demo test test-all fuzz lint types bench golden kit docs clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/.installed ## create .venv and install goldgrad in it
	@echo "goldgrad is installed: try $(BIN)/grade --help"

# --insecure lets these samples of ours be marked on macOS, too; where a wall holds, it does nothing.
demo: $(VENV)/.installed ## grade two sample submissions: one right, one with two mistakes
	@$(BIN)/python -m fixtures.samples --out build/demo good two_bugs
	$(BIN)/grade build/demo/good.zip --insecure
	$(BIN)/grade build/demo/two_bugs.zip --insecure

test: $(VENV)/.test ## run the quick tests, about a minute
	$(BIN)/python -m pytest -q -n logical --dist loadfile -m "not slow and not cross"

test-all: $(VENV)/.cross ## run every test, slow ones and comparisons with PyTorch included
	$(BIN)/python -m pytest -q -n logical --dist loadfile

fuzz: $(VENV)/.fuzz ## fuzz all that reads bytes from outside; SECONDS=60 for each target
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

lint: $(VENV)/.dev ## check style and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: $(VENV)/.dev ## check types
	$(BIN)/mypy

bench: $(VENV)/.installed ## measure what grading and the wall cost beside the student's own time
	$(BIN)/python -m benchmarks.grading
	$(BIN)/python -m benchmarks.wall
	$(BIN)/python -m benchmarks.course_outputs --students 5000
	$(BIN)/python -m benchmarks.batch_throughput --submissions 10
	$(BIN)/python -m benchmarks.otter --submissions 50 --through-otter 4
	$(BIN)/python -m benchmarks.similar --submissions 200
	$(BIN)/python benchmarks/layers.py

golden: $(VENV)/.installed ## write the public golden bundle anew
	$(BIN)/grade golden --out fixtures/bundles/hw3.public.npz

kit: $(VENV)/.installed ## make what a course hands to its students, in build/kit
	@rm -rf build/kit build/kit.zip
	$(BIN)/grade kit --out build/kit

docs: $(VENV)/.installed ## write the generated parts of README.md and docs/ anew
	$(BIN)/python -m docs.generate

clean: ## remove what the other targets made
	rm -rf $(VENV) build

# ------------------------------------------------------------------ what is installed, by stamps

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "goldgrad needs Python 3.11 or newer; none was found." \
	  "If you have one, say: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) $(ACCEPT) || { echo "goldgrad needs Python 3.11 or newer, which $(PYTHON) is not." \
	  "Say: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) cannot make an environment. On Debian and" \
	  "Ubuntu: apt install python3-venv, then again." >&2; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.python pyproject.toml
	@echo "installing goldgrad in $(VENV) ..."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.python pyproject.toml
	@echo "installing goldgrad and what its tests need in $(VENV) ..."
	@$(PIP) install --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.dev: $(VENV)/.python pyproject.toml
	@echo "installing goldgrad and its development tools in $(VENV) ..."
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.test $(VENV)/.installed

$(VENV)/.fuzz: $(VENV)/.python pyproject.toml
	@echo "installing goldgrad and atheris in $(VENV) ..."
	@$(PIP) install --only-binary atheris --editable '.[fuzz]' || { echo "atheris has wheels for" \
	  "some versions of Python on Linux only; say: make PYTHON=/path/to/another fuzz" >&2; exit 1; }
	@touch $@ $(VENV)/.test $(VENV)/.installed

$(VENV)/.cross: $(VENV)/.python pyproject.toml
	@echo "installing goldgrad, its development tools, Dask, PyTorch and scikit-learn in $(VENV) ..."
	@$(PIP) install --editable '.[dev,cross,cluster,browser]'
	@touch $@ $(VENV)/.dev $(VENV)/.test $(VENV)/.installed
