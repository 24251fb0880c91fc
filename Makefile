# One command each, the same at home and in CI.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check format bench warmup install docs clean

# An environment per extras list: the stamp is older than pyproject.toml only after an edit.
$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(VENV)/.installed-bench: $(VENV)/.installed-dev
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev,bench]'
	@touch $@

install: $(VENV)/.installed

warmup: $(VENV)/.installed
	$(BIN)/zhixing warmup

demo: warmup
	$(BIN)/zhixing fit zhixing:adult --target income --out runs/adult --overwrite

test: $(VENV)/.installed-dev
	$(BIN)/zhixing warmup
	$(BIN)/pytest -n 2 --dist loadfile

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(MAKE) test

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks

docs: $(VENV)/.installed-dev
	$(BIN)/python -m docs.canon

clean:
	rm -rf $(VENV) runs build dist .pytest_cache .ruff_cache
