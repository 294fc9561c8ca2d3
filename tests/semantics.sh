#!/bin/sh
# Runs the cases of tests/semantics: what every sentence about evaluation means, one small case each.
#
#   tests/semantics.sh SOAT [PATTERN]        (default: $SOAT, every case; PATTERN as in `case`)
#
# tests/semantics/NUMBER-NAME.case is about one rule of the grammar. A line `== WORD …` begins a section:
#   == case NAME       a case; sections before the first one are shared by all cases of the file
#   == rules           rules; the shared ones stand before those of the case
#   == csv NAME        the file NAME.csv; data of the data set NAME (up to a hyphen: NAME-2.csv is a second
#                      file of it) if the rules declare one, else a file that the rules read
#   == options OPTION… added to `soat check rules.soat --format jsonl --unknown NAME=NAME.csv …`
#   == args ARGUMENT…  the whole command line instead
#   == expect          what must hold, one a line:
#     rule CHECK [pass N] [fail N] [unknown N] [na N] [error N] [reason R] [vacuous true] [severity S]
#                                              a count that is not named must be 0
#     finding CHECK [FIELD VALUE]…             some finding of its own has these fields; a value with blanks
#                                              stands in quotes; `vi` and `en` are the message's, `key` is
#                                              "a=1,b=2", `operands` is "a=1; b=null"
#     findings CHECK N                         so many findings
#     target ID, score ID, indicator ID [FIELD VALUE]…   the same of some record of this target, scoreboard
#                                              or indicator
#     records KIND ID N                        so many records of it
#     no CHECK                                 no rule record
#     end [FIELD VALUE]…                       fields of the end record
#     exit N, stdout TEXT, stderr TEXT         the status; a piece of what was written
#
# Each case prints `ok NAME` or `FAIL NAME: why`; the last line counts them.
set -u

soat=${1:-${SOAT:-}}
pattern=${2:-}
case $soat in
'') echo "usage: $0 SOAT [PATTERN]" >&2; exit 2 ;;
/*) ;;
*/*) soat=$PWD/$soat ;;
*) soat=$(command -v "$soat") || exit 2 ;;
esac
[ -x "$soat" ] || { echo "$0: cannot run $soat" >&2; exit 2; }

cases=$(cd "$(dirname "$0")/semantics" && pwd) || exit 2
work=$(mktemp -d "${TMPDIR:-/tmp}/soat-semantics.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
unset NO_COLOR CLICOLOR_FORCE
LC_ALL=C
export LC_ALL

# The cases as folders $work/1, $work/2 …; $work/names holds their names.
total=$(cat "$cases"/*.case | grep -c '^== case ')
(cd "$work" && seq "$total" | xargs mkdir) || exit 2
awk -v work="$work" '
    function path_of(name) { return work "/" n "/" name }
    function write(name, text) {
        printf "%s", text > path_of(name)
        close(path_of(name))
    }
    function flush_case(   i, name, data, dataset) {
        if (!n_here) { return }
        write("rules.soat", shared_rules rules)
        for (i = 1; i <= n_csv; i++) {
            name = csv_name[i]
            write(name ".csv", csv[name])
            dataset = name
            sub(/-.*/, "", dataset)
            if ((shared_rules rules) ~ ("dataset +" dataset "[ \n]")) { data = data " " dataset "=" name ".csv" }
        }
        if (args == "") { args = "check rules.soat --format jsonl --unknown" options data }
        write("cmd", args "\n")
        write("expect", expect)
        print title > (work "/names")
    }
    function add_csv(name) {
        if (!(name in csv)) { csv_name[++n_csv] = name }
        csv[name] = ""
    }
    function begin_file(   i) {
        flush_case()
        for (i in csv) { delete csv[i] }
        n_csv = n_shared = n_here = 0
        shared_rules = rules = ""
        file = FILENAME
        sub(/.*\//, "", file)
        sub(/\.case$/, "", file)
    }
    function begin_case(   i) {
        flush_case()
        n++
        if (!n_here) {
            shared_rules = rules
            n_shared = n_csv
            for (i = 1; i <= n_csv; i++) { shared[i] = csv[csv_name[i]] }
        } else {
            for (i in csv) { delete csv[i] }
            for (i = 1; i <= n_shared; i++) { csv[csv_name[i]] = shared[i] }
            n_csv = n_shared
        }
        n_here = 1
        rules = options = args = expect = ""
        title = file "/" $3
    }
    FNR == 1 { begin_file(); section = "" }
    /^== case / { begin_case(); section = ""; next }
    /^== csv / { section = "csv"; csv_now = $3; add_csv(csv_now); next }
    /^== options / { sub(/^== options */, ""); options = options " " $0; next }
    /^== args / { sub(/^== args */, ""); args = $0; next }
    /^== / { section = $2; next }
    section == "rules" { rules = rules $0 "\n"; next }
    section == "csv" && NF > 0 { csv[csv_now] = csv[csv_now] $0 "\n"; next }
    section == "expect" && NF > 0 && !/^#/ { expect = expect $0 "\n" }
    END { flush_case() }
' "$cases"/*.case || exit 2

i=0
: >"$work/run"
while read -r name; do
    i=$((i + 1))
    case $name in
    *$pattern*) ;;
    *) continue ;;
    esac
    cd "$work/$i" || exit 2
    read -r args <cmd
    eval "set -- $args"
    "$soat" "$@" >out 2>err </dev/null
    echo "$?" >status
    echo "$i $name" >>"$work/run"
done <"$work/names"

awk -v work="$work" '
    # JSON: one object flattened into v[path]; lists count from 1.
    function unescape(s,   out, at, c) {
        if (index(s, "\\") == 0) { return s }
        out = ""
        while ((at = index(s, "\\")) > 0) {
            c = substr(s, at + 1, 1)
            out = out substr(s, 1, at - 1) (c == "n" ? "\n" : c == "t" ? "\t" : c)
            s = substr(s, at + 2)
        }
        return out s
    }
    function take_string(   s) {
        match(rest, /^"([^"\\]|\\.)*"/)
        s = substr(rest, 2, RLENGTH - 2)
        rest = substr(rest, RLENGTH + 1)
        return unescape(s)
    }
    function take_value(path,   c, name, k) {
        c = substr(rest, 1, 1)
        if (c == "{") {
            rest = substr(rest, 2)
            while (substr(rest, 1, 1) != "}") {
                name = take_string()
                rest = substr(rest, 2)
                order[path] = order[path] (order[path] == "" ? "" : "\t") name
                take_value(path == "" ? name : path "." name)
                if (substr(rest, 1, 1) == ",") { rest = substr(rest, 2) }
            }
            rest = substr(rest, 2)
        } else if (c == "[") {
            rest = substr(rest, 2)
            for (k = 1; substr(rest, 1, 1) != "]"; k++) {
                take_value(path "." k)
                if (substr(rest, 1, 1) == ",") { rest = substr(rest, 2) }
            }
            v[path ".n"] = k - 1
            rest = substr(rest, 2)
        } else if (c == "\"") {
            v[path] = take_string()
        } else {
            match(rest, /^[^,}\]]+/)
            v[path] = substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
        }
    }
    function parse(line,   i) {
        for (i in v) { delete v[i] }
        for (i in order) { delete order[i] }
        rest = line
        take_value("")
    }
    function field(name,   list, k, i, s) {
        if (name == "vi" || name == "en") { return v["message." name] }
        if (name == "key") {
            k = split(order["key"], list, "\t")
            for (i = 1; i <= k; i++) { s = s (i == 1 ? "" : ",") list[i] "=" v["key." list[i]] }
            return s
        }
        if (name == "operands") {
            for (i = 1; i <= v["operands.n"]; i++) {
                s = s (i == 1 ? "" : "; ") v["operands." i ".name"] "=" v["operands." i ".value"]
            }
            return s
        }
        if (name == "na") { name = "not_applicable" }
        return (name in v) ? v[name] : "(no field " name ")"
    }
    # Words of an expectation, quotes around those with blanks: w[1] … w[n_words].
    function words(line) {
        n_words = 0
        while (match(line, /^[ \t]*("([^"\\]|\\.)*"|[^ \t]+)/)) {
            w[++n_words] = substr(line, 1, RLENGTH)
            line = substr(line, RLENGTH + 1)
            sub(/^[ \t]+/, "", w[n_words])
            if (w[n_words] ~ /^".*"$/) {
                w[n_words] = unescape(substr(w[n_words], 2, length(w[n_words]) - 2))
            }
        }
    }
    function say(text) { why = why (why == "" ? "" : "; ") text }
    function differs(from,   i, is) {
        for (i = from; i < n_words; i += 2) {
            is = field(w[i])
            if (is != w[i + 1]) { return w[i] " is " is ", expected " w[i + 1] }
        }
        return ""
    }
    function judge_rule(   names, k, i, want) {
        if (!(w[2] in rule_line)) { say("no rule " w[2]); return }
        parse(rule_line[w[2]])
        k = split("pass fail unknown na error", names, " ")
        for (i = 1; i <= k; i++) { want[names[i]] = 0 }
        for (i = 3; i < n_words; i += 2) { want[w[i]] = w[i + 1] }
        for (i in want) {
            if (field(i) != want[i]) { say(w[2] " " i " is " field(i) ", expected " want[i]) }
        }
    }
    function judge_finding(   i, d, last) {
        last = "there is none"
        for (i = 1; i <= n_findings; i++) {
            if (used[i] || finding_check[i] != w[2]) { continue }
            parse(finding_line[i])
            d = differs(3)
            if (d == "") { used[i] = 1; return }
            last = d
        }
        say("finding " w[2] ": " last)
    }
    # A record of a target, scoreboard or indicator; each serves one expectation.
    function judge_result(kind,   i, d, last) {
        last = "there is none"
        for (i = 1; i <= n_results; i++) {
            if (result_used[i] || result_of[i] != kind " " w[2]) { continue }
            parse(result_line[i])
            d = differs(3)
            if (d == "") { result_used[i] = 1; return }
            last = d
        }
        say(kind " " w[2] ": " last)
    }
    function judge(line,   i, n, kind) {
        words(line)
        kind = w[1]
        if (kind == "rule") {
            judge_rule()
        } else if (kind == "target" || kind == "score" || kind == "indicator") {
            judge_result(kind)
        } else if (kind == "records") {
            for (i = 1; i <= n_results; i++) { n += result_of[i] == w[2] " " w[3] }
            if (n + 0 != w[4]) { say((n + 0) " records of " w[3] ", expected " w[4]) }
        } else if (kind == "finding") {
            judge_finding()
        } else if (kind == "findings") {
            for (i = 1; i <= n_findings; i++) { n += finding_check[i] == w[2] }
            if (n + 0 != w[3]) { say((n + 0) " findings of " w[2] ", expected " w[3]) }
        } else if (kind == "no") {
            if (w[2] in rule_line) { say("there is a rule " w[2]) }
        } else if (kind == "end") {
            parse(end_line)
            d = differs(2)
            if (d != "") { say("end: " d) }
        } else if (kind == "exit") {
            has_exit = 1
            if (status != w[2]) { say("exit is " status ", expected " w[2]) }
        } else if (kind == "stdout" || kind == "stderr") {
            sub(/^std[a-z]* /, "", line)
            if (index(kind == "stdout" ? out : err, line) == 0) { say(kind " lacks \"" line "\"") }
        } else {
            say("what is `" kind "`?")
        }
    }
    function read_all(file,   line, all) {
        all = ""
        while ((getline line < file) > 0) { all = all line "\n" }
        close(file)
        return all
    }
    function read_report(dir,   line, id) {
        n_findings = n_results = 0
        out = end_line = ""
        for (id in rule_line) { delete rule_line[id] }
        for (id in used) { delete used[id] }
        for (id in result_used) { delete result_used[id] }
        while ((getline line < (dir "/out")) > 0) {
            out = out line "\n"
            id = line
            sub(/^.*"check":"/, "", id)
            sub(/".*/, "", id)
            if (line ~ /^\{"record":"rule"/) { rule_line[id] = line }
            if (line ~ /^\{"record":"end"/) { end_line = line }
            if (match(line, /^\{"record":"(target|score|indicator)","[a-z]*":"[^"]*"/)) {
                split(substr(line, 1, RLENGTH), named, "\"")
                result_line[++n_results] = line
                result_of[n_results] = named[4] " " named[8]
            }
            if (line ~ /^\{"record":"finding"/) {
                sub(/^\{"record":"finding","check":"/, "", line)
                id = line
                sub(/".*/, "", id)
                finding_line[++n_findings] = "{\"check\":\"" line
                finding_check[n_findings] = id
            }
        }
        close(dir "/out")
    }
    {
        dir = work "/" $1
        why = ""
        has_exit = 0
        getline status < (dir "/status")
        close(dir "/status")
        err = read_all(dir "/err")
        read_report(dir)
        while ((getline expectation < (dir "/expect")) > 0) { judge(expectation) }
        close(dir "/expect")
        if (!has_exit && status > 1) { say("exit is " status ": " substr(err, 1, 300)) }
        if (status >= 126 || err ~ /Sanitizer|runtime error/) { why = "crashed: " substr(err, 1, 600) }
        if (why == "") { passed++; print "ok " $2 } else { failed++; print "FAIL " $2 ": " why }
    }
    END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 || passed == 0 }
' "$work/run"
