#!/bin/sh
# TAP: extortctl preview writes what the milter would deliver, in every mode and language; contacts are checked.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
ctl=$build/milter/program/extortctl
n=0 tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT INT TERM
cd "$tmp" || exit 99
ok() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    for f in out err; do [ ! -s $f ] || sed "s/^/# $f: /" $f | cut -c 1-200 | head -n 30; done
}
conf() { printf 'rules = [ "%s/rules" ];\nnotice = { operator = "Example Oy"; gateway = "mx.example.test"; data = "%s/conf"; %s };\n' "$top" "$top" "$1" > conf; }
preview() { "$ctl" preview --config conf "$@" > out 2> err < /dev/null; code=$?; }
has() { grep -qF -e "$1" out; }
# The attached original, as the rules of MIME have it and nothing of ours
original() { sed -e '1,/^Content-Disposition: attachment; filename="original-message.eml"$/d' out | sed -e 1d | sed -e '/^--=_notice_[0-9a-f]*--$/,$d' > cut
    [ -s cut ] && head -c -1 cut > attached; }

sample=$top/contrib/samples/vastaamo-type-letter-fi.eml
letter() { # CONTENT-TYPE
    printf 'From: Nobody <nobody@sender.example>\nTo: <anna@example.test>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <1@sender.example>\nSubject: Your data\nMIME-Version: 1.0\n%b\n' "$1"
    printf 'We broke into the clinic and copied your patient records and your therapy notes.\nPay 200 euro in bitcoin to 37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf within 24 hours,\nor we publish them and send them to your family. Do not go to the police.\n'
}
letter 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n' > plain.eml
printf 'From: a@example.test\nTo: b@example.test\nDate: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <2@example.test>\nSubject: Thursday\n\nThe meeting is in room 4.\n' > clean.eml

conf ''
preview --rcpt matti@example.fi --mode wrap "$sample"; [ $code -eq 0 ]; ok $? "a letter is wrapped"
has 'X-Extortion-Notice: wrap; lang=fi; seal=' && has 'Content-Type: multipart/mixed; boundary="=_notice_'; ok $? "its headers say so"
original && cmp -s attached "$sample"; ok $? "the attached original is the message, byte for byte"
for h in From To Date Message-ID Subject; do grep -i "^$h:" "$sample"; done > want
for h in From To Date Message-ID Subject; do sed '/^$/q' out | grep -i "^$h:"; done | cmp -s - want; ok $? "the headers that threads and filters need are kept"
has 'https://poliisi.fi/rikosilmoitus' && has '116 006'; ok $? "the recipient's country gives the numbers"
preview --rcpt matti@example.fi --rcpt anna@example.se --mode wrap "$sample"; ! has 'poliisi.fi'; ok $? "recipients of two countries get no number of one of them"
preview --rcpt matti@example.com --mode wrap "$sample"; ! has '116 006'; ok $? "nor does a domain without a country"
preview --from '' --mode wrap "$sample"; has 'X-Extortion-Notice: none; reason=null-sender'; ok $? "a bounce is left alone, and says why"
preview --rcpt matti@example.fi --mode inline plain.eml; has 'X-Extortion-Notice: inline; lang=en; seal='; ok $? "the notice goes into a plain text"
sed '1,/^$/d' out > body; tail -n 3 plain.eml > want; tail -n 3 body | cmp -s - want && head -n 1 body | grep -q '^Please read this first'; ok $? "above it, and it stays as it was"
grep '^X-Extortion' out | grep -qi 'breach\|sextortion'; [ $? -eq 1 ]; ok $? "no header names the class"
grep -q '37Vuc\|sender.example' err; [ $? -eq 1 ]; ok $? "nor does the log name anything of it"
sed '1,/^$/d' plain.eml > want
preview --mode header plain.eml; has 'X-Extortion-Notice: none' && sed '1,/^$/d' out | cmp -s - want; ok $? "header leaves the body"
preview clean.eml; sed '1,/^$/d' clean.eml > want; sed '1,/^$/d' out | cmp -s - want && ! has 'X-Extortion-Notice'; ok $? "clean mail gets no notice"
conf 'minors = true;'; preview --rcpt a@example.fi --mode inline plain.eml; has 'you are not in trouble'; ok $? "a school's policy speaks to minors"
conf ''; preview --mode inlin plain.eml; [ $code -eq 64 ] && grep -q 'is no mode' err; ok $? "an unknown mode is refused"
preview missing.eml; [ $code -eq 66 ]; ok $? "a file that is not there"
printf 'notice = { operator = "x"; languages = [ "xx" ]; country = "QQ"; data = "%s/conf"; };\nrules = [ "%s/rules" ];\n' "$top" "$top" > conf
preview plain.eml; [ $code -eq 78 ] && grep -q 'there are no texts in "xx"' err && grep -q 'there are no contacts of QQ' err; ok $? "languages and countries that nobody knows are told of"
printf 'notice = { operator = "x"; data = "/nonexistent"; };\nrules = [ "%s/rules" ];\n' "$top" > conf
preview plain.eml; [ $code -eq 66 ] && grep -q '/nonexistent/contacts.conf: error: cannot read it' err; ok $? "a folder that is not there"
printf 'rules = [ "%s/rules" ];\n' "$top" > conf
preview plain.eml; [ $code -eq 0 ] && ! has 'X-Extortion-Notice' && grep -q 'notice.operator' err; ok $? "without an operator there are no notices"

# A notice in any language, by itself or quoted in a reply, is no extortion
bad=
for file in "$top"/conf/notices/*.conf; do
    lang=$(basename "$file" .conf)
    conf "languages = [ \"$lang\" ];"
    preview --mode inline plain.eml
    { sed '/^$/q' clean.eml; sed '1,/^$/d' out | sed '/^_____/,$d'; } > alone.eml
    { sed '/^$/q' clean.eml; echo 'What is this?'; sed '1,/^$/d' out | sed '/^_____/,$d; s/^/> /'; } > reply.eml
    [ "$(wc -l < alone.eml)" -gt 20 ] || bad="$bad $lang(none)"
    "$ctl" scan --rules "$top/rules" alone.eml reply.eml > scanned 2>&1 || { bad="$bad $lang"; cat scanned >> err; }
done
[ -z "$bad" ]; ok $? "no notice is flagged, alone or in a reply:$bad"

printf 'rules = [ "%s/rules" ];\nnotice = { operator = "Example Oy"; data = "%s/conf"; mode = "wrap"; };\npolicies = ( { match = [ "@example.fi" ]; languages = [ "fi" ]; country = "FI"; }, { match = [ "abuse@example.test" ]; exempt = true; } );\n' "$top" "$top" > conf
preview --rcpt anna@example.fi plain.eml; has 'X-Extortion-Notice: wrap; lang=fi' && has 'poliisi.fi'; ok $? "a domain has its own language and country"
preview --rcpt abuse@example.test plain.eml; has 'X-Extortion-Notice: none; reason=exempt' && has 'X-Extortion-Flag: yes'; ok $? "the abuse desk gets the letter as it is"
preview --rcpt anna@example.fi --rcpt abuse@example.test plain.eml; has 'X-Extortion-Notice: none; reason=recipients-differ' && grep -q 'policies=3,3 differ=actions,exempt,languages,country' err; ok $? "together with others, too"
"$ctl" policy --config conf anna@example.fi > out 2> err; [ $? -eq 0 ] && has 'anna@example.fi: policy at conf:3' && has 'country = "FI"  (conf:3)' && has 'mode = "wrap"  (conf:2)' && has 'minors = false  (default)' &&
    has 'sextortion: threshold = 5.4  (rule packs), quarantine_score = 0  (default), redirect_score = 0  (default), copy_score = 0  (default), actions = [ "tag", "annotate" ]  (default)'; ok $? "policy says what holds, and which line says so"

"$ctl" contacts check --data "$top/conf" > out 2> err; [ $? -eq 0 ] && has ' 0 not shown'; ok $? "no shipped contact is expired"
printf 'rules = [ "%s/rules" ];\nclasses = { breach-company = { actions = [ "tag", "quarantine" ]; }; };\n' "$top" > conf
preview "$top/contrib/samples/company-leak-en.eml"; grep -q 'action=tag+quarantine' err; ok $? "who introduces himself as a group of hackers is no threat to life, and can be held"
sed 's/expires = "20[0-9-]*"/expires = "2026-01-02"/; s/verified_on = "20[0-9-]*"/verified_on = "2026-01-01"/' "$top/conf/contacts.conf" > old.conf
"$ctl" contacts check --data "$top/conf" old.conf > out 2> err; [ $? -eq 1 ] && has 'NOT SHOWN, expired 2026-01-02'; ok $? "expired ones are listed, with an exit code"
"$ctl" contacts list --data "$top/conf" > out 2> err; [ $? -eq 0 ] && has 'FI report "Poliisi"'; ok $? "all are listed"
"$ctl" contacts > out 2> err; [ $? -eq 64 ]; ok $? "a word is missing"
echo "1..$n"
