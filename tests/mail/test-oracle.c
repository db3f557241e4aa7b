/*
 * GMime's opinion on our own fixtures: the same parts with the same types, and the same text. Only
 * on mail that keeps the rules; on broken mail both are right in their own way.
 */
#include "fixture.h"

#ifndef ORACLE_GMIME
int main(void)
{
    printf("1..0 # SKIP GMime is not there (Debian: libgmime-3.0-dev)\n");
    return 0;
}
#else

#include <gmime/gmime.h>
#include <stdlib.h>

/* Of tests/data/mail: mail that any reader must read alike. */
static const char *const files[] = {
    "plain-lf", "plain-crlf", "alternative", "forwarded",       "digest",     "signed",
    "bounce",   "smtputf8",   "unclosed",    "boundary-prefix", "oracle-mix", "oracle-charsets"};

struct list {
    struct view type, text, name;
    bool is_text;
};

enum { PARTS_MAX = 128 };

struct walk {
    struct list v[PARTS_MAX];
    size_t n;
    struct arena arena;
};

static struct view kept(struct walk *w, const char *s)
{
    return s != NULL ? arena_copy(&w->arena, view_of(s)) : VIEW_NONE;
}

/*
 * Without CR, and without white space at the ends: GMime keeps line endings as they are, and the
 * spaces that quoted-printable lines must lose.
 */
static struct view plain(struct walk *w, struct view v)
{
    struct view out = arena_copy(&w->arena, v);
    char *p = (char *)(uintptr_t)out.p;
    size_t n = 0;
    for (size_t i = 0; i < out.n; i++) {
        while (p[i] == '\n' && n > 0 && p[n - 1] == ' ')
            n--;
        if (p[i] != '\r')
            p[n++] = p[i];
    }
    return view_trim((struct view){p, n});
}

static void gmime_part(GMimeObject *parent, GMimeObject *part, gpointer data)
{
    (void)parent;
    struct walk *w = data;
    if (w->n >= PARTS_MAX)
        return;
    if (GMIME_IS_MESSAGE_PART(part)) {
        GMimeMessage *inner = g_mime_message_part_get_message((GMimeMessagePart *)part);
        if (inner != NULL) /* foreach does not enter messages by itself */
            g_mime_message_foreach(inner, gmime_part, w);
        return;
    }
    if (!GMIME_IS_PART(part))
        return;
    struct list *l = &w->v[w->n++];
    *l = (struct list){.is_text = GMIME_IS_TEXT_PART(part)};
    char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(part));
    l->type = kept(w, type);
    g_free(type);
    l->name = kept(w, g_mime_part_get_filename((GMimePart *)part));
    if (GMIME_IS_TEXT_PART(part)) {
        char *text = g_mime_text_part_get_text((GMimeTextPart *)part);
        l->text = plain(w, view_of(text));
        g_free(text);
    }
}

static void our_parts(struct fixture *f, uint32_t index, struct walk *w)
{
    const struct part *p = &f->m.parts[index];
    for (uint32_t c = p->first_child; c != PART_NONE; c = f->m.parts[c].next)
        our_parts(f, c, w); /* fixtures are shallow */
    if (p->kind == PART_MULTIPART || p->kind == PART_MESSAGE || w->n >= PARTS_MAX)
        return;
    char type[300];
    int n = snprintf(type, sizeof type, "%.*s/%.*s", VIEW_ARG(p->type), VIEW_ARG(p->subtype));
    struct list *l = &w->v[w->n++];
    l->type = arena_copy(&w->arena, (struct view){type, (size_t)n});
    l->name = p->name;
    l->is_text = view_eq(p->type, VIEW("text"));
    l->text = plain(w, p->content.text);
}

static int compare(struct fixture *f, const char *name)
{
    const char *top = getenv("top_srcdir");
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/tests/data/mail/%s.eml", top != NULL ? top : ".", name);
    FILE *file = fopen(path, "rb");
    if (row_check(file != NULL, name, "cannot be read") != 0)
        return 1;
    char block[65536];
    size_t n = fread(block, 1, sizeof block, file);
    (void)fclose(file);
    static struct walk theirs, ours;
    theirs.n = ours.n = 0;
    arena_init(&theirs.arena, 1 << 24);
    arena_init(&ours.arena, 1 << 24);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(block, n);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_mime_message_foreach(message, gmime_part, &theirs);
    (void)fixture_parse(f, (struct view){block, n});
    our_parts(f, 0, &ours);
    int failures = row_check(ours.n == theirs.n, name, "number of parts");
    for (size_t i = 0; i < ours.n && i < theirs.n; i++) {
        failures += row_view(ours.v[i].type, theirs.v[i].type, name, "type");
        failures += row_view(ours.v[i].name, theirs.v[i].name, name, "name");
        failures += row_check(ours.v[i].is_text == theirs.v[i].is_text, name, "is text");
        if (theirs.v[i].is_text)
            failures += row_view(ours.v[i].text, theirs.v[i].text, name, "text");
    }
    const struct header *h = part_header(&f->m.parts[0], VIEW("subject"));
    struct decoded subject;
    if (h != NULL && header_decode(f->reader, h, &f->arena, NULL, &subject) == STATUS_OK)
        failures +=
            row_view(subject.text, view_of(g_mime_message_get_subject(message)), name, "subject");
    g_object_unref(message);
    g_object_unref(parser);
    g_object_unref(stream);
    arena_fini(&theirs.arena);
    arena_fini(&ours.arena);
    return failures;
}

static void test_oracle(void **state)
{
    int failures = 0;
    g_mime_init();
    for (size_t i = 0; i < COUNT_OF(files); i++)
        failures += compare(*state, files[i]);
    g_mime_shutdown();
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_oracle)};
    return cmocka_run_group_tests_name("mail oracle", tests, fixture_setup, fixture_teardown);
}
#endif
