/* What attachments really are, and when that is worth a word. */
#include "fixture.h"

#define V(s)      VIEW_LITERAL(s)
#define PNG       "\x89PNG\r\n\x1A\n\0\0\0\rIHDR"
#define ZIP(name) "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" name
#define EXE                                                                                        \
    "MZ\x90\0\3\0\0\0\4\0\0\0\xFF\xFF\0\0\xB8\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0"                     \
    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0PE\0\0"

static const struct {
    const char *label, *type, *name;
    struct view body;
    const char *real; /* NULL: it is text */
    const char *anomalies;
} rows[] = {
    {"png", "image/png", "a.png", V(PNG), "image/png", ""},
    {"png called jpeg", "image/jpeg", "a.jpg", V(PNG), "image/png", ""},
    {"png called pdf", "application/pdf", "a.pdf", V(PNG), "image/png", "type-mismatch"},
    {"generic type", "application/octet-stream", "a.png", V(PNG), "image/png", ""},
    {"generic type, wrong name", "application/octet-stream", "a.pdf", V(PNG), "image/png",
     "type-mismatch"},
    {"pdf", "application/pdf", "a.pdf", V("%PDF-1.4\n%\xE2"), "application/pdf", ""},
    {"pdf as octet-stream", "application/octet-stream", "a.pdf", V("%PDF-1.4"), "application/pdf",
     ""},
    {"HTML called pdf", "application/pdf", "a.pdf", V("<html><body>pay"), "text/html",
     "type-mismatch"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a.docx",
     V(ZIP("[Content_Types].xml")), "application/vnd.openxmlformats", ""},
    {"docx as zip", "application/zip", "a.docx", V(ZIP("word/document.xml")),
     "application/vnd.openxmlformats", ""},
    {"zip called doc", "application/msword", "a.doc", V(ZIP("a.txt")), "application/zip", ""},
    {"rtf called doc", "application/msword", "a.doc", V("{\\rtf1 x}"), "application/rtf", ""},
    {"doc", "application/msword", "a.doc", V("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
     "application/x-ole-storage", ""},
    {"encrypted zip", "application/zip", "a.zip",
     V("PK\3\4\x14\0\1\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0x.txt"), "application/zip",
     "encrypted"},
    {"gzip", "application/gzip", "a.tar.gz", V("\x1F\x8B\x08\0\0\0\0\0"), "application/gzip", ""},
    {"7z", "application/octet-stream", "a.7z", V("7z\xBC\xAF\x27\x1C\0\4"),
     "application/x-7z-compressed", ""},
    {"rar", "application/octet-stream", "a.rar", V("Rar!\x1A\x07\1\0"), "application/x-rar", ""},
    {"program", "application/octet-stream", "a.exe", V(EXE),
     "application/vnd.microsoft.portable-executable", "attachment-executable"},
    {"program called invoice", "application/pdf", "invoice.pdf", V(EXE),
     "application/vnd.microsoft.portable-executable", "type-mismatch attachment-executable"},
    {"elf", "application/octet-stream", "tool",
     V("\x7F"
       "ELF\2\1\1\0"),
     "application/x-executable", "attachment-executable"},
    {"script by its name", "application/octet-stream", "invoice.pdf.js", V("var a;"), "text/plain",
     "attachment-executable"},
    {"script as text", "text/plain", "run.vbs", V("MsgBox 1"), NULL, "attachment-executable"},
    {"dots behind the name of a text", "text/plain", "a.js. .", V("x"), NULL,
     "attachment-executable"},
    {"dots behind the name", "application/octet-stream", "a.exe..", V("x"), "text/plain",
     "attachment-executable"},
    {"svg", "image/svg+xml", "a.svg", V("<svg xmlns='x'/>"), "text/plain", ""},
    {"calendar", "application/ics", "a.ics", V("BEGIN:VCALENDAR\n"), "text/calendar", ""},
    {"mail text that begins with MZ", "text/plain", "",
     V("MZ is how my name is spelled here, and "
       "this line is longer than that.\n"),
     NULL, ""},
    {"png shown as text", "text/plain", "", V(PNG), NULL,
     "charset-missing-8bit body-nul type-mismatch"},
    {"png attached as text", "text/plain", "a.txt", V(PNG), "image/png", "type-mismatch"},
    {"letter that begins like a GIF", "text/plain", "", V("GIF89a I have recorded you.\n"), NULL,
     ""},
    {"letter.txt", "application/octet-stream", "letter.txt", V("Dear reader"), NULL, ""},
    {"letter.HTML", "application/octet-stream", "letter.HTML", V("<p>Dear reader"), NULL, ""},
    {"letter.txt that is none", "application/octet-stream", "letter.txt", V(PNG), "image/png",
     "type-mismatch"},
    {"no type, a name", "", "photo.jpg", V("\xFF\xD8\xFF\xE0\0\x10JFIF"), "image/jpeg",
     "type-mismatch"},
    {"libmagic knows", "application/octet-stream", "a.wmf",
     V("\xD7\xCD\xC6\x9A\0\0\0\0\0\0\x10\0\x10\0\x60\0\0\0\0\0\0\0"), "image/wmf", ""},
    {"nobody knows", "application/octet-stream", "a.bin", V("\1\2\3\4\5\6\7\x10\x11\x12"), "", ""},
    {"nothing", "image/png", "a.png", V(""), "", "no-body"},
    {"s/mime", "application/pkcs7-mime; smime-type=enveloped-data", "smime.p7m",
     V("\x30\x80\x06\x09\1\2\3\4"), "", "encrypted"},
    {"s/mime signed", "application/pkcs7-mime; smime-type=signed-data", "smime.p7m",
     V("\x30\x80\x06\x09\1\2\3\4"), "", ""},
    {"pgp inside text", "text/plain", "", V("-----BEGIN PGP MESSAGE-----\n\nhQ\n"), NULL,
     "encrypted"},
};

static void test_rows(void **state)
{
    struct fixture *f = *state;
    int failures = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char headers[400] = "", names[512];
        size_t n = 0;
        if (rows[i].type[0] != '\0')
            n = (size_t)snprintf(headers, sizeof headers, "Content-Type: %s\n", rows[i].type);
        if (rows[i].name[0] != '\0')
            (void)snprintf(headers + n, sizeof headers - n,
                           "Content-Disposition: attachment; filename=\"%s\"\n", rows[i].name);
        failures +=
            row_check(fixture_body(f, headers, rows[i].body) == STATUS_OK, rows[i].label, "parse");
        const struct part *p = &f->m.parts[0];
        failures += row_check(p->kind == (rows[i].real == NULL ? PART_TEXT : PART_OTHER),
                              rows[i].label, "kind");
        failures += row_view(p->real_type, view_of(rows[i].real), rows[i].label, "real type");
        /* The raw bytes are no lines: what they say about lines is of no interest here. */
        f->m.anomalies.count[ANOMALY_BARE_CR] = 0;
        failures += row_view(fixture_anomalies(f, names, sizeof names), view_of(rows[i].anomalies),
                             rows[i].label, "anomalies");
    }
    assert_int_equal(failures, 0);
}

static void test_prefix(void **state)
{
    struct fixture *f = *state;
    (void)fixture_body(f, "Content-Type: image/png\nContent-Transfer-Encoding: base64\n",
                       VIEW("iVBORw0KGgoAAAAN"));
    const struct part *p = &f->m.parts[0];
    assert_true(view_eq(part_decoded_prefix(&f->m, p, &f->arena, 4), VIEW("\x89PNG")));
    assert_true(view_eq(part_decoded_prefix(&f->m, p, &f->arena, 3), VIEW("\x89PN")));
    assert_int_equal(part_decoded_prefix(&f->m, p, &f->arena, 1000).n, 12);
    assert_int_equal(part_decoded_prefix(&f->m, p, &f->arena, 0).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_prefix)};
    return cmocka_run_group_tests_name("mail attachment", tests, fixture_setup, fixture_teardown);
}
