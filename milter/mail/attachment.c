/* Attachments: what they really are, and whether that is what they say. */
#include <string.h>

#include "mail/parse.h"

/*
 * What may stand for what. Types of one group are never a mismatch: JPEG called PNG is common, a
 * .doc may be RTF, HTML or a new Office file, and all of them open in Word.
 */
enum group {
    GROUP_UNKNOWN,
    GROUP_IMAGE,
    GROUP_MEDIA,
    GROUP_PDF,
    GROUP_OFFICE,
    GROUP_ARCHIVE,
    GROUP_PROGRAM,
    GROUP_TEXT,
};

struct group_row {
    const char *word;
    enum group group;
};

static const struct group_row types[] = {
    {"image/svg", GROUP_TEXT},
    {"image/x-x", GROUP_TEXT}, /* xbm, xpm: C source */
    {"image/", GROUP_IMAGE},
    {"video/", GROUP_MEDIA},
    {"audio/", GROUP_MEDIA},
    {"application/ogg", GROUP_MEDIA},
    {"application/pdf", GROUP_PDF},
    {"application/x-pdf", GROUP_PDF},
    {"application/rtf", GROUP_OFFICE},
    {"application/msword", GROUP_OFFICE},
    {"application/vnd.ms-excel", GROUP_OFFICE},
    {"application/vnd.ms-powerpoint", GROUP_OFFICE},
    {"application/vnd.ms-word", GROUP_OFFICE},
    {"application/vnd.openxmlformats", GROUP_OFFICE},
    {"application/vnd.oasis.opendocument", GROUP_OFFICE},
    {"application/x-ole-storage", GROUP_OFFICE},
    {"application/onenote", GROUP_OFFICE},
    {"application/zip", GROUP_ARCHIVE},
    {"application/x-zip", GROUP_ARCHIVE},
    {"application/gzip", GROUP_ARCHIVE},
    {"application/x-gzip", GROUP_ARCHIVE},
    {"application/x-bzip2", GROUP_ARCHIVE},
    {"application/x-xz", GROUP_ARCHIVE},
    {"application/zstd", GROUP_ARCHIVE},
    {"application/x-7z", GROUP_ARCHIVE},
    {"application/x-rar", GROUP_ARCHIVE},
    {"application/vnd.rar", GROUP_ARCHIVE},
    {"application/x-tar", GROUP_ARCHIVE},
    {"application/vnd.ms-cab-compressed", GROUP_ARCHIVE},
    {"application/epub+zip", GROUP_ARCHIVE},
    {"application/java-archive", GROUP_ARCHIVE},
    {"application/vnd.android.package-archive", GROUP_PROGRAM},
    {"application/x-executable", GROUP_PROGRAM},
    {"application/x-mach-binary", GROUP_PROGRAM},
    {"application/vnd.microsoft.portable-executable", GROUP_PROGRAM},
    {"application/x-dosexec", GROUP_PROGRAM},
    {"application/x-msdownload", GROUP_PROGRAM},
    {"application/x-msdos-program", GROUP_PROGRAM},
    {"application/x-ms-shortcut", GROUP_PROGRAM},
    {"application/java-vm", GROUP_PROGRAM},
    {"text/", GROUP_TEXT},
};

static const struct group_row extensions[] = {
    {".jpg", GROUP_IMAGE},   {".jpeg", GROUP_IMAGE},  {".png", GROUP_IMAGE},
    {".gif", GROUP_IMAGE},   {".bmp", GROUP_IMAGE},   {".webp", GROUP_IMAGE},
    {".tif", GROUP_IMAGE},   {".tiff", GROUP_IMAGE},  {".heic", GROUP_IMAGE},
    {".mp3", GROUP_MEDIA},   {".mp4", GROUP_MEDIA},   {".mov", GROUP_MEDIA},
    {".avi", GROUP_MEDIA},   {".wav", GROUP_MEDIA},   {".m4a", GROUP_MEDIA},
    {".pdf", GROUP_PDF},     {".doc", GROUP_OFFICE},  {".docx", GROUP_OFFICE},
    {".docm", GROUP_OFFICE}, {".xls", GROUP_OFFICE},  {".xlsx", GROUP_OFFICE},
    {".xlsm", GROUP_OFFICE}, {".ppt", GROUP_OFFICE},  {".pptx", GROUP_OFFICE},
    {".odt", GROUP_OFFICE},  {".ods", GROUP_OFFICE},  {".rtf", GROUP_OFFICE},
    {".zip", GROUP_ARCHIVE}, {".gz", GROUP_ARCHIVE},  {".tgz", GROUP_ARCHIVE},
    {".rar", GROUP_ARCHIVE}, {".7z", GROUP_ARCHIVE},  {".tar", GROUP_ARCHIVE},
    {".bz2", GROUP_ARCHIVE}, {".xz", GROUP_ARCHIVE},  {".jar", GROUP_ARCHIVE},
    {".exe", GROUP_PROGRAM}, {".scr", GROUP_PROGRAM}, {".dll", GROUP_PROGRAM},
    {".txt", GROUP_TEXT},    {".html", GROUP_TEXT},   {".htm", GROUP_TEXT},
    {".csv", GROUP_TEXT},
};

/* Names that a double click runs, whatever their bytes are. */
static const struct view runnable[] = {
    VIEW_LITERAL(".exe"), VIEW_LITERAL(".scr"), VIEW_LITERAL(".pif"), VIEW_LITERAL(".bat"),
    VIEW_LITERAL(".cmd"), VIEW_LITERAL(".js"),  VIEW_LITERAL(".jse"), VIEW_LITERAL(".vbs"),
    VIEW_LITERAL(".vbe"), VIEW_LITERAL(".wsf"), VIEW_LITERAL(".wsh"), VIEW_LITERAL(".hta"),
    VIEW_LITERAL(".msi"), VIEW_LITERAL(".lnk"), VIEW_LITERAL(".ps1"), VIEW_LITERAL(".jar"),
    VIEW_LITERAL(".cpl"), VIEW_LITERAL(".apk"),
};

static enum group type_group(struct view type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (view_starts_nocase(type, view_of(types[i].word)))
            return types[i].group;
    return GROUP_UNKNOWN;
}

static enum group name_group(struct view name)
{
    for (size_t i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
        if (view_ends_nocase(name, view_of(extensions[i].word)))
            return extensions[i].group;
    return GROUP_UNKNOWN;
}

/* Windows drops dots and spaces at the end of a name. */
static struct view name_end_trim(struct view name)
{
    while (name.n > 0 && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
        name.n--;
    return name;
}

bool name_runs(struct view name)
{
    name = name_end_trim(name);
    for (size_t i = 0; i < sizeof runnable / sizeof runnable[0]; i++)
        if (view_ends_nocase(name, runnable[i]))
            return true;
    return false;
}

static bool disagree(enum group said, enum group real)
{
    if (said == GROUP_UNKNOWN || real == GROUP_UNKNOWN || said == real)
        return false;
    /* Office files are archives, and old ones may be text in disguise; archives may hold anything
     * that was compressed on the way. */
    if (said == GROUP_OFFICE && (real == GROUP_ARCHIVE || real == GROUP_TEXT))
        return false;
    if (said == GROUP_ARCHIVE && real == GROUP_OFFICE)
        return false;
    if (said == GROUP_PROGRAM || real == GROUP_TEXT)
        return said == GROUP_PDF || said == GROUP_IMAGE;
    return true;
}

/* libmagic on what no signature knows. Text has been told apart before: it is slow on text. */
static struct view magic_type(struct parser *p, struct view prefix)
{
    struct mail_reader *r = p->reader;
    if (prefix.n == 0 || r->magic_left == 0)
        return VIEW_NONE;
    if (looks_like_html(prefix))
        return VIEW("text/html");
    if (looks_like_text(prefix))
        return VIEW("text/plain");
    r->magic_left--;
    struct view type = view_of(magic_buffer(r->magic, prefix.p, prefix.n));
    bool nothing = type.n == 0 || type.n > 127 || view_eq(type, VIEW("application/octet-stream"));
    return nothing ? VIEW_NONE : arena_copy(p->arena, type);
}

void attachment_read(struct parser *p, struct part *part, struct view prefix)
{
    struct view name = name_end_trim(part->name);
    part->real_type = signature_find(prefix);
    if (part->real_type.n == 0)
        part->real_type = magic_type(p, prefix);
    enum group real = type_group(part->real_type), named = name_group(name);
    enum group said = GROUP_UNKNOWN;
    char type[160];
    if (part->type.n + part->subtype.n + 1 <= sizeof type) {
        memcpy(type, part->type.p, part->type.n);
        type[part->type.n] = '/';
        if (part->subtype.n > 0)
            memcpy(type + part->type.n + 1, part->subtype.p, part->subtype.n);
        said = type_group((struct view){type, part->type.n + part->subtype.n + 1});
    }
    if (disagree(said, real) || disagree(named, real))
        anomaly_note(p->seen, ANOMALY_TYPE_MISMATCH);
    if (real == GROUP_PROGRAM || name_runs(name))
        anomaly_note(p->seen, ANOMALY_ATTACHMENT_EXECUTABLE);
    /* General purpose bit 0 of a ZIP entry: encrypted (APPNOTE 4.4.4). */
    if (prefix.n >= 8 && memcmp(prefix.p, "PK\3\4", 4) == 0 && (prefix.p[6] & 1) != 0)
        anomaly_note(p->seen, ANOMALY_ENCRYPTED);
}
