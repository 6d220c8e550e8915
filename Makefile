# Every target works on a fresh clone; what is already installed is not installed again.
.DEFAULT_GOAL := help
.PHONY: help setup run test check fix bench bench-letters
MAKEFLAGS += --no-print-directory
unexport PYTHONPATH PYTHONHOME

help: ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do printf '  make %-8s %s\n' "$$name" "$$what"; done

setup: ## Make .venv and fetch packages and assets, nothing else.
	@bin/setup run && echo "Ready: make run, or .venv/bin/python manage.py"

run: ## Set up, then run the whole product on this machine; PORT=8001 make run takes another port.
	@bin/setup run && exec .venv/bin/python -m imr.local

test: ## Set up, then run every test on real PostgreSQL, Redis, a Celery worker and a browser; ARGS="-k name" chooses.
	@bin/setup test && exec .venv/bin/python -m pytest $(or $(ARGS),-n 2)

bench-letters: ## Compare letters with naive WeasyPrint, Chromium, Typst and ReportLab; ARGS="--rounds 3 --repeats 1" is quick.
	@bin/setup bench && exec .venv/bin/python -m bin.bench_letters $(ARGS)

bench: ## Compare the engines, then time letters from signature to stored file; takes about ten minutes.
	@bin/setup bench && .venv/bin/python -m bin.bench_letters && exec .venv/bin/python manage.py time_letters

check: ## Run every linter, the type checker, the import contracts and the deployment checks.
	@bin/setup test && exec .venv/bin/python bin/check.py

fix: ## Format the code and apply the safe corrections.
	@bin/setup test && exec .venv/bin/python bin/check.py --fix
