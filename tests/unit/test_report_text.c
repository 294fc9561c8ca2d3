/* The text report, whole outputs: each row gives records and the exact text they become.
 * Cells that could do harm are written with escapes. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* clang-format off */
#define S(literal) {(literal), sizeof(literal) - 1}
#define BOTH(vi, en) {{S(vi), S(en)}}
#define FINDINGS(...) .findings = (const struct report_finding[]){__VA_ARGS__}, \
    .n_findings = COUNT_OF(((const struct report_finding[]){__VA_ARGS__}))
#define RULES(...) .rules = (const struct report_rule[]){__VA_ARGS__}, \
    .n_rules = COUNT_OF(((const struct report_rule[]){__VA_ARGS__}))
#define KEY(...) .key = (const struct report_pair[]){__VA_ARGS__}, \
    .n_key = COUNT_OF(((const struct report_pair[]){__VA_ARGS__}))
#define LABEL(...) .key_label = (const struct report_pair[]){__VA_ARGS__}
#define OPERANDS(...) .operands = (const struct report_operand[]){__VA_ARGS__}, \
    .n_operands = COUNT_OF(((const struct report_operand[]){__VA_ARGS__}))
#define LINE(literal, lo, hi) .source_line = S(literal), .mark_lo = (lo), .mark_hi = (hi)
#define FAIL(id) .check = S(id), .verdict = REPORT_FAIL
#define AT(l) .dataset = S("d"), .file = S("a.csv"), .line = (l)
#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define PASSED(id, set, n) {.check = S(id), .dataset = S(set), .expected = (n), .pass = (n)}
#define ABSENT(id) {.check = S(id), .dataset = S("self"), .reason = S("absent-dataset"), .is_vacuous = true}
#define MANY_STRUCTURAL ABSENT("self.key"), ABSENT("self.columns"), ABSENT("self.row"), ABSENT("self.a.required"), \
    ABSENT("self.a.type"), ABSENT("self.a.range"), ABSENT("self.a.code"), ABSENT("self.a.unique")
#define VACUOUS(id) {.check = S(id), .dataset = S("d"), .expected = 1, .not_applicable = 1, .is_vacuous = true}

static const struct text_case {
    const char *name;
    struct report_style style;
    struct report_run run;
    const struct report_finding *findings;
    const struct report_rule *rules;
    size_t n_findings, n_rules;
    struct report_end end;
    const char *want;
} cases[] = {
/* ---- one finding ---- */
{"finding_of_a_row", FINDINGS({FAIL("htx_balance"),
    .dataset = S("province_report"), .file = S("reports/91.csv"), .row = 3, .line = 4,
    .column = S("htx_total"), .field = 7,
    KEY({S("unit_code"), S("91")}, {S("period"), S("2022-H1")}),
    LABEL({S("unit_code"), S("Kiên Giang")}, {S("period"), {NULL, 0}}),
    .title = BOTH("Biến động HTX", "Movement of cooperatives"),
    .working = BOTH("535 + 8 − 2 = 541, lệch −1", "535 + 8 − 2 = 541, off by −1"),
    .at_mark = BOTH("htx_total = 540, phải là 541", "htx_total = 540, must be 541"),
    .ask = BOTH("Đối chiếu biểu 01 với danh sách thành lập, giải thể trong kỳ", "Compare with form 01"),
    .because = S("Biểu 01-HTX"), .rule_place = S("tay-nam-song-hau.soat:42"),
    LINE("91;Kiên Giang;2022-H1;535;8;2;540", 31, 34)}),
    .end = {.outcome = REPORT_REJECTED, .error = 1, .expected = 6, .pass = 5, .fail = 1}, .want =
    "error[htx_balance]: Biến động HTX\n"
    "  --> reports/91.csv:4  unit_code=91 (Kiên Giang), period=2022-H1\n"
    "   |\n"
    " 4 | 91;Kiên Giang;2022-H1;535;8;2;540\n"
    "   |                               ^^^ htx_total = 540, phải là 541\n"
    "   |\n"
    "   = 535 + 8 − 2 = 541, lệch −1\n"
    "   = việc cần làm: Đối chiếu biểu 01 với danh sách thành lập, giải thể trong kỳ\n"
    "   = quy định: Biểu 01-HTX · tay-nam-song-hau.soat:42\n"
    "\n"
    "KHÔNG ĐẠT · 1 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 6: đạt 5, sai 1, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"finding_of_a_row_in_english", .style = {.lang = LANG_EN}, FINDINGS({FAIL("htx_balance"),
    .dataset = S("province_report"), .file = S("reports/91.csv"), .row = 3, .line = 4,
    .column = S("htx_total"), .field = 7,
    KEY({S("unit_code"), S("91")}, {S("period"), S("2022-H1")}),
    LABEL({S("unit_code"), S("Kiên Giang")}, {S("period"), {NULL, 0}}),
    .title = BOTH("Biến động HTX", "Movement of cooperatives"),
    .working = BOTH("535 + 8 − 2 = 541, lệch −1", "535 + 8 − 2 = 541, off by −1"),
    .at_mark = BOTH("htx_total = 540, phải là 541", "htx_total = 540, must be 541"),
    .ask = BOTH("Đối chiếu biểu 01 với danh sách thành lập, giải thể trong kỳ", "Compare with form 01"),
    .because = S("Biểu 01-HTX"), .rule_place = S("tay-nam-song-hau.soat:42"),
    LINE("91;Kiên Giang;2022-H1;535;8;2;540", 31, 34)}),
    .end = {.outcome = REPORT_REJECTED, .error = 1, .expected = 6, .pass = 5, .fail = 1}, .want =
    "error[htx_balance]: Movement of cooperatives\n"
    "  --> reports/91.csv:4  unit_code=91 (Kiên Giang), period=2022-H1\n"
    "   |\n"
    " 4 | 91;Kiên Giang;2022-H1;535;8;2;540\n"
    "   |                               ^^^ htx_total = 540, must be 541\n"
    "   |\n"
    "   = 535 + 8 − 2 = 541, off by −1\n"
    "   = what to do: Compare with form 01\n"
    "   = rule basis: Biểu 01-HTX · tay-nam-song-hau.soat:42\n"
    "\n"
    "REJECTED · 1 error, 0 warnings, 0 info · expected 6: pass 5, fail 1, unknown 0, n/a 0, error 0\n"},
{"severities_and_wide_line_numbers", FINDINGS(
    {FAIL("w"), .severity = DIAG_WARNING, AT(9), LINE("1,2", 2, 3)},
    {FAIL("i"), .severity = DIAG_INFO, AT(1234567), .field = 1, LINE("1,2", 0, 1)}), .want =
    "warning[w]\n"
    "  --> a.csv:9\n"
    "   |\n"
    " 9 | 1,2\n"
    "   |   ^\n"
    "   |\n"
    "\n"
    "info[i]\n"
    "        --> a.csv:1234567\n"
    "         |\n"
    " 1234567 | 1,2\n"
    "         | ^\n"
    "         |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"other_language_where_one_is_absent", .style = {.lang = LANG_EN}, FINDINGS({FAIL("c"), AT(2),
    .title = {{S("Chỉ có tiếng Việt"), {NULL, 0}}}, .message = {{S("thiếu biểu"), {NULL, 0}}}}), .want =
    "error[c]: Chỉ có tiếng Việt\n"
    "  --> a.csv:2\n"
    "   = thiếu biểu\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"finding_with_nothing_but_its_check", FINDINGS({FAIL("c"), .dataset = S("d")}), .want =
    "error[c]\n"
    "  --> d\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"finding_of_a_file", FINDINGS({FAIL("d.columns"), .dataset = S("d"), .file = S("a.csv"), .row = 0,
    .message = BOTH("thiếu cột htx_total", "column htx_total is missing")}), .want =
    "error[d.columns]\n"
    "  --> a.csv\n"
    "   = thiếu cột htx_total\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"group_finding_names_data_set_and_key", FINDINGS({FAIL("sector_sum"), .dataset = S("province_report"),
    KEY({S("period"), S("2022-H1")}, {S("unit_code"), {NULL, 0}}),
    .title = BOTH("Tổng theo lĩnh vực", "Sum by sector"),
    .working = BOTH("1.000 ≠ 999, lệch 1", "1,000 ≠ 999, off by 1"), .rule_place = S("r.soat:9")}), .want =
    "error[sector_sum]: Tổng theo lĩnh vực\n"
    "  --> province_report  period=2022-H1, unit_code=?\n"
    "   = 1.000 ≠ 999, lệch 1\n"
    "   = quy tắc: r.soat:9\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"column_as_a_spreadsheet_counts", FINDINGS({FAIL("c"), AT(2), .field = 28, .column = S("v"),
    .column_title = BOTH("Tổng số HTX", "Total")}), .want =
    "error[c]\n"
    "  --> a.csv:2\n"
    "   = cột AB: Tổng số HTX\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"column_of_its_own_name_is_not_said_again", FINDINGS({FAIL("c"), AT(2), .field = 1, .column = S("v"),
    .column_title = BOTH("v", "v")}), .want =
    "error[c]\n"
    "  --> a.csv:2\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"unknown_with_reason", FINDINGS({.check = S("htx_carry"), .verdict = REPORT_UNKNOWN, AT(2),
    .title = BOTH("Số đầu kỳ", "Opening"), .reason = S("no-previous"), .field = 4,
    LINE("91,2022-H1,x,5", 13, 14)}), .want =
    "unknown[htx_carry]: Số đầu kỳ\n"
    "  --> a.csv:2\n"
    "   |\n"
    " 2 | 91,2022-H1,x,5\n"
    "   |              ^\n"
    "   |\n"
    "   = chưa kiểm được: không có số liệu kỳ trước (no-previous)\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"unknown_in_english", .style = {.lang = LANG_EN}, FINDINGS({.check = S("htx_carry"), .verdict = REPORT_UNKNOWN,
    .severity = DIAG_WARNING, AT(2), .reason = S("bad-cell"), .cause = S("htx_open at line 1")}), .want =
    "unknown[htx_carry]\n"
    "  --> a.csv:2\n"
    "   = not checkable: a cell that it needs cannot be read (bad-cell)\n"
    "   = likely cause: htx_open at line 1\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"message_that_says_the_reason_says_it_alone", FINDINGS({.check = S("c"), .verdict = REPORT_UNKNOWN, AT(2),
    .message = BOTH("chưa kiểm được: thiếu số liệu (a)", ""), .reason = S("missing-operand"), .cause = S("a")}),
    .want =
    "unknown[c]\n"
    "  --> a.csv:2\n"
    "   = chưa kiểm được: thiếu số liệu (a) [missing-operand]\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"reason_that_has_no_words", FINDINGS({.check = S("c"), .verdict = REPORT_UNKNOWN, AT(2), .reason = S("moon-phase")}),
    .want =
    "unknown[c]\n"
    "  --> a.csv:2\n"
    "   = chưa kiểm được: moon-phase\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"verdict_error_says_not_computable", FINDINGS({.check = S("d.id.pattern"), .verdict = REPORT_RULE_ERROR, AT(2),
    .reason = S("limit"), .title = BOTH("Mã HTX", "Id")}), .want =
    "error[d.id.pattern]: Mã HTX\n"
    "  --> a.csv:2\n"
    "   = không tính được: vượt giới hạn tính toán (limit)\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"verdict_error_in_english", .style = {.lang = LANG_EN}, FINDINGS({.check = S("c"), .verdict = REPORT_RULE_ERROR,
    .severity = DIAG_WARNING, AT(2), .reason = S("unit")}), .want =
    "warning[c]\n"
    "  --> a.csv:2\n"
    "   = not computable: the unit of measure does not fit (unit)\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"every_note_in_its_place", FINDINGS({FAIL("c"), AT(2), .working = BOTH("1 + 1 = 2", "1 + 1 = 2"),
    .message = BOTH("Lời nhắn", "Message"), .ask = BOTH("Sửa lại", "Mend it"), .because = S("NĐ 113"),
    .cause = S("hai chữ số đổi chỗ"), .suggestion = S("htx_total"), .waiver = S("Cụm trưởng"),
    .rule_place = S("r.soat:7")}), .want =
    "error[c]\n"
    "  --> a.csv:2\n"
    "   = 1 + 1 = 2\n"
    "   = Lời nhắn\n"
    "   = nguyên nhân có thể: hai chữ số đổi chỗ\n"
    "   = gợi ý: có phải \"htx_total\" không?\n"
    "   = việc cần làm: Sửa lại\n"
    "   = quy định: NĐ 113 · r.soat:7\n"
    "   = đã được chấp nhận giải trình: Cụm trưởng\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"every_note_in_english", .style = {.lang = LANG_EN}, FINDINGS({FAIL("c"), AT(2), .working = BOTH("1 + 1 = 2", "1 + 1 = 2"),
    .message = BOTH("Lời nhắn", "Message"), .ask = BOTH("Sửa lại", "Mend it"), .because = S("NĐ 113"),
    .cause = S("two digits swapped"), .suggestion = S("htx_total"), .waiver = S("Head of the cluster"),
    .rule_place = S("r.soat:7")}), .want =
    "error[c]\n"
    "  --> a.csv:2\n"
    "   = 1 + 1 = 2\n"
    "   = Message\n"
    "   = likely cause: two digits swapped\n"
    "   = help: did you mean \"htx_total\"?\n"
    "   = what to do: Mend it\n"
    "   = rule basis: NĐ 113 · r.soat:7\n"
    "   = waived by: Head of the cluster\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"message_equal_to_the_working_is_said_once", FINDINGS({FAIL("c"), AT(2), .working = BOTH("1 ≠ 2", "1 ≠ 2"),
    .message = BOTH("1 ≠ 2", "1 ≠ 2"), .because = S("NĐ 113")}), .want =
    "error[c]\n"
    "  --> a.csv:2\n"
    "   = 1 ≠ 2\n"
    "   = quy định: NĐ 113\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"operands_of_other_lines_are_placed", FINDINGS({FAIL("c"), AT(4), OPERANDS(
    {.name = S("htx_open"), .raw = S("5"), .value = S("5"), .file = S("a.csv"), .line = 4},
    {.name = S("previous(htx_total)"), .raw = S("1.968"), .value = S("1968"), .unit = S("HTX"), .file = S("a.csv"), .line = 3},
    {.name = S("plan.value"), .value = S("12"), .file = S("plan.csv"), .line = 4},
    {.name = S("b"), .raw = S("…"), .file = S("b.csv"), .line = 4})}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   = previous(htx_total): \"1.968\" = 1968 HTX · a.csv:3\n"
    "   = plan.value: 12 · plan.csv:4\n"
    "   = b: \"…\" · b.csv:4\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"operands_all_when_verbose", .style = {.is_verbose = true}, FINDINGS({FAIL("c"), AT(4), OPERANDS(
    {.name = S("htx_open"), .raw = S("5"), .value = S("5"), .file = S("a.csv"), .line = 4},
    {.name = S("htx_other")},
    {.name = S("total"), .value = S("16/15"), .unit = S("HTX")})}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   = htx_open: \"5\" · a.csv:4\n"
    "   = htx_other: không có\n"
    "   = total: 16/15 HTX\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},

/* ---- the mark ---- */
{"mark_below_decomposed_text", FINDINGS({FAIL("c"), AT(4), .at_mark = BOTH("đây", "here"),
    LINE("91;Kie\xCC\x82n Giang;\xC4\x90o\xCC\x82\xCC\x80ng;540", 26, 29)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 91;Kie\314\202n Giang;Đo\314\202\314\200ng;540\n"
    "   |                    ^^^ đây\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"mark_of_a_decomposed_cell", FINDINGS({FAIL("c"), AT(4), LINE("91;Kie\xCC\x82n Giang;540", 3, 15)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 91;Kie\314\202n Giang;540\n"
    "   |    ^^^^^^^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"mark_below_wide_text", FINDINGS({FAIL("c"), AT(4), LINE("91;\xE5\x8D\x97\xE5\x8C\x97;540", 10, 13)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 91;\345\215\227\345\214\227;540\n"
    "   |         ^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"mark_of_a_wide_cell", FINDINGS({FAIL("c"), AT(4), LINE("91;\xE5\x8D\x97\xE5\x8C\x97;540", 3, 9)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 91;\345\215\227\345\214\227;540\n"
    "   |    ^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"mark_of_an_empty_first_cell", FINDINGS({FAIL("c"), AT(4), .field = 1, LINE(";2;3", 0, 0)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | ;2;3\n"
    "   | ^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"mark_of_an_empty_cell_inside", FINDINGS({FAIL("c"), AT(4), .field = 2, .at_mark = BOTH("trống", "empty"),
    LINE("1;;3", 2, 2)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;;3\n"
    "   |   ^ trống\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"mark_of_an_empty_last_cell", FINDINGS({FAIL("c"), AT(4), .field = 3, LINE("1;2;", 4, 4)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;2;\n"
    "   |     ^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"no_mark_without_field", FINDINGS({FAIL("c"), AT(4), .at_mark = BOTH("cả dòng", "the whole row"),
    LINE("1;2;3", 0, 0)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;2;3\n"
    "   |\n"
    "   = cả dòng\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"no_mark_when_it_lies_beyond_the_line", FINDINGS({FAIL("c"), AT(4), .field = 9, .at_mark = BOTH("ở dòng sau", "further down"),
    LINE("1;\"2", 5, 9)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;\"2\n"
    "   |\n"
    "   = ở dòng sau\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"empty_line", FINDINGS({FAIL("c"), AT(4), LINE("", 0, 0)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 |\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},

/* ---- hostile text ---- */
{"escape_sequence_in_a_cell", FINDINGS({FAIL("c"), AT(4), .field = 2,
    .at_mark = BOTH("a = \x1b]0;x\x07", "a = \x1b]0;x\x07"), LINE("1;\x1b[2J\x1b[1;1H;3", 2, 12)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;\\u{1B}[2J\\u{1B}[1;1H;3\n"
    "   |   ^^^^^^^^^^^^^^^^^^^^ a = \\u{1B}]0;x\\u{7}\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"escape_sequence_everywhere_else", FINDINGS({FAIL("c\x1b[0m"), .dataset = S("d"), .file = S("a\x1b[31m.csv"), .line = 4,
    KEY({S("k\x1b""c"), S("\x1b[8m")}), LABEL({S("k"), S("\x9b""31m\xC2\x9b""31m")}),
    .title = BOTH("\x1b[1mT", ""), .message = BOTH("\x1b[1mM", ""), .working = BOTH("\x1b[1mW", ""),
    .ask = BOTH("\x1b[1mA", ""), .because = S("\x1b[1mB"), .reason = S("\x1b[1mR"), .cause = S("\x1b[1mC"),
    .suggestion = S("\x1b[1mS"), .waiver = S("\x1b[1mW"), .rule_place = S("\x1b[1mP"),
    OPERANDS({.name = S("\x1b[1mn"), .raw = S("\x1b[1mr"), .value = S("\x1b[1mv"), .unit = S("\x1b[1mu"),
        .file = S("\x1b[1mf"), .line = 9})}), .want =
    "error[c\\u{1B}[0m]: \\u{1B}[1mT\n"
    "  --> a\\u{1B}[31m.csv:4  k\\u{1B}c=\\u{1B}[8m (\357\277\27531m\\u{9B}31m)\n"
    "   = \\u{1B}[1mW\n"
    "   = \\u{1B}[1mM [\\u{1B}[1mR]\n"
    "   = \\u{1B}[1mn: \"\\u{1B}[1mr\" = \\u{1B}[1mv \\u{1B}[1mu · \\u{1B}[1mf:9\n"
    "   = gợi ý: có phải \"\\u{1B}[1mS\" không?\n"
    "   = việc cần làm: \\u{1B}[1mA\n"
    "   = quy định: \\u{1B}[1mB · \\u{1B}[1mP\n"
    "   = đã được chấp nhận giải trình: \\u{1B}[1mW\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"line_ends_start_no_line", FINDINGS({FAIL("c"), AT(4), KEY({S("k"), S("1\nerror[x]: y")}),
    .message = BOTH("một\r\nhai\xE2\x80\xA8""ba\xC2\x85""bốn\x0b", ""), .field = 1, LINE("\"1\rerror[x]", 0, 11)}), .want =
    "error[c]\n"
    "  --> a.csv:4  k=1\\nerror[x]: y\n"
    "   |\n"
    " 4 | \"1\\rerror[x]\n"
    "   | ^^^^^^^^^^^^\n"
    "   |\n"
    "   = một\\r\\nhai\\u{2028}ba\\u{85}bốn\\u{B}\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"tabs_are_escapes_and_counted", FINDINGS({FAIL("c"), AT(4), LINE("1\t\t540\t", 3, 6)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1\\t\\t540\\t\n"
    "   |      ^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"bidi_controls_are_escapes", FINDINGS({FAIL("c"), AT(4),
    LINE("1;\xE2\x80\xAE""045\xE2\x80\xAC;\xE2\x81\xA6""2\xE2\x81\xA9", 2, 11)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;\\u{202E}045\\u{202C};\\u{2066}2\\u{2069}\n"
    "   |   ^^^^^^^^^^^^^^^^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"invisible_characters_are_escapes", FINDINGS({FAIL("c"), AT(4),
    LINE("1;5\xE2\x80\x8B""40\xEF\xBB\xBF;s\xC2\xADt\xF3\xA0\x81\x81", 2, 11)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;5\\u{200B}40\\u{FEFF};s\\u{AD}t\\u{E0041}\n"
    "   |   ^^^^^^^^^^^^^^^^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"invalid_bytes_are_replaced", FINDINGS({FAIL("c"), AT(4), LINE("Ki\xEAn;\xE1\xBB;540\xFF", 8, 11)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | Ki\357\277\275n;\357\277\275\357\277\275;540\357\277\275\n"
    "   |         ^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"nul_is_an_escape", FINDINGS({FAIL("c"), AT(4), LINE("a\0b;540", 4, 7)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | a\\u{0}b;540\n"
    "   |         ^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_cells_are_cut_in_places_and_notes", FINDINGS({FAIL("c"), AT(4), KEY({S("k"), S(X100)}),
    LABEL({S("k"), S(X100)}), OPERANDS({.name = S("o"), .raw = S(X100), .file = S("b.csv"), .line = 1})}), .want =
    "error[c]\n"
    "  --> a.csv:4  k=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…)\n"
    "   = o: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" · b.csv:1\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},

/* ---- long lines ---- */
{"long_line_is_shown_around_its_mark", .style = {.width = 60}, FINDINGS({FAIL("c"), AT(4), .at_mark = BOTH("đây", "here"),
    LINE(X100 ";540;" X100, 101, 104)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | …xxxxxxxxxxxxxxxxxxxxxxxx;540;xxxxxxxxxxxxxxxxxxxxxxxx…\n"
    "   |                           ^^^ đây\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_line_with_its_mark_at_the_start", .style = {.width = 60}, FINDINGS({FAIL("c"), AT(4), .field = 1,
    LINE("540;" X100, 0, 3)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 540;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\n"
    "   | ^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_line_with_its_mark_at_the_end", .style = {.width = 60}, FINDINGS({FAIL("c"), AT(4),
    LINE(X100 ";540", 101, 104)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;540\n"
    "   |                                                    ^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_line_with_an_empty_last_cell", .style = {.width = 60}, FINDINGS({FAIL("c"), AT(4), .field = 2,
    LINE(X100 ";", 101, 101)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;\n"
    "   |                                                       ^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_line_that_is_all_mark", .style = {.width = 60}, FINDINGS({FAIL("c"), AT(4), .field = 1,
    LINE(X100, 0, 100)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\n"
    "   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_line_without_mark", .style = {.width = 60}, FINDINGS({FAIL("c"), AT(4), LINE(X100, 0, 0)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_line_of_wide_text_is_cut_between_characters", .style = {.width = 25}, FINDINGS({FAIL("c"), AT(4),
    LINE("\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97;5;"
        "\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97\xE5\x8D\x97", 25, 26)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | …\345\215\227\345\215\227\345\215\227;5;\345\215\227\345\215\227\345\215\227\345\215\227…\n"
    "   |         ^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"long_line_never_parts_a_letter_from_its_mark", .style = {.width = 25}, FINDINGS({FAIL("c"), AT(4),
    LINE("e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82;5;"
        "e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82""e\xCC\x82", 34, 35)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | …e\314\202e\314\202e\314\202e\314\202e\314\202e\314\202e\314\202;5;e\314\202e\314\202e\314\202e\314\202e\314\202e\314\202e\314\202e\314\202…\n"
    "   |          ^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"line_that_just_fits", .style = {.width = 25}, FINDINGS({FAIL("c"), AT(4), LINE(X10 ";12345;789", 11, 16)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | xxxxxxxxxx;12345;789\n"
    "   |            ^^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"line_one_too_long", .style = {.width = 25}, FINDINGS({FAIL("c"), AT(4), LINE(X10 ";12345;7890", 11, 16)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | …xxxxxxx;12345;7890\n"
    "   |          ^^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"tiny_terminal_still_shows_twenty_columns", .style = {.width = 5}, FINDINGS({FAIL("c"), AT(4),
    LINE(X10 ";12345;" X10, 11, 16)}), .want =
    "error[c]\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | …xxxxx;12345;xxxxxx…\n"
    "   |        ^^^^^\n"
    "   |\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},

/* ---- colour ---- */
{"colour", .style = {.has_color = true}, FINDINGS(
    {FAIL("e"), AT(4), .at_mark = BOTH("đây", "here"), LINE("1;2", 2, 3)},
    {FAIL("w"), .severity = DIAG_WARNING, AT(4), .title = BOTH("Cảnh", "W"), LINE("1;2", 2, 3)},
    {FAIL("i"), .severity = DIAG_INFO, AT(4)}, {.check = S("u"), .verdict = REPORT_UNKNOWN, AT(4)}),
    RULES({.check = S("e"), .dataset = S("d"), .expected = 9, .pass = 6, .fail = 1, .unknown = 2}),
    .end = {.outcome = REPORT_REJECTED, .error = 1}, .want =
    "\033[1;31merror[e]\033[0m\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;2\n"
    "   |   \033[1;31m^ đây\033[0m\n"
    "   |\n"
    "\n"
    "\033[1;33mwarning[w]\033[0m: Cảnh\n"
    "  --> a.csv:4\n"
    "   |\n"
    " 4 | 1;2\n"
    "   |   \033[1;33m^\033[0m\n"
    "   |\n"
    "\n"
    "\033[1;36minfo[i]\033[0m\n"
    "  --> a.csv:4\n"
    "\n"
    "\033[1;36munknown[u]\033[0m\n"
    "  --> a.csv:4\n"
    "\n"
    "quy tắc  cần kiểm  đạt  sai  chưa rõ  không áp dụng  lỗi tính\n"
    "e               9    6    \033[1;31m1\033[0m        \033[1;33m2\033[0m              0         0\n"
    "\n"
    "\033[1;31mKHÔNG ĐẠT\033[0m · 1 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"colour_of_accepted", .style = {.has_color = true}, .end = {.outcome = REPORT_ACCEPTED}, .want =
    "\033[1;32mĐẠT\033[0m · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"colour_of_gaps", .style = {.has_color = true}, .end = {.outcome = REPORT_ACCEPTED_WITH_GAPS, .unknown = 2}, .want =
    "Chưa liệt kê 2 mục chưa rõ. Xem: --unknown\n"
    "\n"
    "\033[1;33mĐẠT, còn 2 mục chưa kiểm được\033[0m · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 2, không áp dụng 0, lỗi tính 0\n"},
{"colour_of_incomplete", .style = {.has_color = true}, .end = {.outcome = REPORT_INCOMPLETE}, .want =
    "\033[1;31mCHƯA KIỂM XONG\033[0m · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},

/* ---- the table ---- */
{"table_sums_silent_structural_checks", RULES(
    PASSED("d.key", "d", 40), PASSED("d.a.type", "d", 40), PASSED("d.b.required", "d", 40),
    {.check = S("d.b.type"), .dataset = S("d"), .expected = 40, .pass = 39, .fail = 1, .title = BOTH("Cột b", "Column b")},
    PASSED("d.extra", "d", 40), PASSED("plan.key", "plan", 7),
    {.check = S("htx_balance"), .dataset = S("d"), .expected = 40, .pass = 30, .fail = 1, .unknown = 3, .not_applicable = 4,
        .error = 2, .title = BOTH("Biến động HTX", "Movement")}), .want =
    "quy tắc                 cần kiểm  đạt  sai  chưa rõ  không áp dụng  lỗi tính\n"
    "d: 3 kiểm tra cấu trúc       120  120    0        0              0         0\n"
    "d.b.type                      40   39    1        0              0         0  Cột b\n"
    "d.extra                       40   40    0        0              0         0\n"
    "plan.key                       7    7    0        0              0         0\n"
    "htx_balance                   40   30    1        3              4         2  Biến động HTX\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"table_in_english", .style = {.lang = LANG_EN}, RULES(
    PASSED("d.key", "d", 40), PASSED("d.a.type", "d", 40), PASSED("d.b.required", "d", 40),
    {.check = S("htx_balance"), .dataset = S("d"), .expected = 40, .pass = 30, .fail = 1, .unknown = 3, .not_applicable = 4,
        .error = 2, .title = BOTH("Biến động HTX", "Movement")}), .want =
    "check                   expected  pass  fail  unknown  n/a  error\n"
    "d: 3 structural checks       120   120     0        0    0      0\n"
    "htx_balance                   40    30     1        3    4      2  Movement\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"table_verbose_has_every_check", .style = {.is_verbose = true}, RULES(
    PASSED("d.key", "d", 40), PASSED("d.a.type", "d", 40), PASSED("htx_balance", "d", 40)), .want =
    "quy tắc      cần kiểm  đạt  sai  chưa rõ  không áp dụng  lỗi tính\n"
    "d.key              40   40    0        0              0         0\n"
    "d.a.type           40   40    0        0              0         0\n"
    "htx_balance        40   40    0        0              0         0\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"table_groups_large_counts", .style = {.lang = LANG_EN}, RULES(PASSED("c", "d", 10000000), PASSED("e", "d", 999)),
    .end = {.outcome = REPORT_ACCEPTED, .expected = 10000999, .pass = 10000999}, .want =
    "check    expected        pass  fail  unknown  n/a  error\n"
    "c      10,000,000  10,000,000     0        0    0      0\n"
    "e             999         999     0        0    0      0\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 10,000,999: pass 10,000,999, fail 0, unknown 0, n/a 0, error 0\n"},
{"table_cuts_titles_to_the_width", .style = {.lang = LANG_EN, .width = 65}, RULES(
    {.check = S("c"), .dataset = S("d"), .title = BOTH("", "A title that goes on and on")}), .want =
    "check  expected  pass  fail  unknown  n/a  error\n"
    "c             0     0     0        0    0      0  A title that g…\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"table_leaves_titles_out_when_narrow", .style = {.lang = LANG_EN, .width = 50}, RULES(
    {.check = S("c"), .dataset = S("d"), .title = BOTH("", "A title")}), .want =
    "check  expected  pass  fail  unknown  n/a  error\n"
    "c             0     0     0        0    0      0\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"table_aligns_names_by_width", .style = {.lang = LANG_EN}, RULES(
    PASSED("b\xC3\xA1o_c\xC3\xA1o", "d", 1), PASSED("bao_cao_nam", "d", 1), PASSED("x\ty", "d", 1)), .want =
    "check        expected  pass  fail  unknown  n/a  error\n"
    "báo_cáo             1     1     0        0    0      0\n"
    "bao_cao_nam         1     1     0        0    0      0\n"
    "x\\ty                1     1     0        0    0      0\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},

/* ---- what did not apply or never decided ---- */
{"rules_that_do_not_apply_are_named_with_cause", RULES(
    {.check = S("htx_effective"), .dataset = S("d"), .reason = S("undefined"), .is_vacuous = true,
        .about = S("LM Việt Nam chưa hướng dẫn tiêu chí")},
    ABSENT("self.key"), {.check = S("share"), .dataset = S("d"), .reason = S("undefined"), .is_vacuous = true,
        .about = S("LM Việt Nam chưa hướng dẫn tiêu chí")}, ABSENT("self_ok"),
    {.check = S("odd"), .dataset = S("d"), .reason = S("something-new")}), .want =
    "quy tắc        cần kiểm  đạt  sai  chưa rõ  không áp dụng  lỗi tính\n"
    "htx_effective         0    0    0        0              0         0\n"
    "share                 0    0    0        0              0         0\n"
    "odd                   0    0    0        0              0         0\n"
    "\n"
    "Quy tắc không áp dụng:\n"
    "  htx_effective, share: chưa có định nghĩa: LM Việt Nam chưa hướng dẫn tiêu chí\n"
    "  self_ok, self.key: không có tệp số liệu\n"
    "  odd: something-new\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"rules_that_do_not_apply_in_english", .style = {.lang = LANG_EN}, RULES(ABSENT("self_ok"),
    {.check = S("share"), .dataset = S("d"), .reason = S("undefined")}), .want =
    "check  expected  pass  fail  unknown  n/a  error\n"
    "share         0     0     0        0    0      0\n"
    "\n"
    "Rules that do not apply:\n"
    "  self_ok: no data file was given\n"
    "  share: no definition yet\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"many_rules_that_do_not_apply", RULES(ABSENT("a"), ABSENT("b"), ABSENT("c"), ABSENT("d"), ABSENT("e"), ABSENT("f"),
    ABSENT("g"), ABSENT("h"), ABSENT("i"), ABSENT("j")), .want =
    "Quy tắc không áp dụng:\n"
    "  a, b, c, d, e, f, g, h và 2 quy tắc nữa: không có tệp số liệu\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"eight_are_still_all_named", .style = {.lang = LANG_EN}, RULES(ABSENT("a"), ABSENT("b"), ABSENT("c"), ABSENT("d"), ABSENT("e"),
    ABSENT("f"), ABSENT("g"), ABSENT("h")), .want =
    "Rules that do not apply:\n"
    "  a, b, c, d, e, f, g, h: no data file was given\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"structural_ones_come_last_and_are_named_where_there_is_room", RULES(ABSENT("self.key"), ABSENT("self.columns"), ABSENT("own")), .want =
    "Quy tắc không áp dụng:\n"
    "  own, self.key, self.columns: không có tệp số liệu\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"many_structural_ones_are_counted", RULES(MANY_STRUCTURAL, ABSENT("own")), .want =
    "Quy tắc không áp dụng:\n"
    "  own và 8 kiểm tra cấu trúc: không có tệp số liệu\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"many_of_both_in_english", .style = {.lang = LANG_EN}, RULES(MANY_STRUCTURAL, ABSENT("a"), ABSENT("b"), ABSENT("c"),
    ABSENT("d"), ABSENT("e"), ABSENT("f"), ABSENT("g"), ABSENT("h"), ABSENT("i")), .want =
    "Rules that do not apply:\n"
    "  a, b, c, d, e, f, g, h and 1 more, 8 structural checks: no data file was given\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"verbose_names_them_all", .style = {.is_verbose = true, .lang = LANG_EN}, RULES(MANY_STRUCTURAL, ABSENT("own")), .want =
    "Rules that do not apply:\n"
    "  own, self.key, self.columns, self.row, self.a.required, self.a.type, self.a.range, self.a.code, self.a.unique: "
    "no data file was given\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"vacuous_rules", RULES(VACUOUS("a"), VACUOUS("b"), ABSENT("c")), .want =
    "quy tắc  cần kiểm  đạt  sai  chưa rõ  không áp dụng  lỗi tính\n"
    "a               1    0    0        0              1         0\n"
    "b               1    0    0        0              1         0\n"
    "\n"
    "Quy tắc không áp dụng:\n"
    "  c: không có tệp số liệu\n"
    "\n"
    "Chưa lần nào kết luận được đạt hay sai:\n"
    "  a, b\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"many_vacuous_rules", .style = {.lang = LANG_EN}, RULES(VACUOUS("a"), VACUOUS("b"), VACUOUS("c"), VACUOUS("d"), VACUOUS("e"),
    VACUOUS("f"), VACUOUS("g"), VACUOUS("h"), VACUOUS("i")), .want =
    "check  expected  pass  fail  unknown  n/a  error\n"
    "a             1     0     0        0    1      0\n"
    "b             1     0     0        0    1      0\n"
    "c             1     0     0        0    1      0\n"
    "d             1     0     0        0    1      0\n"
    "e             1     0     0        0    1      0\n"
    "f             1     0     0        0    1      0\n"
    "g             1     0     0        0    1      0\n"
    "h             1     0     0        0    1      0\n"
    "i             1     0     0        0    1      0\n"
    "\n"
    "Never came to pass or fail:\n"
    "  a, b, c, d, e, f, g, h and 1 more\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"waived_findings_are_counted", RULES({.check = S("c"), .dataset = S("d"), .expected = 3, .pass = 1, .fail = 2, .waived = 2}),
    .want =
    "quy tắc  cần kiểm  đạt  sai  chưa rõ  không áp dụng  lỗi tính\n"
    "c               3    1    2        0              0         0\n"
    "\n"
    "Phát hiện đã được chấp nhận giải trình: 2\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},

/* ---- inputs ---- */
{"left_out_lines_with_reasons", .run = {.n_inputs = 3, .inputs = (const struct report_input[]){
    {.dataset = S("d"), .path = S("a.csv"), .n_left_out = 7, .left_out = (const struct report_left_out[]){
        {1, S("title")}, {2, S("title")}, {3, S("title")}, {9, S("totals")}, {10, S("blank")}, {11, S("note")}, {12, S("note")}}},
    {.dataset = S("d"), .path = S("b.csv")},
    {.dataset = S("d"), .path = S("c\n.csv"), .n_left_out = 2, .left_out = (const struct report_left_out[]){
        {4, S("totals")}, {8, S("stamp")}}}}}, .want =
    "Dòng không tính là số liệu:\n"
    "  a.csv: dòng tiêu đề 1–3 · dòng tổng cộng 9 · dòng trống 10 · dòng ghi chú 11, 12\n"
    "  c\\n.csv: dòng tổng cộng 4 · stamp 8\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"left_out_lines_in_english", .style = {.lang = LANG_EN}, .run = {.n_inputs = 1, .inputs = (const struct report_input[]){
    {.dataset = S("d"), .path = S("a.csv"), .n_left_out = 6, .left_out = (const struct report_left_out[]){
        {1, S("title")}, {2, S("title")}, {5, S("blank")}, {7, S("title")}, {9, S("totals")}, {11, S("note")}}}}}, .want =
    "Lines left out of the data:\n"
    "  a.csv: title lines 1, 2, 7 · blank lines 5 · totals rows 9 · notes 11\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"many_left_out_lines", .run = {.n_inputs = 1, .inputs = (const struct report_input[]){
    {.dataset = S("d"), .path = S("a.csv"), .n_left_out = 11, .left_out = (const struct report_left_out[]){
        {1, S("blank")}, {3, S("blank")}, {5, S("blank")}, {7, S("blank")}, {9, S("blank")}, {11, S("blank")}, {13, S("blank")},
        {15, S("blank")}, {17, S("blank")}, {18, S("blank")}, {20, S("blank")}}}}}, .want =
    "Dòng không tính là số liệu:\n"
    "  a.csv: dòng trống 1, 3, 5, 7, 9, 11, 13, 15 và 3 dòng nữa\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"unknown_ones_not_listed_are_pointed_to", .style = {.lang = LANG_EN}, FINDINGS({FAIL("c"), AT(2)}),
    .end = {.outcome = REPORT_REJECTED, .error = 1, .unknown = 1}, .want =
    "error[c]\n"
    "  --> a.csv:2\n"
    "\n"
    "Not listed: 1 unknown item. To see them: --unknown\n"
    "\n"
    "REJECTED · 1 error, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 1, n/a 0, error 0\n"},
{"unknown_ones_listed_need_no_pointer", FINDINGS({.check = S("c"), .verdict = REPORT_UNKNOWN, AT(2)}),
    .end = {.outcome = REPORT_ACCEPTED_WITH_GAPS, .unknown = 1}, .want =
    "unknown[c]\n"
    "  --> a.csv:2\n"
    "\n"
    "ĐẠT, còn 1 mục chưa kiểm được · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 1, không áp dụng 0, lỗi tính 0\n"},
{"verbose_lists_inputs", .style = {.is_verbose = true}, .run = {.n_rules = 1,
    .rules = (const struct report_rule_file[]){{S("r.soat"), "aa"}}, .n_inputs = 2, .inputs = (const struct report_input[]){
    {.dataset = S("d"), .path = S("a.csv"), .sha256 = "bb", .bytes = 12345, .records = 1234, .encoding = S("utf-8"),
        .delimiter = S(";"), .numbers = S("vi")},
    {.dataset = S("plan"), .path = S("p.csv"), .sha256 = "cc", .bytes = 1, .records = 1, .encoding = S("cp1258"),
        .delimiter = S("\t")}}}, .want =
    "Tệp đã đọc:\n"
    "  r.soat: quy tắc, sha256 aa\n"
    "  a.csv: d, 1.234 dòng số liệu, 12.345 byte, mã utf-8, dấu phân cách ;, kiểu số vi, sha256 bb\n"
    "  p.csv: plan, 1 dòng số liệu, 1 byte, mã cp1258, dấu phân cách \\t, sha256 cc\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"verbose_lists_inputs_in_english", .style = {.lang = LANG_EN, .is_verbose = true}, .run = {.n_rules = 1,
    .rules = (const struct report_rule_file[]){{S("r.soat"), "aa"}}, .n_inputs = 2, .inputs = (const struct report_input[]){
    {.dataset = S("d"), .path = S("a.csv"), .sha256 = "bb", .bytes = 12345, .records = 1234, .encoding = S("utf-8"),
        .delimiter = S(";"), .numbers = S("vi")},
    {.dataset = S("plan"), .path = S("p.csv"), .sha256 = "cc", .bytes = 1, .records = 1, .encoding = S("cp1258"),
        .delimiter = S("\t")}}}, .want =
    "Files read:\n"
    "  r.soat: rules, sha256 aa\n"
    "  a.csv: d, 1,234 records, 12,345 bytes, encoding utf-8, delimiter ;, numbers vi, sha256 bb\n"
    "  p.csv: plan, 1 record, 1 byte, encoding cp1258, delimiter \\t, sha256 cc\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},

/* ---- the cap ---- */
{"hidden_findings_are_counted_by_check", .style = {.max_findings = 1}, FINDINGS(
    {FAIL("a"), AT(1)}, {FAIL("a"), AT(2)}, {FAIL("b"), AT(3)}, {FAIL("a"), AT(4)}, {FAIL("b"), AT(5)}),
    .end = {.outcome = REPORT_REJECTED, .error = 5}, .want =
    "error[a]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[b]\n"
    "  --> a.csv:3\n"
    "\n"
    "Chưa hiện 3 phát hiện: a 2, b 1. Xem hết: --max-findings 0\n"
    "\n"
    "KHÔNG ĐẠT · 5 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
{"one_hidden_finding_in_english", .style = {.lang = LANG_EN, .max_findings = 2}, FINDINGS(
    {FAIL("a"), AT(1)}, {FAIL("a"), AT(2)}, {FAIL("a"), AT(3)}), .want =
    "error[a]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[a]\n"
    "  --> a.csv:2\n"
    "\n"
    "Not shown: 1 finding: a 1. To see all: --max-findings 0\n"
    "\n"
    "ACCEPTED · 0 errors, 0 warnings, 0 info · expected 0: pass 0, fail 0, unknown 0, n/a 0, error 0\n"},
{"many_checks_with_hidden_findings", .style = {.max_findings = 1}, FINDINGS(
    {FAIL("a"), AT(1)}, {FAIL("a"), AT(1)}, {FAIL("b"), AT(1)}, {FAIL("b"), AT(1)}, {FAIL("c"), AT(1)}, {FAIL("c"), AT(1)},
    {FAIL("d"), AT(1)}, {FAIL("d"), AT(1)}, {FAIL("e"), AT(1)}, {FAIL("e"), AT(1)}, {FAIL("f"), AT(1)}, {FAIL("f"), AT(1)},
    {FAIL("g"), AT(1)}, {FAIL("g"), AT(1)}, {FAIL("h"), AT(1)}, {FAIL("h"), AT(1)}, {FAIL("i"), AT(1)}, {FAIL("i"), AT(1)},
    {FAIL("i"), AT(1)}), .want =
    "error[a]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[b]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[c]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[d]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[e]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[f]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[g]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[h]\n"
    "  --> a.csv:1\n"
    "\n"
    "error[i]\n"
    "  --> a.csv:1\n"
    "\n"
    "Chưa hiện 10 phát hiện: a 1, b 1, c 1, d 1, e 1, f 1, g 1, h 1 và 2 của quy tắc khác. Xem hết: --max-findings 0\n"
    "\n"
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 0: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},

/* ---- the verdict ---- */
{"accepted", .end = {.outcome = REPORT_ACCEPTED, .expected = 7, .pass = 6, .not_applicable = 1}, .want =
    "ĐẠT · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 7: đạt 6, sai 0, chưa rõ 0, không áp dụng 1, lỗi tính 0\n"},
{"accepted_in_english", .style = {.lang = LANG_EN},
    .end = {.outcome = REPORT_ACCEPTED, .warning = 1, .info = 1, .expected = 2, .fail = 2}, .want =
    "ACCEPTED · 0 errors, 1 warning, 1 info · expected 2: pass 0, fail 2, unknown 0, n/a 0, error 0\n"},
{"accepted_with_gaps", .end = {.outcome = REPORT_ACCEPTED_WITH_GAPS, .expected = 5, .pass = 2, .unknown = 3}, .want =
    "Chưa liệt kê 3 mục chưa rõ. Xem: --unknown\n"
    "\n"
    "ĐẠT, còn 3 mục chưa kiểm được · 0 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 5: đạt 2, sai 0, chưa rõ 3, không áp dụng 0, lỗi tính 0\n"},
{"accepted_with_gaps_in_english", .style = {.lang = LANG_EN},
    .end = {.outcome = REPORT_ACCEPTED_WITH_GAPS, .expected = 5, .pass = 2, .unknown = 3}, .want =
    "Not listed: 3 unknown items. To see them: --unknown\n"
    "\n"
    "ACCEPTED, 3 items not checkable · 0 errors, 0 warnings, 0 info · expected 5: pass 2, fail 0, unknown 3, n/a 0, error 0\n"},
{"accepted_with_one_gap_in_english", .style = {.lang = LANG_EN},
    .end = {.outcome = REPORT_ACCEPTED_WITH_GAPS, .expected = 3, .pass = 2, .unknown = 1}, .want =
    "Not listed: 1 unknown item. To see them: --unknown\n"
    "\n"
    "ACCEPTED, 1 item not checkable · 0 errors, 0 warnings, 0 info · expected 3: pass 2, fail 0, unknown 1, n/a 0, error 0\n"},
{"rejected_in_english", .style = {.lang = LANG_EN},
    .end = {.outcome = REPORT_REJECTED, .error = 1, .warning = 2, .expected = 3, .fail = 3}, .want =
    "REJECTED · 1 error, 2 warnings, 0 info · expected 3: pass 0, fail 3, unknown 0, n/a 0, error 0\n"},
{"incomplete", .end = {.outcome = REPORT_INCOMPLETE, .expected = 1, .rule_error = 1, .error = 1}, .want =
    "CHƯA KIỂM XONG · 1 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 1: đạt 0, sai 0, chưa rõ 0, không áp dụng 0, lỗi tính 1\n"},
{"incomplete_in_english", .style = {.lang = LANG_EN},
    .end = {.outcome = REPORT_INCOMPLETE, .expected = 1, .rule_error = 1, .error = 1}, .want =
    "INCOMPLETE · 1 error, 0 warnings, 0 info · expected 1: pass 0, fail 0, unknown 0, n/a 0, error 1\n"},
{"quiet_is_the_verdict_alone", .style = {.is_quiet = true, .max_findings = 1}, FINDINGS({FAIL("a"), AT(1)}, {FAIL("a"), AT(2)}),
    RULES(PASSED("d.key", "d", 4), ABSENT("b")), .run = {.n_inputs = 1, .inputs = (const struct report_input[]){
    {.dataset = S("d"), .path = S("a.csv"), .n_left_out = 1, .left_out = (const struct report_left_out[]){{1, S("title")}}}}},
    .end = {.outcome = REPORT_REJECTED, .error = 2, .expected = 6, .pass = 4, .fail = 2}, .want =
    "KHÔNG ĐẠT · 2 lỗi, 0 cảnh báo, 0 thông tin · cần kiểm 6: đạt 4, sai 2, chưa rõ 0, không áp dụng 0, lỗi tính 0\n"},
};
/* clang-format on */

/* ---- running them ---- */

static bool collect(void *context, const char *p, size_t n)
{
    struct text *out = context;
    text_add(out, (struct str){p, n});
    return true;
}

static bool refuse(void *context, const char *p, size_t n)
{
    int *calls = context;
    (void)p;
    (void)n;
    ++*calls;
    return false;
}

static struct str report_of(struct arena *a, const struct text_case *c)
{
    struct text out = text_in(a);
    struct report_sink sink = {collect, &out};
    struct report *r =
        report_open(a, report_format_by_name(STR("text")), &c->style, sink);
    report_begin(r, &c->run);
    for (size_t i = 0; i < c->n_findings; i++) {
        report_finding(r, &c->findings[i]);
    }
    for (size_t i = 0; i < c->n_rules; i++) {
        report_rule(r, &c->rules[i]);
    }
    report_end(r, &c->end);
    assert_true(report_is_ok(r));
    text_char(&out, '\0');
    out.n--;
    return text_str(&out);
}

static void whole_report(void **state)
{
    const struct text_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str got = report_of(a, c);
    assert_string_equal(got.p, c->want);
    assert_int_equal(got.n, strlen(c->want));
    arena_close(a);
}

/* Whatever the row: only our own words start a line, and nothing steers the terminal. */
static void nothing_steers_the_terminal(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        struct text_case plain = cases[i];
        plain.style.has_color = false;
        struct str got = report_of(a, &plain);
        for (size_t k = 0; k < got.n; k++) {
            unsigned char c = (unsigned char)got.p[k];
            assert_true(c == '\n' || (c >= 0x20 && c != 0x7F));
        }
        arena_close(a);
    }
}

static void records_are_not_kept(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text out = text_in(a);
    struct report_style style = {.lang = LANG_EN};
    struct report *r = report_open(a, report_format_by_name(STR("text")), &style,
                                   (struct report_sink){collect, &out});
    char name[] = "check", path[] = "a.csv", reason[] = "title";
    struct report_left_out left = {1, {reason, 5}};
    struct report_input input = {.path = {path, 5}, .left_out = &left, .n_left_out = 1};
    report_begin(r, &(struct report_run){.inputs = &input, .n_inputs = 1});
    memset(path, '#', 5);
    memset(reason, '#', 5);
    report_rule(r, &(struct report_rule){.check = {name, 5}});
    memset(name, '#', 5);
    report_end(r, &(struct report_end){.outcome = REPORT_ACCEPTED});
    assert_true(str_find(text_str(&out), STR("check")) != SIZE_MAX);
    assert_true(str_find(text_str(&out), STR("a.csv: title lines 1")) != SIZE_MAX);
    assert_true(str_find(text_str(&out), STR("#")) == SIZE_MAX);
    arena_close(a);
}

static void refused_once_is_never_asked_again(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    int calls = 0;
    struct report_style style = {0};
    struct report *r = report_open(a, report_format_by_name(STR("text")), &style,
                                   (struct report_sink){refuse, &calls});
    const struct report_finding f = {FAIL("c"), AT(1)};
    report_begin(r, &(struct report_run){0});
    assert_true(report_is_ok(r));
    assert_true(report_wants(r, STR("c")));
    report_finding(r, &f);
    assert_false(report_is_ok(r));
    assert_false(report_wants(r, STR("c")));
    report_finding(r, &f);
    report_end(r, &(struct report_end){0});
    assert_int_equal(calls, 1);
    arena_close(a);
}

static void wants_until_the_cap(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text out = text_in(a);
    struct report_style style = {.max_findings = 2};
    struct report *r = report_open(a, report_format_by_name(STR("text")), &style,
                                   (struct report_sink){collect, &out});
    const struct report_finding f = {FAIL("c"), AT(1)};
    uint64_t n = 0;
    report_begin(r, &(struct report_run){0});
    for (int i = 0; i < 2; i++) {
        assert_true(report_wants(r, STR("c")));
        report_finding(r, &f);
    }
    assert_false(report_wants(r, STR("c")));
    assert_true(report_wants(r, STR("d")));
    assert_int_equal(report_hidden_checks(r), 0);
    report_drop(r, STR("d"), 0);
    report_drop(r, STR("c"), 1);
    report_finding(r, &f);
    assert_int_equal(report_hidden_checks(r), 1);
    assert_true(str_eq(report_hidden(r, 0, &n), STR("c")));
    assert_int_equal(n, 2);
    arena_close(a);
}

static void formats_have_names(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    assert_true(str_eq(report_format_names(a), STR("text, jsonl")));
    assert_non_null(report_format_by_name(STR("jsonl")));
    assert_int_equal(report_format_by_name(STR("text"))->max_findings, 20);
    assert_int_equal(report_format_by_name(STR("jsonl"))->max_findings, 0);
    assert_null(report_format_by_name(STR("tex")));
    assert_null(report_format_by_name(STR("")));
    arena_close(a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    const struct CMUnitTest single[] = {
        cmocka_unit_test(nothing_steers_the_terminal),
        cmocka_unit_test(records_are_not_kept),
        cmocka_unit_test(refused_once_is_never_asked_again),
        cmocka_unit_test(wants_until_the_cap),
        cmocka_unit_test(formats_have_names),
    };
    struct CMUnitTest tests[COUNT_OF(cases) + COUNT_OF(single)] = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = row(cases[i].name, whole_report, &cases[i]);
    }
    memcpy(tests + COUNT_OF(cases), single, sizeof single);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
