/* The soat command: arguments, environment and terminal, then one row of the command
 * table.
 *
 * Only soat.h is used, as any other program would. A closed pipe must be an error of a
 * write and not the death of the process, so SIGPIPE is ignored: the run still finishes
 * its other reports. */
#define _DEFAULT_SOURCE         /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "cli/commands.h"
#include "cli/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

const struct command commands[] = {
    {"check",
     "RULES [[DATASET=]FILE ...]",
     {"kiểm dữ liệu theo quy tắc rồi lập báo cáo", "check data by rules and report"},
     {"Đọc tệp quy tắc, đọc dữ liệu, kiểm mọi phép kiểm và lập báo cáo: ô nào, số nào, "
      "lệch bao "
      "nhiêu, cần làm gì. Không nêu tệp dữ liệu thì dùng mục from của tệp quy tắc. Tệp "
      "dữ liệu chỉ "
      "được đọc, không bao giờ bị sửa.",
      "Reads the rules and the data, evaluates every check and reports which cell, which "
      "values, by how much, and what to do. Without data arguments the from clauses of "
      "the rule "
      "file serve. Data files are only read."},
     cmd_check},
    {"score",
     "RULES [[DATASET=]FILE ...]",
     {"chấm điểm, xếp hạng theo chỉ tiêu và bảng điểm; --explain: lời giải của một đơn "
      "vị",
      "targets and scoreboards: points, ranks; --explain: the workings for one unit"},
     {"Chỉ tính chỉ tiêu và bảng điểm; trong các phép kiểm chỉ xét điểm tự chấm. Thiếu "
      "số liệu thì "
      "nêu khoảng điểm và hạng còn có thể đạt, không bao giờ cho 0 điểm.",
      "Targets and scoreboards alone; of the checks only the claimed points. Missing "
      "data give "
      "ranges of points and rank, never zero."},
     cmd_score},
    {"test",
     "RULES ...",
     {"chạy các phép thử viết trong tệp quy tắc", "run the tests written in rule files"},
     {"Chạy các khối test. Mã thoát 1 nếu có phép thử sai. Thư mục không có đúng một tệp "
      ".soat được "
      "hiểu là mọi bộ quy tắc trong nó.",
      "Runs the test blocks; exit status 1 if one fails. A folder without a single rule "
      "file "
      "stands for all rule sets in it and below."},
     cmd_test},
    {"lint",
     "RULES ...",
     {"soát chính bộ quy tắc: chỗ thừa, chỗ mâu thuẫn, chỗ không bao giờ đúng",
      "judge the rules themselves: what is unused, contradictory or never true"},
     {"Không cần dữ liệu. Mã thoát 0: không có gì để nói, 1: có cảnh báo, 2: quy tắc "
      "sai. allow "
      "MÃ kèm lý do tắt một cảnh báo.",
      "Needs no data. Exit status 0: nothing to say, 1: warnings, 2: wrong rules. An "
      "allow "
      "with its reason silences a warning."},
     cmd_lint},
    {"fmt",
     "[--check] RULES ...",
     {"trình bày lại tệp quy tắc theo một cách thống nhất; --check: chỉ nêu tệp sẽ đổi",
      "lay rule files out in the one canonical way; --check: only list what would "
      "change"},
     {"Chỉ đổi khoảng trắng và ngắt dòng; chữ và ghi chú giữ nguyên. Nhận tệp, thư mục, "
      "hoặc - cho "
      "đầu vào chuẩn.",
      "Changes blanks and line ends only; words and comments stay. Takes files, folders, "
      "or - "
      "for standard input."},
     cmd_fmt},
    {"explain",
     "CODE|CHECK [RULES]",
     {"giải thích một mã lỗi, phép kiểm, chỉ số, chỉ tiêu hoặc bảng điểm",
      "explain a code, a check, an indicator, a target or a scoreboard"},
     {"Nêu công thức bằng lời, số hạng, sai số cho phép, việc cần làm, ví dụ đạt và ví "
      "dụ sai.",
      "Gives the formula in words, its operands and tolerance, what to do, an example "
      "that "
      "passes and one that fails."},
     cmd_explain},
    {"init",
     "DATA ...",
     {"lập bản nháp tệp quy tắc từ số liệu: kiểu, khóa, khoảng, hệ thức cân đối",
      "draft a rule file from data: types, keys, ranges, balances"},
     {"Ghi bản nháp ra đầu ra chuẩn: bộ dữ liệu, kiểu, khóa, khoảng, và hệ thức đúng ở "
      "mọi dòng kèm "
      "số dòng làm chứng. Đơn vị tính để trống cho người điền. Tệp không đọc trọn được "
      "thì mã thoát "
      "3 và không ghi gì.",
      "Writes a draft to standard output: data sets, types, keys, ranges, and relations "
      "that "
      "hold in every row, each with the rows that show it. Units are left to fill in. A "
      "file that "
      "cannot be read whole gives exit status 3 and no draft."},
     cmd_init},
    {"help",
     "[man|bash|zsh|fish]",
     {"in hướng dẫn, trang man, hoặc phần tự điền lệnh",
      "print help, the manual page, or shell completions"},
     {"Trang man và phần tự điền lệnh được tạo từ cùng một bảng tùy chọn.",
      "Manual page and completions come from the one table of options."},
     cmd_help},
};

const size_t command_count = sizeof commands / sizeof *commands;

enum { COMMAND_NAMES_MAX = 16, PROGRAM_MAX = 4096 };

/* What a signal handler must find: it is given nothing but a number. */
static soat *volatile running;

bool put_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return false;
        }
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static bool put_out(void *context, const char *p, size_t n)
{
    progress_hide(context);
    return put_all(STDOUT_FILENO, p, n);
}

static bool put_err(void *context, const char *p, size_t n)
{
    progress_hide(context);
    return put_all(STDERR_FILENO, p, n);
}

static void hear(void *context, enum soat_stage stage, uint64_t done, uint64_t all)
{
    struct progress *p = context;
    p->lang = running ? soat_lang(running) : SOAT_VI;
    progress_show(p, stage, done, all);
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && *value;
}

/* What `--color auto` means for a stream (see no-color.org and bixense.com/clicolors). */
static bool wants_color(int fd)
{
    const char *force = getenv("CLICOLOR_FORCE");
    if (is_set("NO_COLOR")) {
        return false;
    }
    if (force && *force && strcmp(force, "0") != 0) {
        return true;
    }
    const char *term = getenv("TERM");
    return isatty(fd) && !(term && strcmp(term, "dumb") == 0);
}

static unsigned terminal_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) {
        return 0;
    }
    return size.ws_col;
}

/* Where this program is, for finding the rule library beside it. */
static const char *program_path(char *buffer, const char *called)
{
    ssize_t n = readlink("/proc/self/exe", buffer, PROGRAM_MAX - 1);
    if (n > 0) {
        buffer[n] = '\0';
        return buffer;
    }
    return strchr(called, '/') ? called : NULL;
}

static const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i].name, name) == 0) {
            return &commands[i];
        }
    }
    return NULL;
}

static enum soat_status unknown_command(soat *s, const char *found)
{
    const char *names[COMMAND_NAMES_MAX];
    for (size_t i = 0; i < command_count; i++) {
        names[i] = commands[i].name;
    }
    soat_complain(s, SOAT_UNKNOWN_COMMAND, found, names, command_count);
    return soat_tell(s);
}

static enum soat_status run_command(soat *s, int argc, char **argv)
{
    struct opts o;
    opts_read(&o, s, argc, argv);
    if (o.wants_version) {
        bool is_done = put_all(STDOUT_FILENO, "soat ", 5) &&
                       put_all(STDOUT_FILENO, soat_version(), strlen(soat_version())) &&
                       put_all(STDOUT_FILENO, "\n", 1);
        return is_done ? SOAT_OK : SOAT_INCOMPLETE;
    }
    if (o.wants_help) {
        return put_usage(s, STDOUT_FILENO, SOAT_OK);
    }
    if (o.n_operands == 0) {
        enum soat_status status = soat_tell(s);
        return status == SOAT_OK ? put_usage(s, STDERR_FILENO, SOAT_USAGE) : status;
    }
    const struct command *c = command_named(o.operands[0]);
    return c ? c->run(s, o.operands + 1, o.n_operands - 1)
             : unknown_command(s, o.operands[0]);
}

/* A stream that was closed would lend its number to the next file that is opened, and
 * what is meant for the stream would go into that file. Now it fails instead. */
static void fill_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

/* Takes back a half-written report, then lets the signal have its way. */
static void stop(int number)
{
    soat_abandon(running); /* NOLINT(bugprone-signal-handler,cert-sig30-c): made for it */
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

/* What was to be ignored (nohup) stays ignored. */
static void stop_at(int number)
{
    if (signal(number, stop) == SIG_IGN) {
        (void)signal(number, SIG_IGN);
    }
}

/* A failed assertion is a fault of ours (exit status 4), said in both languages; it has
 * printed its place. */
static void fault(int number)
{
    static const char words[] =
        "error: soat gặp lỗi nội bộ; xin gửi báo lỗi kèm dòng trên\n"
        "error: an internal fault of soat; please report the line above\n";
    (void)number;
    ssize_t done = write(STDERR_FILENO, words, sizeof words - 1);
    (void)done;            /* nothing is left to be said */
    soat_abandon(running); /* NOLINT(bugprone-signal-handler,cert-sig30-c): made for it */
    _exit(SOAT_FAULT);
}

int main(int argc, char **argv)
{
    if (argc < 1) {
        return SOAT_FAULT;
    }
    fill_streams();
    char program[PROGRAM_MAX];
    struct progress progress = {.is_shown = false};
    struct soat_config config = {
        .out = put_out,
        .err = put_err,
        .progress = hear,
        .context = &progress,
        .library = is_set("SOAT_LIBRARY") ? getenv("SOAT_LIBRARY") : NULL,
        .program = program_path(program, argv[0]),
        .out_has_color = wants_color(STDOUT_FILENO),
        .err_has_color = wants_color(STDERR_FILENO),
        .err_is_terminal = isatty(STDERR_FILENO) == 1,
        .width = terminal_width(),
    };
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGABRT, fault);
    soat *s = soat_new(&config);
    if (!s) {
        return soat_exit_code(SOAT_NO_MEMORY);
    }
    running = s;
    stop_at(SIGINT);
    stop_at(SIGTERM);
    stop_at(SIGHUP);
    enum soat_status status = run_command(s, argc, argv);
    running = NULL;
    progress_hide(&progress);
    soat_free(s);
    return soat_exit_code(status);
}
