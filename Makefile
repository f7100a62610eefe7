# Two commands do everything on a fresh clone: `make demo` and `make test`. Only Python 3.11+ is needed.
SHELL := /bin/bash
.DEFAULT_GOAL := help

# The first interpreter that is new enough; PYTHON=/path/to/python3 chooses another.
ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for name in python3 python3.11 python3.12 python3.13 python3.14; do \
	"$$name" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$name"; break; }; done)
endif
# Every process of the demo and of the tests would otherwise compile the platform anew.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS)

.PHONY: help demo serve test test-slow test-postgres check format bench migration clean

help: ## 显示本帮助 / show this help
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本（含 venv 模块），可用 PYTHON=/路径/python3 指定" >&2; \
		echo "Python 3.11 or later with its venv module is needed; name one with PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "创建 $(VENV) / creating $(VENV) with $(PYTHON)"; $(PYTHON) -m venv $(VENV); }
	@echo "安装依赖（约 2 GB，首次需几分钟）/ installing dependencies (about 2 GB, some minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --prefer-binary \
		-c constraints.txt -e '.[dev,encoders]'
	@touch $@

demo: $(INSTALLED) ## 演示主流程：需求进，推荐与三段时限出 / run the main job end to end and print it
	@$(BIN)/python -m demo

serve: $(INSTALLED) ## 启动网页接口、后台任务与内置数据库（演示数据） / serve the API with demo data until Ctrl-C
	@$(BIN)/python -m demo serve

test: $(INSTALLED) ## 运行全部测试（慢测试除外） / the whole suite but the slow marker
	@$(PYTEST) -m 'not slow'

test-slow: $(INSTALLED) ## 崩溃测试与长性质测试 / crash tests and long properties
	@$(PYTEST) -m slow

test-postgres: $(INSTALLED) ## 标记 postgres 的测试，在 TEST_DATABASE_URL 的 PostgreSQL 上 / tests marked postgres, on your own PostgreSQL
	@test -n "$$TEST_DATABASE_URL" || { echo "请设 TEST_DATABASE_URL 为测试用集群的管理员 URL，或运行 .ci/with-postgres make test-postgres" >&2; \
		echo "Set TEST_DATABASE_URL to an administrator's URL of a cluster for tests, or run .ci/with-postgres make test-postgres" >&2; exit 2; }
	@$(PYTEST) -m 'postgres and not slow'

check: $(INSTALLED) ## 风格、类型、分层、测试：提交前必过 / lint, types, layers, tests
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@PYTHONPATH=platform $(BIN)/lint-imports
	@$(PYTEST) -m 'not slow'

format: $(INSTALLED) ## 统一代码格式 / format the code and fix what ruff can fix
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

PEERS = import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["bench"])

bench: $(INSTALLED) ## 性能基准，写入 var/bench.json / benchmarks, written to var/bench.json
	@for peer in $$($(BIN)/python -c '$(PEERS)'); do \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "$$peer" \
		|| echo "对照软件没有装上 / this peer could not be installed: $$peer" >&2; done
	@$(BIN)/python -m bench

migration: $(INSTALLED) ## 由模型生成迁移：make migration m="说明" / draft a migration from the models
	@test -n "$(m)" || { echo '用法 / usage: make migration m="what changes"' >&2; exit 2; }
	@$(BIN)/sanwang draft-migration "$(m)"

clean: ## 删除运行数据与缓存，保留环境 / remove run data and caches, keep the environment
	@[ ! -L var/pg-test ] || rm -rf "$$(readlink var/pg-test)"
	@rm -rf var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
