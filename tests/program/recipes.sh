#!/bin/sh
# TAP: what README.md, SECURITY.md, docs/*.md and contrib/recipes tell people to type exists: settings load, verbs and
# options are known, files that are linked to are there. (Sieve and fail2ban: tests/package.)
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
extortctl=$build/milter/program/extortctl milter=$build/milter/program/extortion-milter
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
n=0
ok() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; sed 's/^/# /' "$tmp/out" | head -n 20; fi
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
cd "$top" || exit 1
docs=$(ls README.md SECURITY.md docs/*.md contrib/recipes/*.md contrib/recipes/*/*.md contrib/freebsd/*.md)

# Settings: fences of "conf", and whole files.
mkdir "$tmp/conf"
awk '/^ *```/ { if (!on) { on = $0 ~ /```conf$/; if (on) file = sprintf("%s/%03d", dir, ++k) } else { on = 0; close(file) } next }
     on { if (!started[file]++) print FILENAME > (file ".from"); sub(/^   /, ""); print > (file ".conf") }' dir="$tmp/conf" $docs
cp contrib/recipes/mailcow/extortion-milter.conf "$tmp/conf/mailcow.conf"; echo "contrib/recipes/mailcow" > "$tmp/conf/mailcow.from"
[ "$(ls "$tmp"/conf/*.conf | wc -l)" -ge 8 ]; ok $? "there are settings to try"
for conf in "$tmp"/conf/*.conf; do
    sed -i "s|\"/usr/share/extortion-milter/rules\", \"/etc/extortion-milter/rules\"|\"$top/rules\"|" "$conf"
    grep -q '^rules = ' "$conf" || printf 'rules = [ "%s" ];\n' "$top/rules" >> "$conf"
    grep -q 'data = ' "$conf" || sed -i "s|notice = {|notice = { data = \"$top/conf\";|" "$conf"
    "$milter" -t -c "$conf" > "$tmp/out" 2>&1
    ok $? "$(cat "${conf%.conf}.from"): $(head -n 1 "$conf" | cut -c 1-60)"
done

# Commands: in indented blocks, fences and `code`. Verbs and options as --help knows them.
for verb in $("$extortctl" --help | awk '/^  [a-z]/ && $1 != "extortctl" { print $1 }'); do
    "$extortctl" "$verb" --help | grep -oE -e '(^|[[ ,])--?[a-z][a-z-]*' | tr -d '[ ,' | sed "s/^/$verb /"
    echo "$verb --help"
done > "$tmp/known"
"$milter" --help | grep -oE -e '(^|[ ,])--?[a-zA-Z][a-z-]*' | tr -d ' ,' | sed 's/^/extortion-milter /' >> "$tmp/known"
{ grep -HE '^( {4}|\t)' $docs; grep -HoE '`[^`]+`' $docs; } | awk -F: -v OFS=: '{
        file = $1; sub(/^[^:]*:/, ""); gsub(/`/, ""); sub(/[ \t]#.*/, "")
        n = split($0, part, /[|;]|&&|\$\(/)
        for (i = 1; i <= n; i++) {
            m = split(part[i], w, " "); verb = ""
            for (k = 1; k <= m; k++) {
                if (w[k] ~ /(^|\/)extortctl$/ && w[k+1] ~ /^[a-z]+(-[a-z]+)*$/) { verb = w[++k]; print file " " verb; continue }
                if (w[k] ~ /(^|\/)extortion-milter$/ && k == 1) { verb = "extortion-milter"; continue }
                if (verb == "" || w[k] !~ /^--?[a-zA-Z]/) continue
                sub(/=.*/, "", w[k]); gsub(/[^a-zA-Z-]+$/, "", w[k]); print file " " verb " " w[k]
            }
        } }' | sort -u > "$tmp/said"
cut -d' ' -f1 "$tmp/known" | sort -u > "$tmp/verbs"
awk 'FILENAME ~ /known$/ { known[$1 " " $2] = 1; next } FILENAME ~ /verbs$/ { verb[$1] = 1; next }
     !($2 in verb) { print $0 ": no such verb" } $2 in verb && NF > 2 && !(($2 " " $3) in known) { print $0 ": no such option" }' \
    "$tmp/known" "$tmp/verbs" "$tmp/said" > "$tmp/out"
[ "$(wc -l < "$tmp/said")" -ge 30 ] && [ ! -s "$tmp/out" ]; ok $? "verbs and options are known"

# Links between files
for doc in $docs; do
    grep -oE '\]\([^)#:]+[)#]' "$doc" | sed 's/^](//; s/.$//' | while read -r to; do [ -e "$(dirname "$doc")/$to" ] || echo "$doc: $to"; done
done > "$tmp/out"
[ ! -s "$tmp/out" ]; ok $? "files that are linked to are there"

# An administrator's Postfix would say what it does not know.
if command -v postconf > /dev/null; then
    mkdir "$tmp/pf"; : > "$tmp/pf/master.cf"; postconf -d compatibility_level > "$tmp/pf/main.cf"
    awk '/^ *```/ { on = !on && $0 ~ /```postfix$/; next } on { sub(/^ +/, ""); print }' $docs > "$tmp/pf/lines"
    while read -r line; do postconf -c "$tmp/pf" -e "$line" || echo "$line"; done < "$tmp/pf/lines" > "$tmp/out" 2>&1
    postconf -c "$tmp/pf" -n >> "$tmp/out" 2>&1
    [ "$(wc -l < "$tmp/pf/lines")" -ge 8 ] && ! grep -E 'warning|fatal|unused' "$tmp/out"; ok $? "Postfix knows its settings"
else skip "Postfix knows its settings" "Postfix is not installed"; fi

sh -n contrib/freebsd/files/extortion_milter.in > "$tmp/out" 2>&1; ok $? "FreeBSD's rc script is a script"
if command -v rpmspec > /dev/null; then
    rpmspec -P contrib/rpm/extortion-milter.spec > "$tmp/out" 2>&1 &&
        [ "$(rpmspec -q --qf '%{version}\n' --srpm contrib/rpm/extortion-milter.spec 2>> "$tmp/out")" = "$(sed -n 's/^AC_INIT(\[[^]]*\], \[\([^]]*\)\].*/\1/p' configure.ac)" ]
    ok $? "the RPM spec parses, and is about this version"
else skip "the RPM spec parses, and is about this version" "rpm is not installed"; fi
echo "1..$n"
