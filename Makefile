# The verbs of the project. "make" alone lists them.
#
# Only Go has to be there before; what else a verb needs is installed by
# scripts/need, which says what and why.

export CGO_ENABLED := 0

GOLANGCI_LINT := v2.15.0
GORELEASER    := v2.15.2
CYCLONEDX     := v1.10.0
FUZZTIME      ?= 30s

.DEFAULT_GOAL := help
.PHONY: help demo leaks build portable test page page-check page-test race lint fuzz bench sacred conformance conformance-monitor corpus bench-monitor bench-fleet tutorial golden release-check clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 21

demo: build ## all of plumb on a real Node server that leaks, in a minute
	@scripts/need node "the demo runs a real server"
	@bin/plumb demo

build: ## bin/plumb, bin/plumb-server and bin/plumb-hub
	@scripts/need go "plumb is written in Go"
	go build -o bin/ ./cmd/...

# Types and imports differ between systems: this is what a Linux machine can tell. go vet
# compiles a package with its tests. The first time takes a quarter of an hour of processor
# time, most of it for the Prometheus server; then seconds.
portable: ## all programs and tests for Windows and macOS, plumb for arm64, compiled and thrown away
	@scripts/need go "plumb is written in Go"
	GOOS=windows go vet ./...
	GOOS=windows go build -o /dev/null ./cmd/...
	GOOS=darwin GOARCH=arm64 go vet ./...
	GOOS=darwin GOARCH=arm64 go build -o /dev/null ./cmd/...
	GOOS=linux GOARCH=arm64 go build -o /dev/null ./cmd/plumb

test: ## all tests
	@scripts/need go "plumb is written in Go"
	@scripts/need node "tests take heap snapshots of real programs"
	@scripts/need npm "a test installs plumb with it"
	@scripts/need xmllint "a test checks JUnit XML against its schema"
	go test ./...

page: ui/node_modules ## the page from ui/ into internal/web/dist, which is committed
	@scripts/need go "plumb is written in Go"
	go test ./internal/web -run OpenAPI -update
	cd ui && npm run -s types && npm test && npm run build

page-check: page ## is internal/web/dist the build of ui/?
	@git diff --exit-code --stat -- internal/web/dist internal/web/openapi.json ui/src/api internal/report && \
	test -z "$$(git status --porcelain -- internal/web/dist internal/report/dist)" || { echo "error: the committed page is not the build of ui/"; echo "hint: make page, and commit what changed"; exit 1; }

page-test: build ui/node_modules ## the page in Chromium, on real snapshots and programs
	@scripts/need node "tests start real programs"
	@scripts/need chromium "the page is shown in it"
	cd ui && npm run e2e

ui/node_modules: ui/package-lock.json
	@scripts/need npm "the page is built with its packages"
	cd ui && npm ci --no-fund --no-audit
	@touch $@

# What links the Prometheus server would be compiled once more, for eight minutes of
# processor time.
race: ## all tests under the race detector, which needs a C compiler
	@scripts/need go "plumb is written in Go"
	@scripts/need cc "Go's race detector links with C"
	CGO_ENABLED=1 go test -race -short $$(go list ./... | grep -vE '/(cmd/plumb-server|internal/monitor|test/monitorbench)$$')

lint: bin/golangci-lint-$(GOLANGCI_LINT) ## style, suspicious code, forbidden imports
	@$< run || { echo "hint: \"$< fmt\" mends gofumpt and goimports"; exit 1; }
	go mod tidy -diff

fuzz: ## every fuzz target, FUZZTIME (30s) each
	@scripts/need go "plumb is written in Go"
	@scripts/fuzz $(FUZZTIME)

leaks: ## plumb hunt in every example on every version of Node.js: docs/results.md
	@scripts/need go "plumb is written in Go"
	@scripts/need node "the examples run on it"
	@scripts/need npm "some examples and other versions of Node.js are its packages"
	go run ./test/leaks -write docs/results.md $(LEAKSFLAGS)

bench: ## time and memory per GB of snapshot, beside other engines (some minutes)
	@scripts/need go "plumb is written in Go"
	@scripts/need node "the other engines run on it"
	@scripts/need npm "the other engines are its packages"
	go run ./test/bench $(BENCHFLAGS)

sacred: ## what plumb costs an express app that it is attached to (some minutes)
	@scripts/need go "plumb is written in Go"
	@scripts/need node "the app runs on it"
	@scripts/need npm "express is its package"
	go run ./test/sacred $(BENCHFLAGS)

conformance: ## compare every number with the DevTools engine, on fresh snapshots
	@scripts/need go "plumb is written in Go"
	@scripts/need node "the DevTools engine runs on it"
	@scripts/need npm "the DevTools engine and other versions of Node are its packages"
	@scripts/need chromium "a page's snapshot has DOM nodes, which Node's have not"
	go test -tags conformance -run Conformance -count 1 -timeout 2h -v ./test/conformance ./test/mcp ./test/sql

conformance-monitor: ## the same alerts and questions to plumb monitor and to Debian's Prometheus and Alertmanager
	@scripts/need go "plumb is written in Go"
	@scripts/need prometheus "plumb monitor is compared with it"
	@scripts/need prometheus-alertmanager "plumb monitor is compared with it"
	go test -tags conformance -run Conformance -count 1 -v ./test/monitor

bench-monitor: ## plumb monitor's CPU, memory and start beside Debian's prometheus (some minutes)
	@scripts/need go "plumb is written in Go"
	@scripts/need prometheus "plumb monitor is measured beside it"
	go run ./test/monitorbench $(BENCHFLAGS)

bench-fleet: ## a hub, 200 agents and real snapshots, beside the engine alone (two minutes)
	@scripts/need go "plumb is written in Go"
	@scripts/need node "the snapshots are of a real program"
	go run ./test/fleetbench $(BENCHFLAGS)

tutorial: ## the tutorial's files at their own pace, from scrape to mail (nine minutes)
	@scripts/need go "plumb is written in Go"
	@scripts/need node "the tutorial's app runs on it"
	PLUMB_TUTORIAL=1 go test -run Tutorial -count 1 -timeout 40m -v ./cmd/plumb-server

corpus: ## plumb lint over the sources of real servers, its scopes against eslint-scope
	@scripts/need go "plumb is written in Go"
	@scripts/need npm "the servers are its packages"
	go test -tags corpus -run 'Corpus|AgainstESLint' -count 1 -timeout 1h -v ./internal/lint/...

golden: ## rewrite the expected output in the tests; read the diff before committing
	@scripts/need go "plumb is written in Go"
	@scripts/need node "some expected output comes from real programs"
	@scripts/golden

release-check: bin/goreleaser bin/cyclonedx-gomod ## all that a release has, built, installed and tried, not published (half an hour)
	@scripts/need go "plumb is written in Go"
	@scripts/need npm "plumb is packed for it"
	@scripts/release-check

clean: ## remove what make built
	rm -rf bin dist release

# The linter is a module like any other: Go builds the pinned version.
bin/golangci-lint-$(GOLANGCI_LINT):
	@scripts/need go "plumb is written in Go"
	@echo "build golangci-lint $(GOLANGCI_LINT) (once, some minutes)"
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)
	mv bin/golangci-lint $@

# A newer one takes a newer Go than go.mod has.
bin/goreleaser:
	@scripts/need go "plumb is written in Go"
	@echo "build goreleaser $(GORELEASER) (once, some minutes)"
	GOBIN=$(CURDIR)/bin go install github.com/goreleaser/goreleaser/v2@$(GORELEASER)

# What is in a binary, as CycloneDX.
bin/cyclonedx-gomod:
	GOBIN=$(CURDIR)/bin go install github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@$(CYCLONEDX)
