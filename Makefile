# Everything sets up what it needs; a second call starts at once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test lint lock clean evals
.DEFAULT_GOAL := run

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "需要 Python 3.11 或更高版本，当前是 " + sys.version.split()[0])'
	@$(PYTHON) -m venv $(VENV) || { echo "无法建立虚拟环境。Debian/Ubuntu 请先安装 python3-venv。"; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "正在安装运行所需的组件（只在首次或组件有变化时）……"
	@$(PIP) install --no-deps --require-hashes -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock pyproject.toml | $(BIN)/python
	@echo "正在安装开发与测试所需的组件（只在首次或组件有变化时）……"
	@$(PIP) install --no-deps --require-hashes -r requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.run

run: $(VENV)/.run
	@$(BIN)/iiam serve

# Bytecode is written whatever the environment says: the tests start many processes, each of which would compile it anew.
test: $(VENV)/.dev
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadscope

lint: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

evals: $(VENV)/.dev
	@$(BIN)/python -m evals baseline

# Versions in pyproject.toml -> the two lock files, for every platform, with hashes; uv writes no index addresses unless told to.
lock: $(VENV)/.dev
	@$(PIP) install uv
	@$(BIN)/uv pip compile pyproject.toml --extra build --extra dev -o requirements/dev.lock $(COMPILE)
	@$(BIN)/uv pip compile pyproject.toml --extra build -c requirements/dev.lock -o requirements/run.lock $(COMPILE)
COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--excludes requirements/excludes.txt

clean:
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
