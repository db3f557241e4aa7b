/*
 * One message through all stages, each by its own clock: thread CPU time. What benchmarks and the
 * search for slow messages share. Single-threaded.
 */
#ifndef TESTS_BENCH_STAGE_H
#define TESTS_BENCH_STAGE_H

#include "bench.h"
#include "notice/notice.h"

enum stage {
    STAGE_PARSE, /* MIME, transfer encodings, charsets */
    STAGE_TEXT,  /* HTML, folding, words */
    STAGE_INDICATORS,
    STAGE_RULES,
    STAGE_VERDICT,
    STAGE_NOTICE, /* rendered and put in front, proof included */
    STAGES
};
extern const char *const stage_names[STAGES];

/* What stands inside parse and text, run once more by itself. */
enum inside {
    INSIDE_DECODE, /* of parse: base64 and quoted-printable of texts */
    INSIDE_HTML,   /* of text: HTML to visible text */
    INSIDE_FOLD,   /* of text: visible text folded */
    INSIDES
};
extern const char *const inside_names[INSIDES];

struct stages {
    struct limits limits;
    struct ruleset *ruleset;
    struct notices *notices;
    struct mail_reader *reader;
    struct indicator_words *words;
    struct matcher *matcher;
    struct arena arena;
    struct anomalies seen; /* of the last message */
    double load_ms;        /* what reading and proving the packs took */
};

/*
 * conf/ lies beside rules. False, with a line on stderr, when something does not load. prove: as
 * the daemon does, every hit and miss of the packs is judged.
 */
bool stages_init(struct stages *s, const char *rules, bool prove);
void stages_fini(struct stages *s);
/* us[i]: CPU microseconds of stage i; the notice's is 0 unless it was asked for. */
bool stages_run(struct stages *s, struct view raw, bool notice, double us[STAGES], bool *flagged);
/* us[i]: CPU microseconds of what stands inside, for bytes[i] bytes that go in. */
bool stages_inside(struct stages *s, struct view raw, double us[INSIDES], size_t bytes[INSIDES]);
/* The least disturbed of so many runs, by its sum; that sum. Negative: it failed. */
double stages_best(struct stages *s, struct view raw, bool notice, unsigned runs, double us[STAGES],
                   bool *flagged);

#endif
