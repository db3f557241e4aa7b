#!/bin/sh
# TAP: docs/INCIDENT.md, its commands word for word, down to a daemon that serves the new pack.
# Only the system around is played: ~ is a folder, the site's folder is one, systemctl and journalctl
# start and ask a real daemon of this build.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
n=0 work=$(mktemp -d /tmp/extortion-incident.XXXXXX)
chmod 755 "$work"
cleanup() {
    [ ! -s "$work/pid" ] || kill -KILL "$(cat "$work/pid")" 2> /dev/null
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
ok() { # STATUS NAME [FILE]
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    [ ! -s "${3:-}" ] || sed 's/^/# /' "$3" | cut -c 1-300 | head -n 40
}

cp -R "$top/rules" "$work/rules" && chmod -R a+rX "$work/rules" # the daemon reads it as its own user
mkdir "$work/bin" "$work/site" "$work/site/rules.d" "$work/desk"
user=
[ "$(id -u)" -ne 0 ] || user='user = "nobody";'
settings() { # RULES: an empty folder of packs would be a mistake
    printf 'rules = [ %s ];\nsocket = "unix:%s/m.sock";\n%s\n' "$1" "$work" "$user" > "$work/site/extortion-milter.conf"
}
settings "\"$work/rules\""
for p in extortctl extortion-milter; do
    printf '#!/bin/sh\nexec "%s/milter/program/%s" "$@"\n' "$build" $p > "$work/bin/$p"
done
cat > "$work/bin/systemctl" << EOT
#!/bin/sh
[ "\$*" = "reload extortion-milter" ] || exit 64
kill -USR1 "\$(cat "$work/pid")"
EOT
cat > "$work/bin/journalctl" << EOT
#!/bin/sh
i=0
until grep -q ' reloaded: ' "$work/journal" || [ \$i -ge 600 ]; do sleep 0.1; i=\$((i + 1)); done
tail -n 1 "$work/journal"
EOT
chmod 755 "$work/bin/"*
mkdir -p "$work/home/Maildir/cur" "$work/home/Maildir/new"
i=0
for text in 'Hej! Tack för senast, vi ses på fredag.' 'Din tid hos Tandkliniken Solsidan är bokad: måndag 10.30.' \
    'Fakturan på 1 500 kr för tandrengöring förfaller på fredag.' 'The minutes of Monday are attached.'; do
    i=$((i + 1))
    printf 'From: a@good.example\nTo: b@home.example\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n' $i "$text" \
        > "$work/home/Maildir/cur/$i"
done

# the daemon runs before the break-in
: > "$work/journal"
"$build/milter/program/extortion-milter" -c "$work/site/extortion-milter.conf" -f -l stderr > "$work/journal" 2>&1 &
echo $! > "$work/pid"
i=0
until grep -q ' serves ' "$work/journal" || [ $i -ge 600 ]; do sleep 0.1; i=$((i + 1)); done
grep -q ' serves ' "$work/journal"; ok $? "the daemon serves the rules of every day" "$work/journal"
settings "\"$work/rules\", \"$work/site/rules.d\""

# each block of commands becomes a file; one shell runs them in turn and notes how each ended
awk -v to="$work/block." '/^```sh$/ { file = to sprintf("%02d", ++k); next } /^```$/ { if (file) close(file); file = ""; next }
    file { print > file }' "$top/docs/INCIDENT.md"
blocks=$(ls "$work" | grep -c '^block')
[ "$blocks" -ge 9 ]; ok $? "the document has its commands ($blocks blocks)"
cat > "$work/run" << 'EOT'
for b in "$1"/block.*; do
    . "$b" > "$b.out" 2> "$b.err"
    echo "$? ${b##*/block.}" >> "$1/codes"
done
EOT
began=$(date +%s)
(cd "$work/desk" && HOME="$work/home" PATH="$work/bin:$PATH" EXTORTION_RULES="$top/rules" EXTORTION_SITE="$work/site" \
    sh "$work/run" "$work")
seconds=$(($(date +%s) - began))
while read -r code block; do
    want=0
    last=$(tail -n 1 "$work/block.$block")
    case $last in "extortctl scan "*) want=1 ;; esac
    cat "$work/block.$block.out" "$work/block.$block.err" > "$work/said"
    [ "$code" -eq $want ]; ok $? "$last (exit $code)" "$work/said"
done < "$work/codes"
[ "$(wc -l < "$work/codes")" -eq "$blocks" ]; ok $? "all of them ran"
[ $seconds -lt 900 ]; ok $? "in less than fifteen minutes ($seconds s)"

cd "$work/desk" || exit 99
said() { # NAME PATTERN: somewhere in what the commands printed
    cat "$work"/block.*.out > "$work/said"
    grep -q -e "$2" "$work/said"; ok $? "$1" "$work/said"
}
said "lint finds no mistake" ' 0 errors, '
! grep -q 'solsidan.conf:.*: warning: ' "$work"/block.*.err; ok $? "and nothing odd in the pack"
said "the proof counts the whole messages" 'proved; .* whole messages, 0 not as they should be'
said "no false positive" 'false positives: ham  *0 of 4 '
said "none of the clinic's own letter" 'false positives: hardneg  *0 of 1 '
said "both letters are found" 'recall  *1.0000 '
said "the second by its new name" '"Polarsken"'
said "the disguised one is flagged" '^FLAGGED .*breach-person  *hidden.eml'
EXTORTION_RULES=$top/rules; export EXTORTION_RULES
ctl=$build/milter/program/extortctl
live=$("$ctl" scan --json --with "$work/site/rules.d" solsidan/proof/hit-breach-person-first.eml | jq -r .ruleset)
grep -q " reloaded: .* -> $live\$" "$work/journal"; ok $? "the daemon has changed over to the pack" "$work/journal"
"$build/tests/mta/milter-client" "$work/m.sock" ordinary > "$work/said" 2>&1; ok $? "and judges mail with it" "$work/said"
kill -TERM "$(cat "$work/pid")"; : > "$work/pid"

# the verb beside the walk: bare, in every language, wrongly
"$ctl" new-incident blank > "$work/said" && grep -q 'still to be filled in: organisation, data, sender, own' "$work/said"
ok $? "a pack without any words says what is missing" "$work/said"
"$ctl" lint --with blank.conf > "$work/said" 2>&1 && ! grep -q 'blank.conf:.*: warning: ' "$work/said"
ok $? "and loads and proves as written" "$work/said"
cp blank.conf before
"$ctl" new-incident blank > "$work/said" 2>&1; [ $? -eq 73 ] && cmp -s before blank.conf
ok $? "a file that is there is left alone" "$work/said"
for l in en sv fi; do
    "$ctl" new-incident --language $l -o - x > "$l.conf" && "$ctl" lint --with $l.conf > "$work/said" 2>&1
    ok $? "in $l" "$work/said"
done
wrong() { # NAME ARG...
    name=$1; shift
    "$ctl" new-incident "$@" > "$work/said" 2>&1; [ $? -eq 64 ]; ok $? "$name" "$work/said"
}
wrong "no name"
wrong "a path for a name" ../x
wrong "a word with a bracket" --data 'a(b' x
wrong "a word with a quotation mark" --organisation 'a"; }' x
wrong "words of signs only" --sender '...' x
wrong "a language that is not there" --language xx x
wrong "a class that is no name" --class 'a"' x
"$ctl" new-incident --class no-such-class -o other.conf x > /dev/null
"$ctl" lint --with other.conf > "$work/said" 2>&1; [ $? -eq 78 ] && grep -q 'there is no class "no-such-class"' "$work/said"
ok $? "a class that the packs lack is named by lint" "$work/said"

echo "1..$n"
