/* Reading files and asking about paths; writing is in replace.c.
 *
 * A decoder pulls: open, next, next, close. It reads 256 KiB at a time with read(2),
 * hashes the raw bytes, and gives the text of each chunk. The state of the file is taken
 * before the first byte and after the last; if they differ, somebody wrote to it
 * meanwhile and the result cannot be trusted. */
#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#define _XOPEN_SOURCE 700       /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "run/files.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECOUNT_CHUNK ((size_t)64 * 1024)

void files_begin(struct files *f, struct arena *a)
{
    assert(f && a);
    *f = (struct files){.arena = a};
    f->chunk = arena_alloc(a, FILE_CHUNK);
    f->decoded = text_in(a);
}

void files_close_all(struct files *f)
{
    for (struct handle *h = f->handles; h; h = h->next) {
        if (h->temporary) {
            unlink(h->temporary);
            h->temporary = NULL;
        }
        handle_close(h);
    }
    f->handles = NULL;
    if (f->has_globbed) {
        globfree(&f->globbed);
        f->has_globbed = false;
    }
}

void files_abandon(const struct files *f)
{
    for (const struct handle *h = f->handles; h; h = h->next) {
        if (h->temporary) {
            (void)unlink(h->temporary);
        }
    }
}

struct handle *handle_new(struct files *f)
{
    struct handle *h = f->handles;
    while (h && (h->fd >= 0 || h->temporary)) {
        h = h->next;
    }
    if (!h) {
        h = arena_new(f->arena, struct handle);
        h->fd = -1;
        h->next = f->handles;
        f->handles = h;
    }
    return h;
}

void handle_close(struct handle *h)
{
    assert(h);
    if (h->fd > STDERR_FILENO) {
        close(h->fd);
    }
    h->fd = -1;
}

static struct stamp stamp_from(const struct stat *s)
{
    return (struct stamp){
        .is_there = true,
        .is_regular = S_ISREG(s->st_mode),
        .is_folder = S_ISDIR(s->st_mode),
        .device = (uint64_t)s->st_dev,
        .inode = (uint64_t)s->st_ino,
        .size = (uint64_t)s->st_size,
        .seconds = (int64_t)s->st_mtim.tv_sec,
        .nanoseconds = (int64_t)s->st_mtim.tv_nsec,
    };
}

struct stamp stamp_of(const char *path)
{
    struct stat s;
    if (stat(path, &s) != 0) {
        return (struct stamp){0};
    }
    return stamp_from(&s);
}

bool stamp_is_same_file(const struct stamp *a, const struct stamp *b)
{
    return a->is_there && b->is_there && a->device == b->device && a->inode == b->inode;
}

bool stamp_is_unchanged(const struct stamp *a, const struct stamp *b)
{
    return stamp_is_same_file(a, b) && a->size == b->size && a->seconds == b->seconds &&
           a->nanoseconds == b->nanoseconds;
}

static enum file_status status_of(int error)
{
    if (error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG || error == ELOOP) {
        return FILE_MISSING;
    }
    if (error == EACCES || error == EPERM) {
        return FILE_DENIED;
    }
    return error == EISDIR ? FILE_FOLDER : FILE_FAILED;
}

/* Reads until n bytes are there or the input ends; SIZE_MAX: an error, see errno. */
static size_t read_fully(int fd, unsigned char *p, size_t n)
{
    size_t got = 0;
    while (got < n) {
        ssize_t r = read(fd, p + got, n - got);
        if (r < 0 && errno == EINTR) {
            continue;
        }
        if (r < 0) {
            return SIZE_MAX;
        }
        if (r == 0) {
            break;
        }
        got += (size_t)r;
    }
    return got;
}

static bool refuse(struct decoder *d, enum file_status status, int error)
{
    d->status = status;
    d->error = error;
    d->is_at_end = true;
    handle_close(d->handle);
    return false;
}

/* Fills the chunk; 0 at the end and after an error, which is remembered. */
static size_t fill(struct decoder *d)
{
    if (d->is_at_end) {
        return 0;
    }
    size_t n = read_fully(d->handle->fd, d->files->chunk, FILE_CHUNK);
    if (n == SIZE_MAX) {
        d->status = status_of(errno);
        d->error = errno;
        d->is_at_end = true;
        return 0;
    }
    d->is_at_end = n < FILE_CHUNK;
    sha256_add(&d->sha, d->files->chunk, n);
    d->bytes += n;
    return n;
}

static int open_input(struct files *f, const char *path)
{
    if (strcmp(path, FILE_STDIN) != 0) {
        return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    }
    f->is_stdin_taken = true;
    return STDIN_FILENO;
}

bool decoder_open(struct decoder *d, struct files *f, const char *path,
                  enum encoding otherwise)
{
    assert(d && f && path);
    *d = (struct decoder){.files = f, .handle = handle_new(f)};
    sha256_begin(&d->sha);
    d->handle->fd = open_input(f, path);
    if (d->handle->fd < 0) {
        return refuse(d, status_of(errno), errno);
    }
    struct stat s;
    if (fstat(d->handle->fd, &s) != 0) {
        return refuse(d, FILE_FAILED, errno);
    }
    d->stamp = stamp_from(&s);
    if (d->stamp.is_folder) {
        return refuse(d, FILE_FOLDER, EISDIR);
    }
    d->n_first = fill(d);
    if (d->status != FILE_OK) {
        return refuse(d, d->status, d->error);
    }
    size_t mark = 0;
    d->encoding = encoding_detect(f->chunk, d->n_first, &mark);
    if (mark == 0 && otherwise != ENCODING_COUNT) {
        d->encoding = otherwise;
    }
    d->mark = mark;
    d->state = (struct encoding_state){.kind = d->encoding, .at = mark};
    return true;
}

static void count_lines(struct decoder *d, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        d->lf += text.p[i] == '\n';
        d->cr += text.p[i] == '\r';
    }
}

/* Line ends before the bad byte of a regular file, by reading it once more: counting them
 * all along would make every good file pay. */
static void recount_lines(struct decoder *d)
{
    struct arena *a = d->files->arena;
    struct encoding_state state = {.kind = d->encoding, .at = d->mark};
    struct text text = text_in(a);
    unsigned char *p = arena_alloc(a, RECOUNT_CHUNK);
    uint64_t at = d->mark, bad;
    while (at < d->bad_at) {
        uint64_t left = d->bad_at - at;
        size_t want = left < RECOUNT_CHUNK ? (size_t)left : RECOUNT_CHUNK;
        ssize_t n = pread(d->handle->fd, p, want, (off_t)at);
        if (n <= 0 || !encoding_feed(&state, p, (size_t)n, false, &text, &bad)) {
            break;
        }
        count_lines(d, text_str(&text));
        text.n = 0;
        at += (uint64_t)n;
    }
}

/* Decodes n bytes of the chunk from `from`; n == 0 ends the stream. */
static struct str decode(struct decoder *d, size_t from, size_t n)
{
    struct text *out = &d->files->decoded;
    const unsigned char *p = d->files->chunk + from;
    uint64_t start = d->bytes - (from + n);
    out->n = 0;
    uint64_t bad = 0;
    bool is_own = n > 0 && encoding_pass(&d->state, p, n); /* then it needs no copy */
    bool is_good = is_own || encoding_feed(&d->state, p, n, n == 0, out, &bad);
    struct str text = is_own ? (struct str){(const char *)p, n} : text_str(out);
    if (!d->stamp.is_regular) {
        count_lines(d, text);
    }
    if (!is_good) {
        d->status = FILE_UNDECODABLE;
        d->is_dead = true;
        d->bad_at = bad;
        if (d->stamp.is_regular) {
            recount_lines(d);
        }
        d->bad_line = 1 + (d->lf ? d->lf : d->cr);
        d->bad = bad < start ? d->state.held[0] : d->files->chunk[bad - start];
    }
    return text;
}

bool decoder_next(struct decoder *d, struct str *piece)
{
    assert(d && piece);
    while (!d->has_ended) {
        size_t from = d->n_first ? (size_t)d->mark : 0;
        size_t n = d->n_first ? d->n_first : fill(d);
        d->n_first = 0;
        d->has_ended = n == 0;
        if (d->is_dead || (n && n == from)) {
            continue;
        }
        if (n == 0 && d->status != FILE_OK) {
            break;
        }
        *piece = decode(d, from, n ? n - from : 0);
        if (piece->n) {
            return true;
        }
    }
    return false;
}

void decoder_close(struct decoder *d)
{
    assert(d);
    if (!d->handle || d->handle->fd < 0) {
        return;
    }
    struct stat s;
    if (d->has_ended && d->status == FILE_OK && d->stamp.is_regular) {
        struct stamp now = {0};
        if (fstat(d->handle->fd, &s) == 0) {
            now = stamp_from(&s);
        }
        if (!stamp_is_unchanged(&now, &d->stamp)) {
            d->status = FILE_CHANGED;
        }
    }
    handle_close(d->handle);
}

void decoder_sha256(struct decoder *d, char hex[65])
{
    unsigned char digest[32];
    sha256_end(&d->sha, digest);
    sha256_hex(digest, sizeof digest, hex);
}

struct str decoder_rest(struct decoder *d, struct arena *a)
{
    struct text t = text_in(a);
    struct str piece;
    while (decoder_next(d, &piece)) {
        text_add(&t, piece);
    }
    struct str s = text_str(&t);
    return s.p ? s : STR("");
}

void put_error(struct diag *d, struct arena *a, int error)
{
    assert(d && a);
    static const struct {
        int error;
        const char *vi, *en;
    } words[] = {
        {EACCES, "không có quyền", "permission denied"},
        {EPERM, "không được phép", "operation not permitted"},
        {ENOENT, "không có thư mục hoặc tệp này", "no such file or folder"},
        {ENOTDIR, "có phần của đường dẫn không phải thư mục",
         "part of the path is no folder"},
        {EISDIR, "đây là thư mục", "it is a folder"},
        {ENAMETOOLONG, "tên tệp quá dài", "the name is too long"},
        {ELOOP, "liên kết vòng tròn", "links in a circle"},
        {EROFS, "ổ đĩa chỉ cho đọc", "the file system is read-only"},
        {ENOSPC, "hết chỗ trên đĩa", "no space left on the device"},
        {EDQUOT, "hết hạn mức đĩa", "the disk quota is exceeded"},
        {EFBIG, "tệp quá lớn", "the file is too large"},
        {EIO, "lỗi vào/ra của thiết bị", "input/output error"},
        {EPIPE, "nơi nhận đã đóng", "the reader has closed"},
        {EMFILE, "mở quá nhiều tệp", "too many open files"},
        {ENFILE, "hệ thống mở quá nhiều tệp", "too many open files in the system"},
    };
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (words[i].error == error) {
            d->args[2] = str_of(words[i].vi);
            d->args[3] = str_of(words[i].en);
            return;
        }
    }
    d->args[2] = d->args[3] = str_copy(a, str_of(strerror(error)));
}

void path_hint(struct diag *d, struct str path)
{
    assert(d);
    if (path.n && memchr(path.p, '\\', path.n)) {
        d->hint = STR("thư mục ở đây ngăn cách bằng dấu /, không phải dấu \\");
        d->hint_en = STR("folders are separated by / here, not by \\");
    }
}

static void complain_undecodable(const struct decoder *d, struct str shown,
                                 struct diags *diags)
{
    bool is_wide = d->encoding == ENCODING_UTF16LE || d->encoding == ENCODING_UTF16BE;
    bool is_nul = d->bad == 0 && !is_wide;
    enum diag_id id = is_nul ? DIAG_ID_DATA_NUL : DIAG_ID_DATA_UNDECODABLE;
    struct diag *g = diag_file(diags, id, shown, d->bad_line);
    struct text byte = text_in(diags_arena(diags));
    struct text at = text_in(diags_arena(diags));
    text_printf(&byte, "0x%02X", d->bad);
    text_uint(&at, d->bad_at);
    g->file.byte = d->bad_at;
    if (is_nul) {
        g->args[0] = text_str(&at);
        return;
    }
    g->args[0] = text_str(&byte);
    g->args[1] = text_str(&at);
    g->args[2] = str_of(encoding_name(d->encoding));
}

void decoder_complain(const struct decoder *d, struct str shown, struct diags *diags)
{
    assert(d && diags);
    switch (d->status) {
    case FILE_OK:
        break;
    case FILE_MISSING:
        path_hint(diag_file(diags, DIAG_ID_DATA_FILE_MISSING, shown, 0), shown);
        break;
    case FILE_FOLDER:
        diag_file(diags, DIAG_ID_DATA_FILE_FOLDER, shown, 0)->args[0] =
            str_cut(shown, 0, str_ends(shown, STR("/")) ? shown.n - 1 : shown.n);
        break;
    case FILE_DENIED:
        diag_file(diags, DIAG_ID_DATA_FILE_DENIED, shown, 0);
        break;
    case FILE_FAILED:
        put_error(diag_file(diags, DIAG_ID_DATA_FILE_UNREADABLE, shown, 0),
                  diags_arena(diags), d->error);
        break;
    case FILE_UNDECODABLE:
        complain_undecodable(d, shown, diags);
        break;
    case FILE_CHANGED:
        diag_file(diags, DIAG_ID_DATA_FILE_CHANGED, shown, 0);
        break;
    }
}

enum file_status file_bytes(struct files *f, struct arena *a, const char *path,
                            size_t limit, struct str *out, int *error)
{
    assert(f && a && path && out && error);
    struct handle *h = handle_new(f);
    struct stat s;
    h->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (h->fd < 0 || fstat(h->fd, &s) != 0) {
        *error = errno;
        handle_close(h);
        return status_of(*error);
    }
    enum file_status status = S_ISDIR(s.st_mode) ? FILE_FOLDER : FILE_OK;
    *error = status == FILE_FOLDER ? EISDIR : 0;
    struct text t = text_in(a);
    size_t n = 0;
    while (status == FILE_OK && t.n <= limit) {
        size_t want = limit + 1 - t.n < FILE_CHUNK ? limit + 1 - t.n : FILE_CHUNK;
        n = read_fully(h->fd, f->chunk, want);
        if (n == SIZE_MAX) {
            *error = errno;
            status = status_of(errno);
        } else {
            text_add(&t, (struct str){(const char *)f->chunk, n});
        }
        if (n < want) {
            break;
        }
    }
    handle_close(h);
    *out = t.n ? text_str(&t) : STR("");
    return status;
}

static int compare_paths(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

size_t files_glob(struct files *f, struct arena *a, const char *pattern, struct str **out)
{
    assert(f && pattern && out && !f->has_globbed);
    if (stamp_of(pattern).is_there) {
        *out = arena_new(a, struct str);
        **out = str_copy(a, str_of(pattern));
        return 1;
    }
    f->has_globbed = true;
    f->globbed = (glob_t){0};
    size_t n = 0;
    if (glob(pattern, GLOB_NOSORT, NULL, &f->globbed) == 0) {
        n = f->globbed.gl_pathc;
        *out = arena_new_array(a, n, struct str);
        for (size_t i = 0; i < n; i++) {
            (*out)[i] = str_copy(a, str_of(f->globbed.gl_pathv[i]));
        }
        qsort(*out, n, sizeof **out, compare_paths);
    }
    globfree(&f->globbed);
    f->has_globbed = false;
    return n;
}

struct str path_folder(struct str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/') {
        n--;
    }
    return (struct str){path.p, n};
}

struct str path_join(struct arena *a, struct str folder, struct str name)
{
    struct text t = text_in(a);
    text_add(&t, folder);
    if (folder.n && folder.p[folder.n - 1] != '/') {
        text_char(&t, '/');
    }
    text_add(&t, name);
    return str_copy(a, text_str(&t));
}

struct str path_escaped(struct arena *a, struct str path)
{
    struct text t = text_in(a);
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] && strchr("*?[\\", path.p[i])) {
            text_char(&t, '\\');
        }
        text_char(&t, path.p[i]);
    }
    return t.n ? text_str(&t) : STR("");
}

const char *path_z(struct arena *a, struct str path)
{
    return str_copy(a, path).p;
}

static bool is_dot_dot(struct str path, size_t lo, size_t hi)
{
    return hi - lo == 2 && path.p[lo] == '.' && path.p[lo + 1] == '.';
}

bool path_is_plain(struct str path)
{
    if (path.n == 0 || path.p[0] == '/' || memchr(path.p, '\0', path.n)) {
        return false;
    }
    size_t lo = 0;
    for (size_t i = 0; i <= path.n; i++) {
        if (i == path.n || path.p[i] == '/') {
            if (is_dot_dot(path, lo, i)) {
                return false;
            }
            lo = i + 1;
        }
    }
    return true;
}

const char *path_real(struct arena *a, const char *path)
{
    return realpath(path, arena_alloc(a, PATH_MAX + 1));
}

bool path_is_within(struct str real, struct str folder)
{
    if (folder.n && folder.p[folder.n - 1] == '/') {
        folder.n--;
    }
    return str_starts(real, folder) && real.n > folder.n && real.p[folder.n] == '/';
}
