/* JSON Lines, whole outputs: each row gives records and the exact lines they become. */
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

static const struct jsonl_case {
    const char *name;
    uint32_t max_findings;
    struct report_run run;
    const struct report_finding *findings;
    const struct report_rule *rules;
    size_t n_findings, n_rules;
    struct report_end end;
    const char *want;
} cases[] = {
{"nothing_at_all", .end = {.outcome = REPORT_ACCEPTED}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"end\",\"verdict\":\"accepted\",\"exit\":0,\"error\":0,\"warning\":0,\"info\":0,\"expected\":0,\"pass\":0,\"fail\":0,\"unknown\":0,\"not_applicable\":0,\"rule_error\":0}\n"},
{"run_with_everything", .run = {.version = S("0.1.0"), .ruleset = S("tay_nam_song_hau"), .title = BOTH("Cụm", "Cluster"),
    .n_rules = 2, .rules = (const struct report_rule_file[]){{S("rules.soat"), "aa00"}, {S("shared.soat"), "bb11"}},
    .n_inputs = 2, .inputs = (const struct report_input[]){
        {.dataset = S("d"), .path = S("reports/91.csv"), .sha256 = "cc22", .bytes = 1234, .records = 7, .encoding = S("utf-8"),
            .delimiter = S(";"), .numbers = S("vi"), .n_left_out = 2,
            .left_out = (const struct report_left_out[]){{1, S("title")}, {9, S("totals")}}},
        {.dataset = S("plan"), .path = S("plan.csv"), .sha256 = "dd33", .encoding = S("cp1258"), .delimiter = S("\t")}},
    .language = LANG_EN, .as_of = S("2022-07-05")}, .end = {.outcome = REPORT_ACCEPTED}, .want =
    "{\"record\":\"run\",\"soat\":\"0.1.0\",\"schema\":1,\"ruleset\":\"tay_nam_song_hau\",\"rules\":[{\"path\":\"rules.soat\",\"sha256\":\"aa00\"},{\"path\":\"shared.soat\",\"sha256\":\"bb11\"}],\"inputs\":[{\"dataset\":\"d\",\"path\":\"reports/91.csv\",\"sha256\":\"cc22\",\"bytes\":1234,\"records\":7,\"encoding\":\"utf-8\",\"delimiter\":\";\",\"numbers\":\"vi\",\"left_out\":[{\"line\":1,\"reason\":\"title\"},{\"line\":9,\"reason\":\"totals\"}]},{\"dataset\":\"plan\",\"path\":\"plan.csv\",\"sha256\":\"dd33\",\"bytes\":0,\"records\":0,\"encoding\":\"cp1258\",\"delimiter\":\"\\t\",\"numbers\":null,\"left_out\":[]}],\"language\":\"en\",\"as_of\":\"2022-07-05\"}\n"
    "{\"record\":\"end\",\"verdict\":\"accepted\",\"exit\":0,\"error\":0,\"warning\":0,\"info\":0,\"expected\":0,\"pass\":0,\"fail\":0,\"unknown\":0,\"not_applicable\":0,\"rule_error\":0}\n"},
{"finding_with_everything", FINDINGS({.check = S("htx_balance"), .verdict = REPORT_FAIL, .severity = DIAG_ERROR,
    .dataset = S("province_report"), .file = S("reports/91.csv"), .row = 3, .line = 4, .column = S("htx_total"), .field = 7,
    .key = (const struct report_pair[]){{S("unit_code"), S("91")}, {S("period"), S("2022-H1")}}, .n_key = 2,
    .left = S("540"), .right = S("541"), .diff = S("-1"), .tolerance = S("0"), .slack = S("-1"),
    .operands = (const struct report_operand[]){
        {.name = S("htx_total"), .raw = S("540"), .value = S("540"), .unit = S("HTX"), .file = S("reports/91.csv"),
            .column = S("htx_total"), .row = 3, .line = 4},
        {.name = S("htx_other")}}, .n_operands = 2,
    .title = BOTH("Biến động HTX", "Movement"), .message = BOTH("lệch −1", "off by −1"), .ask = BOTH("Đối chiếu", "Compare"),
    .because = S("Biểu 01-HTX"), .reason = S("r"), .cause = S("c"), .suggestion = S("541"), .waiver = S("Cụm trưởng"),
    .rule_place = S("never shown"), .source_line = S("never shown"),
    .fingerprint = "0123456789abcdef0123456789abcdef", .state = "fedcba9876543210fedcba9876543210"}),
    .end = {.outcome = REPORT_REJECTED, .exit = 1, .error = 1, .expected = 6, .pass = 5, .fail = 1}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"finding\",\"check\":\"htx_balance\",\"verdict\":\"fail\",\"severity\":\"error\",\"dataset\":\"province_report\",\"file\":\"reports/91.csv\",\"row\":3,\"line\":4,\"column\":\"htx_total\",\"field\":7,\"key\":{\"unit_code\":\"91\",\"period\":\"2022-H1\"},\"left\":\"540\",\"right\":\"541\",\"diff\":\"-1\",\"tolerance\":\"0\",\"slack\":\"-1\",\"operands\":[{\"name\":\"htx_total\",\"raw\":\"540\",\"value\":\"540\",\"unit\":\"HTX\",\"file\":\"reports/91.csv\",\"row\":3,\"line\":4,\"column\":\"htx_total\"},{\"name\":\"htx_other\",\"raw\":null,\"value\":null,\"unit\":null,\"file\":null,\"row\":null,\"line\":null,\"column\":null}],\"title\":{\"vi\":\"Biến động HTX\",\"en\":\"Movement\"},\"message\":{\"vi\":\"lệch −1\",\"en\":\"off by −1\"},\"ask\":{\"vi\":\"Đối chiếu\",\"en\":\"Compare\"},\"because\":\"Biểu 01-HTX\",\"reason\":\"r\",\"cause\":\"c\",\"suggestion\":\"541\",\"waiver\":\"Cụm trưởng\",\"fingerprint\":\"0123456789abcdef0123456789abcdef\",\"state\":\"fedcba9876543210fedcba9876543210\"}\n"
    "{\"record\":\"end\",\"verdict\":\"rejected\",\"exit\":1,\"error\":1,\"warning\":0,\"info\":0,\"expected\":6,\"pass\":5,\"fail\":1,\"unknown\":0,\"not_applicable\":0,\"rule_error\":0}\n"},
{"finding_with_nothing_is_all_null", FINDINGS({.check = S("c"), .verdict = REPORT_UNKNOWN, .severity = DIAG_WARNING}),
    .end = {.outcome = REPORT_ACCEPTED_WITH_GAPS, .expected = 1, .unknown = 1}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"finding\",\"check\":\"c\",\"verdict\":\"unknown\",\"severity\":\"warning\",\"dataset\":null,\"file\":null,\"row\":null,\"line\":null,\"column\":null,\"field\":null,\"key\":null,\"left\":null,\"right\":null,\"diff\":null,\"tolerance\":null,\"slack\":null,\"operands\":[],\"title\":null,\"message\":null,\"ask\":null,\"because\":null,\"reason\":null,\"cause\":null,\"suggestion\":null,\"waiver\":null,\"fingerprint\":null,\"state\":null}\n"
    "{\"record\":\"end\",\"verdict\":\"accepted_with_gaps\",\"exit\":0,\"error\":0,\"warning\":0,\"info\":0,\"expected\":1,\"pass\":0,\"fail\":0,\"unknown\":1,\"not_applicable\":0,\"rule_error\":0}\n"},
{"one_language_alone", FINDINGS({.check = S("c"), .verdict = REPORT_RULE_ERROR, .severity = DIAG_INFO,
    .title = {{S("Tên"), {NULL, 0}}}, .message = {{{NULL, 0}, S("text")}}, .ask = {{S(""), S("")}}}),
    .end = {.outcome = REPORT_INCOMPLETE, .exit = 3, .info = 1, .expected = 1, .rule_error = 1}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"finding\",\"check\":\"c\",\"verdict\":\"error\",\"severity\":\"info\",\"dataset\":null,\"file\":null,\"row\":null,\"line\":null,\"column\":null,\"field\":null,\"key\":null,\"left\":null,\"right\":null,\"diff\":null,\"tolerance\":null,\"slack\":null,\"operands\":[],\"title\":{\"vi\":\"Tên\",\"en\":null},\"message\":{\"vi\":null,\"en\":\"text\"},\"ask\":{\"vi\":\"\",\"en\":\"\"},\"because\":null,\"reason\":null,\"cause\":null,\"suggestion\":null,\"waiver\":null,\"fingerprint\":null,\"state\":null}\n"
    "{\"record\":\"end\",\"verdict\":\"incomplete\",\"exit\":3,\"error\":0,\"warning\":0,\"info\":1,\"expected\":1,\"pass\":0,\"fail\":0,\"unknown\":0,\"not_applicable\":0,\"rule_error\":1}\n"},
{"key_of_a_group_with_an_absent_part", FINDINGS({.check = S("c"), .verdict = REPORT_FAIL,
    .key = (const struct report_pair[]){{S("period"), S("2022-H1")}, {S("Mã \"đơn vị\""), {NULL, 0}}}, .n_key = 2}),
    .end = {.outcome = REPORT_REJECTED, .exit = 1}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"finding\",\"check\":\"c\",\"verdict\":\"fail\",\"severity\":\"error\",\"dataset\":null,\"file\":null,\"row\":null,\"line\":null,\"column\":null,\"field\":null,\"key\":{\"period\":\"2022-H1\",\"Mã \\\"đơn vị\\\"\":null},\"left\":null,\"right\":null,\"diff\":null,\"tolerance\":null,\"slack\":null,\"operands\":[],\"title\":null,\"message\":null,\"ask\":null,\"because\":null,\"reason\":null,\"cause\":null,\"suggestion\":null,\"waiver\":null,\"fingerprint\":null,\"state\":null}\n"
    "{\"record\":\"end\",\"verdict\":\"rejected\",\"exit\":1,\"error\":0,\"warning\":0,\"info\":0,\"expected\":0,\"pass\":0,\"fail\":0,\"unknown\":0,\"not_applicable\":0,\"rule_error\":0}\n"},
{"hostile_text_stays_one_line_of_utf8", FINDINGS({.check = S("c"), .verdict = REPORT_FAIL,
    .file = S("a\n\xFF.csv"), .message = {{S("\x1b[2J\r\n\xE2\x80\xA8\xED\xA0\x80"), S("a\0b\\\"")}}}),
    .end = {.outcome = REPORT_REJECTED, .exit = 1}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"finding\",\"check\":\"c\",\"verdict\":\"fail\",\"severity\":\"error\",\"dataset\":null,\"file\":\"a\\n\357\277\275.csv\",\"row\":null,\"line\":null,\"column\":null,\"field\":null,\"key\":null,\"left\":null,\"right\":null,\"diff\":null,\"tolerance\":null,\"slack\":null,\"operands\":[],\"title\":null,\"message\":{\"vi\":\"\\u001b[2J\\r\\n\\u2028\357\277\275\357\277\275\357\277\275\",\"en\":\"a\\u0000b\\\\\\\"\"},\"ask\":null,\"because\":null,\"reason\":null,\"cause\":null,\"suggestion\":null,\"waiver\":null,\"fingerprint\":null,\"state\":null}\n"
    "{\"record\":\"end\",\"verdict\":\"rejected\",\"exit\":1,\"error\":0,\"warning\":0,\"info\":0,\"expected\":0,\"pass\":0,\"fail\":0,\"unknown\":0,\"not_applicable\":0,\"rule_error\":0}\n"},
{"rules", RULES({.check = S("htx_balance"), .dataset = S("d"), .severity = DIAG_ERROR, .title = BOTH("never", "shown"),
        .expected = 21, .pass = 1, .fail = 2, .unknown = 3, .not_applicable = 4, .error = 5, .waived = 6, .about = S("never shown")},
    {.check = S("share"), .dataset = S("d"), .severity = DIAG_WARNING, .is_vacuous = true, .reason = S("undefined")},
    {.check = S("big"), .dataset = S("d"), .severity = DIAG_INFO, .expected = UINT64_MAX, .pass = UINT64_MAX}),
    .end = {.outcome = REPORT_ACCEPTED, .warning = 1, .info = 2, .not_applicable = 3}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"rule\",\"check\":\"htx_balance\",\"severity\":\"error\",\"dataset\":\"d\",\"expected\":21,\"pass\":1,\"fail\":2,\"unknown\":3,\"not_applicable\":4,\"error\":5,\"waived\":6,\"vacuous\":false,\"reason\":null}\n"
    "{\"record\":\"rule\",\"check\":\"share\",\"severity\":\"warning\",\"dataset\":\"d\",\"expected\":0,\"pass\":0,\"fail\":0,\"unknown\":0,\"not_applicable\":0,\"error\":0,\"waived\":0,\"vacuous\":true,\"reason\":\"undefined\"}\n"
    "{\"record\":\"rule\",\"check\":\"big\",\"severity\":\"info\",\"dataset\":\"d\",\"expected\":18446744073709551615,\"pass\":18446744073709551615,\"fail\":0,\"unknown\":0,\"not_applicable\":0,\"error\":0,\"waived\":0,\"vacuous\":false,\"reason\":null}\n"
    "{\"record\":\"end\",\"verdict\":\"accepted\",\"exit\":0,\"error\":0,\"warning\":1,\"info\":2,\"expected\":0,\"pass\":0,\"fail\":0,\"unknown\":0,\"not_applicable\":3,\"rule_error\":0}\n"},
{"cap_says_how_many_are_hidden", .max_findings = 1, FINDINGS({.check = S("c"), .verdict = REPORT_FAIL},
    {.check = S("c"), .verdict = REPORT_FAIL}, {.check = S("c"), .verdict = REPORT_FAIL}),
    .end = {.outcome = REPORT_REJECTED, .exit = 1, .error = 3, .expected = 3, .fail = 3}, .want =
    "{\"record\":\"run\",\"soat\":null,\"schema\":1,\"ruleset\":null,\"rules\":[],\"inputs\":[],\"language\":\"vi\",\"as_of\":null}\n"
    "{\"record\":\"finding\",\"check\":\"c\",\"verdict\":\"fail\",\"severity\":\"error\",\"dataset\":null,\"file\":null,\"row\":null,\"line\":null,\"column\":null,\"field\":null,\"key\":null,\"left\":null,\"right\":null,\"diff\":null,\"tolerance\":null,\"slack\":null,\"operands\":[],\"title\":null,\"message\":null,\"ask\":null,\"because\":null,\"reason\":null,\"cause\":null,\"suggestion\":null,\"waiver\":null,\"fingerprint\":null,\"state\":null}\n"
    "{\"record\":\"hidden\",\"check\":\"c\",\"findings\":2}\n"
    "{\"record\":\"end\",\"verdict\":\"rejected\",\"exit\":1,\"error\":3,\"warning\":0,\"info\":0,\"expected\":3,\"pass\":0,\"fail\":3,\"unknown\":0,\"not_applicable\":0,\"rule_error\":0}\n"},
};
/* clang-format on */

static bool collect(void *context, const char *p, size_t n)
{
    struct text *out = context;
    text_add(out, (struct str){p, n});
    return true;
}

static struct str lines_of(struct arena *a, const struct jsonl_case *c)
{
    struct text out = text_in(a);
    struct report_style style = {.max_findings = c->max_findings, .is_quiet = true};
    struct report *r = report_open(a, report_format_by_name(STR("jsonl")), &style,
                                   (struct report_sink){collect, &out});
    report_begin(r, &c->run);
    for (size_t i = 0; i < c->n_findings; i++) {
        report_finding(r, &c->findings[i]);
    }
    for (size_t i = 0; i < c->n_rules; i++) {
        report_rule(r, &c->rules[i]);
    }
    report_end(r, &c->end);
    text_char(&out, '\0');
    out.n--;
    return text_str(&out);
}

static void whole_report(void **state)
{
    const struct jsonl_case *c = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct str got = lines_of(a, c);
    assert_string_equal(got.p, c->want);
    assert_int_equal(got.n, strlen(c->want));
    arena_close(a);
}

/* A finding costs no memory that stays: reports can be as long as the data. */
static void many_findings_need_no_more_memory(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct arena *other = arena_open(&mem_libc_hook);
    struct text out = text_in(other);
    struct report_style style = {0};
    struct report *r = report_open(a, report_format_by_name(STR("jsonl")), &style,
                                   (struct report_sink){collect, &out});
    report_begin(r, &(struct report_run){0});
    report_finding(r, &(struct report_finding){.check = STR("c")});
    size_t used = arena_used(a);
    for (int i = 0; i < 1000; i++) {
        report_finding(r, &(struct report_finding){.check = STR("c")});
    }
    assert_int_equal(arena_used(a), used);
    arena_close(other);
    arena_close(a);
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){name, run, NULL, NULL, (void *)(uintptr_t)state};
}

int main(void)
{
    struct CMUnitTest tests[COUNT_OF(cases) + 1] = {0};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tests[i] = row(cases[i].name, whole_report, &cases[i]);
    }
    tests[COUNT_OF(cases)] =
        (struct CMUnitTest)cmocka_unit_test(many_findings_need_no_more_memory);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
