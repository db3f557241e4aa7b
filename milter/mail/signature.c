/* What bytes are by their first few: cheap and certain. libmagic sees only what is left. */
#include <string.h>

#include "mail/parse.h"

static const struct signature {
    const char *bytes;
    uint8_t n;
    uint16_t at;
    const char *type;
} signatures[] = {
#define AT(at, bytes, type)                                                                        \
    {                                                                                              \
        bytes, sizeof bytes - 1, at, type                                                          \
    }
    AT(0, "\x89PNG\r\n\x1A\n", "image/png"),
    AT(0, "\xFF\xD8\xFF", "image/jpeg"),
    AT(0, "GIF87a", "image/gif"),
    AT(0, "GIF89a", "image/gif"),
    AT(8, "WEBP", "image/webp"),
    AT(0, "II*\0", "image/tiff"),
    AT(0, "MM\0*", "image/tiff"),
    AT(0, "\0\0\1\0", "image/vnd.microsoft.icon"),
    AT(0, "8BPS", "image/vnd.adobe.photoshop"),
    AT(4, "ftypheic", "image/heic"),
    AT(4, "ftypmif1", "image/heif"),
    AT(4, "ftypavif", "image/avif"),
    AT(4, "ftypqt", "video/quicktime"),
    AT(4, "ftyp", "video/mp4"),
    AT(8, "AVI ", "video/x-msvideo"),
    AT(8, "WAVE", "audio/x-wav"),
    AT(0, "\x1A\x45\xDF\xA3", "video/x-matroska"),
    AT(0, "ID3", "audio/mpeg"),
    AT(0, "OggS", "application/ogg"),
    AT(0, "fLaC", "audio/flac"),
    AT(0, "%PDF-", "application/pdf"),
    AT(0, "%!PS-Adobe", "application/postscript"),
    AT(0, "{\\rtf", "application/rtf"),
    AT(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage"),
    AT(0, "\xE4\x52\x5C\x7B\x8C\xD8\xA7\x4D\xAE\xB1\x53\x78\xD0\x29\x96\xD3",
       "application/onenote"),
    AT(0, "PK\5\6", "application/zip"),
    AT(0, "PK\7\x8", "application/zip"),
    AT(0, "\x1F\x8B\x08", "application/gzip"),
    AT(0, "BZh", "application/x-bzip2"),
    AT(0,
       "\xFD"
       "7zXZ\0",
       "application/x-xz"),
    AT(0, "\x28\xB5\x2F\xFD", "application/zstd"),
    AT(0, "7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"),
    AT(0, "Rar!\x1A\x07", "application/x-rar"),
    AT(0, "MSCF\0\0\0\0", "application/vnd.ms-cab-compressed"),
    AT(257, "ustar", "application/x-tar"),
    AT(0, "\x60\xEA", "application/x-arj"),
    AT(0,
       "\x7F"
       "ELF",
       "application/x-executable"),
    AT(0, "\xCE\xFA\xED\xFE", "application/x-mach-binary"),
    AT(0, "\xCF\xFA\xED\xFE", "application/x-mach-binary"),
    AT(0, "L\0\0\0\1\x14\2\0", "application/x-ms-shortcut"),
    AT(0, "\xCA\xFE\xBA\xBE\0\0\0", "application/java-vm"),
    AT(0, "\x78\x9F\x3E\x22", "application/vnd.ms-tnef"),
    AT(0, "SQLite format 3", "application/vnd.sqlite3"),
    AT(0, "wOFF", "font/woff"),
    AT(0, "\0asm", "application/wasm"),
    AT(0, "-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    AT(0, "-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    AT(0, "BEGIN:VCALENDAR", "text/calendar"),
    AT(0, "BEGIN:VCARD", "text/vcard"),
    AT(0, "#!/", "text/x-shellscript"),
#undef AT
};

static bool has(struct view v, size_t at, const char *bytes, size_t n)
{
    return v.n >= at + n && memcmp(v.p + at, bytes, n) == 0;
}

/* Office and other formats that are ZIP archives name themselves in their first entry. */
static struct view zip_type(struct view v)
{
    static const struct {
        struct view text;
        struct view type;
    } rows[] = {
        {VIEW_LITERAL("mimetypeapplication/epub+zip"), VIEW_LITERAL("application/epub+zip")},
        {VIEW_LITERAL("mimetypeapplication/vnd.oasis.opendocument"),
         VIEW_LITERAL("application/vnd.oasis.opendocument")},
        {VIEW_LITERAL("META-INF/"), VIEW_LITERAL("application/java-archive")},
        {VIEW_LITERAL("AndroidManifest.xml"),
         VIEW_LITERAL("application/vnd.android.package-archive")},
        {VIEW_LITERAL("[Content_Types].xml"), VIEW_LITERAL("application/vnd.openxmlformats")},
        {VIEW_LITERAL("_rels/"), VIEW_LITERAL("application/vnd.openxmlformats")},
        {VIEW_LITERAL("docProps/"), VIEW_LITERAL("application/vnd.openxmlformats")},
        {VIEW_LITERAL("word/"), VIEW_LITERAL("application/vnd.openxmlformats")},
        {VIEW_LITERAL("xl/"), VIEW_LITERAL("application/vnd.openxmlformats")},
        {VIEW_LITERAL("ppt/"), VIEW_LITERAL("application/vnd.openxmlformats")},
    };
    struct view entry = view_sub(v, 30, v.n);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (has(entry, 0, rows[i].text.p, rows[i].text.n))
            return rows[i].type;
    return VIEW("application/zip");
}

/* "MZ" alone begins many a text; the PE header's place must make sense. */
static bool dos_program(struct view v)
{
    if (!has(v, 0, "MZ", 2) || v.n < 64)
        return false;
    uint32_t at = (uint32_t)(unsigned char)v.p[60] | (uint32_t)(unsigned char)v.p[61] << 8 |
                  (uint32_t)(unsigned char)v.p[62] << 16 | (uint32_t)(unsigned char)v.p[63] << 24;
    return has(v, at, "PE\0\0", 4) || has(v, at, "NE", 2) || memchr(v.p, '\0', 64) != NULL;
}

struct view signature_find(struct view bytes)
{
    if (bytes.n < 4)
        return VIEW_NONE;
    if (has(bytes, 0, "PK\3\4", 4))
        return zip_type(bytes);
    if (dos_program(bytes))
        return VIEW("application/vnd.microsoft.portable-executable");
    if (has(bytes, 0, "BM", 2) && bytes.n >= 26 && has(bytes, 6, "\0\0\0\0", 4))
        return VIEW("image/bmp");
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++) {
        const struct signature *s = &signatures[i];
        bool riff = s->at != 8 || has(bytes, 0, "RIFF", 4);
        if (riff && has(bytes, s->at, s->bytes, s->n))
            return view_of(s->type);
    }
    return VIEW_NONE;
}

bool looks_like_text(struct view bytes)
{
    struct view head = view_sub(bytes, 0, 1024);
    if (head.n >= 2 && (memcmp(head.p, "\xFF\xFE", 2) == 0 || memcmp(head.p, "\xFE\xFF", 2) == 0))
        return true;
    size_t odd = 0;
    for (size_t i = 0; i < head.n; i++) {
        unsigned char c = (unsigned char)head.p[i];
        odd += (c < 32 && !ascii_is_space(c) && c != 27) || c == 127;
    }
    return odd * 50 <= head.n; /* one control character in fifty may slip in */
}

bool looks_like_html(struct view bytes)
{
    static const struct view tags[] = {
        VIEW_LITERAL("<!doctype html"), VIEW_LITERAL("<html"),  VIEW_LITERAL("<head>"),
        VIEW_LITERAL("<body"),          VIEW_LITERAL("<meta "),
    };
    struct view v = view_trim(view_sub(bytes, 0, 1024));
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (view_starts_nocase(v, tags[i]))
            return true;
    return false;
}
