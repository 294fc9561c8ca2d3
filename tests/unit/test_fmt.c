/* The canonical layout: what it looks like, and what holds of every file: the same tokens
 * and comments in the same order, and nothing left to change in a second run. */
#define _XOPEN_SOURCE 700
#include "lang/fmt.h"
#include "lang/lex.h"
#include "lang/parse.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct fmt_case {
    const char *name, *source, *want;
} cases[] = {
    {"small_declarations",
     "soat   1\n"
     "unit htx \"HTX\"   unit nguoi \"người\"\n"
     "unit tyd    \"tỷ đồng\"=1_000 trd\n"
     "use   library \"vn/units\" use \"a.soat\"\n"
     "define a=1+2*-3\n"
     "define  long_name ( x,y ) = x/y\n"
     "family f=a,b , c\n",
     "soat 1\n"
     "unit htx   \"HTX\"\n"
     "unit nguoi \"người\"\n"
     "unit tyd   \"tỷ đồng\" = 1_000 trd\n"
     "use library \"vn/units\"\n"
     "use \"a.soat\"\n"
     "define a               = 1 + 2 * -3\n"
     "define long_name(x, y) = x / y\n"
     "family f = a, b, c\n"},
    {"empty_lines_between_declarations",
     "soat 1\n"
     "\n"
     "\n"
     "\n"
     "unit a \"A\"\n"
     "\n"
     "\n"
     "unit bcd \"B\"\n"
     "unit e \"E\"\n",
     "soat 1\n"
     "\n"
     "unit a \"A\"\n"
     "\n"
     "unit bcd \"B\"\n"
     "unit e   \"E\"\n"},
    {"alignment_ends_at_an_empty_line",
     "soat 1\n"
     "define a = 1\n"
     "define abc = 2\n"
     "\n"
     "define ab = 3\n",
     "soat 1\n"
     "define a   = 1\n"
     "define abc = 2\n"
     "\n"
     "define ab = 3\n"},
    {"alignment_passes_over_comments",
     "soat 1\n"
     "define a = 1  # one\n"
     "# two\n"
     "define abcdef = 22   # three\n",
     "soat 1\n"
     "define a      = 1   # one\n"
     "# two\n"
     "define abcdef = 22  # three\n"},
    {"one_line_block_stays",
     "soat 1\n"
     "check a on d{must a=b   severity   warning}\n"
     "check b on d { must a }\n",
     "soat 1\n"
     "check a on d { must a = b  severity warning }\n"
     "check b on d { must a }\n"},
    {"one_line_block_too_long",
     "soat 1\n"
     "check a_rather_long_name_of_a_check on a_data_set_with_a_name { must some_column = "
     "another_column severity info }\n"
     "unit a \"A\"\n",
     "soat 1\n"
     "\n"
     "check a_rather_long_name_of_a_check on a_data_set_with_a_name {\n"
     "  must     some_column = another_column\n"
     "  severity info\n"
     "}\n"
     "\n"
     "unit a \"A\"\n"},
    {"block_on_several_lines_stays",
     "soat 1\n"
     "unit a \"A\"\n"
     "check a on d {\n"
     "must a }\n"
     "unit b \"B\"\n"
     "# about c\n"
     "check c on d { must a\n"
     "}\n",
     "soat 1\n"
     "unit a \"A\"\n"
     "\n"
     "check a on d {\n"
     "  must a\n"
     "}\n"
     "\n"
     "unit b \"B\"\n"
     "\n"
     "# about c\n"
     "check c on d {\n"
     "  must a\n"
     "}\n"},
    {"clause_words_are_aligned",
     "soat 1\n"
     "check a on d each x,y for c in f,g {\n"
     "\n"
     "\n"
     "let   y = D[ k = this.k , j=any ] . ( a-b ) ?? 0\n"
     "  when not x in { 1,2 }\n"
     "if_missing skip\n"
     "\n"
     "  # why\n"
     "  must y>0\n"
     "  within 5% of right\n"
     "}\n",
     "soat 1\n"
     "\n"
     "check a on d each x, y for c in f, g {\n"
     "  let        y = D[k = this.k, j = any].(a - b) ?? 0\n"
     "  when       not x in {1, 2}\n"
     "  if_missing skip\n"
     "\n"
     "  # why\n"
     "  must       y > 0\n"
     "  within     5% of right\n"
     "}\n"},
    {"texts_have_a_line_for_each_language",
     "soat 1\n"
     "check a on d { title vi \"A\" en \"B\"\n"
     " must x  message vi \"một\" en \"one\" ask en 'what' }\n",
     "soat 1\n"
     "\n"
     "check a on d {\n"
     "  title   vi \"A\" en \"B\"\n"
     "  must    x\n"
     "  message vi \"một\"\n"
     "          en \"one\"\n"
     "  ask     en 'what'\n"
     "}\n"},
    {"title_too_long_for_a_line",
     "soat 1\n"
     "ruleset r {\n"
     " title vi \"Cụm thi đua Liên minh HTX các tỉnh, thành phố Tây Nam sông Hậu\" en "
     "\"Emulation cluster of alliances\"\n"
     " version \"1\" }\n",
     "soat 1\n"
     "\n"
     "ruleset r {\n"
     "  title   vi \"Cụm thi đua Liên minh HTX các tỉnh, thành phố Tây Nam sông Hậu\"\n"
     "          en \"Emulation cluster of alliances\"\n"
     "  version \"1\"\n"
     "}\n"},
    {"columns",
     "soat 1\n"
     "dataset d {\n"
     " title vi \"D\"\n"
     " key a,b\n"
     " column a code provinces vi \"A\"|\"AA\" en \"x\"\n"
     " column bcd decimal  of trd / htx stock optional in - 5 .. 100 rounded 1 vi \"B\"\n"
     " column e text matches 'x' unique\n"
     "\n"
     " column f count of nguoi flow vi \"F\"\n"
     " column ghi integer of nguoi stock vi \"G\"\n"
     "}\n",
     "soat 1\n"
     "\n"
     "dataset d {\n"
     "  title vi \"D\"\n"
     "  key   a, b\n"
     "  column a   code provinces                                           vi \"A\" | "
     "\"AA\" en \"x\"\n"
     "  column bcd decimal of trd/htx stock optional in -5 .. 100 rounded 1 vi \"B\"\n"
     "  column e   text matches 'x' unique\n"
     "\n"
     "  column f   count of nguoi   flow  vi \"F\"\n"
     "  column ghi integer of nguoi stock vi \"G\"\n"
     "}\n"},
    {"columns_without_headers",
     "soat 1\n"
     "dataset d { key a\n"
     " column a text\n"
     " column bc decimal stock\n"
     " column def count optional in {1,2}\n"
     "}\n",
     "soat 1\n"
     "\n"
     "dataset d {\n"
     "  key a\n"
     "  column a   text\n"
     "  column bc  decimal stock\n"
     "  column def count   optional in {1, 2}\n"
     "}\n"},
    {"columns_too_long",
     "soat 1\n"
     "dataset d { key a\n"
     " column a text vi \"A\"\n"
     " column income_per_member decimal of trd/nguoi optional vi \"Thu nhập bình quân "
     "thành viên (triệu đồng/năm)\" en \"Income\"\n"
     " column effective integer undefined because \"Liên minh HTX Việt Nam chưa hướng "
     "dẫn tiêu chí HTX hoạt động hiệu quả\" vi \"Hiệu quả\" en \"E\"\n"
     " column c text vi \"Một tiêu đề dài trong biểu mẫu\" | \"Một tiêu đề khác cũng khá "
     "dài\" | \"Tiêu đề thứ ba của cột này\" en \"C\"\n"
     "}\n",
     "soat 1\n"
     "\n"
     "dataset d {\n"
     "  key a\n"
     "  column a                 text vi \"A\"\n"
     "  column income_per_member decimal of trd/nguoi optional\n"
     "         vi \"Thu nhập bình quân thành viên (triệu đồng/năm)\" en \"Income\"\n"
     "  column effective         integer\n"
     "         undefined because \"Liên minh HTX Việt Nam chưa hướng dẫn tiêu chí HTX "
     "hoạt động hiệu quả\"\n"
     "         vi \"Hiệu quả\" en \"E\"\n"
     "  column c                 text\n"
     "         vi \"Một tiêu đề dài trong biểu mẫu\" | \"Một tiêu đề khác cũng khá "
     "dài\"\n"
     "         | \"Tiêu đề thứ ba của cột này\"\n"
     "         en \"C\"\n"
     "}\n"},
    {"lists_fill_their_lines",
     "soat 1\n"
     "family repeat_cells = htx_new, htx_dissolved, htx_total, members_new, "
     "members_left, members_total, charter_capital\n"
     "dataset d { key a column a text\n"
     " missing \"\", \"...\", \"…\", \"chưa có số liệu\", \"chưa tổng hợp\", \"N/A\", "
     "\"#N/A\", \"không rõ\", \"không báo cáo\", \"chờ\" }\n",
     "soat 1\n"
     "family repeat_cells = htx_new, htx_dissolved, htx_total, members_new, "
     "members_left, members_total,\n"
     "                      charter_capital\n"
     "\n"
     "dataset d {\n"
     "  key     a\n"
     "  column a text\n"
     "  missing \"\", \"...\", \"…\", \"chưa có số liệu\", \"chưa tổng hợp\", \"N/A\", "
     "\"#N/A\", \"không rõ\",\n"
     "          \"không báo cáo\", \"chờ\"\n"
     "}\n"},
    {"codelists",
     "soat 1\n"
     "codelist a { x \"X\",yy \"Y\" , \"91\" 'Z' }\n"
     "codelist b from library \"b.csv\" { code c label d\n"
     " valid e..f }\n"
     "codelist c {\n"
     " x \"X\", yy \"Y\",\n"
     " \"91\" \"Z\" }\n",
     "soat 1\n"
     "codelist a { x \"X\", yy \"Y\", \"91\" 'Z' }\n"
     "\n"
     "codelist b from library \"b.csv\" {\n"
     "  code  c\n"
     "  label d\n"
     "  valid e .. f\n"
     "}\n"
     "\n"
     "codelist c {\n"
     "  x    \"X\",\n"
     "  yy   \"Y\",\n"
     "  \"91\" \"Z\"\n"
     "}\n"},
    {"logic_hangs_at_the_left",
     "soat 1\n"
     "check a on d {\n"
     " must (rating = \"kha\" implies score >= band_fair) and (rating = \"tb\" implies "
     "band_medium <= score < band_fair)\n"
     " when some_column is present or other_column is present or third_column is missing "
     "or fourth_column is missing\n"
     "}\n",
     "soat 1\n"
     "\n"
     "check a on d {\n"
     "  must (rating = \"kha\" implies score >= band_fair)\n"
     "       and (rating = \"tb\" implies band_medium <= score < band_fair)\n"
     "  when some_column is present\n"
     "    or other_column is present\n"
     "    or third_column is missing\n"
     "    or fourth_column is missing\n"
     "}\n"},
    {"comparison_below",
     "soat 1\n"
     "check a on d {\n"
     " must members_total = members_open + members_new - members_left + "
     "members_from_other_units - members_to_other_units\n"
     "}\n",
     "soat 1\n"
     "\n"
     "check a on d {\n"
     "  must members_total\n"
     "     = members_open + members_new - members_left + members_from_other_units - "
     "members_to_other_units\n"
     "}\n"},
    {"lookups_are_entered",
     "soat 1\n"
     "check a on d {\n"
     " must docs = count(documents[doc_id = any, year = any, unit_code = this.unit_code, "
     "issuer = \"lm\", issued <= today])\n"
     " when count(documents[doc_id = any, doc_no = this.doc_no, unit_code = any, year = "
     "any, issued <= today]) > 0\n"
     "}\n",
     "soat 1\n"
     "\n"
     "check a on d {\n"
     "  must docs = count(documents[doc_id = any, year = any, unit_code = "
     "this.unit_code, issuer = \"lm\",\n"
     "                              issued <= today])\n"
     "  when count(documents[doc_id = any, doc_no = this.doc_no, unit_code = any, year = "
     "any,\n"
     "                       issued <= today]) > 0\n"
     "}\n"},
    {"choices",
     "soat 1\n"
     "define short = if a then b else c\n"
     "define long = if target_id in {\"t_htx_new\", \"t_vc\", \"t_models\"} then \"HTX\" "
     "else if target_id = \"t_tht_new\" then \"THT\" else \"%\"\n"
     "check a on d { must x = (if some_condition_of_a_row then some_value_of_the_row "
     "else if another then value else the_last) }\n",
     "soat 1\n"
     "define short = if a then b else c\n"
     "define long  =\n"
     "  if target_id in {\"t_htx_new\", \"t_vc\", \"t_models\"} then \"HTX\"\n"
     "  else if target_id = \"t_tht_new\" then \"THT\"\n"
     "  else \"%\"\n"
     "\n"
     "check a on d {\n"
     "  must x = (if some_condition_of_a_row then some_value_of_the_row\n"
     "            else if another then value\n"
     "            else the_last)\n"
     "}\n"},
    {"comprehension_too_long",
     "soat 1\n"
     "check a on d { must sum(previous(a_column_of_the_family) for "
     "a_column_of_the_family in flows_of_the_year if a_column_of_the_family != 0) = 1\n"
     "}\n",
     "soat 1\n"
     "\n"
     "check a on d {\n"
     "  must sum(previous(a_column_of_the_family)\n"
     "           for a_column_of_the_family in flows_of_the_year\n"
     "           if a_column_of_the_family != 0) = 1\n"
     "}\n"},
    {"indicator",
     "soat 1\n"
     "indicator i on d { title vi \"T\"\n"
     " value a/b expect 20..600 change -5% .. 10% severity error\n"
     " outlier mad 3.5 each period,q severity info }\n"
     "indicator j on d { undefined because \"x\" }\n",
     "soat 1\n"
     "\n"
     "indicator i on d {\n"
     "  title   vi \"T\"\n"
     "  value   a / b\n"
     "  expect  20 .. 600\n"
     "  change  -5% .. 10% severity error\n"
     "  outlier mad 3.5 each period, q severity info\n"
     "}\n"
     "\n"
     "indicator j on d { undefined because \"x\" }\n"},
    {"targets",
     "soat 1\n"
     "target t on d {\n"
     " actual cumulative( a ) plan plan[k=\"t\"].value\n"
     " aim at_least\n"
     " points 20 { ratio cap 100% bonus 1 per 10% over 100% cap 5 round 0.1 }\n"
     " claimed s[k = \"I.1\"].points within 0.05\n"
     " }\n"
     "target u on d { actual a plan 1..5 aim between monitored }\n"
     "target v on d {\n"
     " actual a plan -5 aim at_most\n"
     " points if a then 5 else 6 { ratio\n"
     "   round 1 }\n"
     "}\n"
     "target w on d {\n"
     " actual none because \"khó\"\n"
     "}\n"
     "target x on d { actual a plan 5 aim at_least\n"
     " points 20 { bands { 100%:20 , 90% : 15,\n"
     "   0%:0 } } }\n",
     "soat 1\n"
     "\n"
     "target t on d {\n"
     "  actual  cumulative(a)\n"
     "  plan    plan[k = \"t\"].value\n"
     "  aim     at_least\n"
     "  points  20 { ratio cap 100%  bonus 1 per 10% over 100% cap 5  round 0.1 }\n"
     "  claimed s[k = \"I.1\"].points within 0.05\n"
     "}\n"
     "\n"
     "target u on d { actual a  plan 1 .. 5  aim between  monitored }\n"
     "\n"
     "target v on d {\n"
     "  actual a\n"
     "  plan   -5\n"
     "  aim    at_most\n"
     "  points if a then 5 else 6 {\n"
     "    ratio\n"
     "    round 1\n"
     "  }\n"
     "}\n"
     "\n"
     "target w on d {\n"
     "  actual none because \"khó\"\n"
     "}\n"
     "\n"
     "target x on d {\n"
     "  actual a\n"
     "  plan   5\n"
     "  aim    at_least\n"
     "  points 20 {\n"
     "    bands {\n"
     "      100% : 20,\n"
     "      90% : 15,\n"
     "      0% : 0\n"
     "    }\n"
     "  }\n"
     "}\n"},
    {"scoreboard",
     "soat 1\n"
     "scoreboard b on d each period {\n"
     " for unit_code part \"Kinh tế\" 70 { targets t,u }\n"
     " part \"Tài chính\" 30 { score . x }\n"
     " total 100 when parent(u)=\"TNSH\"\n"
     " plus sum( score.bonus ) cap 10 minus (a + b)\n"
     " rank highest ties shared\n"
     " grade \"Xuất sắc\" from 90%,\"Tốt\" from 80%, \"Yếu\"\n"
     " claimed score.self within rounding\n"
     "}\n"
     "scoreboard c on d each p { for u part \"A\" 70 { targets t_htx_new, "
     "t_htx_active_share, t_htx_good, t_members, t_capital } }\n",
     "soat 1\n"
     "\n"
     "scoreboard b on d each period {\n"
     "  for     unit_code\n"
     "  part    \"Kinh tế\" 70 { targets t, u }\n"
     "  part    \"Tài chính\" 30 { score.x }\n"
     "  total   100\n"
     "  when    parent(u) = \"TNSH\"\n"
     "  plus    sum(score.bonus) cap 10\n"
     "  minus   (a + b)\n"
     "  rank    highest ties shared\n"
     "  grade   \"Xuất sắc\" from 90%, \"Tốt\" from 80%, \"Yếu\"\n"
     "  claimed score.self within rounding\n"
     "}\n"
     "\n"
     "scoreboard c on d each p {\n"
     "  for  u\n"
     "  part \"A\" 70 { targets t_htx_new, t_htx_active_share, t_htx_good, t_members, "
     "t_capital }\n"
     "}\n"},
    {"tests",
     "soat 1\n"
     "test \"a slip\" { given report \"\"\"\n"
     "      unit_code,period\n"
     "        91,2022-H1\n"
     "\n"
     "      92,2022-H1\n"
     "   \"\"\"\n"
     " expect htx_balance fail at unit_code \"91\",period \"2022-H1\" expect c skip\n"
     " expect nothing   else\n"
     " }\n",
     "soat 1\n"
     "\n"
     "test \"a slip\" {\n"
     "  given report \"\"\"\n"
     "  unit_code,period\n"
     "    91,2022-H1\n"
     "\n"
     "  92,2022-H1\n"
     "  \"\"\"\n"
     "  expect htx_balance fail at unit_code \"91\", period \"2022-H1\"\n"
     "  expect c           skip\n"
     "  expect nothing else\n"
     "}\n"},
    {"comments_stay_where_they_are",
     "# before\n"
     "\n"
     "soat 1# behind\n"
     "# below\n"
     "\n"
     "# first\n"
     "\n"
     "# second\n"
     "unit a \"A\"  # the unit\n"
     "check c on d {  # the head\n"
     "  # before the first\n"
     "  when x  # the condition\n"
     "          # goes on here\n"
     "  must a  # left\n"
     "     =    # equals\n"
     "     # right\n"
     "     b\n"
     "\n"
     "  # the last\n"
     "}  # the end\n"
     "# at the end\n",
     "# before\n"
     "\n"
     "soat 1  # behind\n"
     "# below\n"
     "\n"
     "# first\n"
     "\n"
     "# second\n"
     "unit a \"A\"  # the unit\n"
     "\n"
     "check c on d {  # the head\n"
     "  # before the first\n"
     "  when x  # the condition\n"
     "          # goes on here\n"
     "  must a  # left\n"
     "     =    # equals\n"
     "       # right\n"
     "       b\n"
     "\n"
     "  # the last\n"
     "}  # the end\n"
     "# at the end\n"},
    {"comments_in_lists",
     "soat 1\n"
     "codelist c {\n"
     "  # all of them\n"
     "  a \"A\",   # the first\n"
     "  bcd \"B\"  # the second\n"
     "}\n"
     "family f = a,  # one\n"
     "  b,\n"
     "  c  # three\n"
     "dataset d {\n"
     "  key a\n"
     "  column a text  # a\n"
     "  column bcd text optional # b\n"
     "    vi \"B\"  # c\n"
     "}\n",
     "soat 1\n"
     "\n"
     "codelist c {\n"
     "  # all of them\n"
     "  a   \"A\",  # the first\n"
     "  bcd \"B\"   # the second\n"
     "}\n"
     "\n"
     "family f = a,    # one\n"
     "           b, c  # three\n"
     "\n"
     "dataset d {\n"
     "  key a\n"
     "  column a   text           # a\n"
     "  column bcd text optional  # b\n"
     "         vi \"B\"             # c\n"
     "}\n"},
    {"comments_behind_the_word_of_a_clause",
     "soat 1\n"
     "dataset d {\n"
     "  key # c\n"
     "    u, y\n"
     "  title # own\n"
     "  # line\n"
     "  vi \"D\"\n"
     "  column y # x\n"
     "  period\n"
     "}\n",
     "soat 1\n"
     "\n"
     "dataset d {\n"
     "  key       # c\n"
     "    u, y\n"
     "  title     # own\n"
     "    # line\n"
     "    vi \"D\"\n"
     "  column y  # x\n"
     "         period\n"
     "}\n"},
    {"comments_between_blocks",
     "soat 1\n"
     "check a on d { must x\n"
     "}  # the end of a\n"
     "   # and more of it\n"
     "# about b\n"
     "check b on d { must x\n"
     "}\n"
     "# about c\n"
     "\n"
     "check c on d { must x }\n",
     "soat 1\n"
     "\n"
     "check a on d {\n"
     "  must x\n"
     "}  # the end of a\n"
     "   # and more of it\n"
     "\n"
     "# about b\n"
     "check b on d {\n"
     "  must x\n"
     "}\n"
     "# about c\n"
     "\n"
     "check c on d { must x }\n"},
    {"comments_within_braces",
     "soat 1\n"
     "target t on d { actual a plan 5 aim at_least\n"
     " points 5 { # schedule\n"
     " ratio # of the plan\n"
     " # more\n"
     "\n"
     " # than that\n"
     " bonus 1 per 1 over 1 # bonus\n"
     " # end\n"
     " } }\n"
     "dataset d { key a\n"
     " column a text\n"
     "\n"
     " # optional ones\n"
     "\n"
     "}\n",
     "soat 1\n"
     "\n"
     "target t on d {\n"
     "  actual a\n"
     "  plan   5\n"
     "  aim    at_least\n"
     "  points 5 {  # schedule\n"
     "    ratio                 # of the plan\n"
     "    # more\n"
     "    # than that\n"
     "    bonus 1 per 1 over 1  # bonus\n"
     "    # end\n"
     "  }\n"
     "}\n"
     "\n"
     "dataset d {\n"
     "  key a\n"
     "  column a text\n"
     "\n"
     "  # optional ones\n"
     "}\n"},
    {"nothing_but_the_version",
     "soat   1   # only\n"
     "\n",
     "soat 1  # only\n"},
    {"unary_and_signs",
     "soat 1\n"
     "define a = -x - -y + (-z)\n"
     "define b = f(-1, -2%) * -3 - 30 days\n",
     "soat 1\n"
     "define a = -x - -y + (-z)\n"
     "define b = f(-1, -2%) * -3 - 30 days\n"},
    {"words_before_brackets",
     "soat 1\n"
     "check a on d[x > 0] each p { must (a) = (if (b) then (c) else (d)) when not (x) "
     "and f(y) within (a) if_first skip }\n"
     "indicator i on d { value (a) expect (b) .. (c) }\n",
     "soat 1\n"
     "\n"
     "check a on d[x > 0] each p {\n"
     "  must     (a) = (if (b) then (c) else (d))\n"
     "  when     not (x) and f(y)\n"
     "  within   (a)\n"
     "  if_first skip\n"
     "}\n"
     "\n"
     "indicator i on d { value (a)  expect (b) .. (c) }\n"},
    {"sets_and_ranges",
     "soat 1\n"
     "check a on d { must a in {  \"x\" , 'y' } and b in 1..2 and c in L and x at (p) = "
     "y as trd }\n",
     "soat 1\n"
     "check a on d { must a in {\"x\", 'y'} and b in 1 .. 2 and c in L and x at (p) = y "
     "as trd }\n"},
    {"picks_may_begin_a_line",
     "soat 1\n"
     "check a on d {\n"
     " must late = sum(submissions[report_type = any, version = any, year(period) = "
     "year(this.period)].(if received > due then 1 else 0))\n"
     "}\n",
     "soat 1\n"
     "\n"
     "check a on d {\n"
     "  must late = sum(submissions[report_type = any, version = any, year(period) = "
     "year(this.period)]\n"
     "                  .(if received > due then 1 else 0))\n"
     "}\n"},
};

struct bench {
    struct arena *a;
    struct sources *sources;
    struct diags *diags;
};

static struct bench open_bench(void)
{
    struct arena *a = arena_open(&mem_libc_hook);
    return (struct bench){a, sources_new(a), diags_new(a)};
}

static struct str format(struct bench *b, struct str source)
{
    return fmt_file(b->a, b->sources, sources_add(b->sources, STR("t"), source),
                    b->diags);
}

/* All that must not change, one thing a line. */

static void add_comments(struct text *out, struct str gap)
{
    for (size_t i = 0; i < gap.n; i++) {
        if (gap.p[i] == '#') {
            size_t end = i;
            while (end < gap.n && gap.p[end] != '\n') {
                end++;
            }
            text_add(out, str_trim(str_cut(gap, i, end)));
            text_char(out, '\n');
            i = end;
        }
    }
}

static const char *contents(struct bench *b, struct str source)
{
    uint32_t src = sources_add(b->sources, STR("t"), source);
    struct text out = text_in(b->a);
    struct lexer lexer = lex_open(b->sources, src, 0, (uint32_t)source.n, b->diags);
    for (;;) {
        uint32_t from = lexer.at;
        struct token t = lex_next(&lexer);
        struct str text = lex_text(&lexer, t);
        add_comments(&out, str_cut(source, from, t.at.lo));
        if (t.kind == TOK_END) {
            return str_copy(b->a, text_str(&out)).p;
        }
        text_add(&out, t.kind == TOK_BLOCK ? lex_block(b->a, text) : text);
        text_char(&out, '\n');
    }
}

/* Line ends apart, no line may end with a blank or hold a tab outside texts. */
static bool is_tidy(struct str text)
{
    for (size_t i = 0; i + 1 < text.n; i++) {
        if (text.p[i] == ' ' && text.p[i + 1] == '\n') {
            return false;
        }
    }
    return text.n > 0 && text.p[text.n - 1] == '\n';
}

/* Formats a text that parses, and checks what holds of all. */
static void holds(struct bench *b, struct str source)
{
    struct str once = format(b, source);
    assert_non_null(once.p);
    struct str twice = format(b, once);
    assert_non_null(twice.p);
    assert_string_equal(str_copy(b->a, twice).p, str_copy(b->a, once).p);
    assert_string_equal(contents(b, once), contents(b, source));
}

static void is_laid_out(void **state)
{
    const struct fmt_case *t = *state;
    struct bench b = open_bench();
    struct str once = format(&b, str_of(t->source));
    assert_non_null(once.p);
    assert_string_equal(str_copy(b.a, once).p, t->want);
    assert_true(is_tidy(once));
    holds(&b, str_of(t->source));
    arena_close(b.a);
}

static void marks_and_line_ends_are_kept(void **state)
{
    static const char source[] = "\xEF\xBB\xBFsoat 1\r\ncheck a on d {\r\nmust x }\r\n"
                                 "test \"t\" {\r\n given d \"\"\"\r\n   a\r\n    b\n"
                                 " \"\"\" expect a pass }";
    static const char want[] =
        "\xEF\xBB\xBFsoat 1\r\n\r\ncheck a on d {\r\n  must x\r\n}\r\n\r\n"
        "test \"t\" {\r\n  given d \"\"\"\r\n  a\r\n   b\n  \"\"\"\r\n"
        "  expect a pass\r\n}\r\n";
    (void)state;
    struct bench b = open_bench();
    struct str once = format(&b, str_of(source));
    assert_string_equal(str_copy(b.a, once).p, want);
    holds(&b, str_of(source));
    arena_close(b.a);
}

static void broken_file_is_left_alone(void **state)
{
    (void)state;
    struct bench b = open_bench();
    assert_null(format(&b, STR("soat 1\ncheck a on d { must }\n")).p);
    assert_int_equal(diags_errors(b.diags), 1);
    assert_null(format(&b, STR("")).p);
    arena_close(b.a);
}

/* Every rule file that is here */

static size_t files_seen;

static struct str read_whole(struct arena *a, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct text text = text_in(a);
    assert_non_null(file);
    for (int c = getc(file); c != EOF; c = getc(file)) {
        text_char(&text, (char)c);
    }
    (void)fclose(file);
    return text_str(&text);
}

static int check_file(const char *path, const struct stat *info, int kind,
                      struct FTW *place)
{
    (void)info;
    (void)place;
    if (kind != FTW_F || !str_ends(str_of(path), STR(".soat"))) {
        return 0;
    }
    struct bench b = open_bench();
    struct str source = read_whole(b.a, path);
    if (format(&b, source).p) { /* those with errors are there for their errors */
        holds(&b, source);
        files_seen++;
    }
    arena_close(b.a);
    return 0;
}

static void all_files_hold(void **state)
{
    static const char *const folders[] = {"rules", "samples", "tests"};
    struct bench b = open_bench();
    struct str here = STR(__FILE__);
    (void)state;
    assert_true(str_ends(here, STR("tests/unit/test_fmt.c")));
    files_seen = 0;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        struct text path = text_in(b.a);
        text_add(&path, str_cut(here, 0, here.n - strlen("tests/unit/test_fmt.c")));
        text_add_z(&path, folders[i]);
        assert_int_equal(nftw(str_copy(b.a, text_str(&path)).p, check_file, 8, FTW_PHYS),
                         0);
    }
    assert_true(files_seen > 80);
    arena_close(b.a);
}

/* Changed texts: other blanks, line ends and comments between the tokens of all cases,
 * and changes of the bytes themselves where what comes out still parses. */

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void add_gap(struct text *out, uint64_t *seed, bool is_free)
{
    static const char *const gaps[] = {
        " ", "\n", "\n\n", "   ", " # x\n", "\n# y\n", "\t\n\n\n# z\n\n", " #\n  # w\n",
    };
    uint64_t n = next_random(seed) % 24;
    if (n < COUNT_OF(gaps)) {
        text_add_z(out, gaps[n]);
    } else if (!is_free) {
        text_char(out, ' ');
    }
}

/* The tokens of a text with other things between them. */
static struct str shake(struct bench *b, struct str source, uint64_t *seed)
{
    uint32_t src = sources_add(b->sources, STR("t"), source);
    struct lexer lexer = lex_open(b->sources, src, 0, (uint32_t)source.n, b->diags);
    struct text out = text_in(b->a);
    for (;;) {
        uint32_t from = lexer.at;
        struct token t = lex_next(&lexer);
        if (next_random(seed) % 3 > 0) {
            text_add(&out, str_cut(source, from, t.at.lo));
        } else {
            add_gap(&out, seed, t.at.lo == from);
        }
        if (t.kind == TOK_END) {
            return text_str(&out);
        }
        text_add(&out, lex_text(&lexer, t));
    }
}

static struct str change_bytes(struct bench *b, struct str source, uint64_t *seed)
{
    static const char pieces[] = " \n#(){}[],.\"'-+=ab1_%:|\t";
    struct text out = text_in(b->a);
    size_t at = (size_t)(next_random(seed) % (source.n + 1));
    size_t hi = at + (size_t)(next_random(seed) % 3);
    text_add(&out, str_cut(source, 0, at));
    text_char(&out, pieces[next_random(seed) % (sizeof pieces - 1)]);
    text_add(&out, str_cut(source, hi < source.n ? hi : source.n, source.n));
    return text_str(&out);
}

static void shaken_texts_hold(void **state)
{
    uint64_t seed = (uint64_t)(uintptr_t)*state;
    for (size_t i = 0; i < 40 * COUNT_OF(cases); i++) {
        struct bench b = open_bench();
        holds(&b, shake(&b, str_of(cases[i % COUNT_OF(cases)].source), &seed));
        arena_close(b.a);
    }
}

static void changed_texts_hold(void **state)
{
    uint64_t seed = (uint64_t)(uintptr_t)*state;
    size_t held = 0;
    for (size_t i = 0; i < 60 * COUNT_OF(cases); i++) {
        struct bench b = open_bench();
        struct str source =
            change_bytes(&b, str_of(cases[i % COUNT_OF(cases)].source), &seed);
        if (format(&b, source).p) {
            holds(&b, source);
            held++;
        }
        arena_close(b.a);
    }
    assert_true(held > 100);
}

/* Long and deep texts end in time. */
static void large_texts_hold(void **state)
{
    static const char *const pieces[] = {" + a", " and a", " ?? a", ", a", " = a"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        struct bench b = open_bench();
        struct text source = text_in(b.a);
        text_add_z(&source, i == 3 ? "soat 1 family f = a" : "soat 1 define f = a");
        for (size_t k = 0; k < 900; k++) {
            text_add_z(&source, pieces[i]);
        }
        if (strcmp(pieces[i], " ?? a") != 0) {
            holds(&b, text_str(&source));
        } else { /* nests too deeply to parse */
            assert_null(format(&b, text_str(&source)).p);
        }
        arena_close(b.a);
    }
    struct bench b = open_bench();
    struct text source = text_in(b.a);
    text_add_z(&source, "soat 1 define f = ");
    for (size_t k = 0; k < 60; k++) {
        text_add_z(&source, "sum_of(");
    }
    text_add_z(&source, "if a then b else c");
    for (size_t k = 0; k < 60; k++) {
        text_char(&source, ')');
    }
    holds(&b, text_str(&source));
    arena_close(b.a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){
        .name = name, .test_func = run, .initial_state = (void *)(uintptr_t)state};
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(marks_and_line_ends_are_kept),
        cmocka_unit_test(broken_file_is_left_alone),
        cmocka_unit_test(all_files_hold),
        cmocka_unit_test(large_texts_hold),
        row("shaken_texts_hold_1", shaken_texts_hold, (void *)(uintptr_t)1),
        row("shaken_texts_hold_2", shaken_texts_hold, (void *)(uintptr_t)4242),
        row("changed_texts_hold_1", changed_texts_hold, (void *)(uintptr_t)3),
        row("changed_texts_hold_2", changed_texts_hold, (void *)(uintptr_t)777),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(others)];
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = row(cases[i].name, is_laid_out, &cases[i]);
    }
    memcpy(tests + COUNT_OF(cases), others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
