/* Declarations: what is read, what is refused and where, and how reading goes on after a
 * mistake. `soat 1` and a line end are put before every row that does not say otherwise,
 * so places begin on line 2. */
#include "lang/parse.h"
#include "parse_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct parse_case {
    const char *name, *source, *want; /* the tree, or the diagnostics */
};

#define DATASET(clauses) "dataset d { key a column a text " clauses " }"
#define COLUMN(modifiers) "dataset d { key a column a " modifiers " }"
#define CHECK(clauses) "check c on d { must a " clauses " }"

static const struct parse_case accepted[] = {
    {"file_empty", "", ""},
    {"file_of_comments", "# nothing\n# else", ""},
    {"declarations_on_one_line", "unit a \"A\" unit b \"B\" family f = x define g = 1",
     "(unit a 'A') (unit b 'B') (family f columns=[x]) (define g be=1)"},

    {"use", "use \"shared.soat\"", "(use path='shared.soat')"},
    {"use_library", "use library \"vn/units\"", "(use library path='vn/units')"},

    {"ruleset", "ruleset r { title vi \"A\" en \"B\" version \"2022.1\" language en }",
     "(ruleset r title vi:'A' title en:'B' version='2022.1' language=en)"},
    {"ruleset_title_alone", "ruleset r { title en \"B\" }", "(ruleset r title en:'B')"},
    {"ruleset_in_any_order",
     "ruleset r { language vi version '1' title en \"B\" vi \"A\" }",
     "(ruleset r title vi:'A' title en:'B' version='1' language=vi)"},

    {"unit", "unit htx \"HTX\"", "(unit htx 'HTX')"},
    {"unit_of_another", "unit tyd \"tỷ đồng\" = 1_000 trd",
     "(unit tyd 'tỷ đồng' = 1000 trd)"},

    {"codelist_entries", "codelist c { a \"A\", b 'B', \"91\" \"C\" }",
     "(codelist c 'a':'A' 'b':'B' '91':'C')"},
    {"codelist_from", "codelist c from \"c.csv\" { code x }",
     "(codelist c from='c.csv' code=x)"},
    {"codelist_from_library",
     "codelist c from library \"vn/c.csv\" { code a label b alias d into e parent f "
     "valid g .. h }",
     "(codelist c library from='vn/c.csv' code=a label=b alias=d into=e parent=f valid=g "
     "to=h)"},
    {"codelist_clauses_in_any_order",
     "codelist c from \"c\" { valid g..h parent f code code }",
     "(codelist c from='c' code=code parent=f valid=g to=h)"},

    {"define", "define m = if a then 7 else 5", "(define m be=(if a 7 5))"},
    {"define_with_parameters", "define share(part, whole) = part / whole",
     "(define share params=[part whole] be=(/ part whole))"},
    {"define_then_declaration", "define m = 5 define n = m",
     "(define m be=5) (define n be=m)"},
    {"family", "family f = a, b, c", "(family f columns=[a b c])"},
    {"family_of_one", "family f = a", "(family f columns=[a])"},

    {"dataset", DATASET(""), "(dataset d key=[a] (a text))"},
    {"dataset_optional", "dataset d optional { key a column a text }",
     "(dataset d optional key=[a] (a text))"},
    {"dataset_in_any_order", "dataset d { column a text column b count key a, b }",
     "(dataset d key=[a b] (a text) (b count))"},
    {"dataset_title", DATASET("title vi \"T\""),
     "(dataset d title vi:'T' key=[a] (a text))"},
    {"dataset_from", DATASET("from \"a.csv\", 'b.csv'"),
     "(dataset d from='a.csv','b.csv' key=[a] (a text))"},
    {"dataset_cover_members", DATASET("cover a in members(\"G\") each p, q"),
     "(dataset d key=[a] cover=a in=(call members 'G') each=[p q] (a text))"},
    {"dataset_cover_list", DATASET("cover a in provinces"),
     "(dataset d key=[a] cover=a in=provinces (a text))"},
    {"dataset_cover_set",
     DATASET("cover a in {\"x\", \"y\"} each p cover b in E[k = 1].c"),
     "(dataset d key=[a] cover=a in=(in-set _ 'x' 'y') each=[p] cover=b in=(look E [(= k "
     "1)] .c) "
     "(a text))"},
    {"dataset_totals", DATASET("totals a \"Tổng\", \"Cụm\" totals b \"T\""),
     "(dataset d key=[a] totals=a texts='Tổng','Cụm' totals=b texts='T' (a text))"},
    {"dataset_tree", DATASET("tree a under b"),
     "(dataset d key=[a] tree=a under=b (a text))"},
    {"dataset_pairs", DATASET("pair a with b pair c with e"),
     "(dataset d key=[a] pair=a with=b pair=c with=e (a text))"},
    {"dataset_codings", DATASET("missing \"\", \"…\" zero \"-\" na \"x\", 'y'"),
     "(dataset d key=[a] missing='','…' zero='-' na='x','y' (a text))"},
    {"dataset_numbers", DATASET("numbers plain"),
     "(dataset d key=[a] numbers=plain (a text))"},
    {"dataset_numbers_vi", DATASET("numbers vi"),
     "(dataset d key=[a] numbers=vi (a text))"},
    {"dataset_numbers_en", DATASET("numbers en"),
     "(dataset d key=[a] numbers=en (a text))"},
    {"dataset_numbers_auto", DATASET("numbers auto"), "(dataset d key=[a] (a text))"},
    {"dataset_encoding", DATASET("encoding \"cp1258\""),
     "(dataset d key=[a] encoding='cp1258' (a text))"},
    {"dataset_layout", DATASET("layout strict"), "(dataset d key=[a] strict (a text))"},
    {"dataset_allow", DATASET("allow L001 \"vì\" allow L002 'b'"),
     "(dataset d key=[a] (a text) allow=L001 reason='vì' allow=L002 reason='b')"},

    {"column_types",
     "dataset d { key a column a text column b code l column c count column e integer "
     "column f decimal column g percent column h date column i period column j year "
     "column k flag }",
     "(dataset d key=[a] (a text) (b code list=l) (c count) (e integer) (f decimal) (g "
     "percent) "
     "(h date) (i period) (j year) (k flag))"},
    {"column_named_like_a_type",
     "dataset d { key period column period period column count count }",
     "(dataset d key=[period] (period period) (count count))"},
    {"column_of_unit", COLUMN("count of htx"), "(dataset d key=[a] (a count of htx))"},
    {"column_of_units", COLUMN("decimal of nguoi/htx*trd"),
     "(dataset d key=[a] (a decimal of nguoi/htx*trd))"},
    {"column_of_column", COLUMN("decimal of column unit"),
     "(dataset d key=[a] (a decimal of-column=unit))"},
    {"column_stock", COLUMN("count stock"), "(dataset d key=[a] (a count stock))"},
    {"column_flow", COLUMN("count flow"), "(dataset d key=[a] (a count flow))"},
    {"column_additive", COLUMN("count additive"),
     "(dataset d key=[a] (a count additive))"},
    {"column_optional_unique", COLUMN("text unique optional"),
     "(dataset d key=[a] (a text optional unique))"},
    {"column_undefined", COLUMN("count undefined because \"chưa có\""),
     "(dataset d key=[a] (a count undefined='chưa có'))"},
    {"column_range", COLUMN("decimal in -1.5 .. 100_000"),
     "(dataset d key=[a] (a decimal range=-1.5..100000))"},
    {"column_range_of_percent", COLUMN("percent in 0% .. 100%"),
     "(dataset d key=[a] (a percent range=0%..1%))"},
    {"column_range_of_dates",
     COLUMN("date in date \"2022-01-01\" .. date \"2022-12-31\""),
     "(dataset d key=[a] (a date range=2022-01-01..2022-12-31))"},
    {"column_set", COLUMN("text in {\"x\", 5, -5%, period \"2022\"}"),
     "(dataset d key=[a] (a text set='x',5,-0.05%,2022))"},
    {"column_matches", COLUMN("text matches '^\\d+$'"),
     "(dataset d key=[a] (a text matches='^\\d+$'))"},
    {"column_max", COLUMN("text max 500"), "(dataset d key=[a] (a text max=500))"},
    {"column_rounded_then_range", COLUMN("decimal rounded 1 in 0 .. 100"),
     "(dataset d key=[a] (a decimal range=0..100 rounded=1))"},
    {"column_headers", COLUMN("text en \"E\" | \"F\" vi \"A\" | \"B\" | \"C\""),
     "(dataset d key=[a] (a text vi='A','B','C' en='E','F'))"},
    {"column_modifiers_in_any_order",
     COLUMN("count vi \"A\" max 5 optional stock of htx"),
     "(dataset d key=[a] (a count of htx stock optional max=5 vi='A'))"},

    {"check", CHECK(""), "(check c on=d must=a)"},
    {"check_each", "check c on d each p, q { must a }",
     "(check c on=d each=[p q] must=a)"},
    {"check_filter", "check c on d[x > 0, y] each p { must a }",
     "(check c on=d filter=(> x 0) filter=y each=[p] must=a)"},
    {"check_family", "check c on d for x in f, g { must a }",
     "(check c on=d for=x in=[f g] must=a)"},
    {"check_each_family", "check c on d[k = any] each p for x in f { must a }",
     "(check c on=d filter=(= k ANY) each=[p] for=x in=[f] must=a)"},
    {"check_lets", CHECK("let x = 1 let y = x + 1"),
     "(check c on=d let=x be=1 let=y be=(+ x 1) must=a)"},
    {"check_when", CHECK("when b > 0"), "(check c on=d when=(> b 0) must=a)"},
    {"check_within_rounding", CHECK("within rounding"),
     "(check c on=d must=a within=rounding)"},
    {"check_within_number", CHECK("within 0.05"), "(check c on=d must=a within=0.05)"},
    {"check_within_points", CHECK("within 2%"), "(check c on=d must=a within=0.02%)"},
    {"check_within_left", CHECK("within 5% of left"),
     "(check c on=d must=a within=0.05% of left)"},
    {"check_within_right", CHECK("within 5% of right"),
     "(check c on=d must=a within=0.05% of right)"},
    {"check_within_larger", CHECK("within 5% of larger"),
     "(check c on=d must=a within=0.05% of larger)"},
    {"check_within_expr", CHECK("within if b then 5% * abs(right) else 0"),
     "(check c on=d must=a within=(if b (* 0.05% (call abs right)) 0))"},
    {"check_policies", CHECK("if_missing skip if_first fail"),
     "(check c on=d must=a if_missing=skip if_first=fail)"},
    {"check_policies_unknown", CHECK("if_missing unknown if_first unknown"),
     "(check c on=d must=a if_missing=unknown if_first=unknown)"},
    {"check_severity", CHECK("severity warning"),
     "(check c on=d must=a severity=warning)"},
    {"check_severity_info", CHECK("severity info"),
     "(check c on=d must=a severity=info)"},
    {"check_severity_final", CHECK("severity error final"),
     "(check c on=d must=a severity=error final)"},
    {"check_texts", CHECK("title vi \"T\" message vi \"{a}\" en '{b}' ask en \"?\""),
     "(check c on=d must=a title vi:'T' message vi:'{a}' message en:'{b}' ask en:'?')"},
    {"check_message_may_hold_what_no_escape_is",
     CHECK("message vi \"{x matches '\\d'}\""),
     "(check c on=d must=a message vi:'{x matches ''}')"},
    {"check_rest", CHECK("because \"B\" tags t, u type VAD allow L1 \"r\""),
     "(check c on=d must=a because='B' tags=[t u] type=VAD allow=L1 reason='r')"},
    {"check_clauses_end_at_the_next_word",
     "check c on d { when a must b = 1 severity info within 1 }",
     "(check c on=d when=a must=(= b 1) within=1 severity=info)"},
    {"clause_words_are_names_in_expressions",
     "check c on d { must must = when + let when type }",
     "(check c on=d when=type must=(= must (+ when let)))"},
    {"declaration_words_are_names",
     "dataset unit { key target column target text column unit text } "
     "check check on unit { must unit = target }",
     "(dataset unit key=[target] (target text) (unit text)) "
     "(check check on=unit must=(= unit target))"},
};

/* One row for each way to go against a production. */
static const struct parse_case rejected[] = {
    {"use_nothing", "use", "R012 2:4+2:1"},
    {"use_name", "use shared", "R004 2:5"},
    {"use_library_name", "use library x", "R004 2:13"},
    {"declaration_misspelt", "unti a \"A\"\nunit b \"B\"", "R008 2:1"},
    {"declaration_is_a_clause", "must a = b", "R008 2:1"},
    {"declaration_is_a_mark", "} unit a \"A\"", "R008 2:1"},
    {"declaration_is_a_number", "5 unit a \"A\"", "R008 2:1"},

    {"ruleset_without_name", "ruleset { title vi \"A\" }", "R002 2:9"},
    {"ruleset_without_brace", "ruleset r title vi \"A\" }", "R001 2:11"},
    {"ruleset_without_title", "ruleset r { version \"1\" }", "R011 2:9"},
    {"ruleset_title_twice", "ruleset r { title vi \"A\" title en \"B\" }",
     "R010 2:26+2:13"},
    {"ruleset_version_twice", "ruleset r { title vi \"A\" version '1' version '2' }",
     "R010 2:38+2:26"},
    {"ruleset_version_number", "ruleset r { title vi \"A\" version 2022 }", "R004 2:34"},
    {"ruleset_language_unknown", "ruleset r { title vi \"A\" language fr }", "R007 2:35"},
    {"ruleset_clause_unknown", "ruleset r { title vi \"A\" author \"B\" }", "R009 2:26"},
    {"ruleset_clause_misspelt_is_not_missing", "ruleset r { titel vi \"A\" }",
     "R009 2:13"},
    {"text_language_missing", "ruleset r { title \"A\" }", "R007 2:19"},
    {"text_language_twice", "ruleset r { title vi \"A\" vi \"B\" }", "R010 2:26+2:19"},
    {"text_three_times", "ruleset r { title vi \"A\" en \"B\" en \"C\" }",
     "R010 2:33+2:26"},
    {"text_string_missing", "ruleset r { title vi en \"B\" }", "R004 2:22"},
    {"text_unquoted", "ruleset r { title vi A }", "R004 2:22"},
    {"text_bad_escape", "ruleset r { title vi \"\\d\" }", "R028 2:23"},

    {"unit_without_name", "unit \"A\"", "R002 2:6"},
    {"unit_without_label", "unit a unit b \"B\"", "R004 2:8"},
    {"unit_reserved", "unit in \"I\"", "R003 2:6"},
    {"unit_factor_missing", "unit a \"A\" = b", "R005 2:14"},
    {"unit_factor_negative", "unit a \"A\" = -5 b", "R005 2:14"},
    {"unit_factor_percent", "unit a \"A\" = 5% b", "R002 2:15"},
    {"unit_base_missing", "unit a \"A\" = 5", "R012 2:15+2:6"},

    {"codelist_without_name", "codelist { a \"A\" }", "R002 2:10"},
    {"codelist_without_entries", "codelist c { }", "R001 2:14"},
    {"codelist_neither", "codelist c \"x\"", "R001 2:12"},
    {"codelist_entry_without_label", "codelist c { a, b \"B\" }", "R004 2:15"},
    {"codelist_entry_number", "codelist c { 91 \"A\" }", "R001 2:14"},
    {"codelist_entry_reserved", "codelist c { in \"A\" }", "R003 2:14"},
    {"codelist_entries_without_comma", "codelist c { a \"A\" b \"B\" }", "R001 2:20"},
    {"codelist_last_comma", "codelist c { a \"A\", }", "R035 2:19"},
    {"codelist_unclosed", "codelist c { a \"A\"", "R012 2:19+2:10"},
    {"codelist_from_nothing", "codelist c from { code a }", "R004 2:17"},
    {"codelist_without_code", "codelist c from \"f\" { label b }", "R011 2:10"},
    {"codelist_code_twice", "codelist c from \"f\" { code a code b }", "R010 2:30+2:23"},
    {"codelist_label_twice", "codelist c from \"f\" { code a label b label c }",
     "R010 2:38+2:30"},
    {"codelist_alias_twice", "codelist c from \"f\" { code a alias b alias c }",
     "R010 2:38+2:30"},
    {"codelist_into_twice", "codelist c from \"f\" { code a into b into c }",
     "R010 2:37+2:30"},
    {"codelist_parent_twice", "codelist c from \"f\" { code a parent b parent c }",
     "R010 2:39+2:30"},
    {"codelist_valid_without_end", "codelist c from \"f\" { code a valid b }",
     "R001 2:38"},
    {"codelist_valid_twice", "codelist c from \"f\" { code a valid b .. c valid d .. e }",
     "R010 2:43+2:30"},
    {"codelist_clause_unknown", "codelist c from \"f\" { code a key b }", "R009 2:30"},
    {"codelist_code_text", "codelist c from \"f\" { code \"a\" }", "R002 2:28"},

    {"define_without_name", "define = 5", "R002 2:8"},
    {"define_without_equals", "define a 5", "R001 2:10"},
    {"define_without_value", "define a =", "R012 2:11+2:8"},
    {"define_parameters_empty", "define a() = 5", "R002 2:10"},
    {"define_parameters_last_comma", "define a(b,) = 5", "R035 2:11"},
    {"define_parameters_unclosed", "define a(b = 5", "R001 2:12"},
    {"define_parameter_reserved", "define a(if) = 5", "R003 2:10"},
    {"family_without_name", "family = a", "R002 2:8"},
    {"family_without_equals", "family f a", "R001 2:10"},
    {"family_empty", "family f =", "R012 2:11+2:8"},
    {"family_last_comma", "family f = a,\nunit u \"U\"", "R046 3:1"},

    {"dataset_without_name", "dataset { key a column a text }", "R002 2:9"},
    {"dataset_without_block", "dataset d", "R012 2:10+2:9"},
    {"dataset_empty", "dataset d { }", "R011 2:9; R011 2:9"},
    {"dataset_without_key", "dataset d { column a text }", "R011 2:9"},
    {"dataset_without_column", "dataset d { key a }", "R011 2:9"},
    {"dataset_key_twice", DATASET("key a"), "R010 2:33+2:13"},
    {"dataset_key_empty", "dataset d { key column a text }", "R009 2:24"},
    {"dataset_key_text", "dataset d { key \"a\" column a text }", "R002 2:17"},
    {"dataset_optional_misspelt", "dataset d optionl { key a column a text }",
     "R001 2:11"},
    {"dataset_title_twice", DATASET("title vi 'A' title vi 'B'"), "R010 2:46+2:33"},
    {"dataset_from_name", DATASET("from file"), "R004 2:38"},
    {"dataset_from_last_comma", DATASET("from \"a\","), "R035 2:41"},
    {"dataset_from_twice", DATASET("from \"a\" from \"b\""), "R010 2:42+2:33"},
    {"dataset_cover_without_in", DATASET("cover a each p"), "R001 2:41"},
    {"dataset_cover_range", DATASET("cover a in 1 .. 5"), "R042 2:44"},
    {"dataset_cover_nothing", DATASET("cover a in"), "R006 2:44"},
    {"dataset_cover_column_twice", DATASET("cover a in l cover a in m"),
     "R010 2:52+2:39"},
    {"dataset_cover_each_nothing", DATASET("cover a in l each"), "R002 2:51"},
    {"dataset_totals_without_text", DATASET("totals a"), "R004 2:42"},
    {"dataset_totals_column_twice", DATASET("totals a 'T' totals a 'U'"),
     "R010 2:53+2:40"},
    {"dataset_tree_without_under", DATASET("tree a b"), "R001 2:40"},
    {"dataset_tree_twice", DATASET("tree a under b tree c under e"), "R010 2:48+2:33"},
    {"dataset_pair_without_with", DATASET("pair a, b"), "R001 2:39"},
    {"dataset_missing_name", DATASET("missing x"), "R004 2:41"},
    {"dataset_missing_twice", DATASET("missing 'x' missing 'y'"), "R010 2:45+2:33"},
    {"dataset_zero_number", DATASET("zero 0"), "R004 2:38"},
    {"dataset_zero_twice", DATASET("zero 'x' zero 'y'"), "R010 2:42+2:33"},
    {"dataset_na_twice", DATASET("na 'x' na 'y'"), "R010 2:40+2:33"},
    {"dataset_na_nothing", DATASET("na"), "R004 2:36"},
    {"dataset_numbers_unknown", DATASET("numbers fr"), "R007 2:41"},
    {"dataset_numbers_twice", DATASET("numbers vi numbers en"), "R010 2:44+2:33"},
    {"dataset_encoding_name", DATASET("encoding cp1258"), "R004 2:42"},
    {"dataset_encoding_twice", DATASET("encoding 'a' encoding 'b'"), "R010 2:46+2:33"},
    {"dataset_layout_unknown", DATASET("layout loose"), "R001 2:40"},
    {"dataset_layout_twice", DATASET("layout strict layout strict"), "R010 2:47+2:33"},
    {"dataset_allow_without_reason", DATASET("allow L1"), "R004 2:42"},
    {"dataset_allow_without_code", DATASET("allow \"r\""), "R002 2:39"},
    {"dataset_clause_unknown", DATASET("sort a"), "R009 2:33"},
    {"dataset_clause_of_a_check", DATASET("must a"), "R009 2:33"},

    {"column_without_name", "dataset d { key a column }", "R002 2:26"},
    {"column_reserved", "dataset d { key a column in count }", "R003 2:26"},
    {"column_without_type", "dataset d { key a column a }", "R007 2:28"},
    {"column_without_type_before_a_modifier", COLUMN("optional"), "R007 2:28"},
    {"column_type_misspelt", COLUMN("cuont of htx"), "R007 2:28"},
    {"column_code_without_list", COLUMN("code"), "R002 2:33"},
    {"column_modifier_misspelt", COLUMN("count stok"), "R009 2:34"},
    {"column_of_nothing", COLUMN("count of"), "R002 2:37"},
    {"column_of_text", COLUMN("count of \"htx\""), "R002 2:37"},
    {"column_of_broken_unit", COLUMN("count of nguoi /"), "R002 2:45"},
    {"column_of_column_nothing", COLUMN("count of column"), "R002 2:44"},
    {"column_of_twice", COLUMN("count of a of b"), "R010 2:39+2:34"},
    {"column_two_natures", COLUMN("count stock flow"), "R010 2:40+2:34"},
    {"column_nature_twice", COLUMN("count additive additive"), "R010 2:43+2:34"},
    {"column_optional_twice", COLUMN("text optional optional"), "R010 2:42+2:33"},
    {"column_unique_twice", COLUMN("text unique unique"), "R010 2:40+2:33"},
    {"column_undefined_without_reason", COLUMN("count undefined"), "R001 2:44"},
    {"column_undefined_without_because", COLUMN("count undefined \"x\""), "R001 2:44"},
    {"column_undefined_because_nothing", COLUMN("count undefined because"), "R004 2:52"},
    {"column_undefined_twice", COLUMN("text undefined because 'x' undefined because 'y'"),
     "R010 2:55+2:33"},
    {"column_in_nothing", COLUMN("count in"), "R001 2:37"},
    {"column_in_name", COLUMN("count in b"), "R001 2:37"},
    {"column_in_one", COLUMN("count in 5"), "R001 2:39"},
    {"column_in_half", COLUMN("count in 5 .."), "R001 2:42"},
    {"column_in_empty_set", COLUMN("count in {}"), "R001 2:38"},
    {"column_in_last_comma", COLUMN("count in {1,}"), "R035 2:39"},
    {"column_in_set_of_sums", COLUMN("count in {1 + 2}"), "R001 2:40"},
    {"column_in_twice", COLUMN("count in {1} in 1 .. 2"), "R010 2:41+2:34"},
    {"column_in_bad_date", COLUMN("date in {date \"31/2/2022\"}"), "R033 2:42"},
    {"column_in_bad_period", COLUMN("period in {period \"2022-Q5\"}"), "R034 2:46"},
    {"column_in_two_minuses", COLUMN("count in {--1}"), "R005 2:39"},
    {"column_matches_name", COLUMN("text matches x"), "R004 2:41"},
    {"column_matches_twice", COLUMN("text matches 'x' matches 'y'"), "R010 2:45+2:33"},
    {"column_max_negative", COLUMN("text max -5"), "R005 2:37"},
    {"column_max_twice", COLUMN("text max 5 max 6"), "R010 2:39+2:33"},
    {"column_rounded_nothing", COLUMN("decimal rounded"), "R005 2:44"},
    {"column_rounded_percent", COLUMN("decimal rounded 1%"), "R009 2:45"},
    {"column_rounded_twice", COLUMN("decimal rounded 1 rounded 2"), "R010 2:46+2:36"},
    {"column_header_nothing", COLUMN("text vi"), "R004 2:36"},
    {"column_header_bar", COLUMN("text vi \"A\" |"), "R004 2:42"},
    {"column_header_without_language", COLUMN("text \"A\""), "R009 2:33"},
    {"column_header_twice", COLUMN("text vi \"A\" vi \"B\""), "R010 2:40+2:33"},

    {"check_without_name", "check on d { must a }", "R001 2:10"},
    {"check_without_on", "check c { must a }", "R001 2:9"},
    {"check_without_dataset", "check c on { must a }", "R002 2:12"},
    {"check_without_brace", "check c on d must a }", "R001 2:14"},
    {"check_without_must", "check c on d { when a }", "R011 2:7"},
    {"check_must_twice", CHECK("must b"), "R010 2:23+2:16"},
    {"check_must_nothing", "check c on d { must }", "R006 2:21"},
    {"check_filter_empty", "check c on d[] each p { must a }", "R006 2:14"},
    {"check_filter_last_comma", "check c on d[x,] each p { must a }", "R035 2:15"},
    {"check_filter_unclosed", "check c on d[x each p { must a }", "R001 2:16"},
    {"check_filter_without_each", "check c on d[x] { must a }", "R043 2:13"},
    {"check_each_nothing", "check c on d each { must a }", "R002 2:19"},
    {"check_each_last_comma", "check c on d each p, { must a }", "R035 2:20"},
    {"check_for_without_in", "check c on d for x { must a }", "R001 2:20"},
    {"check_for_without_name", "check c on d for { must a }", "R002 2:18"},
    {"check_for_in_nothing", "check c on d for x in { must a }", "R002 2:23"},
    {"check_each_behind_for", "check c on d for x in f each p { must a }", "R001 2:25"},
    {"check_let_without_name", CHECK("let = 5"), "R002 2:27"},
    {"check_let_without_value", CHECK("let x ="), "R006 2:31"},
    {"check_let_without_equals", CHECK("let x 5"), "R001 2:29"},
    {"check_when_twice", CHECK("when a when b"), "R010 2:30+2:23"},
    {"check_within_nothing", CHECK("within"), "R006 2:30"},
    {"check_within_twice", CHECK("within 1 within 2"), "R010 2:32+2:23"},
    {"check_within_of_nothing", CHECK("within 5% of"), "R007 2:36"},
    {"check_within_of_unknown", CHECK("within 5% of both"), "R007 2:36"},
    {"check_within_of_number", CHECK("within 5 of left"), "R041 2:30"},
    {"check_within_of_expr", CHECK("within 5% * 2 of left"), "R041 2:30"},
    {"check_within_rounding_of", CHECK("within rounding of left"), "R009 2:39"},
    {"check_if_missing_unknown", CHECK("if_missing ignore"), "R007 2:34"},
    {"check_if_missing_twice", CHECK("if_missing skip if_missing fail"),
     "R010 2:39+2:23"},
    {"check_if_first_unknown", CHECK("if_first 5"), "R007 2:32"},
    {"check_if_first_twice", CHECK("if_first skip if_first fail"), "R010 2:37+2:23"},
    {"check_severity_unknown", CHECK("severity fatal"), "R007 2:32"},
    {"check_severity_twice", CHECK("severity error severity info"), "R010 2:38+2:23"},
    {"check_severity_final_twice", CHECK("severity error final final"), "R009 2:44"},
    {"check_title_twice", CHECK("title vi 'A' title en 'B'"), "R010 2:36+2:23"},
    {"check_message_nothing", CHECK("message"), "R007 2:31"},
    {"check_message_name", CHECK("message vi x"), "R004 2:34"},
    {"check_message_twice", CHECK("message vi 'x' message en 'y'"), "R010 2:38+2:23"},
    {"check_ask_twice", CHECK("ask vi 'x' ask en 'y'"), "R010 2:34+2:23"},
    {"check_ask_text", CHECK("ask \"x\""), "R007 2:27"},
    {"check_because_language", CHECK("because vi \"B\""), "R004 2:31"},
    {"check_because_twice", CHECK("because 'A' because 'B'"), "R010 2:35+2:23"},
    {"check_tags_text", CHECK("tags \"t\""), "R002 2:28"},
    {"check_tags_twice", CHECK("tags t tags u"), "R010 2:30+2:23"},
    {"check_type_text", CHECK("type \"VAD\""), "R002 2:28"},
    {"check_type_twice", CHECK("type VAD type RWD"), "R010 2:32+2:23"},
    {"check_allow_name", CHECK("allow L1 why"), "R004 2:32"},
    {"check_clause_unknown", CHECK("expect 1 .. 2"), "R009 2:23"},
    {"check_clause_of_a_dataset", CHECK("key a"), "R009 2:23"},
    {"check_clause_is_a_mark", CHECK(") severity info"), "R009 2:23"},
    {"check_operator_missing", "check c on d { must a b = 1 }", "R009 2:23"},
    {"check_wrong_expression_reports_its_place", "check c on d {\n  must a + * b\n}",
     "R006 3:12"},

    {"waive_not_yet",
     "waive c at k \"91\" { reason \"x\" by \"y\" until date \"2022-12-31\" }",
     "R014 2:1"},
    {"not_yet_twice", "waive c { reason \"}\" # }\n }\nwaive e { }",
     "R014 2:1; R014 4:1"},
};

/* After a mistake everything else is still seen, and nothing is reported that is not a
 * mistake. */
static const struct parse_case recovered[] = {
    {"next_clause", "check c on d {\n  must a + * b\n  severity wrong\n  because 5\n}",
     "R006 3:12; R007 4:12; R004 5:11"},
    {"next_clause_on_the_line", "check c on d { must a + * b severity wrong because 5 }",
     "R006 2:25; R007 2:38; R004 2:52"},
    {"next_declaration",
     "check c on d { must }\ncheck e on { must a }\nunit 5\nfamily f = 5",
     "R006 2:21; R002 3:12; R002 4:6; R002 5:12"},
    {"head_and_block", "check on d { must a severity bad }", "R001 2:10; R007 2:30"},
    {"clause_word_inside_a_wreck",
     "check c on d {\n  must (a + * type - title) = when\n  when b\n}", "R006 3:13"},
    {"clause_word_behind_an_operator", "check c on d { must a + * + when > 5 }",
     "R006 2:25"},
    {"set_inside_a_wreck",
     "check c on d { must x in { 1, , 2 } and y in {3} severity wrong }",
     "R006 2:31; R007 2:59"},
    {"set_unclosed", "check c on d {\n must x in {1, 2\n severity info\n}\nunit u \"U\"",
     "R001 4:2"},
    {"parenthesis_unclosed",
     "check c on d {\n must sum(a + b\n severity info\n}\nunit u 5",
     "R001 4:2; R004 6:8"},
    {"brace_missing", "check c on d {\n must a\n\ncheck e on d { must b }",
     "R013 5:1+2:14"},
    {"brace_missing_on_one_line", "check c on d { must a check e on d { must b }",
     "R013 2:23+2:14"},
    {"brace_missing_at_the_end", "check c on d {\n must a\n", "R012 3:8+2:7"},
    {"brace_missing_indented_declaration",
     "  check c on d {\n    must a\n  check e on d { must b }", "R013 4:3+2:16"},
    {"brace_too_many", "check c on d { must a } }\nunit u \"U\"", "R008 2:25"},
    {"declaration_inside_a_block",
     "check c on d {\n  must a\n  unit u \"U\"\n  severity info\n}", "R009 4:3"},
    {"opening_brace_missing", "check c on d\n  must a\n  severity wrong\n}\nunit u \"U\"",
     "R001 3:3; R007 4:12"},
    {"clause_misspelt_is_not_missing", "check c on d { mst a = 1 }", "R009 2:16"},
    {"clause_in_a_wreck_is_not_missing", "dataset d { column 5 key 7 + a column b text }",
     "R002 2:20; R002 2:26"},
    {"wrong_value_and_missing_clause", "check c on d { severity wrong }",
     "R011 2:7; R007 2:25"},
    {"list_with_a_comma_too_many",
     "dataset d {\n  key a, b,\n  column a txt\n  column b text\n}",
     "R046 4:3; R007 4:12"},
    {"operator_too_many", "check c on d {\n  must a = b +\n  severity wrong\n}",
     "R046 4:3; R007 4:12"},
    {"define_breaks_off", "define a = 1 +\ndefine b = 2 *\nunit u 5",
     "R046 3:1; R046 4:1; R004 4:8"},
    {"text_unclosed", "check c on d {\n  title vi \"abc }\n  must a\n  severity wrong\n}",
     "R027 3:12; R007 5:12"},
    {"text_unclosed_swallows_the_brace", "check c on d { must a = \"b }\nunit u 5",
     "R027 2:25; R004 3:8"},
    {"text_unclosed_swallows_a_clause", "check c on d { title vi \"b must a }\nunit u 5",
     "R027 2:25; R004 3:8"},
    {"text_with_quotes_in_it", "check c on d {\n  title vi \"a \"b\" c\"\n  must a\n}",
     "R009 3:16"},
    {"text_with_one_quote_in_it", "check c on d {\n  title vi \"a \"b\"\n  must a\n}",
     "R027 3:17"},
    {"text_unclosed_and_another_mistake",
     "check c on d { severity wrong title vi \"a\n must a }", "R007 2:25; R027 2:40"},
    {"block_unclosed", "test \"x\" {\n  given d \"\"\"\n a\n}\nunit u 5", "R029 3:11"},
    {"wrong_letters_do_not_stop_the_reader", "unit mới \"A\" unit b 5",
     "R024 2:6; R004 2:21"},
    {"several_in_one_column", COLUMN("cuont stock flow in {1,} rounded"),
     "R007 2:28; R010 2:40+2:34; R035 2:50; R005 2:61"},
    {"not_yet_and_mistakes_around", "unit u 5\nwaive c at k 5 { by a + }\nunit v 6",
     "R004 2:8; R014 3:1; R004 4:8"},
    {"not_yet_unclosed", "waive c { reason a\nunit v 6", "R014 2:1; R004 3:8"},
    {"bad_control_is_one_error", "unit u \x01 \"U\"", "R020 2:8"},
    {"bad_byte_is_one_error", "unit u \xFF \"U\"", "R019 2:8"},
    {"semicolons", "unit u \"U\";\nunit v \"V\";", "R022 2:11; R022 3:11"},
};

/* What is left in the tree of what was wrong, so that nobody complains of it again. */
static const struct parse_case poisoned[] = {
    {"poison_of_an_expression", "check c on d { must a + * b when a = ) let x = }",
     "(check c on=d let=x be=! when=! must=!)"},
    {"poison_of_a_define", "define a = (1\ndefine b = a",
     "(define a be=!) (define b be=a)"},
    {"poison_of_a_type", COLUMN("cuont stock"), "(dataset d key=[a] (a ! stock))"},
    {"poison_of_a_type_not_given", COLUMN(""), "(dataset d key=[a] (a !))"},
    {"poison_of_a_list_not_given", COLUMN("code"), "(dataset d key=[a] (a !))"},
    {"poison_of_a_range", COLUMN("count in 1 .. date \"x\""),
     "(dataset d key=[a] (a count range=1..!))"},
    {"poison_of_a_cover", DATASET("cover a in 1 .. 2"),
     "(dataset d key=[a] cover=a in=! (a text))"},
    {"poison_of_a_text",
     "check c on d {\n must a = \"x\n title vi \"y\n message vi \"z\n}",
     "(check c on=d must=(= a !) title vi:'y')"},
    {"poison_of_a_date", "define a = date \"2022-02-30\"", "(define a be=!)"},
    {"poison_of_a_number", "define a = 7x + 1", "(define a be=(+ ! 1))"},
    {"swallowed_by_a_key", "dataset d {\n key a,\n column a text\n}",
     "(dataset d key=[a] (a text))"},
    {"swallowed_by_a_family", "family f = a,\nunit u \"U\"",
     "(family f columns=[a]) (unit u 'U')"},
    {"swallowed_by_a_define", "define a = 1 +\ndefine b = 2",
     "(define a be=!) (define b be=2)"},
    {"swallowed_by_a_check", "check c on d {\n must a = b +\n severity info\n}",
     "(check c on=d must=! severity=info)"},
    {"swallowed_by_tags", "check c on d {\n tags a, b,\n must a\n}",
     "(check c on=d must=a tags=[a b])"},
    {"kept_behind_a_comma_too_many", "define f(a, b,) = a",
     "(define f params=[a b] be=a)"},
    {"kept_under_a_reserved_name", "unit in \"I\"", "(unit in 'I')"},
    {"left_out_without_a_name", "unit \"A\"\nunit b \"B\"", "(unit b 'B')"},
};

/* Whole files, without anything put before them. */
static const struct parse_case files[] = {
    {"version_missing", "unit u \"U\"", "R015 1:1"},
    {"version_missing_and_more", "unit u 5", "R015 1:1; R004 1:8"},
    {"version_empty_file", "", "R015 1:1"},
    {"version_unknown", "soat 2\nunit u 5", "R015 1:6"},
    {"version_with_a_point", "soat 1.0\nunit u 5", "R015 1:6"},
    {"version_without_number", "soat\nunit u 5", "R015 2:1; R004 2:8"},
    {"version_with_a_letter", "soat 1a\nunit u 5", "R025 1:6; R004 2:8"},
    {"version_misspelt", "sota 1\nunit u 5", "R015 1:1; R004 2:8"},
    {"version_twice", "soat 1\nsoat 1\nunit u 5", "R008 2:1; R004 3:8"},
    {"version_in_another_case", "Soat 1\nunit u \"U\"", "R015 1:1"},
    {"mark_and_crlf", "\xEF\xBB\xBFsoat 1\r\nunit u 5\r\n", "R004 2:8"},
    {"comment_before_the_version", "# a\nsoat 1 unit u 5", "R004 2:15"},
    {"waivers_are_not_yet_known", "soat 1\nwaive a.b at k \"91\" { reason \"x\" }",
     "R014 2:1"},
};

struct reading {
    struct arena *a;
    struct sources *sources;
    struct diags *diags;
    struct ast_file *file;
};

static struct reading read_file(struct str source)
{
    struct arena *a = arena_open(&mem_libc_hook);
    struct reading r = {.a = a, .sources = sources_new(a), .diags = diags_new(a)};
    uint32_t src = sources_add(r.sources, STR("t"), source);
    r.file = parse_file(a, r.sources, src, r.diags);
    assert_non_null(r.file);
    assert_true(r.file->has_errors == (diags_errors(r.diags) > 0));
    return r;
}

static struct reading read_declarations(const char *source)
{
    char buffer[2048] = "soat 1\n";
    size_t n = strlen(buffer);
    assert_true(n + strlen(source) < sizeof buffer);
    memcpy(buffer + n, source, strlen(source) + 1);
    return read_file(str_of(buffer));
}

static const char *diags_of(struct reading *r)
{
    struct text out = text_in(r->a);
    print_diags(&out, r->diags, r->sources);
    return str_copy(r->a, text_str(&out)).p;
}

static void is_accepted(void **state)
{
    const struct parse_case *t = *state;
    struct reading r = read_declarations(t->source);
    struct text out = text_in(r.a);
    print_file(&out, r.file);
    assert_string_equal(diags_of(&r), "");
    assert_string_equal(str_copy(r.a, text_str(&out)).p, t->want);
    arena_close(r.a);
}

static void is_poisoned(void **state)
{
    const struct parse_case *t = *state;
    struct reading r = read_declarations(t->source);
    struct text out = text_in(r.a);
    print_file(&out, r.file);
    assert_true(r.file->has_errors);
    assert_string_equal(str_copy(r.a, text_str(&out)).p, t->want);
    arena_close(r.a);
}

static void is_rejected(void **state)
{
    const struct parse_case *t = *state;
    struct reading r = read_declarations(t->source);
    assert_string_equal(diags_of(&r), t->want);
    arena_close(r.a);
}

static void is_rejected_file(void **state)
{
    const struct parse_case *t = *state;
    struct reading r = read_file(str_of(t->source));
    assert_string_equal(diags_of(&r), t->want);
    arena_close(r.a);
}

/* What the messages say */

static const struct message_case {
    const char *name, *source, *vi, *hint_vi, *hint_en;
} messages[] = {
    {"message_of_a_missing_clause", "check c on d { when a }",
     "check \"c\" thiếu mệnh đề \"must\"", NULL, NULL},
    {"message_of_a_wrong_clause", "ruleset r { titel vi \"A\" }",
     "\"titel\" không phải mệnh đề của ruleset; các mệnh đề là: title, version, language",
     "có phải \"title\" không?", "did you mean \"title\"?"},
    {"message_of_a_wrong_modifier", COLUMN("count stok"), NULL,
     "có phải \"stock\" không?", "did you mean \"stock\"?"},
    {"message_of_a_wrong_type", COLUMN("cuont"),
     "gặp \"cuont\", cần một trong các từ: text, code, count, integer, decimal, percent, "
     "date, "
     "period, year, flag",
     "có phải \"count\" không?", "did you mean \"count\"?"},
    {"message_of_a_wrong_declaration", "chek c on d { must a }", NULL,
     "có phải \"check\" không?", "did you mean \"check\"?"},
    {"message_of_an_open_block", "check c on d {\n must a\ncheck e on d { must b }",
     "khai báo \"check\" bắt đầu ở đây nhưng check \"c\" phía trên chưa có dấu } đóng "
     "khối",
     NULL, NULL},
    {"message_of_a_wrong_mark", "check c on d { must (a = 1 }", "gặp \"}\", cần \")\"",
     NULL, NULL},
    {"message_of_a_reserved_word", "dataset d { key a column in count }",
     "\"in\" là từ dành riêng của ngôn ngữ quy tắc; hãy đặt tên khác, ví dụ in_", NULL,
     NULL},
    {"message_of_an_escape", "unit u \"\\d\"",
     "\"\\d\" không phải dấu thoát; các dấu thoát là \\\" \\\\ \\n \\t \\u{1EBF}. Mẫu "
     "(pattern) nên "
     "đặt trong '…'",
     NULL, NULL},
    {"message_of_a_long_token",
     "unit u htx_thanh_lap_moi_trong_ky_bao_cao_sau_thang_dau_nam",
     "gặp \"htx_thanh_lap_moi_trong_ky_bao_cao_sau_t…\", cần một chuỗi trong dấu ngoặc "
     "kép, "
     "ví dụ \"abc\"",
     NULL, NULL},
    {"message_of_a_blank", "unit u\xC2\xA0\"U\"",
     "dấu cách đặc biệt U+00A0 không nhìn thấy được; hãy thay bằng dấu cách thường", NULL,
     NULL},
};

static void message_says(void **state)
{
    const struct message_case *t = *state;
    struct reading r = read_declarations(t->source);
    assert_int_equal(diags_count(r.diags), 1);
    const struct diag *d = diags_get(r.diags, 0);
    if (t->vi) {
        assert_string_equal(str_copy(r.a, diag_text(r.a, d, LANG_VI)).p, t->vi);
    }
    assert_true(str_eq(d->hint, str_of(t->hint_vi)));
    assert_true(str_eq(d->hint_en, str_of(t->hint_en)));
    arena_close(r.a);
}

/* Limits */

static void large_file_is_one_error(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    size_t n = (size_t)10 << 20;
    char *p = arena_alloc(a, n);
    memset(p, '(', n);
    struct reading r = read_file((struct str){p, n});
    assert_string_equal(diags_of(&r), "R017 1:1");
    assert_int_equal(r.file->n, 0);
    arena_close(r.a);
    arena_close(a);
}

static void errors_end_somewhere(void **state)
{
    (void)state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text source = text_in(a);
    text_add_z(&source, "soat 1\n");
    for (size_t i = 0; i < 100000; i++) {
        text_add_z(&source, i % 2 == 0 ? "unit u 5\n" : "check $ \"a\n");
    }
    struct reading r = read_file(text_str(&source));
    size_t n = diags_count(r.diags);
    assert_true(n > 100 && n < 300);
    size_t told = 0;
    for (size_t i = 0; i < n; i++) {
        told += diags_get(r.diags, i)->id == DIAG_ID_RULE_TOO_MANY_ERRORS;
    }
    assert_int_equal(told, 1);
    arena_close(r.a);
    arena_close(a);
}

static const struct deep_case {
    const char *name, *open;
    size_t most; /* errors */
} deep[] = {
    {"deep_braces", "{", 1},
    {"deep_dataset", "dataset d {", 3},
    {"deep_check", "check c on d { must (", 3},
    {"deep_set", "check c on d { must a in {", 3},
    {"deep_indicator", "indicator i {", 2},
    {"deep_parentheses", "define a = (", 3},
    {"deep_codelist", "codelist c { a \"A\",", 3},
};

static void deep_nesting_is_few_errors(void **state)
{
    const struct deep_case *t = *state;
    struct arena *a = arena_open(&mem_libc_hook);
    struct text source = text_in(a);
    text_add_z(&source, "soat 1 ");
    text_add_z(&source, t->open);
    for (size_t i = 0; i < 10000; i++) {
        text_add_z(&source, strchr(t->open, '(') ? "(" : "{");
    }
    struct reading r = read_file(text_str(&source));
    assert_in_range(diags_errors(r.diags), 1, t->most);
    arena_close(r.a);
    arena_close(a);
}

/* Robustness: whatever is done to a text, it is read to its end, nothing is read twice,
 * and an error is reported where there is one. */

static const char big[] =
    "soat 1\nuse \"shared.soat\" use library 'vn/units'\n"
    "ruleset r { title vi \"Cụm \\u{1EBF}\" en \"x\" version \"2022.1\" language vi }\n"
    "unit htx \"HTX\" unit tyd \"tỷ đồng\" = 1_000 trd\n"
    "codelist p from library \"p.csv\" { code a label b alias c valid d .. e into f "
    "parent g }\n"
    "codelist q { tham_gia \"tham gia\", \"91\" \"x\" }\n"
    "define m = if end(period) < date \"2024-07-01\" then 7 else 5\n"
    "define share(part, whole) = part / whole\nfamily flows = htx_new, htx_dissolved\n"
    "dataset d optional {\n  title vi \"B\" from \"r/*.csv\" key unit_code, period\n"
    "  cover unit_code in members(\"TNSH\") each period totals unit_code \"Tổng\", "
    "\"Cụm\"\n"
    "  tree a under b pair unit_code with unit_name missing \"\", \"…\" zero \"-\" na "
    "\"x\"\n"
    "  numbers vi encoding \"cp1258\" layout strict allow L1 \"y\"\n"
    "  column unit_code code p vi \"Mã\" | \"M\" en \"Code\"\n"
    "  column v decimal of nguoi/htx stock rounded 1 in 0 .. 100_000 max 5 unique "
    "optional\n"
    "  column w text matches '^[0-9]{10}$' in {\"a\", 5, -3.5%, period \"2022-H1\"}\n"
    "  column u integer undefined because \"z\" # chú thích\n}\n"
    "check c on d[x > 0, k = any] each p for c in flows {\n"
    "  let y = D[k = this.k, j = any].(a - b) ?? 0\n"
    "  when not x in {1, 2} and a is present or b matches '^\\d+$' implies c\n"
    "  must 20 <= x <= 600 and sum(c for c in flows if c != 0) = previous(x, 1 year) at "
    "p\n"
    "  within 5% of right if_missing skip if_first fail severity error final\n"
    "  message vi \"{name(c)} {{x}}: {a in {1}}\" en '{b}' ask vi \"?\" because \"B\" "
    "tags t, u\n"
    "  type VAD allow L2 \"r\" title vi \"T\"\n}\n"
    "indicator i on d {\n  title vi \"I\" value a / b expect 20 .. 600 severity info\n"
    "  change -5% .. 10% outlier mad 3.5 each p, q severity error final allow L3 "
    "\"s\"\n}\n"
    "indicator j on d { undefined because \"chưa có\" }\n"
    "target t on d {\n  actual cumulative(a) plan plan[k = \"t\"].v .. 9 aim between "
    "when u != \"92\"\n"
    "  pace plan[k = \"t\"].h margin 90% claimed s[k = \"I.1\"].x within 5% of larger\n"
    "  points 20 { bands { 100% : 20, 90% : 15 } bonus 1 per 10% over 100% cap 5 round "
    "0.1 }\n}\n"
    "target u on d { actual none because \"khó\" }\n"
    "scoreboard b on d each p {\n  for unit_code part \"A\" 70 { targets t, u }\n"
    "  part \"B\" 30 { s.y } total 100 when x plus sum(s.b) cap 10 minus sum(s.c)\n"
    "  rank highest ties shared grade \"C\" from 90, \"D\" from 80, \"E\" claimed "
    "s.z\n}\n"
    "test \"x\" {\n  given d \"\"\"\n  a,b }\n  \"\"\"\n  expect c.a fail at k \"91\", e "
    "-5\n"
    "  expect nothing else\n}\n";

static void every_prefix_is_read(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof big; n++) {
        struct reading r = read_file((struct str){big, n});
        assert_in_range(diags_errors(r.diags), 0, 2);
        arena_close(r.a);
    }
}

static void whole_text_is_read(void **state)
{
    (void)state;
    struct reading r = read_file(str_of(big));
    assert_string_equal(diags_of(&r), "");
    assert_int_equal(r.file->n, 18);
    arena_close(r.a);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Overwrites, cuts out, doubles or inserts at one to four places. */
static struct str mutate(struct arena *a, uint64_t *seed)
{
    static const char *const pieces[] = {
        "\"",     "'",    "{",      "}",       "(",      ")",       "[",
        "]",      ",",    "..",     "=",       "\n",     "#",       "\\",
        "\"\"\"", " if ", " not ",  " check ", " must ", "\nunit ", " in ",
        "5x",     "\xFF", "\x01",   "“",       "đ",      "-",       "any",
        " at ",   ":",    " none ", "\ntest ", " cap ",  "%",       "targets",
    };
    struct text out = text_in(a);
    text_add(&out, str_of(big));
    for (uint64_t left = next_random(seed) % 4 + 1; left > 0; left--) {
        struct str s = text_str(&out);
        size_t lo = (size_t)(next_random(seed) % (s.n + 1));
        size_t cut = (size_t)(next_random(seed) % 12);
        size_t hi = lo + cut < s.n ? lo + cut : s.n;
        struct text next = text_in(a);
        text_add(&next, str_cut(s, 0, lo));
        if (next_random(seed) % 3 > 0) {
            text_add_z(&next, pieces[next_random(seed) % COUNT_OF(pieces)]);
        }
        text_add(&next, str_cut(s, next_random(seed) % 2 == 0 ? lo : hi, s.n));
        out = next;
    }
    return text_str(&out);
}

static void mutations_are_read(void **state)
{
    uint64_t seed = (uint64_t)(uintptr_t)*state;
    for (size_t i = 0; i < 5000; i++) {
        struct arena *a = arena_open(&mem_libc_hook);
        struct reading r = read_file(mutate(a, &seed));
        assert_in_range(diags_errors(r.diags), 0, 15);
        arena_close(r.a);
        arena_close(a);
    }
}

static struct CMUnitTest row(const char *name, CMUnitTestFunction run, const void *state)
{
    return (struct CMUnitTest){
        .name = name, .test_func = run, .initial_state = (void *)(uintptr_t)state};
}

static size_t add_rows(struct CMUnitTest *tests, size_t n, const struct parse_case *cases,
                       size_t n_cases, CMUnitTestFunction run)
{
    for (size_t i = 0; i < n_cases; i++) {
        tests[n++] = row(cases[i].name, run, &cases[i]);
    }
    return n;
}

int main(void)
{
    const struct CMUnitTest others[] = {
        cmocka_unit_test(large_file_is_one_error),
        cmocka_unit_test(errors_end_somewhere),
        cmocka_unit_test(whole_text_is_read),
        cmocka_unit_test(every_prefix_is_read),
        row("mutations_are_read_1", mutations_are_read, (void *)(uintptr_t)1),
        row("mutations_are_read_2", mutations_are_read, (void *)(uintptr_t)77),
        row("mutations_are_read_3", mutations_are_read, (void *)(uintptr_t)12345),
        row("mutations_are_read_4", mutations_are_read, (void *)(uintptr_t)987654321),
    };
    struct CMUnitTest tests[COUNT_OF(accepted) + COUNT_OF(rejected) +
                            COUNT_OF(recovered) + COUNT_OF(poisoned) + COUNT_OF(files) +
                            COUNT_OF(messages) + COUNT_OF(deep) + COUNT_OF(others)];
    size_t n = 0;
    n = add_rows(tests, n, accepted, COUNT_OF(accepted), is_accepted);
    n = add_rows(tests, n, rejected, COUNT_OF(rejected), is_rejected);
    n = add_rows(tests, n, recovered, COUNT_OF(recovered), is_rejected);
    n = add_rows(tests, n, poisoned, COUNT_OF(poisoned), is_poisoned);
    n = add_rows(tests, n, files, COUNT_OF(files), is_rejected_file);
    for (size_t i = 0; i < COUNT_OF(messages); i++) {
        tests[n++] = row(messages[i].name, message_says, &messages[i]);
    }
    for (size_t i = 0; i < COUNT_OF(deep); i++) {
        tests[n++] = row(deep[i].name, deep_nesting_is_few_errors, &deep[i]);
    }
    memcpy(tests + n, others, sizeof others);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
