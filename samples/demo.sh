#!/bin/sh
# Shows what soat says about the sample reports, and checks that it says exactly that.
#
#   samples/demo.sh SOAT
#
# The clean reports of the cluster must be accepted; the same with slips must be rejected, every slip of
# cluster-2022-slips/expected.tsv found with its cell and figures, and nothing else found. The same for the
# mergers of 2025, value chains and pilots, the press review and the figures from elsewhere. Where a folder
# has an expected-scores.tsv, the targets it lists and all scores must be as it says.
set -u

if [ $# -ne 1 ]; then
    echo "usage: $0 SOAT" >&2
    exit 2
fi
case $1 in
*/*) soat=$(cd "$(dirname "$1")" && pwd)/$(basename "$1") ;;
*) soat=$(command -v "$1") || { echo "$0: no program $1" >&2; exit 2; } ;;
esac
cd "$(dirname "$0")/.." || exit 2

work=$(mktemp -d "${TMPDIR:-/tmp}/soat-demo.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
cluster=rules/tay-nam-song-hau/tay-nam-song-hau.soat
bad=0

complain() {
    echo "demo: $*" >&2
    bad=1
}

# Findings of a JSON Lines report as lines of expected.tsv: check, key, column, left, right, diff.
findings() {
    awk '
        function field(name,   v) {
            if (!match($0, "\"" name "\":(null|\"[^\"]*\")")) { return "-" }
            v = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
            gsub(/"/, "", v)
            return v == "null" ? "-" : v
        }
        /^{"record":"finding"/ && field("verdict") == "fail" && field("severity") != "info" {
            match($0, /"key":[{][^}]*[}]/)
            key = substr($0, RSTART + 7, RLENGTH - 8)
            gsub(/"/, "", key)
            gsub(/:/, "=", key)
            printf "%s\t%s\t%s\t%s\t%s\t%s\n", field("check"), key, field("column"),
                   field("left"), field("right"), field("diff")
        }
    ' "$1" | sort
}

# Targets and scores of a JSON Lines report as lines of expected-scores.tsv.
scores() {
    awk '
        function field(name,   v) {
            if (!match($0, "\"" name "\":(null|[0-9]+|\"[^\"]*\")")) { return "-" }
            v = substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3)
            gsub(/"/, "", v)
            return v == "null" ? "-" : v
        }
        function all(names,   list, n, i, s) {
            n = split(names, list, " ")
            for (i = 1; i <= n; i++) { s = s "\t" field(list[i]) }
            return s
        }
        function key(   k) {
            match($0, /"key":[{][^}]*[}]/)
            k = substr($0, RSTART + 7, RLENGTH - 8)
            gsub(/"/, "", k)
            gsub(/:/, "=", k)
            return k
        }
        /^{"record":"target"/ {
            print "target\t" field("target") "\t" key() \
                all("actual plan due ratio status pace points points_low points_high max_points")
        }
        /^{"record":"score"/ {
            print "score\t" field("scoreboard") "\t" key() \
                all("points points_low points_high max_points bonus penalty rank rank_low rank_high grade claimed")
        }
    ' "$1" | sort
}

# expect_scores NAME FOLDER: the targets listed, and the scores, all of them, are as they should be.
expect_scores() {
    scores "$work/report.jsonl" > "$work/found"
    sed -e '/^#/d' -e '/^$/d' "$2/expected-scores.tsv" | sort > "$work/wanted"
    comm -13 "$work/found" "$work/wanted" > "$work/lost"
    comm -23 "$work/found" "$work/wanted" | grep '^score' > "$work/extra"
    [ ! -s "$work/lost" ] || { complain "$1: targets or scores that are not so:"; cat "$work/lost" >&2; }
    [ ! -s "$work/extra" ] || { complain "$1: scores that nobody expected:"; cat "$work/extra" >&2; }
    echo "demo: $1: $(wc -l < "$work/wanted" | tr -d ' ') expected targets and scores compared"
}

# expect NAME EXIT RULES FOLDER: runs a folder of reports and compares with its expected.tsv, if it has one.
expect() {
    name=$1 status=$2 rules=$3 folder=$4
    echo
    echo "=== $name"
    "$soat" check "$rules" "$folder"/*.csv --format text --color never -o "jsonl=$work/report.jsonl"
    got=$?
    [ "$got" -eq "$status" ] || complain "$name: exit $got, expected $status"
    [ -s "$work/report.jsonl" ] || { complain "$name: no report"; return; }
    findings "$work/report.jsonl" > "$work/found"
    : > "$work/wanted"
    if [ -f "$folder/expected.tsv" ]; then
        sed -e '/^#/d' -e '/^$/d' "$folder/expected.tsv" | cut -f 2- | sort > "$work/wanted"
    fi
    comm -13 "$work/found" "$work/wanted" > "$work/lost"
    comm -23 "$work/found" "$work/wanted" > "$work/extra"
    [ ! -s "$work/lost" ] || { complain "$name: not found:"; cat "$work/lost" >&2; }
    [ ! -s "$work/extra" ] || { complain "$name: found, but not planted:"; cat "$work/extra" >&2; }
    echo "demo: $name: $(wc -l < "$work/wanted" | tr -d ' ') expected findings, $(wc -l < "$work/found" | tr -d ' ') found"
    if [ -f "$folder/expected-scores.tsv" ]; then
        expect_scores "$name" "$folder"
    fi
}

expect "Cụm 6 tháng đầu năm 2022, đúng" 0 "$cluster" samples/cluster-2022
expect "Cụm 6 tháng đầu năm 2022, có lỗi nhập liệu" 1 "$cluster" samples/cluster-2022-slips
expect "Sáp nhập tỉnh 2025, đúng" 0 "$cluster" samples/merger-2025
expect "Sáp nhập tỉnh 2025, có lỗi" 1 "$cluster" samples/merger-2025-slips
expect "Chuỗi giá trị và HTX thí điểm, có lỗi" 1 "$cluster" samples/chains-and-pilots
expect "Chấm điểm thi đua và xếp loại HTX năm 2022" 1 "$cluster" samples/scoring-2022
expect "Bài sơ kết 05/07/2022" 0 "$cluster" samples/review-2022-h1
expect "Số liệu đã đăng ở nơi khác" 1 samples/published-elsewhere/published-elsewhere.soat samples/published-elsewhere

echo
if [ "$bad" -eq 0 ]; then
    echo "demo: everything is as the samples say"
else
    echo "demo: something is not as the samples say" >&2
fi
exit "$bad"
