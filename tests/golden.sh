#!/bin/sh
# Runs soat on small cases and compares all it says with what the case expects, byte for byte.
#
#   tests/golden.sh [--accept] [SOAT] [TOPIC/CASE...]        (default: $SOAT, every case)
#
# A case is a folder golden/TOPIC/CASE. Its file cmd holds the arguments behind `soat` on one line, as a
# shell reads them; stdin, if there is one, is fed to standard input; the other files are its inputs. It runs
# in a copy, so nothing it writes stays. A script `prepare` makes in the copy what a folder of the repository
# should not or cannot hold: large files, links, permissions. expected.out, expected.err and expected.exit are compared, and so is
# every expected.FILE with the FILE that the run wrote. --accept writes them anew: read the diff then.
#
# Each case prints `ok NAME` or `FAIL NAME: what`; the last line counts them.
set -u

accept=false
if [ "${1:-}" = --accept ]; then
    accept=true
    shift
fi
soat=${1:-${SOAT:-}}
[ $# -eq 0 ] || shift
case $soat in
'') echo "usage: $0 [--accept] SOAT [TOPIC/CASE...]" >&2; exit 2 ;;
/*) ;;
*/*) soat=$PWD/$soat ;;
*) soat=$(command -v "$soat") || exit 2 ;;
esac
[ -x "$soat" ] || { echo "$0: cannot run $soat" >&2; exit 2; }

cases=$(cd "$(dirname "$0")/golden" && pwd) || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/soat-golden.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
unset NO_COLOR CLICOLOR_FORCE
SOAT_LIBRARY=library # beside the case, if it needs one
export SOAT_LIBRARY
passed=0 failed=0

# run CASE: a fresh copy in $work/case, what soat says in $work/said.
run() {
    rm -rf "$work/case" "$work/said"
    mkdir "$work/said"
    cp -R "$cases/$1" "$work/case"
    rm -f "$work/case"/expected.*
    if [ -f "$work/case/prepare" ]; then
        (cd "$work/case" && sh ./prepare && rm prepare) || exit 2
    fi
    input=/dev/null
    [ ! -f "$work/case/stdin" ] || input=$work/case/stdin
    (
        cd "$work/case" || exit 2
        eval "set -- $(cat cmd)"
        "$soat" "$@" <"$input" >"$work/said/out" 2>"$work/said/err"
        echo $? >"$work/said/exit"
    )
    for file in "$cases/$1"/expected.*; do
        name=${file##*/expected.}
        case $name in
        out | err | exit | '*') ;;
        *) cp "$work/case/$name" "$work/said/$name" 2>/dev/null || echo "not written" >"$work/said/$name" ;;
        esac
    done
}

# compare CASE: what differs, nothing when all is as expected.
compare() {
    for said in "$work/said"/*; do
        name=${said##*/}
        if ! cmp -s "$said" "$cases/$1/expected.$name"; then
            echo "$name differs:"
            diff "$cases/$1/expected.$name" "$said" 2>&1 | head -n 12
        fi
    done
}

# A summary of the sanitizers is never what a case expects.
crashed() {
    grep -q -e 'ERROR: AddressSanitizer' -e 'ERROR: LeakSanitizer' -e 'runtime error:' "$work/said/err" ||
        [ "$(cat "$work/said/exit")" -ge 126 ]
}

one() {
    if [ ! -f "$cases/$1/cmd" ]; then
        failed=$((failed + 1))
        echo "FAIL $1: no such case"
        return
    fi
    run "$1"
    if crashed; then
        failed=$((failed + 1))
        echo "FAIL $1: crashed, exit $(cat "$work/said/exit")"
        head -n 8 "$work/said/err"
        return
    fi
    if $accept; then
        for said in "$work/said"/*; do
            cmp -s "$said" "$cases/$1/expected.${said##*/}" || cp "$said" "$cases/$1/expected.${said##*/}"
        done
    fi
    why=$(compare "$1")
    if [ -z "$why" ]; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1: $why"
    fi
}

if [ $# -eq 0 ]; then
    set -- $(cd "$cases" && find . -name cmd | LC_ALL=C sort | sed -e 's:^\./::' -e 's:/cmd$::')
fi
for name in "$@"; do
    one "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
