/* Finds the pack files, reads them and has libconfig parse them. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "rule/hash.h"
#include "rule/load.h"

enum {
    PACK_BYTES_MAX = 16 * 1024 * 1024, /* a pack is written by people */
    PACKS_MAX = 10000,
    FOLDER_DEPTH_MAX = 16, /* also ends loops of symbolic links */
};

struct path {
    const char *text;
    unsigned depth;
};

struct paths {
    struct path *v;
    uint32_t n, cap;
};

static void io_failed(struct load *l, const char *path, const char *what)
{
    diags_add(l->diags, DIAG_ERROR, path, 0, NULL, NULL, "%s: %s", what, strerror(errno));
    l->io_failed = true;
}

static bool path_add(struct load *l, struct paths *p, const char *folder, const char *name,
                     unsigned depth)
{
    struct path *v = arena_grow(&l->arena, p->v, &p->cap, p->n + 1, sizeof *v);
    size_t n = folder != NULL ? strlen(folder) : 0, bytes = n + strlen(name) + 2;
    char *text = v != NULL ? arena_alloc(&l->arena, bytes) : NULL;
    if (text == NULL) {
        l->no_memory = true;
        return false;
    }
    const char *slash = n > 0 && folder[n - 1] != '/' ? "/" : "";
    (void)snprintf(text, bytes, "%s%s%s", folder != NULL ? folder : "", slash, name);
    p->v = v;
    p->v[p->n++] = (struct path){text, depth};
    return true;
}

static void folder_read(struct load *l, struct path folder, struct paths *todo)
{
    if (folder.depth >= FOLDER_DEPTH_MAX) {
        diags_add(l->diags, DIAG_ERROR, folder.text, 0, NULL, "is there a loop of links?",
                  "folders nested deeper than %d", FOLDER_DEPTH_MAX);
        return;
    }
    DIR *dir = opendir(folder.text);
    if (dir == NULL) {
        io_failed(l, folder.text, "cannot read the folder");
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.' &&
            !path_add(l, todo, folder.text, entry->d_name, folder.depth + 1))
            break;
    (void)closedir(dir);
}

static int path_compare(const void *left, const void *right)
{
    const struct path *a = left, *b = right;
    return strcmp(a->text, b->text);
}

/* The files at or below one path of the source, sorted. */
static void paths_find(struct load *l, const char *root, struct paths *out)
{
    struct paths todo = {NULL, 0, 0};
    uint32_t first = out->n;
    if (!path_add(l, &todo, NULL, root, 0))
        return;
    for (uint32_t i = 0; i < todo.n && i < PACKS_MAX && !l->no_memory; i++) {
        struct path at = todo.v[i];
        struct stat st;
        if (stat(at.text, &st) != 0) {
            io_failed(l, at.text, "cannot read");
        } else if (S_ISDIR(st.st_mode)) {
            folder_read(l, at, &todo);
        } else if (at.depth == 0 ||
                   (S_ISREG(st.st_mode) && view_ends_nocase(view_of(at.text), VIEW(".conf")))) {
            (void)path_add(l, out, NULL, at.text, at.depth);
        }
    }
    if (todo.n >= PACKS_MAX)
        diags_add(l->diags, DIAG_ERROR, root, 0, NULL, "name the folder of the rule packs",
                  "more than %d files", PACKS_MAX);
    if (out->n > first)
        qsort(out->v + first, out->n - first, sizeof *out->v, path_compare);
    else if (!l->no_memory && !l->io_failed)
        diags_add(l->diags, DIAG_ERROR, root, 0, NULL,
                  "name a folder that holds *.conf files, or a file", "no rule packs here");
}

/* The file's bytes with a NUL behind, in the arena; p == NULL after a diagnostic. */
static struct view file_read(struct load *l, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        io_failed(l, path, "cannot open");
        return VIEW_NONE;
    }
    struct buf text;
    buf_init(&text, PACK_BYTES_MAX);
    enum status status = STATUS_OK;
    char chunk[16384];
    for (size_t n; status == STATUS_OK && (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        status = buf_add(&text, (struct view){chunk, n});
    bool failed = ferror(file) != 0;
    if (failed)
        io_failed(l, path, "cannot read");
    (void)fclose(file);
    struct view out = VIEW_NONE;
    if (status == STATUS_LIMIT)
        diags_add(l->diags, DIAG_ERROR, path, 0, NULL, NULL, "larger than %d bytes",
                  PACK_BYTES_MAX);
    else if (status == STATUS_OK && !failed)
        out = (struct view){arena_string(&l->arena, buf_view(&text)), text.n};
    if (status == STATUS_NO_MEMORY || (status == STATUS_OK && !failed && out.p == NULL))
        l->no_memory = true;
    buf_fini(&text);
    return out;
}

static unsigned line_at(struct view text, size_t at)
{
    unsigned line = 1;
    for (size_t i = 0; i < at && i < text.n; i++)
        line += text.p[i] == '\n';
    return line;
}

/* What libconfig would misread or follow: NUL bytes, other encodings, @include. */
static bool text_check(struct load *l, const struct pack *pack)
{
    struct view text = pack->text, rest = text, line;
    size_t nul = view_find_byte(text, '\0');
    if (nul < text.n) {
        complain(l, (struct origin){pack, line_at(text, nul), NULL, NULL}, "is it a text file?",
                 "a NUL byte");
        return false;
    }
    for (unsigned n = 1; view_next_line(&rest, &line); n++) {
        struct origin at = {pack, n, NULL, NULL};
        if (!utf8_valid(line)) {
            complain(l, at, "save the file as UTF-8", "this line is not UTF-8");
            return false;
        }
        if (view_starts_nocase(view_trim(line), VIEW("@include"))) {
            complain(l, at, "every *.conf below the folder is read anyway",
                     "@include is not allowed in rule packs");
            return false;
        }
    }
    return true;
}

/* The line of the last text "..." before the end of line that runs over an end of line, or 0. */
static unsigned open_text_line(struct view v, unsigned line)
{
    unsigned at = 1, begun = 0, found = 0;
    bool inside = false, comment = false;
    for (size_t i = 0; i < v.n && at <= line; i++) {
        char c = v.p[i];
        if (c == '\n') {
            at++;
            comment = false;
            if (inside)
                found = begun;
        } else if (inside && c == '\\') {
            i++;
        } else if (c == '"' && !comment) {
            inside = !inside;
            begun = at;
        } else if (!inside && (c == '#' || (c == '/' && i + 1 < v.n && v.p[i + 1] == '/'))) {
            comment = true;
        }
    }
    return found;
}

/* What libconfig calls a syntax error is mostly one of these. */
static const char *syntax_hint(struct load *l, struct view text, unsigned line)
{
    enum { HINT_MAX = 120 };
    unsigned open = open_text_line(text, line);
    char *hint = open > 0 ? arena_alloc(&l->arena, HINT_MAX) : NULL;
    if (hint != NULL) {
        (void)snprintf(hint, HINT_MAX,
                       "the text that begins in line %u runs on over the end of that line: is a "
                       "quotation mark missing?",
                       open);
        return hint;
    }
    struct view rest = text, at = VIEW_NONE, before = VIEW_NONE, one;
    for (unsigned n = 1; n <= line && view_next_line(&rest, &one); n++) {
        if (at.n > 0)
            before = at;
        at = view_trim(one);
    }
    static const char *const commas[] = {", ]", ",]", ", )", ",)"};
    bool comma = at.n > 0 && (at.p[0] == ')' || at.p[0] == ']') && before.n > 0 &&
                 before.p[before.n - 1] == ',';
    for (size_t i = 0; i < sizeof commas / sizeof commas[0]; i++)
        comma = comma || view_find(at, view_of(commas[i])) < at.n;
    if (comma)
        return "no comma may stand before a closing bracket";
    if (before.n > 0 && (before.p[before.n - 1] == '"' || before.p[before.n - 1] == '}'))
        return "is a ; or a , missing at the end of the line above?";
    return "look for a missing ; or , or a bracket that is not closed, on this line or above";
}

static bool lines_index(struct load *l, struct pack *pack)
{
    uint32_t n = 1;
    for (size_t i = 0; i < pack->text.n; i++)
        n += pack->text.p[i] == '\n';
    uint32_t *line = arena_alloc(&l->arena, (n + 1u) * sizeof *line);
    if (line == NULL) {
        l->no_memory = true;
        return false;
    }
    line[0] = 0;
    for (size_t i = 0; i < pack->text.n; i++)
        if (pack->text.p[i] == '\n')
            line[++pack->n_lines] = (uint32_t)i + 1;
    line[++pack->n_lines] = (uint32_t)pack->text.n;
    pack->line = line;
    return true;
}

static void pack_parse(struct load *l, struct pack *pack)
{
    config_init(&pack->config);
    pack->parsed = true;
    if (config_read_string(&pack->config, pack->text.p) == CONFIG_TRUE)
        return;
    unsigned line = (unsigned)config_error_line(&pack->config);
    complain(l, (struct origin){pack, line, NULL, NULL}, syntax_hint(l, pack->text, line), "%s",
             config_error_text(&pack->config));
    config_destroy(&pack->config);
    pack->parsed = false;
}

void packs_read(struct load *l, const struct ruleset_source *source)
{
    struct paths paths = {NULL, 0, 0};
    for (size_t i = 0; i < source->n_paths; i++)
        paths_find(l, source->paths[i], &paths);
    l->pack = arena_calloc(&l->arena, (size_t)paths.n + 1, sizeof *l->pack);
    if (l->pack == NULL)
        l->no_memory = true;
    for (uint32_t i = 0; i < paths.n && !l->no_memory; i++) {
        struct pack *pack = &l->pack[l->n_packs];
        pack->path = keep(l, paths.v[i].text);
        pack->text = file_read(l, pack->path);
        if (pack->text.p == NULL)
            continue;
        uint64_t size = pack->text.n;
        l->hash = hash_bytes(l->hash, (struct view){(const char *)&size, sizeof size});
        l->hash = hash_bytes(l->hash, pack->text);
        l->n_packs++;
        if (text_check(l, pack) && lines_index(l, pack))
            pack_parse(l, pack);
        if (pack->parsed)
            top_read(l, pack);
    }
}

void packs_free(struct load *l)
{
    for (uint32_t i = 0; i < l->n_packs; i++)
        if (l->pack[i].parsed)
            config_destroy(&l->pack[i].config);
}
