PYTHON ?= python

.PHONY: check test test-extras test-fast test-lowest soak bench seeds certify rules docs lock

check:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	inspect-evals-lint --all

test:
	$(PYTHON) -m pytest -n 2

test-fast:
	$(PYTHON) -m pytest -n 2 -m "not (eval or browser or cli or slow or soak)"

# What needs an extra: pip install -e '.[test,agents,docs,notebook,scout,openenv,a2a,hub,ray,trl]'. `make test` leaves it out,
# here nothing is skipped: without one of the libraries its tests fail.
test-extras:
	$(PYTHON) -m pytest tests/extras

# Tests with the lowest version of each library that pyproject.toml allows, in an environment of their own.
LOWEST ?= .lowest
test-lowest:
	$(PYTHON) -m venv $(LOWEST)
	$(LOWEST)/bin/python -m pip install -q uv
	$(LOWEST)/bin/uv pip install -q --python $(LOWEST)/bin/python --resolution lowest-direct -e '.[test]'
	$(LOWEST)/bin/python -m pytest -m "not (browser or cli or slow or soak)" tests/core tests/stats tests/incident tests/report

soak:
	$(PYTHON) -m pytest -m soak tests/soak
	$(PYTHON) -m pytest tests/core/sql/test_hostile.py

bench:
	$(PYTHON) -m bench $(if $(REFERENCE),--reference $(REFERENCE))

seeds:
	$(PYTHON) -m opensec_inspect.cli seeds

certify:
	$(PYTHON) -m opensec_inspect.cli certify seeds
	$(PYTHON) -m opensec_inspect.cli certify vuln

rules:
	$(PYTHON) -m rules

# The variable silences what the theme says of its own future; warnings about the documents end the build.
docs:
	NO_MKDOCS_2_WARNING=1 $(PYTHON) -m mkdocs build --strict

# Pins of what the package and its tests need, newest versions that fit together: pip install pip-tools.
lock:
	CUSTOM_COMPILE_COMMAND="make lock" $(PYTHON) -m piptools compile --quiet --upgrade --extra test --strip-extras \
		--no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--unsafe-package opensec-inspect --unsafe-package pip --unsafe-package setuptools \
		--output-file requirements-lock.txt pyproject.toml
