# Needs Python 3.11 or newer and make, nothing else: every tool is installed into .tools/ at the version below.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
UV_VERSION := 0.13.9
MINISTACK_VERSION := 1.5.33
SAM_TRANSLATOR_VERSION := 1.115.0
SAM_CLI_VERSION := 1.170.0
MUTMUT_VERSION := 3.8.1
PANDAS_VERSION := 3.1.1
POLARS_VERSION := 2.1.0
# What the tools depend on is resolved as of this day.
TOOLS_AS_OF := 2026-11-20T00:00:00Z

UV := .tools/uv/bin/uv
BIN := .venv/bin
SAM := SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam
UV_STAMP := .tools/uv/.tactful-$(UV_VERSION)
VENV_STAMP := .venv/.tactful
MINISTACK_STAMP := .tools/ministack/.tactful-$(MINISTACK_VERSION)
SAM_STAMP := .tools/sam/.tactful-$(SAM_CLI_VERSION)
MUTMUT_STAMP := .tools/mutmut/.tactful-$(MUTMUT_VERSION)
BENCH_STAMP := .tools/bench/.tactful-$(PANDAS_VERSION)-$(POLARS_VERSION)

# uv does not read pip's settings: hand on the two that decide whether a package can be had at all.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(VENV_STAMP) ## Make the Python environment .venv from uv.lock

.PHONY: check
check: $(VENV_STAMP) $(SAM_STAMP) ## Lint, types, layers, wording, template; changes nothing
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/tactful wording
	@$(SAM) validate --lint --region us-east-1

.PHONY: fix
fix: $(VENV_STAMP) ## Let ruff repair and format what it can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: test
test: $(VENV_STAMP) tools ## Every test, the end-to-end ones on a local AWS included
	@$(BIN)/pytest $(ARGS)

.PHONY: bench
bench: $(VENV_STAMP) $(BENCH_STAMP) $(MINISTACK_STAMP) ## Measure; results in build/bench/results.json
	@$(BIN)/python -m tests.bench

.PHONY: simulate
simulate: $(VENV_STAMP) ## The whole pipeline under faults (SEEDS=20000), every pair of them too; replay one with SEED=7
	@$(BIN)/python -m tests.simulation $(if $(SEED),$(SEED),--seeds $(or $(SEEDS),20000) --pairs)

# mutmut wants the program beside its tests, and tests that are done in seconds.
.PHONY: mutants
mutants: $(MUTMUT_STAMP) ## Change the domain line by line and see whether a test notices, in an hour (ONLY=dunning/spacing.py)
	@rm -rf build/mutants
	@mkdir -p build/mutants/tests
	@cp -r layers/core/python/tactful templates build/mutants/
	@cp -r tests/*.py tests/local tests/support tests/unit build/mutants/tests/
	@printf '%s\n' '[tool.mutmut]' 'source_paths = ["tactful"]' \
		'only_mutate = ["tactful/domain/$(if $(ONLY),$(ONLY),*)"]' \
		'also_copy = ["tests", "templates", "pyproject.toml"]' \
		'pytest_add_cli_args_test_selection = ["tests/unit/domain", "tests/unit/charges", "tests/unit/calls", "tests/unit/wording"]' \
		'pytest_add_cli_args = ["--import-mode=importlib", "--deselect=tests/unit/domain/test_sending_properties.py"]' \
		> build/mutants/pyproject.toml
	@cd build/mutants && export HYPOTHESIS_PROFILE=quick && ../../.tools/mutmut/bin/mutmut run --max-children 2 && \
		../../.tools/mutmut/bin/mutmut results

.PHONY: preview
preview: $(VENV_STAMP) ## Every message in every language, as pages in build/preview/
	@$(BIN)/tactful preview

.PHONY: demo
demo: $(VENV_STAMP) tools ## 45 days of reminders in a minute or two (INVOICES=file.csv CUSTOMERS=file.csv for your own)
	@$(BIN)/python -m tests.demo $(if $(INVOICES),--invoices "$(INVOICES)") $(if $(CUSTOMERS),--customers "$(CUSTOMERS)")

.PHONY: local
local: $(VENV_STAMP) tools ## A local AWS with the stack on it, until make local-down
	@$(BIN)/python -m tests.local up

.PHONY: local-down
local-down: $(VENV_STAMP) ## Stop the local AWS
	@$(BIN)/python -m tests.local down

.PHONY: build
build: $(VENV_STAMP) $(SAM_STAMP) ## Check the wording, then build the layers for AWS into .aws-sam/
	@$(BIN)/tactful wording
	@find functions -name __pycache__ -type d -prune -exec rm -rf {} +
	@$(SAM) build

.PHONY: deploy
deploy: build ## Deploy to the AWS account you are signed in to, asking for the parameters
	@$(SAM) deploy --guided

.PHONY: tools
tools: $(MINISTACK_STAMP) $(SAM_STAMP)

.PHONY: clean
clean: ## Remove everything that make made, environments and tools too
	@rm -rf .aws-sam .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .tools .venv build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: lock
lock: $(UV_STAMP) ## Resolve pyproject.toml into uv.lock (UPGRADE=1 takes the newest versions)
	@mkdir -p build
	@if [ -z "$(UPGRADE)" ] && [ -f uv.lock ]; then cp uv.lock build/uv.lock; else rm -f build/uv.lock; fi
	@$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--extra dev pyproject.toml --output-file build/uv.lock
	@{ echo "# Every dependency, runtime and development, at an exact version with its hashes, for every platform."; \
	   echo "# Requirements format; made by \`make lock\`, installed by \`make setup\`. Do not edit."; \
	   cat build/uv.lock; } > uv.lock

$(UV_STAMP):
	@echo "Installing uv $(UV_VERSION)"
	@rm -rf .tools/uv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tactful needs Python 3.11 or newer; set PYTHON=")'
	@$(PYTHON) -m venv .tools/uv
	@.tools/uv/bin/python -m pip install --quiet uv==$(UV_VERSION)
	@touch $@

$(VENV_STAMP): pyproject.toml uv.lock | $(UV_STAMP)
	@echo "Installing the Python environment"
	@$(UV) venv --quiet --allow-existing --python "$$(command -v $(PYTHON))" .venv
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes uv.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(MINISTACK_STAMP): | $(UV_STAMP)
	@echo "Installing MiniStack $(MINISTACK_VERSION)"
	@$(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .tools/ministack
	@$(UV) pip install --quiet --python .tools/ministack/bin/python --exclude-newer $(TOOLS_AS_OF) \
		ministack==$(MINISTACK_VERSION) aws-sam-translator==$(SAM_TRANSLATOR_VERSION)
	@touch $@

$(SAM_STAMP): | $(UV_STAMP)
	@echo "Installing the SAM CLI $(SAM_CLI_VERSION)"
	@$(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .tools/sam
	@$(UV) pip install --quiet --python .tools/sam/bin/python --exclude-newer $(TOOLS_AS_OF) aws-sam-cli==$(SAM_CLI_VERSION)
	@touch $@

$(BENCH_STAMP): | $(UV_STAMP)
	@echo "Installing pandas $(PANDAS_VERSION) and polars $(POLARS_VERSION)"
	@$(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .tools/bench
	@$(UV) pip install --quiet --python .tools/bench/bin/python --exclude-newer $(TOOLS_AS_OF) \
		pandas==$(PANDAS_VERSION) polars==$(POLARS_VERSION) email-validator
	@touch $@

$(MUTMUT_STAMP): uv.lock | $(UV_STAMP)
	@echo "Installing mutmut $(MUTMUT_VERSION)"
	@$(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .tools/mutmut
	@$(UV) pip sync --quiet --python .tools/mutmut/bin/python --require-hashes uv.lock
	@$(UV) pip install --quiet --python .tools/mutmut/bin/python --exclude-newer $(TOOLS_AS_OF) mutmut==$(MUTMUT_VERSION)
	@touch $@
