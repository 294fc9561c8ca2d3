#!/bin/sh
# The core (all below src/run) takes memory in and gives records out. Its objects may need nothing
# from outside but what is listed here; above all no file, clock, locale, thread or environment.
# Use: symbols.sh OBJECT-DIRECTORY LIBRARY. The library must offer soat_* and nothing else.
set -eu
objects=$1 library=$2

allowed='mem(chr|cmp|cpy|move|set)|str(chr|cmp|len|ncmp|pbrk|rchr|spn|cspn|str)
v?snprintf|qsort|bsearch|fmax|pow|sqrt|abort|malloc|calloc|realloc|free|__assert_fail
utf8proc_.*|csv_.*|pcre2_.*
__(memcpy|memmove|memset|snprintf|vsnprintf)_chk|__stack_chk_fail
__(u?divti3|u?modti3|u?divmodti4|multi3|floattidf|clzti2|popcountdi2)|__cpu_(model|features2?|indicator_init)
_GLOBAL_OFFSET_TABLE_'
pattern="^($(printf %s "$allowed" | tr '\n' '|'))\$"

core=
for folder in base value lang data eval report; do
    core="$core $(find "$objects/$folder" -name '*.o' 2>/dev/null || true)"
done
# shellcheck disable=SC2086 # a list of paths without blanks
own=$(nm --defined-only -g -P $core | awk 'NF > 1 { print $1 }' | sort -u)
# shellcheck disable=SC2086
needed=$(nm --undefined-only -P $core | awk 'NF > 1 { print $1 }' | sort -u)
foreign=$(printf '%s\n' "$needed" | grep -Fxv "$own" | grep -Exv "$pattern" || true)
if [ -n "$foreign" ]; then
    echo "the core must not need:" $foreign
    exit 1
fi

stray=$(nm --defined-only -g -P "$library" | awk 'NF > 1 && $1 !~ /^soat_/ { print $1 }')
if [ -n "$stray" ]; then
    echo "$library shows:" $stray
    exit 1
fi
