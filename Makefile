# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := build/demo
STAMP := $(VENV)/.installed
# Processes of the everyday tests: one more than the two cores that are the least, because many of them wait.
WORKERS ?= 3
# The JupyterHub of the production layouts, beside the environment's own: tests load their configuration with it.
HUB5 := 5.4.4

.PHONY: e2e help install demo hub test everyday lint format release bench soak gpu wheel clean

help:
	@echo "make demo     install, grade a sample class of every assignment, write $(DEMO)/"
	@echo "make hub      a real JupyterHub with a teacher and students on this machine (isolates nobody)"
	@echo "make test     lint, types and the everyday tests (within 10 minutes on two cores)"
	@echo "make e2e      the course in a real browser alone; screenshots in build/e2e/"
	@echo "make lint     ruff and mypy --strict"
	@echo "make release  make the students' notebooks in assignments/ from solutions/"
	@echo "make bench    figures of cost, start-up, memory and scale, and plots, into build/bench/ (40 minutes)"
	@echo "make soak     the long tests"
	@echo "make gpu      what needs an NVIDIA GPU: its tests, and figures into build/bench/gpu.json"
	@echo "make wheel    the students' wheel (package course only), into dist/"

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch numpy
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	$(BIN)/python -m pip install --quiet --no-deps --upgrade --target $(VENV)/hub5 "jupyterhub==$(HUB5)"
	touch $(STAMP)

install: $(STAMP)

demo: install
	$(BIN)/autograder doctor --out $(DEMO)
	$(BIN)/python -m autograder.corpus tests/corpus $(DEMO)/submitted
	@set -e; for id in $$(ls tests/corpus); do \
	  if [ -d "tests/corpus/$$id/class" ]; then $(BIN)/autograder grade "$$id" $(DEMO)/submitted --out $(DEMO); fi; done
	$(BIN)/autograder gradebook sync --out $(DEMO)
	@echo "열어 보세요: $(DEMO)/report.html, $(DEMO)/feedback/, $(DEMO)/grades.csv"
	@echo "제출물 둘(01의 seo-eunji, 03의 bae-sumin)은 조교가 확인할 것으로 남습니다. 과제 보고서의 '조교가 확인할 제출물'을 보세요."

hub: install
	@$(BIN)/python -m course.deploy.local

# One thread each: the processes share the cores, and threads of OpenMP that wait for each other keep a core busy.
test everyday soak: export OMP_NUM_THREADS = 1
# What is compiled is kept: these are many processes of the same modules.
test everyday soak: export PYTHONDONTWRITEBYTECODE =

test: install
	@$(MAKE) --no-print-directory -j2 everyday lint

everyday: install
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not soak and not gpu"

e2e: install
	CI=true $(BIN)/python -m pytest tests/e2e

lint: install
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

release: install
	$(BIN)/autograder release

bench: install
	$(BIN)/python -m tests.bench --out build/bench

soak: install
	$(BIN)/python -m pytest -m soak

gpu: install
	@$(BIN)/python -m tests.bench.gpu --check
	$(BIN)/python -m pytest -m gpu
	$(BIN)/python -m tests.bench.gpu --out build/bench

wheel: install
	$(BIN)/python -m build --no-isolation --wheel --outdir dist course

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
