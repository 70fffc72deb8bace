PYTHON ?= python

.PHONY: check test bench seeds certify audit rules

check:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	inspect-evals-lint --all

test:
	$(PYTHON) -m pytest -n 2

bench:
	$(PYTHON) -m bench

seeds:
	$(PYTHON) -m opensec_inspect.cli seeds

certify:
	$(PYTHON) -m opensec_inspect.cli certify seeds

rules:
	$(PYTHON) -m rules

audit:
	$(PYTHON) -m opensec_inspect.cli audit
