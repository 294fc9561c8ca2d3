#!/bin/sh
# Runs the examples of the manual: every block of rules in rules/README.md, and in any other Markdown file
# that keeps to the same convention.
#
#   tests/manual.sh SOAT [FILE.md…]        (default: rules/README.md and, if it has examples, README.md)
#
# The convention. A fenced block opened by
#   ```soat              is a whole rule file and begins an example;
#   ```csv NAME.csv      is a file beside it: data for the data set NAME (up to a hyphen: NAME-2.csv is a
#                        second file of it) if the rules declare one, else a file that the rules read;
#   ```verdict [OPTION…] lists what `soat check` must count, one check a line, `CHECK pass 1 fail 2`
#                        (also unknown, na, error; what is not named must be 0), and `exit N`; a line
#                        `target ID KEY FIELD VALUE…` or `score BOARD KEY FIELD VALUE…` says what the
#                        record of that key holds (KEY: its values with commas between; _ for a blank);
#   ```text [OPTION…]    lists pieces of the report, or of the error message, each line one piece.
#                        `text score [OPTION…]`, `text test [OPTION…]`, `text lint [OPTION…]` and
#                        `text explain SUBJECT [OPTION…]` are about what these commands say.
# An example needs a verdict or a text, and may have several texts. Blocks of other kinds are not looked at.
set -u

if [ $# -lt 1 ]; then
    echo "usage: $0 SOAT [FILE.md...]" >&2
    exit 2
fi
case $1 in
/*) soat=$1 ;;
*/*) soat=$PWD/$1 ;;
*) soat=$(command -v "$1") || { echo "$0: no program $1" >&2; exit 2; } ;;
esac
[ -x "$soat" ] || { echo "$0: cannot run $soat" >&2; exit 2; }
shift
root=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -eq 0 ]; then
    set -- "$root/rules/README.md"
    if grep -q '^```soat' "$root/README.md" 2>/dev/null; then
        set -- "$@" "$root/README.md"
    fi
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/soat-manual.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM

# Writes every example of a Markdown file into a directory of its own and prints the directories.
split() {
    awk -v work="$work" '
        function begin() {
            dir = sprintf("%s/%d", work, ++n)
            system("mkdir -p " dir)
            print FILENAME ":" FNR > (dir "/place")
            close(dir "/place")
            print dir
        }
        /^```soat$/ && !file { begin(); file = dir "/rules.soat"; printf "" > file; next }
        /^```(csv|verdict|text)( |$)/ && !file && n {
            if ($1 == "```csv") {
                file = dir "/" $2
            } else {
                kind = substr($1, 4)
                file = dir "/" kind
                if (kind == "text") { file = file "." (++texts[dir]) }
                options = $0
                sub(/^[^ ]* */, "", options)
                print options > (file ".options")
                close(file ".options")
            }
            printf "" > file
            next
        }
        /^```/ && file { close(file); file = ""; next }
        /^```/ { skip = !skip; next }
        file { print > file }
    ' n="$2" "$1"
}

# The data arguments of an example: DATASET=FILE for every file that belongs to a declared data set.
data_of() {
    for csv in *.csv; do
        [ -f "$csv" ] || continue
        name=${csv%.csv}
        name=${name%%-*}
        if grep -Eq "^ *dataset +$name( |\$)" rules.soat; then
            printf '%s=%s\n' "$name" "$csv"
        fi
    done
}

# Compares the verdict block with the rule records of the report.
compare() {
    awk -v status="$1" '
        function count(key,   s) {
            if (!match($0, "\"" key "\":[0-9]+")) { return 0 }
            s = substr($0, RSTART, RLENGTH)
            sub(/.*:/, "", s)
            return s + 0
        }
        function value(line, field,   s) {
            if (!match(line, "\"" field "\":(null|[0-9]+|\"[^\"]*\")")) { return "?" }
            s = substr(line, RSTART + length(field) + 3, RLENGTH - length(field) - 3)
            gsub(/"/, "", s)
            gsub(/ /, "_", s)
            return s
        }
        function keep(kind, id,   key, n, i, part, s) {
            match($0, /"key":[{][^}]*[}]/)
            key = substr($0, RSTART + 7, RLENGTH - 8)
            n = split(key, part, ",")
            for (i = 1; i <= n; i++) {
                sub(/^[^:]*:/, "", part[i])
                gsub(/"/, "", part[i])
                s = s (i > 1 ? "," : "") part[i]
            }
            gsub(/ /, "_", s)
            record[kind, id, s] = $0
        }
        FNR == NR && /^{"record":"target"/ { keep("target", value($0, "target")); next }
        FNR == NR && /^{"record":"score"/ { keep("score", value($0, "scoreboard")); next }
        FNR == NR {
            if (/^{"record":"rule"/) {
                id = $0
                sub(/.*"check":"/, "", id)
                sub(/".*/, "", id)
                seen[id] = 1
                for (k in name) { is[id, k] = count(name[k]) }
            }
            next
        }
        NF == 0 { next }
        $1 == "exit" {
            if ($2 != status) { printf "exit is %s, expected %s\n", status, $2; bad = 1 }
            next
        }
        $1 == "target" || $1 == "score" {
            if (!(($1, $2, $3) in record)) { printf "no %s %s of %s\n", $1, $2, $3; bad = 1; next }
            for (i = 4; i < NF; i += 2) {
                is_now = value(record[$1, $2, $3], $i)
                if (is_now != $(i + 1)) {
                    printf "%s %s of %s: %s is %s, expected %s\n", $1, $2, $3, $i, is_now, $(i + 1)
                    bad = 1
                }
            }
            next
        }
        !($1 in seen) { printf "no check %s in the report\n", $1; bad = 1; next }
        {
            for (k in name) { want[k] = 0 }
            for (i = 2; i < NF; i += 2) { want[$i] = $(i + 1) }
            for (k in want) {
                if (!(k in name)) { printf "%s: unknown verdict %s\n", $1, k; bad = 1; delete want[k]; continue }
                if (is[$1, k] != want[k]) {
                    printf "%s: %s is %d, expected %d\n", $1, k, is[$1, k], want[k]
                    bad = 1
                }
            }
        }
        BEGIN {
            name["pass"] = "pass"; name["fail"] = "fail"; name["unknown"] = "unknown"
            name["na"] = "not_applicable"; name["error"] = "error"
        }
        END { exit bad }
    ' report.jsonl verdict
}

# Every line of the text block $1 must be in the output.
contains() {
    while IFS= read -r piece || [ -n "$piece" ]; do
        [ -n "$piece" ] || continue
        grep -Fq -- "$piece" output && continue
        echo "the output lacks: $piece"
        sed 's/^/  | /' output
        return 1
    done < "$1"
}

# What soat says for the options of a text block, with the data arguments behind them.
say() {
    command=check
    case ${1:-} in
    score | test | lint) command=$1; shift ;;
    explain) command=explain subject=$2; shift 2 ;;
    esac
    case $command in
    explain) "$soat" explain "$subject" rules.soat "$@" ;;
    test | lint) "$soat" "$command" rules.soat "$@" ;;
    *)
        # shellcheck disable=SC2046
        "$soat" "$command" rules.soat $(data_of) "$@" --format text --color never ;;
    esac
}

run_one() {
    [ -f verdict ] || [ -f text.1 ] || { echo "the example has neither verdict nor text"; return 1; }
    set -- $(data_of)
    if [ -f verdict ]; then
        # shellcheck disable=SC2046
        "$soat" check rules.soat "$@" $(cat verdict.options) --format jsonl > report.jsonl 2> error.txt < /dev/null
        compare $? || { sed 's/^/  | /' error.txt; return 1; }
    fi
    for text in text.?; do
        [ -f "$text" ] || continue
        # shellcheck disable=SC2046
        say $(cat "$text.options") > output 2>&1 < /dev/null
        contains "$text" || return 1
    done
}

good=0
bad=0
for md in "$@"; do
    for dir in $(split "$md" $((good + bad))); do
        if why=$(cd "$dir" && run_one); then
            good=$((good + 1))
        else
            bad=$((bad + 1))
            printf 'FAIL %s\n%s\n' "$(cat "$dir/place")" "$why"
        fi
    done
done
echo "manual: $good examples passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$good" -gt 0 ]
