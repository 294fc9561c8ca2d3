# Fails on any include that goes upward or sideways between the folders of src, or that uses a
# library outside the one file that may. Use: awk -f layers.awk FILES, from the root.

BEGIN {
    may["base"] = "base"
    may["value"] = "base value"
    may["lang"] = "base value lang"
    may["data"] = "base value data"
    may["eval"] = "base value lang data eval"
    may["report"] = "base report"
    may["run"] = "base value lang data eval report run"
    may["cli"] = "cli"
    only["csv.h"] = "src/data/reader.c"
    only["pcre2.h"] = "src/eval/regex.c"
    only["utf8proc.h"] = "src/base/utf8.c"
    # what touches the world or the process stays at the edge
    n = split("dirent fcntl iconv locale pthread setjmp signal stdatomic threads time " \
              "unistd wchar sys/mman sys/stat sys/types", names, " ")
    for (i = 1; i <= n; i++) edge[names[i] ".h"] = 1
}

function complain(what) {
    printf "%s:%d: %s\n", FILENAME, FNR, what
    bad = 1
}

function has(list, word) {
    return index(" " list " ", " " word " ") > 0
}

FNR == 1 {
    split(FILENAME, part, "/")
    is_public = part[1] == "include"
    folder = part[2]
    is_edge = folder == "run" || folder == "cli"
    if (!is_public && !(folder in may)) complain("no layer is called " folder)
}

/^[ \t]*#[ \t]*include[ \t]*</ {
    split($0, part, /[<>]/)
    name = part[2]
    if ((name in only) && FILENAME != only[name]) complain("only " only[name] " may use " name)
    if ((name in edge) && !is_edge) complain(name " belongs to src/run and src/cli")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
    split($0, part, "\"")
    path = part[2]
    if (is_public) complain("the public header stands alone")
    else if (path == "soat.h") {
        if (!is_edge) complain("soat.h is for src/run and src/cli")
    } else if (split(path, part, "/") != 2) complain("spell the folder: \"" path "\"")
    else if (!has(may[folder], part[1])) complain(folder " may not include " path)
}

END { exit bad }
