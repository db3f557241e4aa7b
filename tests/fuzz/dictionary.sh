#!/bin/sh
# dictionary.sh TARGET: a libFuzzer dictionary for fuzz-TARGET on stdout, made of the words that the code itself
# knows (string literals of its tables), so that it never falls behind. Nothing for a target that needs none.
set -eu
cd "$(dirname "$0")/../.."

# Literals of 2 to 48 bytes, each once; escapes as libFuzzer reads them. Formats and messages are left out.
literals() {
    grep -hv '^[ 	]*\(#\|//\|/\?\*\)' "$@" | LC_ALL=C awk '
    {
        while (match($0, /"([^"\\]|\\.)*"/)) {
            s = substr($0, RSTART + 1, RLENGTH - 2)
            $0 = substr($0, RSTART + RLENGTH)
            gsub(/\\r/, "\\x0D", s); gsub(/\\n/, "\\x0A", s); gsub(/\\t/, "\\x09", s); gsub(/\\0/, "\\x00", s)
            rest = s; gsub(/\\x[0-9A-Fa-f][0-9A-Fa-f]|\\\\|\\"/, "", rest)
            if (index(rest, "\\") || index(rest, "%") || length(s) < 2 || length(s) > 48 || seen[s]++) continue
            if (rest ~ /[^ ] [^ ]+ [^ ]+ /) continue # a sentence
            out = ""
            for (i = 1; i <= length(s); i++) {
                c = substr(s, i, 1)
                out = out (c < " " || c > "~" ? sprintf("\\x%02X", code[c]) : c)
            }
            print "\"" out "\""
        }
    }
    BEGIN { for (i = 0; i < 256; i++) code[sprintf("%c", i)] = i }'
}
words() { for w in "$@"; do printf '"%s"\n' "$w"; done; }
addresses() { awk -F '\t' 'NR > 1 && length($3) < 100 && $3 !~ /["\\]/ && n[$1 $2 $4]++ < 2 { print "\"" $3 "\"" }' tests/data/address-vectors.tsv; }
mail() {
    literals milter/mail/*.c milter/notice/shape.c
    words 'Content-Type: ' 'Content-Transfer-Encoding: ' 'Content-Disposition: attachment; filename=' 'Subject: ' 'From: ' 'multipart/mixed; boundary=' \
        'multipart/alternative; boundary=' 'multipart/related; boundary=' 'multipart/digest; boundary=' 'message/rfc822' 'text/html; charset=' 'quoted-printable' \
        base64 x-uuencode 'format=flowed' 'delsp=yes' '\x0D\x0A--' '--\x0D\x0A' '=?utf-8?q?' '=?utf-8?b?' '?=' '=\x0D\x0A' '=C3=A4' 'begin 644 a\x0D\x0A' \
        "*0*=utf-8''" '\x0D\x0A\x0D\x0A' utf-16 utf-7 iso-2022-jp gb18030 koi8-r windows-1252
}
html() {
    sed -n 's/^    X(\([a-z0-9]*\),.*/"<\1 "\n"<\/\1>"/p' milter/text/html-element.h
    literals milter/text/html*.[ch] milter/text/css*.[ch] | grep -v '^".*Arrow'
    words '<!--' '-->' '--!>' '<![CDATA[' ']]>' '<!DOCTYPE html>' '&#x41;' '&#65;' '&amp' '&nbsp;' ' style=' 'display:none' 'font-size:0' 'color:#fff' \
        'background:white' 'visibility:hidden' 'opacity:0' ' class=a' '.a{' '@media ' ' hidden' ' bgcolor=' 'position:absolute;left:-999px'
}
marks() { # invisible, look-alike, wide, combining, bidirectional
    words '\xE2\x80\x8B' '\xC2\xAD' '\xE2\x80\x8D' '\xD0\xB0' '\xCE\xBF' '\xEF\xBC\xA1' '\xCC\x88' '\xE2\x80\xAE' '\xF0\x9D\x90\x80' '\xEF\xB8\x8F' '\xD9\xA1' \
        '\xE3\x80\x80' '\xC2\xA0' '\xEF\xBF\xBD' '\xF3\xA0\x81\x81' '> ' '[x]' ' . '
}
pack() { literals milter/rule/pack-*.c milter/rule/phrase-*.c milter/rule/facets.def milter/base/anomaly.def milter/indicator/families.def | grep -v '" '; words '~3 ' '{a}' '(a|b)' '[a]' 'a*' '# ' 'within 3 of' ' and ' ' or ' ' not '; }

case ${1:?usage: dictionary.sh TARGET} in
    mail) mail ;;
    header) mail ;;
    rewrite) mail; html ;;
    html) html ;;
    fold) marks ;;
    text) mail; html; marks ;;
    indicator) marks; addresses; literals milter/indicator/*.def milter/indicator/*.c ;;
    family) addresses ;;
    scan) mail; html; marks; addresses; literals milter/indicator/*.def ;;
    match) pack; marks ;;
    pack) pack ;;
    settings) literals milter/policy/settings.def milter/policy/*.c milter/base/limits.h ;;
    notice) literals milter/notice/*.[ch] | grep -v '" '; words '{reach}' '{gateway}' '{operator}' '{received}' '{yyyy}' '{zone}' ;;
    http) words 'GET ' 'HEAD ' ' HTTP/1.1' ' HTTP/1.0' '\x0D\x0A' 'Accept: ' 'application/openmetrics-text' /metrics /status /health Host: ;;
    session) words '\x00' 'X-Extortion-Flag' 'X-Extortion-Score' 'X-Extortion-Notice' 'Subject' '[EXTORTION]' '<>' ' wrap; seal=' ;;
    record) literals milter/export/*.c milter/store/describe.c milter/store/facts.def milter/verdict/scan-json.c; words '{\"' '\":' '[{' '}]' 'where' ;;
    json) words true false null '\\u0041' '\\ud83d\\ude00' '\\"' '{\"a\":' '[[' 1e9 ;;
    held) words '{\"queue_name\": \"hold\", ' '\"queue_id\": \"' '\"recipients\": [{\"address\": \"' '}]}\x0A' 'X-Extortion-Hold: held; ' 'score=' '; class=' '; failure=' '\x0AH??' '\x0AH?P?' '\x0ARPFD:<' '\x0Aqextortion-milter: ' 'V8\x0A' ;;
    mailbox) words '\x0AFrom ' 'From a@b Mon Jan  1 00:00:00 2026\x0A' '\x0A>From ' '\x0A\x0A' '\x0D\x0A' ;;
    *) echo "dictionary.sh: no dictionary for $1" >&2 ;;
esac
