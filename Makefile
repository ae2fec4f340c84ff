# Thin: each target sets up what it needs on a fresh machine, then runs one command.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GOLD ?= ../shared/gold
FUZZ_S ?= 20

help:            ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(VENV)/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "rhetoric needs Python 3.11 or newer: make PYTHON=/path/to/python3 ..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/model: $(VENV)/ready rhetoric/models/manifest.toml
	$(BIN)/rhetoric models get base
	@touch $@

setup: $(VENV)/model  ## packages and Whisper base, once

demo: setup      ## nine keynotes, from sound to a comparison report
	$(BIN)/rhetoric transcribe
	$(BIN)/rhetoric score
	$(BIN)/rhetoric run

test: setup      ## all tests, offline
	$(BIN)/pytest

test-whisper: setup  ## the engine `whisper` (PyTorch, some gigabytes) beside the built-in one
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[whisper]'
	$(BIN)/pytest tests/transcribe/test_openai_whisper.py

lint: $(VENV)/ready   ## ruff
	$(BIN)/ruff check .

types: $(VENV)/ready  ## mypy, strict
	$(BIN)/mypy

fuzz: setup      ## every importer against mutated files, FUZZ_S=20 seconds each
	$(BIN)/python tests/fuzz/run.py --seconds $(FUZZ_S)

gate: $(VENV)/ready   ## scores on a folder of coded speeches, held to their floors: make gate GOLD=...
	@test -d $(GOLD) || { echo "$(GOLD): no such folder; name one of coded speeches: make gate GOLD=..."; exit 2; }
	$(BIN)/rhetoric evaluate --gold $(GOLD) --floors tests/floors.json
	$(BIN)/rhetoric evaluate --gold $(GOLD) --cross-validate speech --floors tests/floors.json

bench: setup     ## measurements beside the bare engine
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

lock:            ## resolve the packages anew
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --quiet --extra dev pyproject.toml -o requirements.lock

clean:           ## remove what was made (recordings and the catalog stay)
	rm -rf $(VENV) build dist analysis reports transcripts/*.json transcripts/heard transcripts/.journal *.egg-info .pytest_cache .mypy_cache .ruff_cache

.PHONY: help setup demo test test-whisper lint types fuzz gate bench lock clean
