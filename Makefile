# A fresh clone needs Python 3.11 or newer, make and a POSIX shell; everything else is installed into .venv.

# The first of these that is new enough is used; name another one with make serve PYTHON=/path/to/python3
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11 python
UV ?= uv
# How many films the benchmark has.
SIZE ?= 20k

.DEFAULT_GOAL := help
.PHONY: help install serve test lint bench examples lock clean

help: ## Show what make can do
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

install: .venv/.runtime ## Install filmspace into .venv

serve: .venv/.runtime $(if $(shell command -v npm),app/explorer/index.html) ## Load the seeds and serve the API on port 8000 (more options: ARGS="--port 8080")
	@.venv/bin/filmspace serve $(ARGS)

# A clone without npm has all but these pages. The lock is installed as it is, and nothing of it runs while it is.
app/explorer/index.html: frontend/package-lock.json frontend/index.html frontend/vite.config.ts \
		$(filter-out %/schema.d.ts, $(wildcard frontend/src/*.* frontend/src/*/*.*))
	@echo "Building the explorer ..."
	@cd frontend && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent build -- --logLevel warn \
		|| echo "The explorer could not be built; everything else works without it." >&2

# Whatever the environment says, the many servers that the tests start need not compile the program anew.
test: .venv/.dev ## Run the tests, one process for each core (some of them, in one: ARGS="-n0 -k films")
	@PYTHONDONTWRITEBYTECODE= .venv/bin/python -m pytest --numprocesses=auto --dist=worksteal $(ARGS)

lint: .venv/.dev ## Check format, style and types
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy

bench: .venv/.dev ## Measure how fast the API answers beside others, and write it down (SIZE=1k, 20k, 100k, 1m)
	@.venv/bin/python -m benchmarks --films $(SIZE) --write $(ARGS)

examples: .venv/.dev ## Write the examples of the OpenAPI document, and docs/openapi.json, anew
	@.venv/bin/python -m pytest --quiet --write-examples tests/test_openapi.py -k test_example_is_what_the_server_answers
	@.venv/bin/python -m app.cli openapi > docs/openapi.json

lock: ## Write the lock files anew with the newest versions (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: install it, or name it with UV=/path/to/uv." >&2; exit 1; }
	$(compile) --group build --output-file requirements.lock
	$(compile) --group build --extra postgres --constraints requirements.lock --output-file requirements-postgres.lock
	$(compile) --group dev --extra postgres --extra mcp --extra draft --constraints requirements.lock --output-file requirements-dev.lock
	echo pip | $(pip_compile) --output-file requirements-pip.lock -
	$(pip_compile) tests/clients/python/requirements.in --output-file tests/clients/python/requirements.lock
	$(pip_compile) benchmarks/peers/datasette/requirements.in --output-file benchmarks/peers/datasette/requirements.lock

clean: ## Remove .venv and everything else that can be made again (no database)
	@rm -rf .venv .clients .pictures build app/explorer frontend/node_modules frontend/src/api/schema.d.ts *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

pip_compile = $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
compile = $(pip_compile) pyproject.toml

# Prints the first usable Python; "!" before it means that it is new enough but cannot make a virtual environment.
find_python = for python in $(PYTHON); do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue; \
	  "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1 && { echo "$$python"; exit; }; \
	  bare=$${bare:-$$python}; \
	done; echo $${bare:+"!$$bare"}

checked_python = $(if $(filter !%,$1),$(error $(1:!%=%) has no venv module: install it \
	(on Debian and Ubuntu: apt-get install python3-venv) and run make again),$(if $1,$1,$(error \
	filmspace needs Python 3.11 or newer and found none: install it, or name it with PYTHON=/path/to/python3)))

# The stamps go first and come back last, so that an interrupted installation leaves none. Without a stamp .venv is
# made anew; with one it is brought up to date in place, because a server may be running from it.
# A lock names all that is needed: pip need not find out. The pip that comes with Python takes twice as long as a new one.
define install_lock
	@echo "Installing $1 into .venv ..."
	@test -e .venv/.runtime || test -e .venv/.dev || $2 -m venv --clear .venv
	@test -e .venv/.runtime || test -e .venv/.dev || $(pip) --require-hashes -r requirements-pip.lock $(quietly)
	@rm -f .venv/.runtime .venv/.dev
	@$(pip) --no-deps --require-hashes $3 -r $1 $(quietly)
	@$(pip) --no-deps --no-build-isolation --editable . $(quietly)
endef
pip = PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install --quiet --no-input
quietly = 2>.venv/pip.log || { cat .venv/pip.log >&2; exit 1; }

.venv/.runtime: requirements.lock pyproject.toml
	$(call install_lock,$<,$(call checked_python,$(shell $(find_python))))
	@touch $@

# The development packages include those of the runtime, at the same versions. What is never imported of them is not compiled.
.venv/.dev: requirements-dev.lock requirements.lock pyproject.toml
	$(call install_lock,$<,$(call checked_python,$(shell $(find_python))),--no-compile)
	@touch .venv/.runtime $@
