PYTHON ?= python

.PHONY: check test test-extras test-fast soak bench seeds certify rules

check:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	inspect-evals-lint --all

test:
	$(PYTHON) -m pytest -n 2

test-fast:
	$(PYTHON) -m pytest -n 2 -m "not (eval or browser or cli or slow or soak)"

# What needs openenv, a2a, hub, ray or trl: pip install -e '.[test,openenv,a2a,hub,ray,trl]'. `make test` leaves it out,
# here nothing is skipped: without one of the libraries its tests fail.
test-extras:
	$(PYTHON) -m pytest tests/extras

soak:
	$(PYTHON) -m pytest -m soak tests/soak
	$(PYTHON) -m pytest tests/core/sql/test_hostile.py

bench:
	$(PYTHON) -m bench

seeds:
	$(PYTHON) -m opensec_inspect.cli seeds

certify:
	$(PYTHON) -m opensec_inspect.cli certify seeds
	$(PYTHON) -m opensec_inspect.cli certify vuln

rules:
	$(PYTHON) -m rules
