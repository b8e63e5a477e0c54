# `make help` lists the targets. Each does all the set-up it needs, on Debian 12 with Swift 6.
.DEFAULT_GOAL := help
.PHONY: help run test test-all unit lint format bench field-test fuzz conformance conformance-report conformance-test clean build \
    install uninstall deb deb-test guide-test deps-deb \
    deps-build deps-run deps-test deps-bench deps-conformance
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

SWIFT ?= swift
# The file `make run` serves; empty: the demo.
CONFIG ?=
# Where `make install` puts things; DESTDIR goes in front of everything, for packages.
PREFIX ?= /usr/local
DESTDIR ?=
# How long `make fuzz` runs each fuzzer.
SECONDS ?= 60

# The index that `make conformance` checks, and the suite's options; see conformance/README.md.
URL ?=
OPTIONS ?= --corpus
# Tests run on one optimized build: the one that users run, and the one whose speed they test.
TEST := -c release -Xswiftc -enable-testing
# Of the tests through servers, which wait most of the time; all at once would wait for each other.
TWO_AT_A_TIME := --experimental-maximum-parallelization-width 2
# A CGI process starts for each request: the Swift toolchain's lld packs the 2 MB of relocations, and what no library looks
# for is not exported.
LINK := -Xswiftc -use-ld=lld -Xlinker -z -Xlinker pack-relative-relocs -Xlinker --no-export-dynamic
BUILD := -c release --static-swift-stdlib --product pyindex-fcgi --scratch-path .build/static $(LINK)
BINARY := .build/static/release/pyindex-fcgi
SUITE := .build/conformance/suite

DEBIAN_BUILD := git libarchive-dev libcurl4-openssl-dev libfcgi-dev libgit2-dev libsqlite3-dev libssl-dev libxml2-dev pkg-config
DEBIAN_RUN := bubblewrap libcurl4 nginx python3
DEBIAN_TEST := apache2-bin curl faketime libapache2-mod-fcgid libapache2-mod-xsendfile lighttpd lighttpd-mod-openssl \
    openssl python3-venv strace
DEBIAN_BENCH := apache2-bin gcc libapache2-mod-fcgid libc6-dev wrk
DEBIAN_DEB := binutils dpkg-dev lintian
# A package that is made for here needs no maintainer's address; DEBFULLNAME and DEBEMAIL name one.
NO_ADDRESS := bogus-mail-host,bogus-mail-host-in-debian-changelog,root-in-contact
DEBIAN_CONFORMANCE := python3-venv

# Installs the packages that are missing, and says so; nothing at all when none is. No web server among them is started
# as a service.
define install
	@missing=; for package in $(1); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing+=" $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	    echo "Debian packages that are missing:$$missing"; \
	    if [ "$$(id -u)" != 0 ]; then sudo=sudo; else sudo=; fi; \
	    policy=/usr/sbin/policy-rc.d; \
	    if [ ! -e $$policy ]; then \
	        trap "$$sudo rm -f $$policy" EXIT; \
	        printf '#!/bin/sh\nexit 101\n' | $$sudo install -m 755 /dev/stdin $$policy; \
	    fi; \
	    set -x; \
	    $$sudo apt-get update -qq; \
	    $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	fi
endef

# Runs the tests $(1) of a log $(2), and repeats at the end what failed, which may stand thousands of lines above.
define run-tests
	@mkdir -p .build/logs
	$(SWIFT) test $(TEST) --skip-build $(1) 2>&1 | tee .build/logs/$(2).log \
	    || { echo 'What failed:'; grep -E -A 4 ' recorded an issue |Fatal error' .build/logs/$(2).log | cut -c -600; exit 1; }
endef

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 20

run: deps-build deps-run ## serve the demo, or CONFIG=file, through nginx until Ctrl-C
	$(SWIFT) build $(BUILD)
	@exec demo/run $(BINARY) $(CONFIG)

build: deps-build ## the release binary, with the Swift runtime inside
	$(SWIFT) build $(BUILD)
	@ls -l $(BINARY)

install: ## put program, manual, completions, units, docs and files for web servers below PREFIX (and DESTDIR)
	@test -x $(BINARY) || { echo 'Nothing is built yet: make build'; exit 1; }
	PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' deploy/install install $(BINARY)

uninstall: ## take away what `make install` put there, with the same PREFIX and DESTDIR
	PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' deploy/install uninstall

deb: deps-build deps-deb ## a package for this release of Debian, in .build/deb
	$(SWIFT) build $(BUILD)
	deploy/debian/package $(BINARY) .build/deb
	lintian --allow-root --fail-on error $(if $(DEBEMAIL),,--suppress-tags $(NO_ADDRESS)) .build/deb/*.deb

deb-test: deb ## install that package in a clean Debian, run it, purge it: as root
	$(call install,mmdebstrap)
	deploy/debian/test .build/deb/*.deb

guide-test: deb ## follow docs/install.md and docs/apache.md by it, in a clean Debian that systemd has started: as root
	$(call install,mmdebstrap)
	deploy/debian/test-guide .build/deb/*.deb

test: deps-build deps-run deps-test $(SUITE)/ready lint ## everything below but bench, and the tests through nginx, pip and uv
	$(SWIFT) build --build-tests $(TEST)
	$(call run-tests,--skip EndToEnd,unit)
	$(call run-tests,$(TWO_AT_A_TIME) --filter EndToEnd --attachments-path .build/logs,end-to-end)

test-all: export PYINDEX_TEST_ALL := 1
test-all: test ## the same with what takes long: every round of the fault tests, and slow builds

unit: deps-build ## the tests that need neither network nor web server
	$(SWIFT) test --skip EndToEnd

lint: ## formatting and style; the compiler's warnings are errors in every build
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests fuzz/Package.swift fuzz/Sources

format: ## rewrite the sources in the house style
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests fuzz/Package.swift fuzz/Sources

bench: deps-build deps-run deps-bench ## a table of speeds, against nginx and a responder that does nothing
	$(SWIFT) build $(BUILD)
	bench/run $(BINARY)

field-test: deps-build deps-run ## build every tag of CONFIG=file, and compare with the published sdists: docs/field-test.md
	@test -n "$(CONFIG)" || { echo 'make field-test needs CONFIG=fieldtest/hatch.toml, or a file of yours'; exit 64; }
	$(SWIFT) build $(BUILD)
	fieldtest/field_test.py $(BINARY) $(CONFIG)

fuzz: deps-build ## each fuzzer for SECONDS (60): routes, headers, versions, file names, metadata, pages
	fuzz/run $(SECONDS)

conformance: $(SUITE)/ready ## check the index at URL=... against the Simple API, with OPTIONS="--project ..."
	@test -n "$(URL)" || { echo 'make conformance needs URL=http://.../simple/'; exit 64; }
	$(SUITE)/bin/python -m simple_api_conformance $(URL) --report .build/conformance/report.json $(OPTIONS)

conformance-report: deps-build deps-run $(SUITE)/ready ## the same for this index and four others, with pip, uv, poetry and PDM: docs/conformance.md
	$(SWIFT) build $(BUILD)
	cd conformance && ../$(SUITE)/bin/python -m peers ../$(BINARY) --clients

conformance-test: $(SUITE)/ready ## the suite's own tests: every check fails for some fault
	$(SUITE)/bin/python -m pytest -q conformance/tests

clean: ## remove what was built
	rm -rf .build

deps-build:
	$(call install,$(DEBIAN_BUILD))

deps-run:
	$(call install,$(DEBIAN_RUN))

deps-test:
	$(call install,$(DEBIAN_TEST))

deps-bench:
	$(call install,$(DEBIAN_BENCH))

deps-deb:
	$(call install,$(DEBIAN_DEB))

deps-conformance:
	$(call install,$(DEBIAN_CONFORMANCE))

$(SUITE)/ready: conformance/pyproject.toml | deps-conformance
	python3 -m venv $(SUITE)
	$(SUITE)/bin/pip install --quiet --editable conformance
	@touch $@
