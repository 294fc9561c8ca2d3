/* Help, manual page and shell completions, all from the option table and the command
 * table.
 *
 * `soat help` is for people; `soat help man|bash|zsh|fish` is for the build, which
 * installs what they print. The text is built in one growing buffer and written at the
 * end, so that a failed write is seen. */
#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "cli/commands.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct page {
    char *p;
    size_t n, cap;
    bool is_broken; /* no memory */
    enum soat_lang lang;
    const char *formats;
};

static bool has_room(struct page *g, size_t n)
{
    if (g->is_broken || g->cap - g->n >= n) {
        return !g->is_broken;
    }
    size_t cap = (g->cap + n) * 2;
    char *grown = realloc(g->p, cap);
    if (!grown) {
        g->is_broken = true;
        return false;
    }
    g->p = grown;
    g->cap = cap;
    return true;
}

static void put_bytes(struct page *g, const char *p, size_t n)
{
    if (has_room(g, n)) {
        memcpy(g->p + g->n, p, n);
        g->n += n;
    }
}

static void put(struct page *g, const char *text)
{
    put_bytes(g, text, strlen(text));
}

static void say(struct page *g, const char *vi, const char *en)
{
    put(g, g->lang == SOAT_VI ? vi : en);
}

__attribute__((format(printf, 2, 3))) static void put_format(struct page *g,
                                                             const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): va_start is just above */
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    assert(n >= 0 && (size_t)n < sizeof line);
    put_bytes(g, line, (size_t)n);
}

static const struct {
    int code;
    const char *means[2];
} statuses[] = {
    {0,
     {"mọi thứ đã được kiểm và không có gì tới mức --fail-on",
      "everything was evaluated and nothing reached --fail-on"}},
    {1, {"có phát hiện từ mức đó trở lên", "findings at or above it"}},
    {2,
     {"chưa kiểm gì: sai cách dùng hoặc sai quy tắc",
      "nothing was checked: wrong usage or wrong rules"}},
    {3,
     {"chưa kiểm xong: có tệp không đọc được, không tính được hoặc không ghi được",
      "incomplete: something could not be read, computed or written"}},
    {4, {"lỗi của chính soat", "a fault of soat itself"}},
};

static void put_option(struct page *g, const struct soat_option *o)
{
    char left[96];
    const char *equals = o->value ? "=" : "", *value = o->value ? o->value : "";
    if (o->letter) {
        (void)snprintf(left, sizeof left, "-%c, --%s%s%s", o->letter, o->name, equals,
                       value);
    } else {
        (void)snprintf(left, sizeof left, "    --%s%s%s", o->name, equals, value);
    }
    put_format(g, "  %-34s", left);
    put(g, strlen(left) > 33 ? "\n                                     " : " ");
    put(g, o->help[g->lang]);
    put(g, "\n");
}

static void put_help(struct page *g)
{
    say(g,
        "soat: soát số liệu báo cáo theo quy tắc, tính chính xác từng chữ số.\n\nCách "
        "dùng:\n",
        "soat: exact cross-checks of tabular reports by rules.\n\nUsage:\n");
    for (size_t i = 0; i < command_count; i++) {
        put_format(g, "  soat %s %s\n      %s\n", commands[i].name, commands[i].operands,
                   commands[i].help[g->lang]);
    }
    say(g,
        "\nQUY-TẮC (RULES) là tệp .soat hoặc thư mục có đúng một tệp .soat. FILE đứng "
        "một mình được giao\n"
        "cho bộ dữ liệu khớp tiêu đề nhất; DATASET=FILE chỉ rõ; nhận mẫu như "
        "bao-cao/*.csv, và - là đầu\n"
        "vào chuẩn. Không nêu tệp thì dùng mục from của tệp quy tắc.\n\nTùy chọn của "
        "check:\n",
        "\nRULES is a .soat file, or a folder with exactly one. FILE alone goes to the "
        "data set whose\n"
        "headers it fits best; DATASET=FILE says so; patterns like reports/*.csv work, "
        "and - is standard\n"
        "input. Without files the from clauses of the rule file serve.\n\nOptions of "
        "check:\n");
    for (size_t i = 0; i < soat_option_count(); i++) {
        put_option(g, soat_option(i));
    }
    put_option(
        g, &(struct soat_option){
               "help", 'h', false, NULL, {"in phần hướng dẫn này", "print this help"}});
    put_option(
        g, &(struct soat_option){
               "version", 'V', false, NULL, {"in số phiên bản", "print the version"}});
    say(g, "\nDạng báo cáo (FORMAT): ", "\nReport formats (FORMAT): ");
    put(g, g->formats);
    say(g, "\n\nMã thoát:\n", "\n\nExit status:\n");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        put_format(g, "  %d  %s\n", statuses[i].code, statuses[i].means[g->lang]);
    }
    say(g, "\nEnglish: soat --help --lang en\n", "\nTiếng Việt: soat --help --lang vi\n");
}

/* Text for troff: a dash is a minus, a backslash is itself. */
static void put_troff(struct page *g, const char *text)
{
    for (; *text; text++) {
        if (*text == '-') {
            put(g, "\\-");
        } else if (*text == '\\') {
            put(g, "\\e");
        } else {
            put_bytes(g, text, 1);
        }
    }
}

static void put_man_option(struct page *g, const struct soat_option *o)
{
    put(g, ".TP\n\\fB");
    if (o->letter) {
        put_format(g, "\\-%c\\fR, \\fB", o->letter);
    }
    put(g, "\\-\\-");
    put_troff(g, o->name);
    put(g, "\\fR");
    if (o->value) {
        put(g, " \\fI");
        put_troff(g, o->value);
        put(g, "\\fR");
    }
    put(g, "\n");
    put_troff(g, o->help[g->lang]);
    put(g, "\n");
}

/* A sentence of the help becomes one of the page. */
static void put_man_commands(struct page *g)
{
    say(g, ".SH LỆNH\n", ".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++) {
        put_format(g, ".TP\n.B %s\n", commands[i].name);
        put_troff(g, commands[i].help[g->lang]);
        put(g, ".\n");
        put_troff(g, commands[i].about[g->lang]);
        put(g, "\n");
    }
}

static void put_man(struct page *g)
{
    put_format(g, ".TH SOAT 1 \"\" \"soat %s\"\n.SH ", soat_version());
    say(g, "TÊN\nsoat \\- soát số liệu báo cáo theo quy tắc\n.SH CÁCH DÙNG\n",
        "NAME\nsoat \\- exact cross\\-checks of tabular reports\n.SH SYNOPSIS\n");
    for (size_t i = 0; i < command_count; i++) {
        put_format(g, ".B soat %s\n.I ", commands[i].name);
        put_troff(g, commands[i].operands);
        put(g, "\n.br\n");
    }
    put_man_commands(g);
    say(g, ".SH TÙY CHỌN\n", ".SH OPTIONS\n");
    for (size_t i = 0; i < soat_option_count(); i++) {
        put_man_option(g, soat_option(i));
    }
    say(g, ".SH DẠNG BÁO CÁO\n", ".SH FORMATS\n");
    put_troff(g, g->formats);
    say(g, "\n.SH MÃ THOÁT\n", "\n.SH EXIT STATUS\n");
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        put_format(g, ".TP\n.B %d\n", statuses[i].code);
        put_troff(g, statuses[i].means[g->lang]);
        put(g, "\n");
    }
}

static void put_commands(struct page *g)
{
    for (size_t i = 0; i < command_count; i++) {
        put_format(g, "%s%s", i ? " " : "", commands[i].name);
    }
}

static void put_bash(struct page *g)
{
    put(g, "_soat() {\n    local word=${COMP_WORDS[COMP_CWORD]}\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W \"");
    put_commands(g);
    put(g, "\" -- \"$word\"))\n        return\n    fi\n    case $word in\n    -*)\n"
           "        COMPREPLY=($(compgen -W \"--help --version");
    for (size_t i = 0; i < soat_option_count(); i++) {
        put_format(g, " --%s", soat_option(i)->name);
    }
    put(g, "\" -- \"$word\")) ;;\n    *) local IFS=$'\\n'\n        COMPREPLY=($(compgen "
           "-f -- "
           "\"$word\")) ;;\n    esac\n}\n"
           "complete -o filenames -F _soat soat\n");
}

static void put_zsh(struct page *g)
{
    put(g, "#compdef soat\n_arguments \\\n    '1:command:(");
    put_commands(g);
    put(g, ")' \\\n");
    for (size_t i = 0; i < soat_option_count(); i++) {
        const struct soat_option *o = soat_option(i);
        put_format(g, "    '%s--%s%s[%s]%s' \\\n", o->is_repeatable ? "*" : "", o->name,
                   o->value ? "=" : "", o->help[SOAT_EN],
                   o->value ? ":value:_files" : "");
    }
    put(g, "    '*:file:_files'\n");
}

static void put_fish(struct page *g)
{
    put(g, "complete -c soat -n __fish_use_subcommand -f -a '");
    put_commands(g);
    put(g, "'\n");
    for (size_t i = 0; i < soat_option_count(); i++) {
        const struct soat_option *o = soat_option(i);
        put_format(g, "complete -c soat -l %s%s -d '%s'\n", o->name,
                   o->value ? " -r" : "", o->help[SOAT_EN]);
    }
}

/* Builds a page and writes it. */
static enum soat_status put_page(soat *s, int fd, void (*fill)(struct page *))
{
    struct page g = {.lang = soat_lang(s), .formats = soat_formats(s)};
    fill(&g);
    bool is_done = !g.is_broken && put_all(fd, g.p, g.n);
    free(g.p);
    return is_done ? SOAT_OK : SOAT_INCOMPLETE;
}

enum soat_status put_usage(soat *s, int fd, enum soat_status status)
{
    enum soat_status done = put_page(s, fd, put_help);
    return done == SOAT_OK ? status : done;
}

enum soat_status cmd_help(soat *s, char **operands, int n)
{
    static const struct {
        const char *name;
        void (*fill)(struct page *g);
    } kinds[] = {
        {"man", put_man},
        {"bash", put_bash},
        {"zsh", put_zsh},
        {"fish", put_fish},
    };
    void (*fill)(struct page *) = n ? NULL : put_help;
    for (size_t i = 0; n && i < sizeof kinds / sizeof *kinds; i++) {
        fill = strcmp(operands[0], kinds[i].name) == 0 ? kinds[i].fill : fill;
    }
    for (size_t i = 0; n && i < command_count; i++) {
        fill = strcmp(operands[0], commands[i].name) == 0 ? put_help : fill;
    }
    if (!fill) {
        soat_complain(s, SOAT_UNWANTED_OPERAND, operands[0], NULL, 0);
    }
    enum soat_status status = soat_tell(s);
    return status == SOAT_OK ? put_page(s, STDOUT_FILENO, fill) : status;
}
