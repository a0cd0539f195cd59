# One command each. `make run` needs Python 3.11+ and nothing else; `make test` installs what is missing.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SPLIT ?=
WORKERS ?= 2

.PHONY: help run run-split sandbox demo test test-python extension test-extension vsix check k8s-check manifests images scan sign release deploy rollback canary restart smoke bench verify-courses \
	schemas requirements services languages clean

help:
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(STAMP): requirements.txt pyproject.toml
	@bash scripts/make-venv $(PYTHON) $(VENV)
	@touch $@

run: $(STAMP) sandbox ## the whole system on the embedded default; says where to look
	@$(BIN)/goals up

run-split: $(STAMP) services ## every function its own process, on RabbitMQ, Redis, PostgreSQL, behind Envoy
	@$(BIN)/goals up --split

demo: $(STAMP) $(if $(SPLIT),services,sandbox) ## a learner's whole day, shown and checked (SPLIT=1: on the split system)
	@$(BIN)/goals demo $(if $(SPLIT),--split)

languages: $(STAMP) ## what JavaScript, TypeScript and Go need in the sandbox: esbuild by npm, Go's library compiled
	@$(BIN)/python -m shared.sandbox.languages.install
	@$(BIN)/python -m shared.proof.javascript.install

sandbox: ## bubblewrap from Debian, where this user may install it; goes on without
	@bash scripts/install-sandbox || echo "going on without bubblewrap" >&2

services: ## what tests and the split system need from Debian: RabbitMQ, Redis, Ceph, bubblewrap, Node, Chromium
	@bash scripts/install-services

test: $(STAMP) services languages ## every test, on real services
	@bash scripts/test $(WORKERS)

test-python: $(STAMP) services languages ## the server's tests
	@$(BIN)/python -m tests.lake.javascript.install
	@$(BIN)/python -m tests.xapi.javascript.install
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

extension: ## the VS Code extension's bundles, by npm ci and esbuild
	@$(MAKE) --no-print-directory -C extension all

test-extension: $(STAMP) services ## the extension: types, units, and the journeys in a real VS Code against a real server
	@$(MAKE) --no-print-directory -C extension test

vsix: ## the extension as a package to install: extension/dist/ai-goals-tracker.vsix
	@$(MAKE) --no-print-directory -C extension vsix

check: $(STAMP) ## lint, format, types, import contracts, committed secrets and paths
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "run: ruff format ."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --verbose | tail -n 12
	@bash scripts/check-tree

k8s-check: $(STAMP) ## every manifest, without a cluster: rendered, against schemas, rules and golden files
	@$(BIN)/python -m goals.cluster.check

manifests: $(STAMP) ## k8s/base/written from the code, and the golden files of all overlays
	@$(BIN)/python -m goals.cluster.check --write

images: $(STAMP) ## every container image, by docker buildx (REGISTRY, TAG, PUSH=--push)
	@scripts/images $(or $(REGISTRY),dev.local) $(or $(TAG),dev) $(PUSH)

scan: ## known vulnerabilities of the pushed images, by trivy: high and critical ones with a fix fail
	@for image in $$($(BIN)/python -c 'from goals.cluster.deployed import IMAGES; print(*IMAGES)'); do \
	  trivy image --quiet --exit-code 1 --ignore-unfixed --severity HIGH,CRITICAL $(REGISTRY)/$$image:$(TAG) || exit 1; done

sign: ## the pushed images, by digest, with cosign
	@$(BIN)/python -c 'import json; [print(f"$(REGISTRY)/{n}@{d}") for n, d in json.load(open("dist/images.json")).items()]' \
	  | xargs cosign sign --yes --key "$$COSIGN_KEY"

release: $(STAMP) ## k8s/release from what was built (REGISTRY, FILE=dist/images.json)
	@$(BIN)/python -m goals.cluster.release "$(REGISTRY)" "$(or $(FILE),dist/images.json)"

deploy: $(STAMP) ## an overlay to the cluster of this kubeconfig (OVERLAY=staging), and waits until it is ready (CANARY=10)
	@scripts/deploy $(OVERLAY) $(CANARY)

rollback: $(STAMP) ## every function back to what served before the last deployment (NAMESPACE=goals)
	@$(BIN)/python -m goals.cluster.rollout rollback $(NAMESPACE)

canary: $(STAMP) ## a part of the traffic to newest revisions, 100 ends it (NAMESPACE, PERCENT; FUNCTION: of one)
	@$(BIN)/python -m goals.cluster.rollout canary $(NAMESPACE) $(PERCENT) $(FUNCTION)

restart: $(STAMP) ## a new revision from the same manifest, which reads its secrets anew (NAMESPACE; FUNCTION: of one)
	@$(BIN)/python -m goals.cluster.rollout restart $(NAMESPACE) $(FUNCTION)

smoke: $(STAMP) ## the whole journey against a running system (URL; KEYS: a folder with the key that signs its tokens)
	@$(BIN)/goals demo --attach $(URL) --keys "$(KEYS)"

bench: $(STAMP) services ## speed as ratios against something run beside it
	@$(BIN)/python -m tests.bench

verify-courses: $(STAMP) sandbox languages ## proves every built-in challenge anew, and that courses/PROOFS.json says so
	@$(BIN)/goals verify courses

schemas: $(STAMP) ## docs/events and docs/openapi.json, written from the catalogue and the API
	@$(BIN)/python -m shared.events.schema
	@$(BIN)/python -m functions.api.reference

requirements: ## pinned versions with hashes, without addresses
	@$(BIN)/uv export --quiet --no-emit-project --all-groups --all-extras --format requirements-txt --no-header -o requirements.txt

clean: ## the environment (the data of `make run` stays: its folder is printed at the start)
	rm -rf $(VENV)
