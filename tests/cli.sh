#!/bin/sh
# What the command does with the world around it: files that are missing, broken or strange, reports that
# cannot be written, arguments that make no sense. Every case looks at the exit status and at what was said.
#
#   tests/cli.sh [SOAT]        (default: $SOAT)
#
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

work=$(mktemp -d "${TMPDIR:-/tmp}/soat-cli.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 2' HUP INT TERM
cd "$work" || exit 2
unset SOAT_LIBRARY NO_COLOR CLICOLOR_FORCE
passed=0 failed=0

# case NAME: the assertions that follow belong to it; the case is counted when the next one begins.
name= why=
close_case() {
    [ -n "$name" ] || return 0
    if [ -z "$why" ]; then
        passed=$((passed + 1))
        echo "ok $name"
    else
        failed=$((failed + 1))
        echo "FAIL $name: $why"
    fi
}
case_of() {
    close_case
    name=$1 why=
}
wrong() { why="$why${why:+; }$1"; }

# run WANTED-STATUS ARGUMENT...: standard output in out, standard error in err.
run() {
    wanted=$1
    shift
    "$soat" "$@" >out 2>err </dev/null
    expect_status $? "$wanted"
}
expect_status() {
    [ "$1" -eq "$2" ] || wrong "exit $1, expected $2 ($(head -c 200 err | tr '\n' ' '))"
}
says() { grep -q -e "$1" err || wrong "stderr lacks '$1' ($(head -c 300 err | tr '\n' ' '))"; }
prints() { grep -q -e "$1" out || wrong "stdout lacks '$1' ($(tail -c 300 out | tr '\n' ' '))"; }
prints_nothing() { [ ! -s out ] || wrong "stdout is not empty"; }
says_nothing() { [ ! -s err ] || wrong "stderr is not empty ($(head -c 200 err | tr '\n' ' '))"; }
ends_with() { tail -n 1 out | grep -q "\"record\":\"end\",\"verdict\":\"$1\"" || wrong "end is not $1"; }
same() { cmp -s "$1" "$2" || wrong "$1 and $2 differ"; }

cat >rules.soat <<'RULES'
soat 1
ruleset cli { title vi "Thử" en "Trial" language en }
dataset report {
  key id
  column id text
  column a count
  column b count
}
check sum on report { must a = b }
RULES
cat >two.soat <<'RULES'
soat 1
ruleset two { title en "Two" language en }
dataset first  { key id column id text column a count }
dataset second { key id column id text column b count }
check ok_first on first { must a >= 0 }
check ok_second on second { must b >= 0 }
RULES
printf 'id,a,b\nx,1,1\ny,2,2\n' >good.csv
printf 'id,a,b\nx,1,1\ny,2,3\n' >bad.csv

case_of good_data_exit_0
run 0 check rules.soat good.csv -f jsonl
ends_with accepted
says_nothing

case_of findings_exit_1
run 1 check rules.soat bad.csv -f jsonl
ends_with rejected

case_of text_is_the_default
run 1 check rules.soat bad.csv
prints 'error\[sum\]'

case_of exit_zero
run 0 check rules.soat bad.csv -f jsonl --exit-zero
ends_with rejected

case_of fail_on_never
run 0 check rules.soat bad.csv -f jsonl --fail-on never

case_of missing_file
run 3 check rules.soat none.csv -f jsonl
says 'none.csv'
says 'D100'
ends_with incomplete

case_of missing_file_of_two_data_sets
run 3 check two.soat none.csv -f jsonl
says 'D100'
ends_with incomplete

case_of folder_as_data
mkdir -p folder
run 3 check rules.soat folder/ -f jsonl
says 'D101'
says ' folder/\*.csv'
ends_with incomplete

case_of unreadable_file
printf 'id,a,b\n' >locked.csv
chmod 000 locked.csv
if [ -r locked.csv ]; then
    : # the superuser may read everything
else
    run 3 check rules.soat locked.csv -f jsonl
    says 'D102'
fi

case_of empty_file
: >empty.csv
run 3 check rules.soat empty.csv -f jsonl
says 'D104'
ends_with incomplete

case_of empty_file_of_two_data_sets
run 3 check two.soat empty.csv -f jsonl
says 'D104'
ends_with incomplete

case_of header_alone_is_not_empty
printf 'id,a,b\n' >header.csv
run 0 check rules.soat header.csv -f jsonl
ends_with accepted

case_of undecodable_byte_has_line_and_offset
printf 'id,a,b\nx,1,1\ny\377,2,2\nz,3,4\n' >latin.csv
run 3 check rules.soat latin.csv -f jsonl
says 'D105'
says 'latin.csv:3'
says '0xFF'
says 'offset 14'
ends_with incomplete

case_of undecodable_byte_behind_the_first_chunk
{ printf 'id,a,b\n'; awk 'BEGIN { for (i = 0; i < 40000; i++) print "k" i ",7,7" }'; printf 'z\300,1,1\n'; } >late.csv
run 3 check rules.soat late.csv -f jsonl
says 'late.csv:40002'
says '0xC0'

case_of nul_in_data
printf 'id,a,b\nx\000,1,1\n' >nul.csv
run 3 check rules.soat nul.csv -f jsonl
says 'D108'
says 'offset 8'
says 'nul.csv:2'

case_of unclosed_quote
printf 'id,a,b\nx,1,1\n"y,2,2\nz,3,3\n' >quote.csv
run 3 check rules.soat quote.csv -f jsonl
prints '"check":"report.row".*"line":3,.*"en":"the quotation mark opened on this line is never closed'
says_nothing
ends_with incomplete

case_of unclosed_quote_without_its_finding
run 3 check rules.soat quote.csv -q
says 'D111'
says 'quote.csv:3'
run 3 check rules.soat quote.csv -f jsonl --ignore '*.row'
says 'D111'
run 3 check rules.soat quote.csv -f jsonl --select sum
says 'D111'
run 3 check rules.soat quote.csv --max-findings 0
says_nothing

case_of unclosed_quote_behind_many_other_findings
{ printf 'id,a,b\n'; awk 'BEGIN { for (i = 0; i < 25; i++) print "k" i ",1" }'; printf '"z,1,1\n'; } >many-short.csv
run 3 check rules.soat many-short.csv
says 'D111'
says 'many-short.csv:27'
run 3 check rules.soat many-short.csv --max-findings 26
says_nothing
prints '27 | "z,1,1'

case_of stray_quote
printf 'id,a,b\nx,1,1\ny"z,2,2\n' >stray.csv
run 3 check rules.soat stray.csv
prints 'stray.csv:3$'
prints '3 | y"z,2,2'
says_nothing

case_of stray_quote_names_where_the_quotes_open
printf 'id,a,b\r\nx,1,1\r\n"y,2,2\r\nz,3,3\r\nw"v,4,4\r\n' >stray.csv
run 3 check rules.soat stray.csv
prints '5 | w"v,4,4$'
prints 'begins on line 3'
says_nothing

case_of line_of_a_stray_quote_far_down
{ printf 'id,a,b\r'; awk 'BEGIN { for (i = 0; i < 30000; i++) printf "k%d,7,7\r", i }'; printf 'y"z,2,2\r'; } >far-stray.csv
run 3 check rules.soat far-stray.csv
prints '30002 | y"z,2,2$'
"$soat" check rules.soat - <far-stray.csv >out 2>err
expect_status $? 3
prints '30002 | y"z,2,2$'

case_of field_too_long
{ printf 'id,a,b\n"'; head -c 1100000 /dev/zero | tr '\0' x; printf '",1,1\n'; } >field.csv
run 3 check rules.soat field.csv -q
says 'D112'
says 'field.csv:2'

case_of record_too_long
awk 'BEGIN { print "id,a,b"; s = "0123456789abcdef"; for (i = 0; i < 15; i++) s = s s; printf "x"; for (i = 0; i < 40; i++) printf ",%s", s; print "" }' >record.csv
run 3 check rules.soat record.csv -q
says 'D113'
rm -f record.csv field.csv

case_of limits_are_settable
printf 'id,a,b\n"a long name",1,1\n' >short.csv
run 0 check rules.soat short.csv -q
run 3 check rules.soat short.csv -q --limit field=5
says 'D112'
run 3 check rules.soat short.csv -q --limit record=8
says 'D113'
run 3 check rules.soat short.csv -q --limit fields=2
says 'D114'
run 2 check rules.soat short.csv --limit field=0
run 2 check rules.soat short.csv --limit cells=5

case_of parsers_agree
run 0 check rules.soat short.csv --parser libcsv
cp out fast.out
run 0 check rules.soat short.csv --parser fast
cmp -s out fast.out || wrong "the two parsers differ"
run 2 check rules.soat short.csv --parser other

case_of too_many_fields
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 5000; i++) printf "1,"; print "" }' >fields.csv
run 3 check rules.soat fields.csv -q
says 'D114'

case_of wrong_field_count_is_incomplete
printf 'id,a,b\nx,1,1\ny,2\n' >short.csv
run 3 check rules.soat short.csv -f jsonl
ends_with incomplete

case_of missing_column_is_incomplete
printf 'id,a\nx,1\n' >narrow.csv
run 3 check rules.soat narrow.csv -f jsonl
ends_with incomplete

case_of byte_order_mark
{ printf '\357\273\277'; cat bad.csv; } >bom.csv
run 1 check rules.soat bom.csv -f jsonl
prints '"row":2,"line":3'

case_of sep_line
{ printf 'sep=;\r\n'; tr , ';' <bad.csv; } >sep.csv
run 1 check rules.soat sep.csv -f jsonl
prints '"delimiter":";"'
prints '"row":2,"line":4'

case_of utf_16
utf16() { # ASCII to UTF-16LE with its mark
    printf '\377\376'
    od -An -v -tx1 "$1" | tr -s ' ' '\n' | awk 'NF { printf "\\\\x%s\\\\x00", $1 }' | xargs printf '%b'
}
utf16 bad.csv >utf16.csv
run 1 check rules.soat utf16.csv -f jsonl
prints '"encoding":"UTF-16LE"'
prints '"row":2,"line":3'

case_of utf_16_shows_the_line
run 1 check rules.soat utf16.csv
prints 'y,2,3'

case_of record_over_several_lines
printf 'id,a,b\n"y\nz",2,3\nw,5,6\n' >lines.csv
run 1 check rules.soat lines.csv
prints '2 | "y'
prints '4 | w,5,6'

case_of record_longer_than_the_window
awk 'BEGIN { print "id,a,b,long"; s = "0123456789abcdef"; for (i = 0; i < 13; i++) s = s s; print "x,1,2," s; print "y,3,4,z" }' >wide.csv
run 1 check rules.soat wide.csv -f jsonl
prints '"row":2,"line":3'
prints '"raw":"4"'

case_of findings_far_apart
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 60000; i++) print "k" i ",1," (i % 20000 == 7 ? 2 : 1) }' >far.csv
run 1 check rules.soat far.csv
prints 'k7,1,2'
prints 'k20007,1,2'
prints 'k40007,1,2'

case_of many_files_are_read_again
mkdir -p hundred
i=0
while [ $i -lt 100 ]; do
    i=$((i + 1))
    printf 'id,a,b\nn%d,1,2\n' $i >hundred/$i.csv
done
run 1 check rules.soat 'hundred/*.csv' --max-findings 0
prints 'n1,1,2'
prints 'n50,1,2'
prints 'n100,1,2'

case_of standard_input
"$soat" check rules.soat - -f jsonl <bad.csv >out 2>err
expect_status $? 1
prints '"path":"-"'
prints '"row":2,"line":3'

case_of standard_input_shows_the_line
"$soat" check rules.soat - <bad.csv >out 2>err
expect_status $? 1
prints 'y,2,3'

case_of standard_input_from_a_pipe_named
cat bad.csv | "$soat" check rules.soat report=- -f jsonl >out 2>err
expect_status $? 1

case_of standard_input_twice
run 2 check two.soat first=- second=-
says 'U013'
prints_nothing

case_of named_pipe
mkfifo pipe
cat bad.csv >pipe &
writer=$!
run 1 check rules.soat pipe -f jsonl
kill $writer 2>/dev/null # it still waits if nobody has read
wait

case_of argument_without_a_path
run 2 check rules.soat report=
says 'U028'
says '"report="'
prints_nothing
run 2 check rules.soat ''
says 'U028'
run 2 check rules.soat good.csv other=
says 'U028'
run 2 check '' good.csv
says 'U007'

case_of unread_files_count_their_columns_as_unknown
run 3 check rules.soat none.csv folder empty.csv good.csv -f jsonl
prints '"check":"report.columns",.*"expected":12,"pass":3,"fail":0,"unknown":9,'
prints '"path":"none.csv","sha256":null,"bytes":0,"records":0,"encoding":null'
prints '"path":"empty.csv","sha256":"e3b0[0-9a-f]*","bytes":0,"records":0,"encoding":null'
run 3 check rules.soat none.csv -f jsonl --unknown
prints '"check":"report.columns","verdict":"unknown".*"reason":"bad-cell"'

case_of hidden_findings_are_a_record_of_their_own
printf 'id,a,b\nx,1,2\ny,1,2\nz,1,2\n' >three.csv
run 1 check rules.soat three.csv -f jsonl --max-findings 1
prints '^{"record":"hidden","check":"sum","findings":2}$'
[ "$(grep -c '"record":"finding"' out)" -eq 1 ] || wrong "not one finding"
tail -n 1 out | grep -q '"rule_error":0}$' || wrong "end has more keys"

case_of unknown_option_suggests
run 2 check rules.soat good.csv --formt jsonl
says '--formt'
says '"--format"'
prints_nothing

case_of unknown_letter
run 2 check rules.soat good.csv -z
says 'U002'

case_of unknown_command_suggests
run 2 chek rules.soat
says '"check"'
prints_nothing

case_of no_command
run 2
says 'soat check'
prints_nothing

case_of wrong_values
run 2 check rules.soat good.csv -f pdf --lang fr --fail-on sometimes --as-of 2022-02-30 --delimiter ab
for option in format lang fail-on as-of delimiter; do says "--$option"; done
prints_nothing
run 2 check rules.soat good.csv --lang en --max-findings -3
says '"-3", expected: a whole number'

case_of missing_value
run 2 check rules.soat good.csv --format
says 'U003'

case_of unwanted_value
run 2 check rules.soat good.csv --unknown=yes
says 'U004'

case_of no_rules
run 2 check
says 'U007'

case_of missing_rules
run 2 check none.soat good.csv
says 'U020'
prints_nothing

case_of help
run 0 --help --lang en
prints '--format=FORMAT'
prints 'Exit status'
run 0 check --help
prints 'Mã thoát'
run 0 help man
prints '^.TH SOAT 1'

case_of help_about_nothing
run 2 help nonsense
says 'U006'
prints_nothing

case_of version
run 0 --version
prints '^soat [0-9]'

case_of operands_behind_two_dashes
cp bad.csv ./-odd.csv
run 1 check -f jsonl -- rules.soat -odd.csv

case_of rule_error_leaves_stdout_empty
printf 'soat 1\ndataset d { key id column id text }\ncheck c on d { must idd = 1 }\n' >wrong.soat
run 2 check wrong.soat good.csv -f jsonl
says 'wrong.soat:3:'
prints_nothing

case_of rule_error_before_usage_error
run 2 check wrong.soat -f jsonl
says 'wrong.soat:3:'
if grep -q U026 err; then wrong "told of the missing file too"; fi

case_of data_set_without_file
run 2 check two.soat first=good.csv -f jsonl
says 'U026'
says 'second'
prints_nothing

case_of data_set_whose_from_fits_nothing
sed 's/key id/key id from "none\/*.csv"/' rules.soat >from.soat
run 2 check from.soat
says 'U026'
says 'none/\*.csv'

case_of unknown_encoding
sed 's/key id/key id encoding "koi8"/' rules.soat >koi.soat
run 2 check koi.soat good.csv
says 'U027'

case_of best_fit
printf 'id,b\nx,1\n' >b.csv
printf 'id,a\nx,1\n' >a.csv
run 0 check two.soat b.csv a.csv -f jsonl
prints '"dataset":"first","path":"a.csv"'
prints '"dataset":"second","path":"b.csv"'

case_of tie_names_the_candidates
run 2 check two.soat good.csv -f jsonl
says 'U025'
says 'first, second'
prints_nothing

case_of tie_goes_to_the_data_set_that_lacks_least
printf 'soat 1\ndataset long { key id column id text column a count }\n' >lacks.soat
printf 'dataset short { key id column id text column b count optional }\n' >>lacks.soat
printf 'id,c\n1,2\n' >short.csv
run 0 check lacks.soat long=a.csv short.csv -f jsonl
prints '"dataset":"short","path":"short.csv"'

case_of fits_nothing
printf 'p,q\n1,2\n' >alien.csv
run 2 check two.soat alien.csv -f jsonl
says 'U024'

case_of unknown_data_set_suggests
run 2 check two.soat frist=a.csv second=b.csv
says 'U023'
says '"first"'

case_of two_files_for_one_data_set
printf 'id,a,b\nz,5,6\n' >more.csv
run 1 check rules.soat bad.csv more.csv -f jsonl
prints '"file":"bad.csv","row":2'
prints '"file":"more.csv","row":1'

case_of order_of_arguments_never_shows
run 1 check rules.soat more.csv bad.csv -f jsonl
mv out reversed
run 1 check rules.soat bad.csv more.csv -f jsonl
same out reversed

case_of same_file_twice_is_read_once
run 1 check rules.soat bad.csv bad.csv -f jsonl
mv out twice
run 1 check rules.soat bad.csv -f jsonl
same out twice

case_of same_file_under_other_names_is_read_once
ln -sf bad.csv also-bad.csv
run 1 check rules.soat ./bad.csv bad.csv also-bad.csv -f jsonl
[ "$(grep -c '"record":"finding"' out)" -eq 1 ] || wrong "not one finding"
prints '"path":"./bad.csv"'
if grep -q '"path":"bad.csv"' out; then wrong "read twice"; fi
run 0 check two.soat first=good.csv second=good.csv -f jsonl # it may serve two data sets
[ "$(grep -o '"path":"good.csv"' out | wc -l)" -eq 2 ] || wrong "not read for both"
rm -f also-bad.csv

case_of closed_streams_are_no_files
run 1 check rules.soat bad.csv -f jsonl
mv out wanted
rm -f r.jsonl
"$soat" check rules.soat bad.csv -o jsonl=r.jsonl -f jsonl >&- 2>err
expect_status $? 3
says 'D122'
same wanted r.jsonl
rm -f r.jsonl
"$soat" check rules.soat bad.csv none.csv -o jsonl=r.jsonl -q >out 2>&-
expect_status $? 3
head -n 1 r.jsonl | grep -q '^{"record":"run"' || wrong "messages went into the report"
"$soat" check rules.soat - <&- >out 2>err
expect_status $? 3
says 'D103'

case_of glob_in_an_argument
mkdir -p many
cp bad.csv many/1.csv
cp more.csv many/2.csv
run 1 check rules.soat 'many/*.csv' -f jsonl
prints '"path":"many/1.csv"'
prints '"path":"many/2.csv"'

case_of glob_without_a_match
run 3 check rules.soat 'many/*.txt' -f jsonl
says 'D107'
says 'many/\*.txt'

case_of from_is_relative_to_the_rules
mkdir -p 'odd [1]/data'
sed 's/key id/key id from "data\/*.csv"/' rules.soat >'odd [1]/rules.soat'
cp bad.csv 'odd [1]/data/1.csv'
cp more.csv 'odd [1]/data/2.csv'
run 1 check 'odd [1]/rules.soat' -f jsonl
prints '"path":"odd \[1\]/data/1.csv"'
prints '"path":"odd \[1\]/data/2.csv"'

case_of folder_of_rules
mkdir -p set
cp rules.soat set/main.soat
run 1 check set bad.csv -f jsonl
prints '"path":"set/main.soat"'

case_of folder_with_two_entry_files
cp rules.soat set/other.soat
run 2 check set bad.csv
says 'U022'

case_of report_to_a_file
rm -f r.jsonl
run 1 check rules.soat bad.csv -f jsonl -o jsonl=r.jsonl
same out r.jsonl

case_of report_replaces_a_report
echo old >r.jsonl
chmod 640 r.jsonl
run 1 check rules.soat bad.csv -f jsonl --report jsonl=r.jsonl
same out r.jsonl
[ "$(ls -l r.jsonl | cut -c1-10)" = -rw-r----- ] || wrong "permissions changed"

case_of report_over_the_data
cp bad.csv keep.csv
run 2 check rules.soat keep.csv -o jsonl=./keep.csv
says 'U011'
same bad.csv keep.csv
prints_nothing

case_of report_to_a_dash
run 2 check rules.soat bad.csv -o jsonl=-
says 'U005'

case_of report_over_the_rules
run 2 check rules.soat bad.csv -o jsonl=rules.soat
says 'U011'

case_of report_over_the_data_by_a_link
ln -s keep.csv link.csv
run 2 check rules.soat keep.csv -o jsonl=link.csv
says 'U011'
same bad.csv keep.csv

case_of two_reports_in_one_file
run 2 check rules.soat bad.csv -o jsonl=r2.jsonl -o text=./r2.jsonl
says 'U012'
run 1 check rules.soat bad.csv -o jsonl=/dev/null -o text=/dev/null

case_of report_in_a_missing_folder
run 3 check rules.soat bad.csv -f jsonl -o jsonl=nowhere/r.jsonl
says 'D120'
ends_with incomplete

case_of report_to_a_full_device
if [ -w /dev/full ]; then
    run 3 check rules.soat bad.csv -f jsonl -o jsonl=/dev/full
    says 'D121'
    ends_with incomplete
fi

case_of standard_output_to_a_full_device
if [ -w /dev/full ]; then
    "$soat" check rules.soat bad.csv -f jsonl >/dev/full 2>err
    expect_status $? 3
    says 'D122'
fi

case_of closed_pipe_still_writes_the_other_report
rm -f r.jsonl
{ "$soat" check rules.soat bad.csv -f jsonl -o jsonl=r.jsonl 2>err; echo $? >status; } | :
# The reader may be gone before or after the report is written; both are fine, a signal is not.
case $(cat status) in 1 | 3) ;; *) wrong "exit $(cat status)" ;; esac
tail -n 1 r.jsonl | grep -q '"record":"end"' || wrong "the file is not whole"

case_of report_with_a_long_name
long=$(awk 'BEGIN { for (i = 0; i < 240; i++) printf "r" }').jsonl
run 1 check rules.soat bad.csv -f jsonl -o "jsonl=$long"
same out "$long"

# The second report waits for a reader of its pipe; meanwhile the first one has been begun.
case_of signals_leave_nothing_behind
mkfifo stuck
for signal in HUP:129 TERM:143; do
    "$soat" check rules.soat bad.csv -o jsonl=cut.jsonl -o jsonl=stuck >out 2>err &
    process=$!
    i=0
    while [ $i -lt 100 ] && [ -z "$(find . -name '.cut.jsonl.soat-*')" ]; do
        i=$((i + 1))
        sleep 0.05
    done
    [ -n "$(find . -name '.cut.jsonl.soat-*')" ] || wrong "no report was begun"
    kill -${signal%:*} $process
    wait $process 2>/dev/null
    expect_status $? ${signal#*:}
    [ ! -e cut.jsonl ] || wrong "$signal: half a report"
    [ -z "$(find . -name '.cut.jsonl.soat-*')" ] || wrong "$signal: a temporary file is left"
done

case_of no_temporary_file_is_left
[ -z "$(find . -name '.*soat-*')" ] || wrong "$(find . -name '.*soat-*')"

case_of rule_file_of_ten_megabytes
{ cat rules.soat; head -c 10485760 /dev/zero | tr '\0' '#'; } >huge.soat
run 2 check huge.soat good.csv
says 'huge.soat'
prints_nothing
rm -f huge.soat

case_of ten_thousand_brackets
{ printf 'soat 1\ndataset d { key id column id text column a count }\ncheck c on d { must '
    awk 'BEGIN { for (i = 0; i < 10000; i++) printf "("; printf "a"; for (i = 0; i < 10000; i++) printf ")" }'
    printf ' = 1 }\n'; } >deep.soat
run 2 check deep.soat good.csv
says 'deep.soat:3:'

case_of nul_in_rules
printf 'soat 1\n\000\n' >nul.soat
run 2 check nul.soat good.csv
says 'nul.soat:2:1'

case_of byte_order_mark_in_rules
{ printf '\357\273\277'; cat rules.soat; } >bom.soat
run 1 check bom.soat bad.csv -f jsonl

case_of rules_that_are_no_text
head -c 100000 "$soat" >binary.soat
run 2 check binary.soat good.csv
[ "$(wc -c <err)" -lt 100000 ] || wrong "too many messages"

case_of a_thousand_rule_errors_are_cut_short
{ cat rules.soat; awk 'BEGIN { for (i = 0; i < 1000; i++) print "check c" i " on report { must aa = b }" }'; } >errors.soat
run 2 check errors.soat good.csv
says 'U014'
[ "$(grep -c '^error' err)" -eq 101 ] || wrong "$(grep -c '^error' err) messages"

mkdir -p rules.d/below rules.d/lib elsewhere
sed 's/^check.*//' rules.soat >rules.d/below/data.soat
sed -i 's/^ruleset.*//' rules.d/below/data.soat
use() { printf 'soat 1\nruleset u { title en "U" language en }\nuse %s\ncheck sum on report { must a = b }\n' "$1" >rules.d/main.soat; }

case_of use_below
use '"below/data.soat"'
run 1 check rules.d/main.soat bad.csv -f jsonl
prints '"path":"rules.d/below/data.soat"'

case_of use_without_ending
use '"below/data"'
run 1 check rules.d/main.soat bad.csv -f jsonl

case_of use_twice_counts_once
use '"below/data" use "below/../below/data.soat"'
use '"below/data" use "./below/data.soat"'
run 1 check rules.d/main.soat bad.csv -f jsonl

case_of use_dot_dot
use '"../rules.soat"'
run 2 check rules.d/main.soat bad.csv
says 'U040'
says 'rules.d/main.soat:3:'
prints_nothing

case_of use_absolute
use "\"$work/rules.soat\""
run 2 check rules.d/main.soat bad.csv
says 'U040'

case_of use_link_out
ln -s ../rules.soat rules.d/out.soat
use '"out.soat"'
run 2 check rules.d/main.soat bad.csv
says 'U041'

case_of use_missing
use '"nothing.soat"'
run 2 check rules.d/main.soat bad.csv
says 'U042'
says 'rules.d/nothing.soat'

case_of use_cycle_lists_its_members
printf 'soat 1\nuse "b.soat"\n' >rules.d/a.soat
printf 'soat 1\nuse "c.soat"\n' >rules.d/b.soat
printf 'soat 1\nuse "a.soat"\n' >rules.d/c.soat
run 2 check rules.d/a.soat bad.csv
says 'rules.d/a.soat → rules.d/b.soat → rules.d/c.soat → rules.d/a.soat'
says 'rules.d/c.soat:2:'

case_of use_of_a_folder
mkdir -p rules.d/dir.soat
use '"dir.soat"'
run 2 check rules.d/main.soat bad.csv
says 'U043'

case_of use_of_too_many
i=0
while [ $i -lt 300 ]; do
    i=$((i + 1))
    printf 'soat 1\nuse "%d"\n' $i >rules.d/below/$((i - 1)).soat
done
printf 'soat 1\n' >rules.d/below/300.soat
use '"below/data" use "below/0"'
run 2 check rules.d/main.soat bad.csv
says 'U045'

case_of use_of_itself
printf 'soat 1\nuse "self.soat"\n' >rules.d/self.soat
run 2 check rules.d/self.soat bad.csv
says 'self.soat → rules.d/self.soat'

case_of use_library
mkdir -p library/vn
cp rules.d/below/data.soat library/vn/data.soat
use 'library "vn/data"'
SOAT_LIBRARY=$work/library
export SOAT_LIBRARY
run 1 check rules.d/main.soat bad.csv -f jsonl
prints '"path":"library:/vn/data.soat"'
case_of use_library_dot_dot
use 'library "../rules"'
run 2 check rules.d/main.soat bad.csv
says 'U040'
case_of use_library_that_is_not_there
use 'library "vn/data"'
SOAT_LIBRARY=$work/nowhere
run 2 check rules.d/main.soat bad.csv
says 'U046'
unset SOAT_LIBRARY

case_of code_list_from_a_file
cat >codes.soat <<'RULES'
soat 1
ruleset c { title en "C" language en }
codelist units from "codes.csv" { code code label name }
dataset report { key id column id code units column a count column b count }
check sum on report { must a = b }
RULES
printf 'code,name\nx,X\ny,Y\n' >codes.csv
run 1 check codes.soat bad.csv -f jsonl
prints '"path":"codes.csv","sha256"'

case_of code_list_missing
rm codes.csv
run 2 check codes.soat bad.csv -f jsonl
says 'U047'
says 'codes.soat:3:'
prints_nothing

case_of today_needs_a_date
sed 's/must a = b/must today >= date "2020-01-01"/' rules.soat >today.soat
run 2 check today.soat good.csv
says 'U008'
run 0 check today.soat good.csv -f jsonl --as-of 2022-06-30
prints '"as_of":"2022-06-30"'

case_of select_and_ignore
run 0 check rules.soat bad.csv -f jsonl --ignore sum
run 1 check rules.soat bad.csv -f jsonl --select 's?m'

case_of select_that_fits_nothing
run 2 check rules.soat bad.csv --select 'summ'
says 'U009'
says '"sum"'

case_of where_with_an_unknown_column
run 2 check rules.soat bad.csv --where idd=x
says 'U010'
says '"id"'

case_of progress
run 2 check rules.soat good.csv --progress sometimes
says 'auto|always|never'
run 0 check rules.soat good.csv --progress always # too quick for it
says_nothing
awk 'BEGIN { print "id,a,b"; for (i = 0; i < 600000; i++) print i ",7,7" }' >large.csv
run 0 check rules.soat large.csv -q
says_nothing # this is no terminal

case_of progress_of_something_that_lasts
run 0 check rules.soat large.csv -q --progress always --lang en
if [ -s err ]; then says 'reading data\|checking\|reporting'; fi # a fast machine needs none
rm -f large.csv

case_of colour
run 1 check rules.soat bad.csv --color always
grep -q "$(printf '\033')" out || wrong "no colour"
run 1 check rules.soat bad.csv
if grep -q "$(printf '\033')" out; then wrong "colour without terminal"; fi

case_of messages_in_vietnamese
run 3 check rules.soat none.csv --lang vi
says 'không có tệp này'

case_of inputs_are_left_alone
cp bad.csv before.csv
touch -d 2001-01-01 bad.csv
run 1 check rules.soat bad.csv -f jsonl -o text=t.txt
same bad.csv before.csv
[ -z "$(find bad.csv -newermt 2001-01-02)" ] || wrong "touched"

close_case
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
