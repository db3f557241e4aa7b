#!/bin/sh
# man.sh TOP BUILD: manual pages, --help and option tables say the same, both ways: verbs and options of
# extortctl, options of extortion-milter, keys of the settings. Prints each difference; exit 1 if there is any.
# (That each key of the settings stands in the manual and in the shipped file, tests/policy demands.)
set -eu
top=${1:?usage: man.sh TOP BUILD} build=${2:?usage: man.sh TOP BUILD}
man=$top/docs/man daemon=extortion-milter
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM

# Facts, one a line, "verb option...": the daemon counts as a verb, "shared" as one that all verbs have.
from_help() { # VERB: a line for each option of the list, with all its names; then those of the usage
    awk -v verb="$1" '
        /^ +-/ { sub(/^ +/, ""); sub(/  .*/, ""); n = split($0, w, /[ ,=]+/); line = verb
                 for (i = 1; i <= n; i++) if (w[i] ~ /^-/) { line = line " " w[i]; listed[w[i]] = 1 }
                 print line; next }
        NR == 1 { usage = 1 } /^$/ { usage = 0 }
        usage { gsub(/[^a-z-]+/, " "); n = split($0, w, " "); for (i = 1; i <= n; i++) if (w[i] ~ /^--[a-z]/) used[w[i]] = 1 }
        END { for (o in used) if (!(o in listed)) print verb, o }'
}
from_man() { # "VERB MACRO-LINE" on stdin: "Fl -json" is --json, "Fl fv" is -f and -v, "Fl t | n" -t and -n
    awk '{ flag = 0
        for (i = 2; i <= NF; i++) {
            word = $i; if (i == 2) sub(/^\./, "", word)
            if (word == "Fl") flag = 1
            else if (word ~ /^([A-Z][a-z]|,|:)$/) flag = 0
            else if (flag && word ~ /^-/) print $1, "-" word
            else if (flag && word != "|") for (k = 1; k <= length(word); k++) print $1, "-" substr(word, k, 1)
        } }'
}
from_table() { # VERB FILE
    grep -oE '\{"[a-z-]+", *(no|required|optional)_argument' "$2" | sed "s/{\"\([^\"]*\).*/$1 --\1/" || true
}

verbs=$("$build/milter/program/extortctl" --help | awk '/^  [a-z]/ && $1 != "extortctl" { print $1 }')
for verb in $verbs; do
    "$build/milter/program/extortctl" "$verb" --help | from_help "$verb" >> "$tmp/help"
    from_table "$verb" "$(grep -lE "^ *\.name = \"$verb\"," "$top"/milter/program/*.c)" >> "$tmp/table"
done
"$build/milter/program/$daemon" --help | from_help $daemon >> "$tmp/help"
from_table $daemon "$top/milter/program/daemon-options.c" >> "$tmp/table"

awk '/^\.Sh/ { on = $2 == "SYNOPSIS"; verb = "" } !on { next } /^\.Nm/ { verb = ""; next }
     verb == "" && /^\.Cm/ { verb = $2; print verb > verbs; next } verb != "" { print verb, $0 }' \
    verbs="$tmp/synopsis-verbs" "$man/extortctl.1" | from_man > "$tmp/synopsis"
awk -v verb=$daemon '/^\.Sh/ { on = $2 == "SYNOPSIS" } on { print verb, $0 }' "$man/$daemon.8" | from_man >> "$tmp/synopsis"
awk '/^\.Sh/ { on = $2 == "VERBS" || $2 == "DESCRIPTION"; verb = "shared" }
     on && /^\.Ss/ { verb = $2; print verb > verbs } on && /^\.It Fl/ { print verb, $0 }' \
    verbs="$tmp/text-verbs" "$man/extortctl.1" | from_man > "$tmp/text"
awk -v verb=$daemon '/^\.S[hs]/ { on = $2 == "DESCRIPTION" } on && /^\.It Fl/ { print verb, $0 }' "$man/$daemon.8" | from_man >> "$tmp/text"

differ() { # A B TEXT: each line that only A has
    LC_ALL=C sort -u "$1" > "$tmp/a"
    LC_ALL=C sort -u "$2" > "$tmp/b"
    LC_ALL=C comm -23 "$tmp/a" "$tmp/b" | sed "s|\$|: $3|"
}
{
    printf '%s\n' $verbs > "$tmp/verbs"
    for part in synopsis text; do
        grep -vx help "$tmp/$part-verbs" > "$tmp/$part-v"
        differ "$tmp/verbs" "$tmp/$part-v" "a verb, but not in the $part of extortctl.1"
        differ "$tmp/$part-v" "$tmp/verbs" "in the $part of extortctl.1, but no verb"
    done
    awk -v daemon=$daemon '
        FILENAME ~ /help$/ { for (i = 2; i <= NF; i++) { help[$1, $i] = 1; any[$i] = 1; group[++n] = $0 } next }
        FILENAME ~ /synopsis$/ { synopsis[$1, $2] = 1; next }
        FILENAME ~ /text$/ { text[$1, $2] = 1; next }
        { table[$1, $2] = 1; tabled[$1] = 1 }
        function say(key, what,    place) { split(key, place, SUBSEP); print place[1] " " place[2] ": " what }
        END {
            for (g in group) { # one of its names in the synopsis will do
                m = split(group[g], w, " "); found = 0
                for (i = 2; i <= m; i++) if ((w[1], w[i]) in synopsis) found = 1
                if (!found) print group[g] ": in --help, not in the synopsis of the manual"
            }
            for (k in help) { split(k, p, SUBSEP)
                if (!(k in text) && (p[1] == daemon || !(("shared", p[2]) in text))) say(k, "in --help, not described in the manual")
                if (p[2] ~ /^--/ && p[1] in tabled && !(k in table)) say(k, "in --help, but the program has no such option") }
            for (k in synopsis) { split(k, p, SUBSEP); if (!(k in help)) say(k, "in the synopsis of the manual, not in --help") }
            for (k in text) { split(k, p, SUBSEP)
                if (p[1] == "shared" ? p[2] !~ /^(-h|--help)$/ && !(p[2] in any) : !(k in help)) say(k, "described in the manual, not in --help") }
            for (k in table) { split(k, p, SUBSEP)
                if (!(k in help) && (p[1] == daemon || p[2] != "--help")) say(k, "an option of the program that --help lacks") }
        }' "$tmp/help" "$tmp/synopsis" "$tmp/text" "$tmp/table" > "$tmp/options"
    LC_ALL=C sort "$tmp/options"

    # --print-config as group.key; keys of lists stand in a comment
    "$build/milter/program/$daemon" --print-config | awk '
        /^[a-z_]+ = [{(]/ { group = $1 "."; next } /^[})]/ { group = ""; next }
        /^ *#?[A-Za-z_-]+ = / { key = $1; sub(/^#/, "", key); print group key }
        /Keys: / { on = 1; sub(/.*Keys: /, "") }
        on { gsub(/\([^)]*\)/, ""); n = split($0, w, /[^a-z_]+/); for (i = 1; i <= n; i++) if (w[i] != "") print w[i]; on = !/\./ }' > "$tmp/keys"
    awk '/^\.It Ic/ { for (i = 3; i <= NF; i++) if ($i != ",") print $i }' "$man/$daemon.conf.5" |
        grep -v '^classes\.NAME\.' > "$tmp/man-keys"
    differ "$tmp/man-keys" "$tmp/keys" "described in $daemon.conf.5, but no setting"
} > "$tmp/found"
cat "$tmp/found"
[ ! -s "$tmp/found" ]
