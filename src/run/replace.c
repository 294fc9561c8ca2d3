#define _POSIX_C_SOURCE 200809L /* NOLINT(*-reserved-identifier,cert-dcl*): POSIX */
#include "run/replace.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY_TRIES 1000
#define TEMPORARY_NAME ((size_t)200) /* bytes it takes of the final name */

/* Creates a file that nobody has. Signals wait meanwhile, so that a handler never misses
 * one that is there. */
static bool create(struct handle *h, const char *name)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    h->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int error = errno;
    h->temporary = h->fd >= 0 ? name : NULL;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return h->fd >= 0;
}

/* Its name has room for what is added to it. */
static bool create_beside(struct handle *h, struct arena *a, struct str final)
{
    struct str folder = path_folder(final);
    struct str name = str_cut(final, folder.n, final.n);
    name.n = name.n < TEMPORARY_NAME ? name.n : TEMPORARY_NAME;
    for (unsigned i = 0; i < TEMPORARY_TRIES; i++) {
        struct text t = text_in(a);
        text_add(&t, folder);
        text_char(&t, '.');
        text_add(&t, name);
        text_printf(&t, ".soat-%ld-%u", (long)getpid(), i);
        if (create(h, path_z(a, text_str(&t)))) {
            return true;
        }
        if (errno != EEXIST) {
            break;
        }
    }
    return false;
}

struct handle *replace_begin(struct files *f, struct arena *a, const char *path,
                             int *error)
{
    assert(f && a && path && error);
    struct handle *h = handle_new(f);
    if (!create_beside(h, a, str_of(path))) {
        *error = errno;
        return NULL;
    }
    struct stat old;
    if (stat(path, &old) == 0) {
        (void)fchmod(h->fd, old.st_mode & 0777);
    }
    return h;
}

bool handle_write(struct handle *h, const char *p, size_t n, int *error)
{
    assert(h && h->fd >= 0 && error);
    size_t at = 0;
    while (at < n) {
        ssize_t done = write(h->fd, p + at, n - at);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            *error = errno;
            return false;
        }
        at += (size_t)done;
    }
    return true;
}

void replace_cancel(struct handle *h)
{
    assert(h);
    if (h->temporary) {
        (void)unlink(h->temporary);
        h->temporary = NULL;
    }
    handle_close(h);
}

bool replace_end(struct handle *h, const char *path, int *error)
{
    assert(h && h->temporary && path && error);
    bool is_done = fsync(h->fd) == 0;
    *error = errno;
    handle_close(h);
    if (is_done && rename(h->temporary, path) != 0) {
        *error = errno;
        is_done = false;
    }
    if (is_done) {
        h->temporary = NULL;
    }
    replace_cancel(h);
    return is_done;
}
