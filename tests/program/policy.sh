#!/bin/sh
# TAP: extortctl policy says what holds and why; preview does the same to a message.
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
    for f in out err; do [ ! -s $f ] || sed "s/^/# $f: /" $f | cut -c 1-200 | head -n 40; done
}
policy() { "$ctl" policy --config conf "$@" > out 2> err < /dev/null; code=$?; }
preview() { "$ctl" preview --config conf "$@" letter.eml > out 2> err < /dev/null; code=$?; }
has() { grep -qF -e "$1" out; }
# One line of JSON into "path<TAB>value" lines, by nothing of ours
flat() { perl -MJSON::PP -e 'sub f { my ($p, $v) = @_; if (ref $v eq "HASH") { f("$p.$_", $v->{$_}) for sort keys %$v } elsif (ref $v eq "ARRAY" && grep { ref } @$v) { my $i = 0; f("$p." . $i++, $_) for @$v } else { print substr($p, 1), "=", (ref $v ? ref $v eq "ARRAY" ? "[" . join(",", @$v) . "]" : ($v ? "true" : "false") : defined $v ? $v : "null"), "\n" } } local $/; f("", decode_json(<STDIN>))'; }

cat > conf <<MAIL
rules = [ "$top/rules" ];
threshold = 6.0;
classes = { ddos = { threshold = 7.5; }; };
notice = {
  operator = "Example Oy"; data = "$top/conf"; gateway = "mx.example.test"; mode = "wrap";
};
internal_networks = [ "192.0.2.0/24", "2001:db8::/32" ];
policies = (
  { match = [ "@example.fi", "@.example.fi" ]; country = "FI";
    languages = [ "fi" ]; },
  { match = [ "boss@example.fi" ]; actions = [ "tag", "subject" ];
    classes = { breach-person = { threshold = 99.0; }; }; },
  { match = [ "abuse@example.fi" ]; exempt = true; },
  { match = [ "@none.test" ]; scan = false; },
  { match = [ "listener:587" ]; reach = "desk \"5\""; },
  { match = [ "listener:office" ]; minors = true; }
);
MAIL
{
    printf 'From: Nobody <nobody@sender.example>\nTo: <anna@example.test>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <1@sender.example>\nSubject: Your data\n\n'
    printf 'We broke into the clinic and copied your patient records and your therapy notes.\nPay 200 euro in bitcoin to 37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf within 24 hours,\nor we publish them and send them to your family. Do not go to the police.\n'
} > letter.eml

policy x@unknown.test; [ $code -eq 0 ] && has 'x@unknown.test: no policy of its own' && has 'operator = "Example Oy"  (conf:5)' && has 'country = "auto"  (default)' &&
    has 'ddos: threshold = 7.5  (conf:3)' && has 'sextortion: threshold = 6  (conf:2)'; ok $? "the settings for all, with their lines"
policy boss@example.fi; has 'boss@example.fi: policy at conf:11' && has 'country = "FI"  (conf:9)' && has 'languages = [ "fi" ]  (conf:10)' && has 'mode = "wrap"  (conf:5)' &&
    has 'breach-person: threshold = 99  (conf:12), quarantine_score = 0  (default), redirect_score = 0  (default), copy_score = 0  (default), actions = [ "tag", "subject" ]  (conf:11)' && has 'ddos: threshold = 7.5  (conf:3)'; ok $? "an address takes each value from the nearest that says it"
policy abuse@example.fi; has 'nothing but trace headers: exempt' && has 'exempt = true  (conf:13)' && has 'sextortion: threshold = 6  (conf:2), quarantine_score = 0  (default), redirect_score = 0  (default), copy_score = 0  (default), actions = [ "tag" ]'; ok $? "exempt"
policy a@example.fi b@se.test; has 'they differ in: languages,country' && has 'country = ""  (they differ)' && has 'a@example.fi: policy at conf:9' && has 'b@se.test: no policy of its own'; ok $? "one message to two"
policy --listener 587 a@b.test; has 'reach = "desk \"5\""  (conf:15)' && has 'minors = false'; ok $? "a listener by port"
policy --listener OFFICE a@b.test; has 'minors = true  (conf:16)'; ok $? "by name"
policy --client 192.0.2.77 a@b.test; has 'mail is not judged: internal'; ok $? "an internal client"
policy --client 2001:db8:5::1 a@b.test; has 'mail is not judged: internal'; ok $? "over IPv6"
policy --client 192.0.3.77 a@b.test; ! has 'not judged'; ok $? "the network beside it"
policy --authenticated a@b.test; has 'mail is not judged: authenticated'; ok $? "an authenticated sender"
policy a@none.test; has 'mail is not judged: opted-out'; ok $? "who has opted out"
policy --from '' a@b.test; has 'no notices: mail of the null sender'; ok $? "the null sender"
policy --client 192.0.2 a@b.test; [ $code -eq 64 ] && grep -q 'is no IP address' err; ok $? "an address that is none is refused"
policy; [ $code -eq 64 ]; ok $? "a recipient is needed"
sed 's/exempt = true/exmept = true/; s/192.0.2.0/192.0.2.1/' conf > broken
"$ctl" policy --config broken a@b.test > out 2> err; [ $? -eq 78 ] && grep -q '^broken:7: error: internal_networks: "192.0.2.1/24" is not usable here$' err && grep -q '^broken:13: error: policies.exmept: unknown key, did you mean "exempt"?$' err
ok $? "two mistakes are named with their lines"

if perl -MJSON::PP -e 1 2> /dev/null; then
    policy --json boss@example.fi b@se.test; flat < out > out.flat 2> err; cp out.flat out
    has 'settings=conf' && has 'recipients.0.address=boss@example.fi' && has 'recipients.0.line=11' && has 'recipients.1.line=null' && has 'recipients.0.later=false'; ok $? "as JSON"
    has 'recipients.0.values.country.value=FI' && has 'recipients.0.values.country.from=conf:9' && has 'recipients.0.classes.breach-person.threshold.value=99' &&
        has 'recipients.0.classes.sextortion.actions.value=[tag,subject]' && has 'recipients.1.values.languages.value=[]'; ok $? "each recipient"
    has 'message.bypass=null' && has 'message.differ=[threshold,actions,languages,country]' && has 'message.values.country.from=null' && has 'message.values.mode.from=conf:5'; ok $? "and the message to all"
fi

# The same policies at work
preview --rcpt a@example.fi; has 'X-Extortion-Notice: wrap; lang=fi'; ok $? "preview: the domain's language"
preview --rcpt boss@example.fi; has 'X-Extortion-Flag: no' && has 'threshold=99.0'; ok $? "a threshold of a class"
preview --rcpt abuse@example.fi; has 'X-Extortion-Notice: none; reason=exempt'; ok $? "exempt"
preview --rcpt a@b.test --client 192.0.2.9; has 'X-Extortion-Score: none; bypass=internal'; ok $? "an internal client"
preview --rcpt a@b.test --authenticated; has 'X-Extortion-Score: none; bypass=authenticated'; ok $? "an authenticated sender"
preview --rcpt a@b.test --listener 587; tr -d '\n' < out | grep -q 'desk "5"'; ok $? "a listener"
preview --rcpt a@example.fi --rcpt b@x.test; has 'X-Extortion-Notice: wrap; lang=fi' && grep -q ' policies=9,0 differ=languages,country ' err; ok $? "two recipients"
echo 'policies_differ = "split";' >> conf
preview --rcpt a@example.fi --rcpt b@x.test; has 'X-Extortion-Notice: wrap; lang=fi' && grep -q 'not for b@x.test, whose policy differs' err && ! grep -q differ= err; ok $? "split: the first one's, and it says who is left out"
policy a@example.fi b@x.test; has 'b@x.test: no policy of its own; would be answered 452'; ok $? "policy says so, too"
policy --authenticated a@example.fi b@x.test; ! has 452; ok $? "but not of authenticated senders"
echo "1..$n"
