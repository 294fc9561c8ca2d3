#!/bin/sh
# Runs test programs and scripts, shows what failed, and ends with one line `N passed, N failed`.
# Use: tally.sh SOAT LOG-DIRECTORY PROGRAM... SCRIPT.sh...; each script gets SOAT as its argument.
# A program counts its cmocka tests; a script closes with a line of that form, which may begin with
# its name. Whatever ends badly without having said what failed counts as one failure.
set -u
soat=$1 logs=$2
shift 2
mkdir -p "$logs"
passed=0 failed=0

for test in "$@"; do
    name=$(basename "$test")
    log=$logs/$name.log
    case $test in
    *.sh) sh "$test" "$soat" >"$log" 2>&1 ;;
    *) "$test" >"$log" 2>&1 ;;
    esac
    status=$?
    counts=$(awk '
        /^\[  PASSED  \] [0-9]+ test/ { good += $4 }
        /^ *[0-9]+ FAILED TEST/ { bad += $1 }
        /[0-9] ([a-z]+ )?passed, [0-9]+ failed/ {
            for (i = 2; $i != "passed,"; i++) {}
            script_good = $(i - 1) ~ /^[0-9]+$/ ? $(i - 1) : $(i - 2)
            script_bad = $(i + 1)
        }
        END { print good + script_good + 0, bad + script_bad + 0 }' "$log")
    good=${counts% *} bad=${counts#* }
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$good" -eq 0 ]; }; then
        bad=1
    fi
    passed=$((passed + good)) failed=$((failed + bad))
    if [ "$bad" -gt 0 ]; then
        echo "== $name: $good passed, $bad failed, status $status"
        grep -v -e '^\[ RUN  ' -e '^\[       OK' -e '^\[=====' "$log" | head -n 60
    fi
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
