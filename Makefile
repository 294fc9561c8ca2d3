# soat: `make help` lists the targets. All that is made goes into $(BUILD); a new file needs no edit.

CC = gcc
CXX = g++
BUILD ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O3 -g
LIBS = -lcsv -lpcre2-8 -lutf8proc -lm -pthread
TEST_CFLAGS ?= -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
TEST_LIBS = -lcmocka -lgmp
PACKAGES = make gcc g++ libc6-dev libcsv-dev libpcre2-dev libutf8proc-dev libcmocka-dev \
	libgmp-dev clang-format clang-tidy cppcheck gcovr sqlite3
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wswitch-enum -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wcast-qual -Wvla -Wundef -Wformat=2
BASICS = -std=c17 -Isrc -Iinclude
RULES_DIR = -DSOAT_RULES_DIR='"$(PREFIX)/share/soat/rules"'
COMPILE = $(CC) $(BASICS) $(RULES_DIR) $(WARNINGS) $(WERROR) -fvisibility=hidden -pthread $(CPPFLAGS) -MMD -MP -c

SOURCES := $(wildcard src/*/*.c)
HEADERS := $(wildcard src/*/*.h include/*.h)
TESTS := $(wildcard tests/unit/*.c)
CLI := $(patsubst src/%.c,%.o,$(filter src/cli/%,$(SOURCES)))
LIB := $(patsubst src/%.c,%.o,$(filter-out src/cli/%,$(SOURCES)))
TEST := $(BUILD)/test
PROGRAMS := $(patsubst tests/unit/%.c,$(TEST)/%,$(filter tests/unit/test_%,$(TESTS)))
HELPERS := $(patsubst tests/%.c,$(TEST)/obj/%.o,$(filter-out tests/unit/test_%,$(TESTS)))
SUBMAKE = $(MAKE) --no-print-directory

.PHONY: all setup test check static werror layers format tidy cppcheck headers symbols coverage \
	bench demo golden-accept man install clean help
.SECONDARY:
.DELETE_ON_ERROR:

all: $(BUILD)/libsoat.a $(BUILD)/soat ## the library and the command (default)

# One object whose hidden names are local, so that the library shows soat_* and nothing else.
$(BUILD)/libsoat.a: $(LIB:%=$(BUILD)/obj/%)
	$(LD) -r -o $(BUILD)/obj/libsoat.o $^
	objcopy --localize-hidden $(BUILD)/obj/libsoat.o
	rm -f $@ && $(AR) rcs $@ $(BUILD)/obj/libsoat.o

$(BUILD)/soat: $(CLI:%=$(BUILD)/obj/%) $(BUILD)/libsoat.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(CFLAGS) -o $@ $<

setup: ## installs the packages that are missing (Debian, Ubuntu)
	@missing=; for p in $(PACKAGES); do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | \
	grep -q 'ok installed' || missing="$$missing $$p"; done; [ -z "$$missing" ] && exit 0; \
	root="env DEBIAN_FRONTEND=noninteractive"; [ "$$(id -u)" -eq 0 ] || root="sudo $$root"; \
	$$root apt-get -qq update && $$root apt-get -qq -y --no-install-recommends install $$missing >/dev/null

# The same sources once more under the sanitizers, with every name visible to the unit tests.
$(TEST)/obj/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(TEST_CFLAGS) -o $@ $<

$(TEST)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(TEST_CFLAGS) -o $@ $<

$(TEST)/libsoat.a: $(LIB:%=$(TEST)/obj/%)
	rm -f $@ && $(AR) rcs $@ $^

$(TEST)/soat: $(CLI:%=$(TEST)/obj/%) $(TEST)/libsoat.a
	$(CC) $(TEST_CFLAGS) -o $@ $^ $(LIBS)

$(TEST)/test_%: $(TEST)/obj/unit/test_%.o $(HELPERS) $(TEST)/libsoat.a
	$(CC) $(TEST_CFLAGS) -o $@ $^ $(LIBS) $(TEST_LIBS)

test: $(PROGRAMS) $(TEST)/soat ## all tests, under the sanitizers
	@SOAT_LIBRARY=$(CURDIR)/rules sh tests/tools/tally.sh $(TEST)/soat $(TEST)/log $(PROGRAMS) $(wildcard tests/*.sh)

check: test static ## test, and all that can be said without running
static: werror layers format tidy cppcheck headers symbols ## check without test

werror: ## no warning anywhere
	+@$(SUBMAKE) BUILD=$(BUILD)/werror WERROR=-Werror all
layers: ## no include goes upward or sideways
	@awk -f tests/tools/layers.awk $(SOURCES) $(HEADERS)
format: ## the code is laid out as clang-format would
	@clang-format --dry-run -Werror $(SOURCES) $(HEADERS) $(TESTS)
tidy: $(SOURCES:%.c=$(BUILD)/tidy/%.ok) ## clang-tidy, for each file that changed
$(BUILD)/tidy/%.ok: %.c $(HEADERS) .clang-tidy
	@mkdir -p $(@D)
	@clang-tidy --quiet $< -- $(BASICS) 2>$@.log || { cat $@.log; exit 1; }
	@touch $@
cppcheck: ## a second opinion
	@mkdir -p $(BUILD)/cppcheck
	@cppcheck -q -j2 --cppcheck-build-dir=$(BUILD)/cppcheck --std=c11 --error-exitcode=1 \
	--enable=warning,performance,portability --inline-suppr -Isrc -Iinclude $(SOURCES)
headers: ## every header compiles alone, the public one as C++ too
	@for h in $(HEADERS); do $(CC) $(BASICS) $(WARNINGS) -Werror -fsyntax-only -x c $$h || exit 1; done
	@$(CXX) -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ include/soat.h
symbols: $(BUILD)/libsoat.a ## the core needs nothing of the world, the library shows soat_* only
	@sh tests/tools/symbols.sh $(BUILD)/obj $<

coverage: ## fails when the tests run less than 90 % of the lines
	+@$(SUBMAKE) BUILD=$(BUILD)/coverage TEST_CFLAGS='-O0 -g --coverage' test
	@gcovr -r . --object-directory $(BUILD)/coverage -f src/ --fail-under-line 90 -s
bench: $(BUILD)/soat ## measures speed
	@if [ -f tests/bench/run.sh ]; then sh tests/bench/run.sh $<; fi
demo: $(BUILD)/soat ## checks the samples
	@sh samples/demo.sh $<
golden-accept: $(TEST)/soat ## makes what soat says now what the golden tests expect
	@sh tests/golden.sh --accept $<
man: $(BUILD)/soat ## the manual page, from the table of options
	@$< help man >$(BUILD)/soat.1
install: all man ## into $(DESTDIR)$(PREFIX)
	install -D $(BUILD)/soat $(DESTDIR)$(PREFIX)/bin/soat
	install -D -m 644 $(BUILD)/libsoat.a $(DESTDIR)$(PREFIX)/lib/libsoat.a
	install -D -m 644 include/soat.h $(DESTDIR)$(PREFIX)/include/soat.h
	install -D -m 644 $(BUILD)/soat.1 $(DESTDIR)$(PREFIX)/share/man/man1/soat.1
	find rules -type f -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/share/soat/{} \;
clean: ## removes $(BUILD)
	rm -rf $(BUILD)
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

-include $(patsubst %.o,$(BUILD)/obj/%.d,$(LIB) $(CLI)) $(patsubst %.o,$(TEST)/obj/%.d,$(LIB) $(CLI))
-include $(TESTS:tests/%.c=$(TEST)/obj/%.d)
