#!/bin/sh
# Rows meet by key, never by position: the same reports with their rows in another order, their files in
# another order, or their rows spread over more files, must give the same findings and the same counts.
#
#   tests/shuffle.sh [SOAT]        (default: $SOAT)
#
# Takes the samples and some reports of its own, one of them longer than the batches soat works in. Findings
# are compared whole but for where the row stands (row, line, and for spread rows the file).
# Each case prints `ok NAME` or `FAIL NAME: why`; the last line counts them.
set -u

soat=${1:-${SOAT:-}}
case $soat in
'') echo "usage: $0 SOAT" >&2; exit 2 ;;
/*) ;;
*/*) soat=$PWD/$soat ;;
*) soat=$(command -v "$soat") || exit 2 ;;
esac
[ -x "$soat" ] || { echo "$0: cannot run $soat" >&2; exit 2; }

root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/soat-shuffle.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
SOAT_LIBRARY=$root/rules LC_ALL=C
export SOAT_LIBRARY LC_ALL
passed=0 failed=0

# shuffle SEED FILE: the lines behind the header in another order, the same for the same seed.
shuffle() {
    head -n 1 "$2"
    awk -v s="$1" 'NR > 1 { for (i = 0; i < 3; i++) s = s * 16807 % 2147483647; print s "\t" $0 }' "$2" |
        sort -n | cut -f 2-
}

# spread PART FILE: the header and every second line, from the first (0) or the second one (1).
spread() {
    awk -v part="$1" 'NR == 1 || NR % 2 == part' "$2"
}

# say REPORT RULES DATA...: what soat says, the place of rows taken out, in an order of its own.
say() {
    report=$1
    shift
    "$soat" check "$@" --format jsonl --unknown >"$work/raw" 2>"$report.err"
    echo "exit $?" >>"$work/raw"
    sed -e '/^{"record":"run"/d' -e 's/"row":[0-9]*/"row":0/g' -e 's/"line":[0-9]*/"line":0/g' "$work/raw" |
        sort >"$report"
}

# verdict NAME LEFT RIGHT
verdict() {
    if cmp -s "$2" "$3"; then
        passed=$((passed + 1))
        echo "ok $1"
    else
        failed=$((failed + 1))
        echo "FAIL $1: $(diff "$2" "$3" | head -n 4 | cut -c 1-300)"
    fi
}

# arguments FILE...: every file with its data set, which has its name.
arguments() {
    for file in "$@"; do
        dataset=${file#?-}
        printf '%s ' "${dataset%.csv}=$file"
    done
}

# One folder of reports: NAME RULES FOLDER [arguments: name the data sets].
orders() {
    name=$1 rules=$2 list=${4:-echo}
    rm -rf "$work/in"
    cp -R "$3" "$work/in"
    chmod -R u+w "$work/in"
    cd "$work/in" || exit 2
    say "$work/first" "$rules" $("$list" *.csv)
    grep -q '"record":"end"' "$work/first" || {
        failed=$((failed + 1))
        echo "FAIL $name: no report: $(head -c 300 "$work/first.err" | tr '\n' ' ')"
        return
    }
    say "$work/other" "$rules" $("$list" $(ls -r *.csv))
    verdict "$name/files_reversed" "$work/first" "$work/other"
    for seed in 1 2 3; do
        for file in *.csv; do
            shuffle "$seed" "$file" >"$work/shuffled" && cp "$work/shuffled" "$file"
        done
        say "$work/other" "$rules" $("$list" *.csv)
        verdict "$name/rows_shuffled_$seed" "$work/first" "$work/other"
    done
}

# The rows of every report in two files; columns are judged by file, so there are more of those. Only for
# rules that say how numbers are written: otherwise each file is settled by its own evidence.
spreads() {
    name=$1 rules=$2
    cd "$3" || exit 2
    rm -rf "$work/parts"
    mkdir "$work/parts"
    for file in *.csv; do
        for part in 0 1; do
            spread "$part" "$file" >"$work/parts/$part-$file"
        done
    done
    say "$work/first" "$rules" $(arguments *.csv)
    cd "$work/parts" || exit 2
    say "$work/other" "$rules" $(arguments *.csv)
    for report in first other; do
        sed -e '/^{"record":"end"/d' -e '/^{"record":"rule","check":"[a-z]*[.]columns"/d' \
            -e 's/"file":"[^"]*"/"file":""/g' "$work/$report" | sort >"$work/$report.spread"
    done
    verdict "$name/rows_spread" "$work/first.spread" "$work/other.spread"
}

for sample in "$root"/samples/*/; do
    rules=$root/rules/tay-nam-song-hau/tay-nam-song-hau.soat
    for own in "$sample"*.soat; do
        [ ! -f "$own" ] || rules=$own
    done
    orders "$(basename "$sample")" "$rules" "$sample"
done

# Keys, duplicates, gaps, carries, groups, totals and medians on a few rows.
mkdir -p "$work/small"
cat >"$work/small.soat" <<'RULES'
soat 1
codelist units { "1" "Một", "2" "Hai", "3" "Ba", "4" "Bốn", "5" "Năm", "6" "Sáu" }
dataset report {
  key     unit, period
  cover   unit in units each period
  totals  unit "Tổng cộng"
  missing "…"
  numbers vi
  column unit   code units
  column period period
  column name   text unique
  column open   count stock
  column new    count flow
  column total  count stock
}
dataset plan {
  key     unit, year
  numbers vi
  column unit  code units
  column year  year
  column value count
}
check balance  on report { must total = open + new }
check carry    on report { must open = previous(total) if_first skip }
check grown    on report { must cumulative(new) <= plan.value }
check whole    on plan   { must value >= sum(report[period = period(this.year, "H1")].new) }
check share    on report each period { must max(total) <= 50% * sum(total) message vi "{list(rows[total > 9].name)}" }
check some     on report[new > 1] each period { must count() >= 2 }
check at_most  on report each unit { must count() <= 3 }
check singular on report { when new > 2 must unique(fold(name), new) }
check median_ on report each period { must median(total) <= 20 }
RULES
cat >"$work/small/plan.csv" <<'DATA'
unit;year;value
1;2021;5
2;2021;1
3;2021;
4;2021;9
4;2021;8
6;2021;2
1;2022;5
DATA
cat >"$work/small/report.csv" <<'DATA'
unit;period;name;open;new;total
1;2021-H1;a;10;2;12
2;2021-H1;b;0;1;1
3;2021-H1;c;…;3;13
4;2021-H1;d;1.000;3;1.003
5;2021-H1;e;5;0;5
6;2021-H1;f;7;x;7
Tổng cộng;2021-H1;;1.032;9;1.041
1;2021-H2;A;12;3;15
2;2021-H2;b;1;0;2
3;2021-H2;g;13;1;14
3;2021-H2;g;13;2;15
4;2021-H2;h;1.003;0;1.003
6;2021-H2;i;7;4;11
9;2021-H2;k;1;1;2
1;2022-H1;l;15;3;18
2;2022-H1;m;2;3;5
4;2022-H1;n;1.003;3;1.007
5;2022-H1;o;5;2;7
;2022-H1;p;5;2;7
DATA
orders small "$work/small.soat" "$work/small" arguments
spreads small "$work/small.soat" "$work/small"

# More rows than a batch holds.
mkdir -p "$work/long"
cat >"$work/long.soat" <<'RULES'
soat 1
dataset report {
  key     id, period
  numbers plain
  column id     text matches '^[0-9]+$'
  column area   text
  column period period
  column open   count stock
  column new    count flow
  column total  count stock
  column note   text optional max 4
}
dataset sums {
  key     area, period
  numbers plain
  column area   text
  column period period
  column total  count stock
}
check balance on report { must total = open + new }
check carry   on report { must open = previous(total) if_first skip }
check agrees  on sums   { must total = sum(report[area = this.area].total) }
check largest on report each area, period { must max(total) < 120 message vi "{list(rows[total > 110].id)}" }
check alone   on report { when note is present must unique(note, area) }
RULES
awk -v out="$work/long" 'BEGIN {
    print "id,area,period,open,new,total,note" >(out "/report.csv")
    print "area,period,total" >(out "/sums.csv")
    for (p = 0; p < 4; p++) {
        for (i = 0; i < 1500; i++) {
            if (p == 0) held[i] = i * 7 % 100
            s = (s * 16807 + 12345) % 2147483647
            new = s % 5; total = held[i] + new; wrong = s % 97 == 0; area = "A" i % 11
            printf "%s,%s,%d-H%d,%d,%s,%d,%s\n", s % 211 == 0 ? i "x" : i, area, 2020 + int(p / 2), 1 + p % 2,
                   held[i], s % 301 == 0 ? "" : new, total + wrong, s % 13 == 0 ? "n" s % 60 : "" >(out "/report.csv")
            held[i] = total; sum[area "," 2020 + int(p / 2) "-H" 1 + p % 2] += total + wrong
        }
    }
    for (k in sum) print k "," sum[k] + (substr(k, 2, 1) == "3") >(out "/sums.csv")
}' || exit 2
orders long "$work/long.soat" "$work/long" arguments
spreads long "$work/long.soat" "$work/long"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
