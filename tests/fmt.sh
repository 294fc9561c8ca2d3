#!/bin/sh
# The rule files that ship with soat are in their canonical layout, and so are the examples of layout in the
# manual: a block opened by ```before becomes the block opened by ```after behind it.
#
#   tests/fmt.sh SOAT
set -u

case ${1:-} in
'') echo "usage: $0 SOAT" >&2; exit 2 ;;
/*) soat=$1 ;;
*/*) soat=$PWD/$1 ;;
*) soat=$(command -v "$1") || exit 2 ;;
esac
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/soat-fmt.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
passed=0 failed=0

# verdict NAME STATUS: counts one test; what it has to say is in $work/why.
verdict() {
    if [ "$2" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1"
        head -n 40 "$work/why"
    fi
}

for folder in rules samples; do
    (cd "$root" && "$soat" fmt --check "$folder") >"$work/why" 2>&1
    verdict "files of $folder" $?
done

awk -v work="$work" '
    /^```before$/ { n++; file = work "/" n ".before"; printf "" > file; next }
    /^```after$/ { file = work "/" n ".after"; printf "" > file; next }
    /^```/ { file = ""; next }
    file { print > file }' "$root/rules/README.md"
for before in "$work"/*.before; do
    [ -f "$before" ] || continue
    "$soat" fmt - <"$before" >"$work/now" 2>"$work/why"
    status=$?
    diff "${before%before}after" "$work/now" >>"$work/why" || status=1
    verdict "example $(basename "$before" .before)" "$status"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
