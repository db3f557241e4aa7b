#!/bin/sh
# TAP: evidence from the message on the wire to the record that a person opens: the daemon records, extortctl lists, shows,
# verifies, purges. Full and read-only folders, and changed records.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
ctl=$build/milter/program/extortctl milter=$build/milter/program/extortion-milter client=$build/tests/mta/milter-client
TSAN_OPTIONS="suppressions=$top/tests/mta/tsan.supp ${TSAN_OPTIONS:-}"; export TSAN_OPTIONS
n=0 pid= as= tmp=$(mktemp -d /tmp/extortion-evidence-test.XXXXXX)
chmod 777 "$tmp"
[ "$(id -u)" -ne 0 ] || as='-u nobody'
cleanup() {
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
    umount "$tmp/small" 2>/dev/null
    rm -rf "$tmp"
}
trap cleanup EXIT
trap 'exit 130' INT TERM
cd "$tmp" || exit 99
ok() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    for f in out err log; do [ ! -s $f ] || sed "s/^/# $f: /" $f | cut -c 1-200 | tail -n 20; done
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }
serving() { ! kill -0 "$pid" 2>/dev/null || grep -q ' serves ' log; }
folder() { mkdir -p "$1" && chmod 700 "$1" && { [ -z "$as" ] || chown nobody "$1"; }; }
conf() { # EVIDENCE [MORE]
    printf 'rules = [ "%s/rules" ];\nsocket = "unix:%s/m.sock";\nevidence = { %s };\n%s\n' "$top" "$tmp" "$1" "${2:-}" > conf; }
start() { : > log; "$milter" -c conf -f -l stderr $as >> log 2>&1 & pid=$!; wait_until serving; grep -q ' serves ' log; }
stop() { kill -TERM "$pid"; wait "$pid"; pid=; }
letter() { "$client" m.sock letter < "$1" > edits; } # FILE
e() { "$ctl" evidence "$@" > out 2> err < /dev/null; code=$?; }
e_config() { verb=$1; shift; e "$verb" --config conf "$@"; }
has() { grep -qF -e "$1" out; }
records() { find "$1" -name '*.evidence' | wc -l; }

"$ctl" evidence keygen pair > out 2> err; [ $? -eq 0 ] && [ "$(stat -c %a pair.key)" = 600 ] && [ -s pair.pub ]; ok $? "keygen writes a pair, the secret one for its owner"
key=$(sed -n 's/^key \([0-9a-f]\{16\}\)$/\1/p' out)
cp pair.key before; e keygen pair; [ $code -eq 73 ] && cmp -s pair.key before; ok $? "and overwrites none"
"$ctl" evidence keygen other > out 2> err; e keygen; [ $code -eq 64 ]; ok $? "it wants a name"

folder store
conf 'directory = "'"$tmp"'/store";'
"$milter" -t -c conf > out 2> err; [ $? -eq 78 ] && grep -q 'conf:3: error: evidence.key: is missing' err; ok $? "-t: records are to be sealed, or not to be on purpose"
conf 'directory = "'"$tmp"'/store"; key = "'"$tmp"'/pair.key";'
"$milter" -t -c conf > out 2> err; [ $? -eq 78 ] && grep -q 'pair.key:2: error: is a secret key' err; ok $? "-t: a secret key has no place here"
conf 'directory = "'"$tmp"'/none"; key = "'"$tmp"'/pair.pub";'
"$milter" -t -c conf > out 2> err; [ $? -eq 78 ] && grep -q 'none: error: evidence.directory: cannot open it' err; ok $? "-t: a folder that is not there"
conf 'directory = "'"$tmp"'/store"; key = "'"$tmp"'/pair.pub";'
chmod 750 store; "$milter" -t -c conf > out 2> err; [ $? -eq 78 ] && grep -q 'others than its owner' err && grep -q 'hint: chmod 700' err; ok $? "-t: a folder that others can enter"
chmod 700 store; "$milter" -t -c conf > out 2> err; [ $? -eq 0 ] && has "evidence: $tmp/store, sealed to key $key"; ok $? "-t: names folder and key"
if [ -n "$as" ]; then
    chown root store; : > log; "$milter" -c conf -f -l stderr $as > log 2>&1; [ $? -eq 78 ] && grep -q 'store: error: evidence.directory: cannot open it: Permission denied' log && [ ! -e m.sock ]; ok $? "the daemon does not start with somebody else's folder"
    chown nobody store
else
    skip "the daemon does not start with somebody else's folder" "not root"
fi

sample=$top/contrib/samples/vastaamo-type-letter-fi.eml
start; ok $? "the daemon starts"
letter "$sample"; [ "$(head -n 1 edits)" = c ] && grep -q 'X-Extortion-Flag. yes' edits; ok $? "a letter is flagged"
letter "$top/contrib/samples/ordinary-en.eml"; [ "$(records store)" -eq 1 ]; ok $? "and recorded, and ordinary mail is not"
record=$(basename store/*.evidence .evidence)
grep -q "qid=4F2Xq1 flagged=yes .* evidence=$record " log; ok $? "the log names the record"
[ "$(stat -c '%a' store/*.evidence)" = 600 ]; ok $? "which is its owner's alone"
grep -qa 'sender.test\|lunnaat\|bitcoin' store/*.evidence; [ $? -eq 1 ]; ok $? "and holds nothing that can be read"
"$ctl" preview --config conf "$sample" > out 2> err; [ $? -eq 0 ] && [ "$(records store)" -eq 1 ]; ok $? "preview records nothing"
printf 'nonsense = 1;\n' >> conf; kill -USR1 "$pid"; wait_until grep -q 'reload failed' log
sed -i '$d' conf; chmod 755 store; kill -USR1 "$pid"; wait_until grep -q 'others than its owner can enter' log; ok $? "reload: a folder that others can enter"
chmod 700 store; letter "$sample"; [ "$(records store)" -eq 2 ]; ok $? "the old policy goes on recording"
rm "$(ls store/*.evidence | grep -v "$record")"
stop

e_config list; [ $code -eq 0 ] && has "$record" && has "sealed to $key" && has '1 records' && ! has 'sender.test'; ok $? "list: without the secret key, what the names say"
e_config list --key pair.key; [ $code -eq 0 ] && has '<a@sender.test> to <b@example.test>' && has ' breach-person '; ok $? "list: with it, who wrote to whom"
e_config list --key pair.key --json; [ $code -eq 0 ] && has '"id":"'"$record"'"' && has '"state":"good","received":"20' && has '"class":"breach-person","sender":"a@sender.test","recipients":["b@example.test"],"complete":true'; ok $? "list --json"
e_config show --key pair.key 4F2Xq1; [ $code -eq 0 ] && has '203.0.113.7' && has 'TLSv1.3' && grep -q '^client name *client.test$' out && grep -q '^bitcoin *bc1qcr8' out && grep -q '^iban\|^amount' out; ok $? "show: by the queue id"
e_config show --key pair.key --json "$record"; [ $code -eq 0 ] && has '"ptr":"ptr.sender.test"' && has '"mta":{"name":"mx.example.test"' && has '"from":[{'; ok $? "show --json has what the MTA told"
e_config show --key pair.key --message "${record%????}"; [ $code -eq 0 ] && tr -d '\r' < out > plain && cmp -s plain "$sample"; ok $? "show --message: the message, byte for byte"
sum=$(sha256sum < out | cut -d' ' -f1); e_config show --key pair.key --json "$record"; has "\"sha256\":\"$sum\""; ok $? "and its SHA-256 is the one recorded"
e_config show "$record"; [ $code -eq 1 ] && grep -q 'give the secret key' err && [ ! -s out ]; ok $? "show: not without the key"
e_config show --key other.key "$record"; [ $code -eq 1 ] && grep -q 'another key' err; ok $? "nor with another"
e_config show --key pair.pub "$record"; [ $code -eq 65 ] && grep -q 'is a public key' err; ok $? "nor with the public one"
e_config show --key pair.key nosuch; [ $code -eq 66 ] && grep -q 'no such record' err; ok $? "show: a record that is not there"
chmod 644 pair.key; e_config list --key pair.key; [ $code -eq 65 ] && grep -q 'others can read this secret key' err; ok $? "a secret key that others can read is refused"
chmod 600 pair.key
e list --directory store; [ $code -eq 0 ] && has "$record"; ok $? "a folder alone is enough, without settings"
e list --directory nowhere; [ $code -eq 66 ]; ok $? "a folder that is not there"

e_config verify; [ $code -eq 0 ] && has '0 good, 1 unchanged but not opened, 0 CHANGED'; ok $? "verify: without the key it looks at every byte"
e_config verify --key pair.key; [ $code -eq 0 ] && has "$record: good" && has '1 good'; ok $? "with the key, inside, too"
# Another implementation of the format: Python's binding of libsodium, after docs/EVIDENCE.md
# The first python3 of PATH may be somebody's own, which has no part in Debian's packages.
python=
for p in python3 /usr/bin/python3; do
    [ -n "$python" ] || ! "$p" -c 'import nacl.bindings' 2>/dev/null || python=$p
done
if [ -n "$python" ]; then
    cat > open.py <<'PY'
import sys, hashlib, nacl.bindings as b
data, secret = open(sys.argv[1], 'rb').read(), bytes.fromhex(open(sys.argv[2]).read().split()[-1])
body, trailer = data[:-73], data[-73:]
assert trailer == b'\nsha256 ' + hashlib.sha256(body).hexdigest().encode() + b'\n'
end = body.index(b'\n') + 1
head, body = body[:end], body[end:]
public = b.crypto_scalarmult_base(secret)
assert head == b'extortion-evidence 1 sealed ' + hashlib.sha256(public).hexdigest()[:16].encode() + b'\n'
key, state = b.crypto_box_seal_open(body[:80], public, secret), b.crypto_secretstream_xchacha20poly1305_state()
b.crypto_secretstream_xchacha20poly1305_init_pull(state, body[80:104], key)
body, payload, tag = body[104:], b'', 0
while body:
    plain, tag = b.crypto_secretstream_xchacha20poly1305_pull(state, body[:65553], head)
    payload, body = payload + plain, body[65553:]
assert tag == b.crypto_secretstream_xchacha20poly1305_TAG_FINAL
sizes, payload = payload.split(b'\n', 1)
n, m = map(int, sizes.split())
assert n + m == len(payload)
sys.stdout.buffer.write(payload[n:])
PY
    e_config show --key pair.key --message "$record"; "$python" open.py "store/$record.evidence" pair.key > other.eml 2> err && cmp -s out other.eml; ok $? "another program opens it by docs/EVIDENCE.md"
else
    skip "another program opens it by docs/EVIDENCE.md" "python3-nacl is not installed"
fi
cp -p "store/$record.evidence" saved
size=$(stat -c %s saved) bad=0
for at in 0 25 60 130 200 $((size / 2)) $((size - 80)) $((size - 40)) $((size - 1)); do
    cp -p saved "store/$record.evidence"
    printf '\001' | dd of="store/$record.evidence" bs=1 seek="$at" conv=notrunc 2>/dev/null
    e_config verify; [ $code -eq 1 ] && has 'CHANGED' || bad=$((bad + 1))
    e_config verify --key pair.key; [ $code -eq 1 ] || bad=$((bad + 1))
done
[ $bad -eq 0 ]; ok $? "verify finds a changed byte wherever it is"
e_config verify --json; [ $code -eq 1 ] && has '"state":"changed","changed":"the digest at its end does not hold"'; ok $? "verify --json"
cp -p saved "store/$record.evidence"; truncate -s -1 "store/$record.evidence"; e_config verify; [ $code -eq 1 ]; ok $? "and a byte that is missing"
cp -p saved "store/$record.evidence"

# Export
export_to() { path=$1; shift; e_config export --key pair.key --data "$top/conf" -o "$path" "$@"; }
files='SHA256SUMS arf.eml message.eml misp.json record.json report.html report.txt stix.json x-arf.eml'
export_to folder --language fi 4F2Xq1; [ $code -eq 0 ] && [ "$(ls "folder/$record" | LC_ALL=C sort | tr '\n' ' ')" = "$files " ]; ok $? "export: a folder with every form"
[ "$(stat -c %a folder "folder/$record" "folder/$record/message.eml" | tr '\n' ' ')" = '700 700 600 ' ]; ok $? "for nobody else"
(cd "folder/$record" && sha256sum -c SHA256SUMS) > out 2> err; ok $? "its digests hold"
tr -d '\r' < "folder/$record/message.eml" | cmp -s - "$sample"; ok $? "the message in it is the message"
cp "folder/$record/report.txt" out; has 'Ilmoitus uhkaavasta' && has '203.0.113.7' && has 'TLS: TLSv1.3 AES' && has 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu (bitcoin)' && has '200 EUR' && has 'b@example.test' && has "$sum"; ok $? "the report says who, when, how and what, in Finnish"
grep -q '<html lang="fi" dir="ltr">' "folder/$record/report.html" && ! grep -qi '<script\|src=\|href=' "folder/$record/report.html"; ok $? "as a page, too, with nothing from elsewhere"
if command -v jq > /dev/null; then
    jq -e -f "$top/tests/export/misp.jq" "folder/$record/misp.json" > out 2> err; ok $? "the MISP event is one"
    jq -e -f "$top/tests/export/stix.jq" "folder/$record/stix.json" > out 2> err; ok $? "the STIX bundle is one"
    jq -e '.message.sha256 == "'"$sum"'"' "folder/$record/record.json" > out; ok $? "the record is JSON"
else
    for t in "the MISP event is one" "the STIX bundle is one" "the record is JSON"; do skip "$t" "jq is not installed"; done
fi
if [ -n "${STIX_MODULES:-}" ]; then
    node "$top/tests/export/stix.mjs" "$STIX_MODULES" "folder/$record/stix.json" > out 2> err; ok $? "STIX: a public library reckons the same ids, and knows the types"
else
    skip "STIX: a public library reckons the same ids, and knows the types" "STIX_MODULES names no folder with its npm packages; tests/all makes one"
fi
grep -q 'b@example.test\|matti@example.test' "folder/$record/misp.json" "folder/$record/stix.json"; [ $? -eq 1 ]; ok $? "what is shared names no reader"
export_to folder 4F2Xq1; [ $code -eq 73 ]; ok $? "an export is not overwritten"
export_to police.zip --language sv --all; [ $code -eq 0 ] && [ "$(stat -c %a police.zip)" = 600 ]; ok $? "export: a zip"
if command -v unzip > /dev/null; then
    mkdir unzipped && (cd unzipped && unzip -q ../police.zip) && (cd "unzipped/$record" && sha256sum -c SHA256SUMS) > out 2> err && grep -q 'hotfullt' "unzipped/$record/report.txt" && [ "$(stat -c %a "unzipped/$record/record.json")" = 600 ]; ok $? "that another program opens"
    cmp -s "folder/$record/stix.json" "unzipped/$record/stix.json" && cmp -s "folder/$record/arf.eml" "unzipped/$record/arf.eml"; ok $? "the same record gives the same bytes"
else
    for t in "that another program opens" "the same record gives the same bytes"; do skip "$t" "unzip is not installed"; done
fi
export_to police.zip --all; [ $code -eq 73 ]; ok $? "nor is a zip"
export_to none.zip nosuch; [ $code -eq 66 ] && [ ! -e none.zip ]; ok $? "export: a record that is not there leaves nothing"
e_config export --data "$top/conf" -o none.zip 4F2Xq1; [ $code -eq 1 ] && [ ! -e none.zip ] && grep -q 'give the secret key' err; ok $? "nor does one that cannot be opened"
export_to xx --language xx 4F2Xq1; [ $code -eq 0 ] && grep -q 'it is in English' err && grep -q 'Report of a threatening' "xx/$record/report.txt"; ok $? "a language without texts: English, and it is said"
e_config export --key pair.key --data "$tmp" 4F2Xq1; [ $code -eq 66 ] && grep -q 'reports/en.conf: error: cannot read it' err; ok $? "texts that are not there"
mkdir -p bad/reports; sed 's/{file}/{flie}/; /^title/d' "$top/conf/reports/en.conf" > bad/reports/en.conf
e_config export --key pair.key --data bad --language en -o none 4F2Xq1; [ $code -eq 78 ] && grep -q 'en.conf:[0-9]*: error: intro: unknown placeholder {flie}' err && grep -q 'title' err; ok $? "texts that are wrong are told of, all of it"
"$ctl" scan --rules "$top/rules" "folder/$record/arf.eml" > out 2> err; [ $? -eq 0 ]; ok $? "a report of extortion is no extortion"

e_config purge; [ $code -eq 64 ]; ok $? "purge wants to know what"
e_config purge --older-than 1 --all; [ $code -eq 64 ]; ok $? "and one thing only"
e_config purge --older-than 1; [ $code -eq 0 ] && has '0 records' && [ "$(records store)" -eq 1 ]; ok $? "purge: nothing is older than a day"
old=20200101T000000Z-OLD-00000000; cp saved store/$old.evidence
e_config purge --older-than 30 --dry-run; [ $code -eq 0 ] && has "$old: would be removed" && [ "$(records store)" -eq 2 ]; ok $? "--dry-run changes nothing"
e_config verify --key pair.key OLD; [ $code -eq 1 ] && has 'record of another name'; ok $? "a record under another name is told of"
e_config purge --older-than 30; [ $code -eq 0 ] && has "$old: removed" && [ "$(records store)" -eq 1 ]; ok $? "purge --older-than"
e_config purge --max-bytes "$size"; [ "$(records store)" -eq 1 ] && e_config purge --max-bytes $((size - 1)) && [ "$(records store)" -eq 0 ]; ok $? "purge --max-bytes"
cp -p saved "store/$record.evidence"; e_config purge "$record"; [ $code -eq 0 ] && [ "$(records store)" -eq 0 ]; ok $? "purge by name"
e_config purge '../conf'; [ $code -eq 66 ] && [ -e conf ]; ok $? "purge: a path is no name"

quota=$((size + size / 2)) # one record, whatever the rules find to write down, and no second
conf 'directory = "'"$tmp"'/store"; encrypt = false; days = 1; quota = '"$quota"';'
cp saved store/$old.evidence
start; letter "$sample"; [ "$(records store)" -eq 1 ] && [ ! -e store/$old.evidence ] && grep -q '1 records of evidence removed' log; ok $? "the daemon removes what is too old"
e_config show --message 4F2Xq1; tr -d '\r' < out > plain; cmp -s plain "$sample"; ok $? "a record that is not sealed opens without a key"
for i in 1 2 3 4 5; do letter "$sample"; done
[ "$(head -n 1 edits)" = c ] && grep -q 'X-Extortion-Flag. yes' edits && grep -q 'no-evidence="evidence.quota is used up" action=accept' log && [ "$(du -sb store/*.evidence | awk '{ s += $1 } END { print s }')" -le "$quota" ]; ok $? "the quota is used up: the mail goes on, tagged"
kill -USR2 "$pid"; wait_until grep -q 'unrecorded=[1-9]' log; ok $? "and is counted"
stop
conf 'directory = "'"$tmp"'/store"; encrypt = false; quota = '"$quota"'; on_failure = "tempfail";'
start; letter "$sample"; [ "$(cat edits)" = t ]; ok $? "on_failure = tempfail: later, and unchanged"
stop

mkdir small
if [ -n "$as" ] && mount -t tmpfs -o size=64k,mode=700 tmpfs small 2>/dev/null && folder small; then
    conf 'directory = "'"$tmp"'/small"; encrypt = false;'
    start; for i in 1 2 3 4 5 6 7 8 9 10; do letter "$sample"; done
    [ "$(head -n 1 edits)" = c ] && grep -q 'no-evidence="No space left on device"' log; ok $? "a full disk: the mail goes on"
    e_config verify; [ $code -eq 0 ] && [ "$(find small -type f | wc -l)" -eq "$(records small)" ]; ok $? "what is there is whole, and nothing else is"
    mount -o remount,ro small; letter "$sample"; [ "$(head -n 1 edits)" = c ] && grep -q 'no-evidence="Read-only file system"' log; ok $? "a disk that became read-only: the mail goes on"
    stop
    "$milter" -t -c conf > out 2> err; [ $? -eq 78 ] && grep -q 'read-only file system' err; ok $? "-t: a read-only disk"
    umount small
else
    for t in "a full disk: the mail goes on" "what is there is whole, and nothing else is" "a disk that became read-only: the mail goes on" "-t: a read-only disk"; do skip "$t" "cannot mount"; done
fi
echo "1..$n"
