#!/bin/sh
# Measures soat on the eight checks of eight.soat beside SQLite on the same file, and how long 50 rows take
# beside a program that does nothing. Says the numbers and judges none of them; but both must find the same
# number of failures for every check.
#
#   tests/bench/run.sh SOAT
#
# BENCH_ROWS: rows of the report (1000000). BENCH_RUNS: runs of each, in turn; the median counts (3).
# Files stay in the folder bench beside the program.
set -u

if [ $# -ne 1 ] || [ ! -x "$1" ]; then
    echo "usage: $0 SOAT" >&2
    exit 2
fi
rows=${BENCH_ROWS:-1000000} runs=${BENCH_RUNS:-3} starts=51
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$(dirname "$1")" && pwd)
soat=$home/$(basename "$1")
mkdir -p "$home/bench" && cd "$home/bench" || exit 2
LC_ALL=C
export LC_ALL

for program in generate measure; do
    if [ ! -x "$program" ] || [ "$here/$program.c" -nt "$program" ]; then
        "${CC:-cc}" -std=c17 -O2 -o "$program" "$here/$program.c" || exit 2
    fi
done
printf 'int main(void)\n{\n    return 0;\n}\n' >nothing.c
"${CC:-cc}" -O2 -o nothing nothing.c || exit 2
cp "$here/eight.soat" . || exit 2

# median FILE: of the first column; the peak of memory beside it.
median() {
    sort -n "$1" | awk '{ t[NR] = $1; if ($2 > m) m = $2; s = $3 }
        END { print t[int((NR + 1) / 2)], m, s }'
}

# Both programs take turns, so that a slow minute of the machine hits both.
run_both() {
    : >soat.times
    : >sqlite.times
    : >sqlite.err
    i=0
    while [ "$i" -lt "$runs" ]; do
        ./measure -o one "$soat" check eight.soat report=report.csv sums=sums.csv -f jsonl \
            >report.jsonl 2>soat.err || return 1
        cat one >>soat.times
        if command -v sqlite3 >/dev/null; then
            ./measure -o one sqlite3 -batch :memory: <"$here/sqlite.sql" >sqlite.out 2>sqlite.err ||
                return 1
            cat one >>sqlite.times
        fi
        i=$((i + 1))
    done
}

# Failures by check, under the names that sqlite.sql prints.
failures() {
    awk '
        function field(name) {
            match($0, "\"" name "\":\"?[^\",]*")
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
        }
        BEGIN {
            n = split("parse balance members province id unique sums carry", order, " ")
            name["\"balance"] = "balance"; name["\"members"] = "members"
            name["\"report.unit_code.code"] = "province"; name["\"report.htx_id.pattern"] = "id"
            name["\"report.key"] = "unique"; name["\"sums_agree"] = "sums"; name["\"carry"] = "carry"
            split("htx_open htx_new htx_dissolved htx_total members_total charter_capital revenue", c, " ")
            for (i in c) name["\"report." c[i] ".type"] = "parse"
        }
        /^{"record":"rule"/ && field("check") in name { found[name[field("check")]] += field("fail") }
        END { for (i = 1; i <= n; i++) print order[i] "|" found[order[i]] + 0 }' report.jsonl
}

echo "bench: $(grep -m 1 'model name' /proc/cpuinfo 2>/dev/null | sed 's/.*: //'), $(nproc 2>/dev/null || echo 1) cores"
./generate "$rows" report.csv sums.csv provinces.csv || exit 2
if ! run_both || ! awk '$3 > 1 { exit 1 }' soat.times; then
    echo "bench: a run failed:" >&2
    cat soat.err sqlite.err >&2
    exit 2
fi
failures >soat.found

bytes=$(wc -c <report.csv)
echo "bench: $rows rows of 12 columns, $bytes bytes, eight checks, median of $runs runs"
awk -v rows="$rows" -v bytes="$bytes" -v soat="$(median soat.times)" -v sqlite="$(median sqlite.times)" '
    function show(name, line,   f) {
        split(line, f, " ")
        printf "%-8s %9.3f s %10.0f rows/s %8.1f MB/s %8.1f MiB peak\n",
               name, f[1] / 1e6, rows / f[1] * 1e6, bytes / f[1], f[2] / 1024
    }
    BEGIN {
        show("soat", soat)
        split(soat, a, " "); split(sqlite, b, " ")
        if (b[1] > 0) {
            show("sqlite", sqlite)
            printf "soat is %.2f times as fast as SQLite, in %.2f times its memory\n", b[1] / a[1], a[2] / b[2]
        }
    }'

./generate 50 report.csv sums.csv provinces.csv || exit 2
./measure -n "$starts" -o nothing.times ./nothing || exit 2
./measure -n "$starts" -o start.times "$soat" check eight.soat report=report.csv sums=sums.csv \
    >start.out 2>start.err || exit 2
awk -v n="$starts" 'FNR == 1 { t[++k] = $1; s = $3 }
    END { printf "50 rows: %.2f ms, an empty process %.2f ms, so %.2f ms of its own (medians of %d, exit %d)\n",
                 t[2] / 1e3, t[1] / 1e3, (t[2] - t[1]) / 1e3, n, s }' nothing.times start.times

if [ ! -s sqlite.times ]; then
    echo "bench: no sqlite3, so nothing to compare with"
elif cmp -s soat.found sqlite.out; then
    echo "bench: both find the same: $(tr '\n|' ' =' <soat.found)"
else
    echo "bench: soat (left) and SQLite (right) differ:" >&2
    paste -d ' ' soat.found sqlite.out >&2
    head -n 5 soat.err >&2
    exit 1
fi
