#include <time.h>

#include "../test.h"

#include "text/html-element.h"
#include "text/html-entity.h"
#include "text/text.h"

struct row {
    const char *label, *html, *visible, *hidden, *attributes;
};

static const struct row rows[] = {
    {"plain", "Hello  world\n  again", "Hello world again", "", ""},
    {"blocks and breaks", "<div>a</div><div>b<br>c<br><br>d</div><p>e<p>f",
     "a\nb\nc\n\nd\n\ne\n\nf", "", ""},
    {"inline does not break words", "bit<b>co</b><i>in</i> <wbr>pay<wbr>ment", "bitcoin payment",
     "", ""},
    {"cells", "<table><tr><td>a<td>b<tr><td>c</table>d", "a\tb\nc\nd", "", ""},
    {"lists", "<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e", "a\nb\nc\nd\ne", "", ""},
    {"pre", "<pre> a\n  b</pre>c", " a\n  b\n\nc", "", ""},
    {"blanks around inline", "a <b> b </b> c", "a b c", "", ""},
    {"no-break spaces stay", "a&nbsp; b", "a\xC2\xA0 b", "", ""},
    {"named references",
     "&lt;&amp;&gt;&quot;&eacute;&AElig;&CounterClockwiseContourIntegral;&NotEqualTilde;",
     "<&>\"éÆ∳≂̸", "", ""},
    {"references without semicolon", "&copy2 &ampx &notit; &nosuch; & &; &x",
     "©2 &x ¬it; &nosuch; & &; &x", "", ""},
    {"numeric references",
     "&#98;&#x69;&#X74;&#99 &#0; &#x80;&#150; &#xD800; &#x110000; &#99999999999; &#; &#x;",
     "bitc \xEF\xBF\xBD €– \xEF\xBF\xBD \xEF\xBF\xBD \xEF\xBF\xBD &#; &#x;", "", ""},
    {"comments", "a<!-- x -->b<!--->c<!---->d<!-- - -- --!>e<!-->f", "abcdef", "", ""},
    {"a comment that never ends", "a<!-- b", "a", "", ""},
    {"bogus comments", "a<!doctype html>b<?php x ?>c</ x>d<!x>e</>f", "abcdef", "", ""},
    {"CDATA is a comment in HTML", "a<![CDATA[ b > c ]]>d", "a c ]]>d", "", ""},
    {"CDATA counts in SVG", "<svg><text>a<![CDATA[<b>]]>c</text></svg>", "a<b>c", "", ""},
    {"less-than signs", "1 < 2 <3 a<= b <", "1 < 2 <3 a<= b <", "", ""},
    {"attributes of all sorts", "<p a=1 b = 'x>y' c=\"</p>\" d=e/f g/h>t</p>", "t", "", ""},
    {"a tag that never ends", "a<p title=\"b", "a", "", ""},
    {"raw text",
     "a<script>if (a<b) "
     "'</p>'</script>b<style>p{}</style>c<iframe>x</iframe>d<noembed><p>x</noembed>e",
     "abcde", "", ""},
    {"raw text ends at its own tag only", "<script>x</scripty></div></SCRIPT >b", "b", "", ""},
    {"title and textarea", "<title>T &amp; <b></title>a<textarea> x &lt; <b></textarea>",
     "a\n x < <b>", "", "T & <b>"},
    {"xmp and plaintext", "<xmp>a &amp; <b></xmp>c<plaintext>d </plaintext>",
     "a &amp; <b>\n\nc\n\nd </plaintext>", "", ""},
    {"noscript is shown", "<noscript>a <b>b</b></noscript>", "a b", "", ""},
    {"NUL is dropped", "a\\0b", "ab", "", ""},
    {"alt and title",
     "<img alt=' one ' title=two><a title='three &amp;'>x</a><input value=Send type=submit><input "
     "type=hidden value=no>",
     "x", "", "one\ntwo\nthree &\nSend"},
    {"the end of the body is not the end", "<body>a</body>b</html>c", "abc", "", ""},

    {"display none", "a<span style='display:none'>b</span>c", "ac", "b", ""},
    {"display none, no escape for children",
     "<div style=display:none>a<p style='display:block'>b</div>c", "c", "a\n\nb", ""},
    {"display none, upper case, important, spaces",
     "<p STYLE=' DISPLAY : NONE !important ; display:block'>a</p>b", "b", "a", ""},
    {"display none behind escapes and comments",
     "<p style='d\\69 splay:/**/none'>a</p><p style='display&#58;none'>c</p>b", "b", "a\n\nc", ""},
    {"visibility, and children that show",
     "<div style='visibility:hidden'>a<b style='visibility:visible'>b</b></div>", "b", "a", ""},
    {"opacity multiplies", "<div style='opacity:.3'>a<b style='opacity:.2'>b</b></div>", "a", "b",
     ""},
    {"opacity by filter",
     "<b style='filter:alpha(opacity=0)'>a</b><b style='filter:opacity(5%)'>b</b>c", "c", "ab", ""},
    {"font size zero", "<div style='font-size:0'>a<b style='font-size:12px'>b</b></div>", "b", "a",
     ""},
    {"font sizes",
     "<b style='font-size:1px'>a</b><b style='font-size:.05em'>b</b><b "
     "style='font-size:2%'>c</b><b style='font-size:2px'>d</b><b style='font:0/0 a'>e</b><b "
     "style='font:bold 12px/1 a'>f</b><b style='font-size:small'>g</b>",
     "dfg", "abc e", ""},
    {"elements with a font size of their own",
     "<div style='font-size:0'>a<font size=3>b</font><font color=red>c</font>"
     "<button>d</button><textarea>e</textarea><table><tr><td>f<td style='font-size:0'>g</table>h",
     "b\td\ne\nf", "a c\ng\nh", ""},
    {"white on white",
     "<b style='color:#fff'>a</b><font color=white>b</font><b style='color:rgb(255, "
     "255,255)'>c</b><b style='color:hsl(0,0%,100%)'>d</b><b style='color:#ffffff'>e</b><b "
     "style='color:FloralWhite'>f</b>g",
     "g", "abcdef", ""},
    {"nearly white on white", "<b style='color:#fafafa'>a</b><b style='color:#ddd'>b</b>", "b", "a",
     ""},
    {"transparent",
     "<b style='color:transparent'>a</b><b style='color:rgba(0,0,0,0)'>b</b><b "
     "style='color:#0000'>c</b>d",
     "d", "abc", ""},
    {"white on black is seen",
     "<table bgcolor=black><td><font color=white>a</font></table><div "
     "style='background:#000;color:#fff'>b</div>",
     "a\nb", "", ""},
    {"black on black is not", "<body bgcolor=#000000><p style='color:black'>a<p style=color:red>b",
     "b", "a", ""},
    {"unknown backgrounds hide nothing",
     "<div style='background:url(x)'><b style='color:#fff'>a</b></div><td background=x><font "
     "color=white>b</font>",
     "a\nb", "", ""},
    {"links have a colour of their own", "<div style=color:#fff>a<a href=x>b</a></div>", "b", "a",
     ""},
    {"off the screen",
     "<div style='position:absolute;left:-9999px'>a</div><div "
     "style='text-indent:-999em'>b</div><div style='margin-left:-1000px'>c</div><div "
     "style='left:-9999px'>d</div><div style='position:relative;left:-5px'>e</div>",
     "d\ne", "a\nb\nc", ""},
    {"no room",
     "<div style='max-height:0;overflow:hidden'>a</div><div "
     "style='width:0;overflow:hidden'>b</div><div style='height:0px;overflow:hidden'>c</div><div "
     "style='max-height:0'>d</div><span style='width:0;overflow:hidden'>e</span>",
     "d\ne", "a\nb\nc", ""},
    {"clipped",
     "<div style='position:absolute;clip:rect(0,0,0,0)'>a</div><div "
     "style='position:absolute;clip-path:inset(50%)'>b</div><div "
     "style='transform:scale(0)'>c</div>d",
     "d", "a\nb\nc", ""},
    {"the hidden attribute", "<p hidden>a</p><p hidden='' style='display:block'>b</p>", "b", "a",
     ""},
    {"templates", "<template>a</template><datalist>b</datalist>c", "c", "ab", ""},
    {"sheet: tag, class, id",
     "<style>u{display:none} .h {font-size:0} #x{visibility:hidden} "
     "em.k{opacity:0}</style><u>a</u><b class='z h'>b</b><i id=x>c</i><em class=k>d</em><b "
     "class=k>e</b>",
     "e", "abcd", ""},
    {"sheet: lists, comments, later wins",
     "<style><!-- /* .a{} */ .a, p > b ,.c{display:none} .c{display:inline} --></style><i "
     "class=a>a</i><i class=c>c</i>",
     "c", "a", ""},
    {"sheet: important, inline wins",
     "<style>.a{display:none!important}.b{display:none}</style><i class=a "
     "style='display:inline'>a</i><i class=b style='display:inline'>b</i>",
     "b", "a", ""},
    {"sheet: media for phones and print do not count",
     "<style>@media (max-width:600px){.a{display:none}} @media print{.b{display:none}} @media "
     "screen{.c{display:none}} @import 'x'; .d{display:none}</style><i class=a>a</i><i "
     "class=b>b</i><i class=c>c</i><i class=d>d</i>",
     "ab", "cd", ""},
    {"sheet: doubtful selectors do not hide",
     "<style>b~.a{display:none} .b:hover{display:none} .c:not(.x){display:none} b + "
     ".a{font-size:0} .c::before{display:none}</style><i class=a>a</i><i class=b>b</i><i "
     "class=c>c</i>",
     "abc", "", ""},
    {"sheet: doubtful selectors may show",
     "<style>.a{color:#fff} b~.a{background:#000}</style><i class=a>a</i>", "a", "", ""},
    {"sheet: descendants and children",
     "<style>div i{display:none} .p > b{display:none} #q u em{display:none}</style><i>a</i><div><s>"
     "<i>b</i></s></div><p class=p><b>c</b><s><b>d</b></s></p><u id=q><em>e</em></u><s id=q><u><s>"
     "<em>f</em></s></u></s>",
     "a\n\nd\n\ne", "b\n\nc\n\nf", ""},
    {"sheet: attributes and several classes",
     "<style>[data-x]{display:none} i[lang=\"q\"]{display:none} [class*=zz]{display:none} "
     "[title^='no']{display:none} .a.b{display:none} b[data-y~=k]{display:none} "
     "[href$=w]{display:none}</style><i data-x>a</i><i lang=q>b</i><i lang=r>c</i><i class=azzb>d"
     "</i><i title=now>e</i><i class='b c a'>f</i><i class=a>g</i><b data-y='j k'>h</b><b "
     "data-y=jk>i</b>",
     "cgi", "ab def h", ""},
    {"sheet: the weightier rule wins",
     "<style>#x{display:inline} p .a{display:none} .a{display:inline} .b{display:none} "
     "i.b{display:inline}</style><p><i class=a>a</i><i class=a id=x>b</i><i class=b>c</i><u "
     "class=b>d</u>",
     "bc", "a d", ""},
    {"sheet: broken", "<style>.a{display:none</style><i class=a>a</i><style>}{;.b{</style>b", "b",
     "a", ""},
    {"an inline end tag does not reach through a block",
     "<span style='display:none'><div>a</span>b</div>c</span>d", "d", "ab\nc", ""},
    {"misnested formatting", "<font color=white>a<div>b</font>c</div>d", "c\nd", "a\nb", ""},
    {"a block closes a paragraph", "<p style='display:none'>a<div>b</div>", "b", "a", ""},
    {"cells close cells", "<table><tr><td style='display:none'>a<td>b</table>", "b", "a", ""},
    {"display makes blocks and undoes them",
     "bit<div style='display:inline'>coin</div> a<span style='display:block'>b</span>c",
     "bitcoin a\nb\nc", "", ""},
    {"hidden blocks make no room", "bit<div style='display:none'>x</div>coin", "bitcoin", "x", ""},
    {"hidden ink makes room", "bit<div style='visibility:hidden'>x</div>coin", "bit\ncoin", "x",
     ""},
    {"white-space: pre", "<div style='white-space:pre-wrap'>a\n  b</div>", "a\n  b", "", ""},
    {"bdo", "x <bdo dir=rtl>nioctib</bdo> y", "x \xE2\x80\xAEnioctib\xE2\x80\xAC y", "", ""},
};

static struct arena arena;
static struct limits limits;

static int start(void **state)
{
    (void)state;
    limits = limits_default();
    arena_init(&arena, 1 << 28);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

/* "\\0" in a row's HTML stands for a NUL byte. */
static struct view html_of(const char *row)
{
    struct view v = arena_copy(&arena, view_of(row));
    size_t at = view_find(v, VIEW("\\0"));
    if (at < v.n) {
        char *p = (char *)(uintptr_t)v.p;
        p[at] = '\0';
        memmove(p + at + 1, p + at + 2, v.n - at - 2);
        v.n--;
    }
    return v;
}

/* Copied letters map to themselves. */
static int map_check(struct view html, struct view text, const struct spanmap *map,
                     const char *label)
{
    int failures = 0;
    uint32_t last = 0;
    for (uint32_t i = 0; i < text.n; i++) {
        uint32_t at = spanmap_source(map, i);
        struct span s = spanmap_span(map, (struct span){i, i + 1});
        failures += row_check(s.from < s.to && s.to <= html.n, label, "maps into the HTML");
        failures += row_check(at >= last, label, "maps in order");
        last = at;
        if (at < html.n && ascii_is_alnum((unsigned char)text.p[i]) && html.p[at] != '&')
            failures += row_check(html.p[at] == text.p[i], label, "maps to the same letter");
    }
    return failures;
}

static void test_rows(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct row *r = &rows[i];
        struct view html = html_of(r->html);
        struct html_text out;
        assert_int_equal(html_read(html, &limits, &arena, &out), STATUS_OK);
        failures += row_view(out.visible, view_of(r->visible), r->label, "visible");
        failures += row_view(out.hidden, view_of(r->hidden), r->label, "hidden");
        failures += row_view(out.attributes, view_of(r->attributes), r->label, "attributes");
        failures += map_check(html, out.visible, &out.visible_map, r->label);
        failures += map_check(html, out.hidden, &out.hidden_map, r->label);
        failures +=
            row_check((out.anomalies.count[ANOMALY_TEXT_HIDDEN] > 0) == (r->hidden[0] != '\0'),
                      r->label, "hidden-text");
        arena_reset(&arena);
    }
    assert_int_equal(failures, 0);
}

static void test_links(void **state)
{
    (void)state;
    struct html_text out;
    const struct {
        const char *target, *shown;
        uint32_t at;
    } want[] = {{"https://x.test/?a=1&b=2&copy=3", "press here", 3},
                {"bitcoin:1abc", "pay", 14},
                {"mailto:a@b.test", "", 17},
                {"/go", "", 17},
                {"x", "open", 18}};
    assert_int_equal(
        html_read(VIEW("a: <a href=' https://x.test/?a=1&amp;b=2&copy=3 '> press <b>here</b> </a>\n"
                       "<a href=\"bit\ncoin:1abc\">pay<area href=mailto:a@b.test>"
                       "<form action=/go></form><a href=''>none</a><a name=n>no</a>"
                       "<a href=x>open"),
                  &limits, &arena, &out),
        STATUS_OK);
    assert_int_equal(out.n_links, COUNT_OF(want));
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        failures +=
            row_view(out.links[i].target, view_of(want[i].target), want[i].target, "target");
        failures += row_view(out.links[i].shown, view_of(want[i].shown), want[i].target, "shown");
        if (want[i].shown[0] != '\0')
            failures += row_check(out.links[i].shown.p == out.visible.p + out.links[i].visible_at,
                                  want[i].target, "place");
    }
    assert_int_equal(failures, 0);
}

static void test_quotes(void **state)
{
    (void)state;
    struct html_text out;
    assert_int_equal(html_read(VIEW("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e"
                                    "<blockquote>f"),
                               &limits, &arena, &out),
                     STATUS_OK);
    assert_int_equal(out.n_quoted, 2);
    struct view first = view_sub(out.visible, out.quoted[0].from, out.quoted[0].to);
    assert_true(view_eq(view_trim(first), VIEW("b\n\nc\n\nd")));
    struct view second = view_sub(out.visible, out.quoted[1].from, out.quoted[1].to);
    assert_true(view_eq(view_trim(second), VIEW("f")));
}

static void test_anomalies(void **state)
{
    static const struct {
        const char *label, *html;
        enum anomaly want;
        uint32_t count;
    } anomaly_rows[] = {
        {"comments in words", "bi<!-- x -->tco<!---->in a<!-- -->, b", ANOMALY_TEXT_HIDDEN_WORDS,
         2},
        {"hidden text in words",
         "b<i style=display:none>z</i>it<i style=font-size:0>q</i>c <i style=font-size:0>q</i> d",
         ANOMALY_TEXT_HIDDEN_WORDS, 2},
        {"ordinary comments", "a <!-- x --> b<!-- y --><p>c<!-- z --></p>d",
         ANOMALY_TEXT_HIDDEN_WORDS, 0},
        {"fillers are no hidden text",
         "<div style=display:none>&nbsp;&zwnj;&nbsp;&zwnj; &#847; .</div>a", ANOMALY_TEXT_HIDDEN,
         0},
        {"open comment", "a<!-- ", ANOMALY_HTML_BROKEN, 1},
        {"open tag", "a<b c", ANOMALY_HTML_BROKEN, 1},
        {"open script", "a<script>b", ANOMALY_HTML_BROKEN, 1},
        {"sound", "<p>a</p>", ANOMALY_HTML_BROKEN, 0},
    };
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(anomaly_rows); i++) {
        struct html_text out;
        assert_int_equal(html_read(view_of(anomaly_rows[i].html), &limits, &arena, &out),
                         STATUS_OK);
        failures += row_check(out.anomalies.count[anomaly_rows[i].want] == anomaly_rows[i].count,
                              anomaly_rows[i].label, anomaly_name(anomaly_rows[i].want));
    }
    assert_int_equal(failures, 0);
}

/* Text of n bytes, limit at n - 1, n, n + 1; a two-byte letter is not cut in half. */
static void test_limits(void **state)
{
    (void)state;
    struct html_text out;
    struct view html = VIEW("<b>abc</b>def&eacute;"), text = VIEW("abcdefé");
    for (uint32_t at = 6; at <= 9; at++) {
        struct limits small = limits;
        small.text_bytes = at;
        assert_int_equal(html_read(html, &small, &arena, &out), STATUS_OK);
        assert_int_equal(out.anomalies.count[ANOMALY_TEXT_LIMIT], at < text.n);
        assert_true(view_eq(out.visible, at < text.n ? VIEW("abcdef") : text));
    }
    for (uint32_t at = 2; at <= 4; at++) {
        struct limits small = limits;
        small.links = at;
        assert_int_equal(
            html_read(VIEW("<a href=1>a</a><a href=2>b</a><a href=3>c</a>"), &small, &arena, &out),
            STATUS_OK);
        assert_int_equal(out.n_links, at < 3 ? at : 3);
        assert_int_equal(out.anomalies.count[ANOMALY_LINK_LIMIT], at < 3);
    }
}

/* Nesting beyond what is tracked: read on, told, nothing lost. */
static void test_nesting(void **state)
{
    (void)state;
    for (unsigned depth = 254; depth <= 256; depth++) {
        struct buf html;
        struct html_text out;
        buf_init(&html, 1 << 16);
        for (unsigned i = 0; i < depth; i++)
            assert_int_equal(buf_add(&html, VIEW("<div>")), 0);
        assert_int_equal(buf_add(&html, VIEW("deep")), 0);
        for (unsigned i = 0; i < depth; i++)
            assert_int_equal(buf_add(&html, VIEW("</div>")), 0);
        assert_int_equal(buf_add(&html, VIEW("<b style=display:none>hid</b>out")), 0);
        assert_int_equal(html_read(buf_view(&html), &limits, &arena, &out), STATUS_OK);
        assert_int_equal(out.anomalies.count[ANOMALY_HTML_NESTING] > 0, depth > 255);
        assert_true(view_eq(out.visible, VIEW("deep\nout")));
        buf_fini(&html);
    }
}

/* Every allocation may fail: the call says so and nothing breaks. */
static void test_no_memory(void **state)
{
    (void)state;
    struct view html =
        VIEW("<style>.a{color:red}</style><p class=a style='c\\6flor:#fff'>text &eacute;"
             "<a href='x&amp;y'>b</a><blockquote>q<img alt=w></blockquote>"
             "<i style=display:none>hidden</i>");
    size_t need = 0;
    for (size_t max = 0; max < 200000; max += 509) {
        struct arena small;
        struct html_text out;
        arena_init(&small, max);
        enum status s = html_read(html, &limits, &small, &out);
        assert_true(s == STATUS_OK || s == STATUS_NO_MEMORY);
        if (s == STATUS_OK && need == 0)
            need = max;
        arena_fini(&small);
    }
    assert_true(need > 0);
}

/* Each element, attribute and reference is found by its name. */
static void test_names(void **state)
{
    static const char *const elements[] = {
#define X(name, traits) #name,
        ELEMENTS(X)
#undef X
    };
    static const char *const attributes[] = {
#define X(name) #name,
        ATTRIBUTES(X)
#undef X
    };
    (void)state;
    for (unsigned i = 0; i < ELEMENT_UNKNOWN; i++) {
        assert_int_equal(element_find(elements[i], strlen(elements[i])), i);
        assert_string_equal(element_name((uint8_t)i), elements[i]);
    }
    assert_true(element_find("blink", 5) >= ELEMENT_UNKNOWN);
    assert_int_equal(element_find("TaBlE", 5), ELEMENT_table);
    for (unsigned i = 0; i < ATTRIBUTE_COUNT; i++) {
        char html[64];
        struct tag tag;
        int n = snprintf(html, sizeof html, "<p x %s=\"v\" %s=w>", attributes[i], attributes[i]);
        assert_int_equal(tag_read((struct view){html, (size_t)n}, 0, &tag), n);
        assert_int_equal(tag.has, 1u << i);
        assert_true(view_eq(tag.value[i], VIEW("v")));
    }
    for (unsigned i = 0; i < ENTITIES; i++) {
        char html[64], out[ENTITY_BYTES], want[ENTITY_BYTES];
        size_t made = 0, wanted = utf8_encode(entities[i].value & 0x1FFFFF, want);
        int n = snprintf(html, sizeof html, "&%.*s;", entities[i].length,
                         entity_names + entities[i].name);
        assert_int_equal(entity_decode(html, (size_t)n, false, out, &made), n);
        if (entities[i].value < 0x110000) {
            assert_int_equal(made, wanted);
            assert_memory_equal(out, want, made);
        }
    }
}

/* Input that makes careless readers quadratic: a megabyte of each is read in a moment. */
static void test_bombs(void **state)
{
    static const struct {
        const char *before, *repeated;
    } bombs[] = {
        {"", "<"},
        {"", "<a "},
        {"", "<b>"},
        {"", "<div>"},
        {"", "<!--"},
        {"", "<!-- --"},
        {"", "&"},
        {"", "&#1"},
        {"", "&CounterClockwiseContourIntegra"},
        {"", "<table><tr><td>"},
        {"<ul><li>", "<li><b>"},
        {"<p><button>", "<b><div></div>"},
        {"<table><tr><td><table>", "<b><tr>"},
        {"", "<font color=white><p></font>"},
        {"<a>", "<div><a>"},
        {"", "<a href=\""},
        {"<p ", "a=1 "},
        {"<style>", ".a{color:red}"},
        {"<style>", "{"},
        {"<style>", "@media{"},
        {"<style>", "a,"},
        {"<style>", "/*"},
        {"<p style='", "background:a a;"},
        {"<p style='", "("},
        {"<p style='", "\\"},
        {"", "<script></scrip"},
        {"", "<bdo dir=rtl>a"},
        {"<svg>", "<![CDATA["},
        {"<a href='", "&nGt;"},
        {"", "<blockquote>x</blockquote>"},
        {"", "<i hidden>x</i>y"},
        {"<style>b i.a{color:red}i u.a{color:red}b u.a{color:red}</style><b><u>", "<p class=a>"},
        {"<style>[a*=bbbbbbbb]{color:red}</style>",
         "<p a=bbbbbbbcbbbbbbbcbbbbbbbcbbbbbbbcbbbbbbbc>"},
        {"<style>", "a b c d e f{color:red}"},
        {"<style>", ".a .b{color:red}"},
        {"<style>.a{color:red}.b{color:red}</style>", "<p class='a b a b a b'>"},
    };
    (void)state;
    static char html[1 << 20];
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(bombs); i++) {
        size_t n = strlen(bombs[i].before), m = strlen(bombs[i].repeated);
        memcpy(html, bombs[i].before, n);
        for (; n + m <= sizeof html; n += m)
            memcpy(html + n, bombs[i].repeated, m);
        struct html_text out;
        clock_t from = clock();
        assert_int_equal(html_read((struct view){html, n}, &limits, &arena, &out), STATUS_OK);
        double seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
        failures += row_check(seconds < 3, bombs[i].repeated, "takes no time");
        arena_reset(&arena);
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),      cmocka_unit_test(test_links),
        cmocka_unit_test(test_quotes),    cmocka_unit_test(test_anomalies),
        cmocka_unit_test(test_limits),    cmocka_unit_test(test_nesting),
        cmocka_unit_test(test_no_memory), cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, start, end);
}
