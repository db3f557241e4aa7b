#!/bin/sh
# TAP: the lints pass on the tree, and each catches its own fixture (a lint that cannot fail proves nothing).
set -u
top=${top_srcdir:-.}
build=${top_builddir:-.}
lint=$top/tests/lint
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
n=0
report() { # STATUS NAME [OUTPUT]
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"
        [ -z "${3:-}" ] || printf '%s\n' "$3" | sed 's/^/# /'
    fi
}
passes() { # NAME COMMAND...
    name=$1; shift
    out=$("$@" 2>&1); report $? "$name" "$out"
}
catches() { # NAME LINT FILE CODE WANT
    rm -rf "$tmp/milter"; mkdir -p "$tmp/milter/${3%/*}"
    printf '%s\n' "$4" > "$tmp/milter/$3"
    out=$(sh "$lint/$2" "$tmp" 2>&1)
    if [ $? -eq 1 ] && printf '%s' "$out" | grep -qF "milter/$3:1: $5"; then report 0 "$1"; else report 1 "$1" "$out"; fi
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }

passes "layers hold" sh "$lint/layers.sh" "$top"
passes "no banned function is used" sh "$lint/banned.sh" "$top"
catches "an upward include is caught" layers.sh mail/x.c '#include "rule/rule.h"' "room mail includes the higher room rule"
catches "an include past the door is caught" layers.sh rule/x.c '#include "mail/charset.h"' "room rule must enter mail through its door"
catches "a foreign header in the wrong room is caught" layers.sh text/x.c '#include <pcre2.h>' "<pcre2.h> belongs to"
catches "libmilter outside milter.c is caught" layers.sh mta/session.c '#include <libmilter/mfapi.h>' "<libmilter/mfapi.h> belongs to"
catches "strcpy is caught" banned.sh program/x.c 'strcpy(a, b);' "strcpy() is banned"
catches "a clock below mta is caught" banned.sh verdict/x.c 'clock_gettime(0, &t);' "clock_gettime() has no place"
catches "printing below mta is caught" banned.sh text/x.c 'printf("x");' "printf() has no place"
rm -rf "$tmp/milter"; mkdir -p "$tmp/milter/text"; printf '/* strcpy(a) */ char *s = "strcpy(";\n' > "$tmp/milter/text/x.c"
passes "comments and strings are not code" sh "$lint/banned.sh" "$tmp"
# An instrumented build's objects are full of the instruments' data: there is nothing to look at.
if ! grep -q '^CFLAGS.*coverage\|^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile" 2>/dev/null; then
    passes "no mutable globals below mta" sh "$lint/globals.sh" "$build"
fi
if command -v clang-format >/dev/null; then
    passes "clang-format agrees" sh -c "cd '$top' && find milter tests contrib -name '*.[ch]' | xargs clang-format --dry-run --Werror"
else
    skip "clang-format agrees" "clang-format is not installed"
fi
passes "every pack and settings file is installed" sh "$lint/installed.sh" "$top"
rm -rf "$tmp/rules" "$tmp/conf"; mkdir -p "$tmp/rules/lang/xx" "$tmp/conf"; : > "$tmp/rules/lang/xx/lexicon.conf"; : > "$tmp/rules/local.mk"
out=$(sh "$lint/installed.sh" "$tmp" 2>&1); [ $? -eq 1 ] && [ "$out" = "rules/lang/xx/lexicon.conf: is not installed, add it to rules/local.mk" ]
report $? "a pack that would not be installed is caught" "$out"
passes "manuals, --help and option tables agree" sh "$lint/man.sh" "$top" "$build"
man_catches() { # NAME PAGE SED WANT: of a manual changed by SED
    rm -rf "$tmp/docs" "$tmp/milter"; mkdir -p "$tmp/docs"; cp -r "$top/docs/man" "$tmp/docs/man"; ln -s "$(cd "$top" && pwd)/milter" "$tmp/milter"
    sed "$3" "$top/docs/man/$2" > "$tmp/docs/man/$2"
    out=$(sh "$lint/man.sh" "$tmp" "$build" 2>&1)
    if [ $? -eq 1 ] && [ "$out" = "$4" ]; then report 0 "$1"; else report 1 "$1" "$out"; fi
}
man_catches "an option missing in a manual is caught" extortctl.1 '/^\.It Fl -strength/d' \
    "disguise --strength: in --help, not described in the manual"
man_catches "an option missing in a synopsis is caught" extortctl.1 '/^\.Op Fl -seed/d' \
    "disguise --seed: in --help, not in the synopsis of the manual"
man_catches "an option that is only in a manual is caught" extortion-milter.8 's/^\.It Fl v , Fl -verbose/&\n.It Fl -colour/' \
    "extortion-milter --colour: described in the manual, not in --help"
man_catches "a setting that is only in a manual is caught" extortion-milter.conf.5 's/^\.It Ic user$/&\n.It Ic users/' \
    "users: described in extortion-milter.conf.5, but no setting"
man_catches "a verb missing in a manual is caught" extortctl.1 '/^\.Ss lint/,/^\.Ss disguise/{/^\.Ss disguise/!d;}' \
    "lint: a verb, but not in the text of extortctl.1"
if command -v mandoc >/dev/null; then
    passes "mandoc finds nothing to say about the manuals" sh -c "cd '$top' && for m in docs/man/*.[158]; do [ ! -e \"\$m\" ] || mandoc -T lint -W warning \"\$m\" || exit 1; done"
else
    skip "mandoc finds nothing to say about the manuals" "mandoc is not installed"
fi
echo "1..$n"
