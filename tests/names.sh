#!/bin/sh
# Checks that what the manual promises about the rule sets is there:
#
#   tests/names.sh SOAT
#
# every row I01 to I44 of the manual's table "From a review to rules" stands there once, and each of its names
# is declared by rules/tay-nam-song-hau or the library; every test of the rules passes; every check there, written
# or structural, is expected to fail by some test and to pass by some test; every check tells the clerk its title,
# what is wrong and what to do, in Vietnamese and English, and no name of a province is that of another one on the
# same day; soat lint has nothing to say, and an allow that excuses columns names each of them.
set -u

if [ $# -ne 1 ]; then
    echo "usage: $0 SOAT" >&2
    exit 2
fi
case $1 in
/*) soat=$1 ;;
*) soat=$PWD/$1 ;;
esac
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/soat-names.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
rules=rules/tay-nam-song-hau
good=0
bad=0

right() {
    good=$((good + 1))
}

wrong() {
    echo "names: $*"
    bad=$((bad + 1))
}

# What is declared: NAME for every declaration and code list, D.column, D.key, D.cover … for clauses of data sets.
declared() {
    cat $rules/*.soat $rules/datasets/*.soat rules/vn/*.soat | awk '
        /^(check|dataset|indicator|target|scoreboard|codelist|define|family|unit) / {
            name = $2
            sub(/[({].*/, "", name)
            print name
            inside = $1 == "dataset" ? name : ""
            if (/[ \t]claimed[ \t]/ || $1 == "target" || $1 == "scoreboard") { claims = name } else { claims = "" }
        }
        /^}/ { inside = ""; claims = "" }
        claims != "" && $1 == "claimed" { print claims ".claimed" }
        inside != "" && $1 ~ /^(key|cover|totals|tree|pair)$/ { print inside "." $1 }
        inside != "" && $1 == "column" {
            print inside "." $2
            print inside "." $2 "." $3
        }
    ' | sort -u
}

# The rows of the table: number, names.
rows() {
    sed -n 's/^| \(I[0-9][0-9]\) |.*| \(.*\) |$/\1 \2/p' rules/README.md | tr -d '`,'
}

declared > "$work/declared"
rows > "$work/rows"
for i in 0 1 2 3 4; do
    for j in 0 1 2 3 4 5 6 7 8 9; do
        row=I$i$j
        case $row in I00 | I4[5-9]) continue ;; esac
        [ "$(grep -c "^$row " "$work/rows")" -eq 1 ] && right || wrong "row $row does not stand in the table once"
    done
done
while read -r row names; do
    [ -n "$names" ] || wrong "row $row has no name"
    for name in $names; do
        grep -Fqx -- "$name" "$work/declared" && right || wrong "row $row: nothing is called $name"
    done
done < "$work/rows"

"$soat" test rules --coverage --lang en > "$work/tests" 2>&1 || wrong "tests of rules/ fail"
counts=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/tests" | tail -n 1)
if [ -n "$counts" ]; then
    good=$((good + ${counts%% *}))
else
    wrong "soat test said nothing"
fi
grep '^FAIL' -A 3 "$work/tests"

# What the coverage report lists under a heading, on one line.
listed() {
    sed -n "/^$1/,/^[^ ]/p" "$work/tests" | sed -n 's/^    //p' | tr -d ',' | tr '\n' ' ' | sed 's/ $//'
}

# expect_listed HEADING WANTED
expect_listed() {
    found=$(listed "$1")
    [ "$found" = "$2" ] && right || wrong "$1: $found"
}

expect_listed 'Checks with no failing example' none
expect_listed 'Checks with no passing example' none
expect_listed 'Checks that cannot be tried' htx_effective_same

# Clauses of data sets, and the structural checks that the list of rules names.
structural() {
    grep -E '\.(key|cover|totals|tree|pair)$' "$work/declared"
    sed -n '/^|/p' $rules/README.md | grep -Eo '`[a-z_0-9]+\.([a-z_0-9]+\.)?[a-z]+`' | tr -d '`' |
        grep -E '\.(key|cover|totals|tree|pair|required|range|code)$'
}
for check in $(structural | sort -u); do
    for verdict in pass fail; do
        grep -Eq "^  expect $check +$verdict" $rules/tests/*.soat && right || wrong "no test expects $check to $verdict"
    done
done

# --- What a check says: title, message and ask in both languages

# Clauses that a check lacks, "CHECK CLAUSE LANGUAGE"; the last line counts the checks.
unsaid() {
    awk '
        /^check / { name = $2; clause = ""; split("", said); checks++ }
        name == "" { next }
        /^  [a-z]/ { clause = $1 }
        /(^| )vi "/ { said[clause " vi"] }
        /(^| )en "/ { said[clause " en"] }
        /^}/ {
            n = split("title message ask", clauses, " ")
            for (i = 1; i <= n; i++) {
                if (!((clauses[i] " vi") in said)) { print name, clauses[i], "vi" }
                if (!((clauses[i] " en") in said)) { print name, clauses[i], "en" }
            }
            name = ""
        }
        END { print checks + 0 }
    ' $rules/datasets/*.soat
}

unsaid > "$work/unsaid"
[ "$(tail -n 1 "$work/unsaid")" -gt 100 ] && right || wrong "the rules have few checks: $(tail -n 1 "$work/unsaid")"
sed '$d' "$work/unsaid" > "$work/gaps"
[ ! -s "$work/gaps" ] && right || wrong "a check does not say everything: $(head -n 5 "$work/gaps" | tr '\n' ';')"

# --- Names of provinces: one unit for a name on any day

awk -F , '
    NR > 1 {
        n = split($2 ";" $3, names, ";")
        from = $4 == "" ? "0000" : $4
        to = $5 == "" ? "9999" : $5
        for (i = 1; i <= n; i++) {
            k = tolower(names[i])
            for (j = 1; j <= seen[k]; j++) {
                if (code[k, j] != $1 && from <= end[k, j] && start[k, j] <= to) { print names[i], code[k, j], $1 }
            }
            j = ++seen[k]
            code[k, j] = $1
            start[k, j] = from
            end[k, j] = to
        }
    }
' rules/vn/provinces.csv > "$work/shared"
[ ! -s "$work/shared" ] && right || wrong "a name of two units: $(head -n 5 "$work/shared" | tr '\n' ';')"

# --- soat lint: silent, and what is excused is said by name

SOAT_LIBRARY=$PWD/rules "$soat" lint --lang en rules > "$work/lint" 2>&1 && [ ! -s "$work/lint" ] && right || {
    wrong "soat lint is not silent on rules/"
    head -n 20 "$work/lint"
}

# Of every allow of a data set: code, data set, reason.
excuses() {
    awk '
        /^dataset / { name = $2 }
        /^}/ { name = "" }
        name != "" && $1 == "allow" { $1 = ""; code = $2; $2 = ""; print code, name, $0 }
    ' $rules/datasets/*.soat
}

excuses > "$work/excuses"
cp -R "$rules" "$work/bare" && sed -i '/^  allow /d' "$work"/bare/datasets/*.soat
SOAT_LIBRARY=$PWD/rules "$soat" lint --lang en "$work/bare" > "$work/lint" 2>&1
sed -n 's/^warning\[L001\]: no rule uses the column \(.*\) of \(.*\)$/\1 \2/p' "$work/lint" > "$work/unused"
[ -s "$work/unused" ] && right || wrong "soat lint says nothing where nothing is excused"
while read -r column dataset; do
    grep -Eq "^L001 $dataset .*[\" ]$column[,:]" "$work/excuses" && right || wrong "$dataset: no allow names $column"
done < "$work/unused"

echo "names: $good passed, $bad failed"
[ "$bad" -eq 0 ] && [ "$good" -gt 0 ]
