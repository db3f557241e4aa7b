# What becomes of mail when things go wrong; sourced by postfix-faults.sh and sendmail-faults.sh. TAP.
# Numbers in brackets are the cases of docs/RELIABILITY.md; lines "# figure" are what it tells of a full run.
#   FAULTS_FULL=1  as often as the docs say, most of an hour; or one by one:
#   KILLS=N TERMS=N RELOADS=N  how often under load (2, 1, 100; full 20, 10, 1000)
#   RELOAD_RULES=DIR  the packs that are loaded again and again (a small one)
#   SEED=N         of the moments at which the daemon is killed
. "${top_srcdir:-.}/tests/integration/lib.sh"
/usr/bin/python3 -c '' 2> /dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
mode=short kills=${KILLS:-2} terms=${TERMS:-1} reloads=${RELOADS:-100} seed=${SEED:-$(date +%s)}
[ -z "${FAULTS_FULL:-}" ] || mode=full kills=${KILLS:-20} terms=${TERMS:-10} reloads=${RELOADS:-1000}
checked= # a sanitizer's build has its own memory and pace, and takes no preloaded library
grep -q '^EXTORTION_CFLAGS = .*\(sanitize=\|--coverage\)' "$build/Makefile" && checked=1
preload=$build/tests/integration/preload.so faults=$work/faults stop_file=$work/over
load= slow=
end_load() { : > "$stop_file"; for p in $load $slow; do kill "$p" 2>/dev/null; done; }
trap 'end_load; cleanup' EXIT
mkdir "$faults" "$work/mails"; chmod 755 "$faults"
echo "# seed $seed"
figure() { echo "# figure $mode $mta: $*"; }
empty_box() { find "$box/new" -type f -delete 2> /dev/null; } # more files than a command line holds
now() { date +%s%N | cut -c1-13; }

# Letters: one that is left alone, one small, one whose new body takes several packets; both packs flag these.
small=$top/tests/mta/pack.conf
clean=$work/mails/clean.eml letter_file=$work/mails/letter.eml long=$work/mails/long.eml
cp "$work/clean" "$clean"
sed 's/^If you do not want/Pay 900 dollars. &/' "$work/letter" > "$letter_file"
{ sed 's/letter@sender/long@sender/' "$letter_file"; i=0; while [ $i -lt 3500 ]; do echo "line $i of a long signature, and some more words to fill it"; i=$((i + 1)); done; } > "$long"
notices="notice = { operator = \"Example Oy\"; data = \"$top/conf\"; mode = \"wrap\"; languages = [ \"en\" ]; country = \"FI\"; };"
reference() { # NAME PORT: what a delivery of each looks like when nothing goes wrong
    empty_box
    "$send" -t 'load%d@example.test' "$2" "$work"/mails/*.eml > "$work/sent" 2> "$err" || bail_out "no delivery without faults"
    mta drain
    mkdir "$work/as.$1"; mv "$box"/new/* "$work/as.$1/"
}
judge() { # NAME...: of references; figures as words, and as variables
    sent=0 tagged=0 edited=0
    figures=$(/usr/bin/python3 "$top/tests/integration/faults.py" "$work/sent" "$box/new" $(printf "%s=$work/as.%s\n" $(for r; do echo "$r" "$r"; done)) 2> "$err") || bail_out "the judge failed"
    eval "$figures"
    echo "$figures" >> "$err"
}
load_begin() { # PORT: twelve sessions that bring what was put off again
    empty_box; rm -f "$stop_file"; : > "$work/sent"
    "$send" -w -j 12 -u "$stop_file" -t 'load%d@example.test' "$1" \
        "$clean" "$letter_file" "$letter_file" "$letter_file" "$letter_file" "$long" > "$work/sent" 2> "$work/send.err" & load=$!
}
load_end() { # NAME...
    : > "$stop_file"
    wait "$load"; load=
    mta drain
    judge "$@"
    cat "$work/send.err" >> "$err"
}
taken() { [ "$(grep -c ' 250' "$work/sent")" -ge $((before + 12)) ] || ! kill -0 "$load"; }
flows() { before=$(grep -c ' 250' "$work/sent"); wait_until taken; } # about one message a session
moments() { awk -v n="$1" -v seed="$((seed + $2))" 'BEGIN { srand(seed); for (i = 0; i < n; i++) printf "%.2f\n", rand() * 1.5 }'; } # COUNT WHICH
kill_under_load() { # SETTINGS PORT WHICH LABEL
    load_begin "$2"
    for moment in $(moments "$kills" "$3"); do
        flows; sleep "$moment"
        stop KILL; sleep 1
        start "$1"
    done
    flows
    load_end sent "$4"
}
# Postfix up to 3.11 makes a queue file that it cannot read when a filter dies in a new body and it was told to accept.
corrupt() { find "$work/mta/queue/corrupt" -type f 2> /dev/null | wc -l; }
nothing_lost() { [ "$accepted" -gt $((kills * 12)) ] && [ "$lost" -eq 0 ] && [ "$doubled" -eq 0 ]; }

start ""; mta_start
reference sent $((port + 2))
reference tagged "$port"
stop; start "$notices"
reference edited "$port"
[ "$(grep -l '^X-Extortion-Notice: wrap' "$work"/as.edited/* | wc -l)" -eq 2 ] && [ "$(grep -l '^X-Extortion-Flag: yes' "$work"/as.tagged/* | wc -l)" -eq 2 ]; result $? "what nothing disturbs is fully edited"
# A judge that cannot say no proves nothing: one is lost, one comes twice, once without a field, one is cut.
i=0; for f in "$work"/as.edited/*; do
    i=$((i + 1))
    case $(sed -n 's/^X-Original-To: load\([0-9]*\)@.*/\1/p' "$f") in 1) cp "$f" "$box/new/a"; sed '/^X-Extortion-Score:/d' "$f" > "$box/new/b" ;; 2) head -c 100000 "$f" > "$box/new/c" ;; esac
done
printf '0 250\n1 451\n1 250\n2 250\n' > "$work/sent"; judge sent tagged edited
[ "$figures" = "offered=3 accepted=3 putoff=1 lost=1 doubled=1 half=1 partly=1 sent=0 tagged=0 edited=1" ]; result $? "the judge sees what is lost, doubled and cut"

# Killed at random moments, back after a second
stop; start ""; kill_under_load "" "$port" 1 tagged
nothing_lost; result $? "[61] kill -9 under load of 12 sessions, default settings: nothing is lost or doubled"
[ "$half" -eq 0 ] && [ "$partly" -eq 0 ]; result $? "[61] nothing is half-edited"
[ "$sent" -eq 0 ]; result $? "[61] and nothing goes unjudged"
figure "kill -9 at $kills random moments under load of 12 sessions, back after 1 s, default settings: $figures"
stop; start "$notices"; kill_under_load "$notices" "$port" 2 edited
nothing_lost; result $? "[61] with notices: nothing is lost or doubled"
[ "$half" -eq 0 ] && [ "$partly" -eq 0 ] && [ "$sent" -eq 0 ]; result $? "[61] with notices: all have the whole notice"
figure "the same with notices, which replace the body: $figures"
stop; start "$notices"; corrupted=$(corrupt)
kills=$(((kills + 3) / 4)) # what is not judged goes fast, and comes in masses
kill_under_load "$notices" $((port + 1)) 3 edited
[ "$lost" -eq $(($(corrupt) - corrupted)) ] && [ "$doubled" -eq 0 ]; result $? "[61] an MTA told to accept without the daemon: each has its fate, once"
figure "the same $kills times, the MTA told to accept without the daemon: $figures corrupt=$(($(corrupt) - corrupted))"

# TERM, and back at once
term_under_load() { # PORT
    load_begin "$1"; codes=0 round=0
    while [ $round -lt "$terms" ]; do
        round=$((round + 1)); flows
        stop TERM; codes=$((codes + code))
        start "$notices"
    done
    flows
    load_end sent edited
}
term_under_load "$port"
[ "$codes" -eq 0 ] && nothing_lost; result $? "[72] TERM under load: nothing is lost or doubled, exit code 0"
[ "$sent" -eq 0 ] && [ "$half" -eq 0 ] && [ "$partly" -eq 0 ]; result $? "[72] nothing goes unjudged"
figure "TERM $terms times under load of 12 sessions: $figures"
term_under_load $((port + 1))
[ "$codes" -eq 0 ] && nothing_lost && [ "$half" -eq 0 ]; result $? "[72] an MTA told to accept without the daemon: nothing is lost, doubled or half-edited"
figure "the same, the MTA told to accept without the daemon: $figures"
stop

# Reloads under load, every second one of a file with a mistake; a threshold tells which policy judged
of_threshold() { printf 'rules = [ "%s" ];\nsocket = "unix:%s";\nsocket_group = "%s";\nthreshold = %s;\n%s\n' "$rules" "$sock" "$socket_group" "$1" "$notices"; }
metric() { "$build/tests/mta/http-get" "$sock.status" /metrics 2> /dev/null | awk -v s="$1 " 'index($0, s) == 1 { print $NF }'; }
reached() { [ "$(metric "$1")" = "$2" ]; } # SERIES VALUE
use() { cp "$1" "$work/new.conf"; mv "$work/new.conf" "$work/conf"; kill -USR1 "$pid"; }
in_use() { "$build/tests/mta/milter-client" "$sock" letter < "$letter_file" 2>&1 | grep -q "threshold=$1 "; }
resident() { awk '/VmRSS/ { print $2 }' "/proc/$pid/status"; }
open_things() { echo "$(ls "/proc/$pid/fd" | wc -l) $(ls "/proc/$pid/task" | wc -l)"; }
rules=${RELOAD_RULES:-$small}
of_threshold 4.0 > "$work/conf.4.0"; of_threshold 90.0 > "$work/conf.90.0"
{ of_threshold 50.0; echo 'treshold = 1.0;'; } > "$work/conf.bad"
start "threshold = 4.0; $notices"; reference by4 "$port"; stop
start "threshold = 90.0; $notices"; reference by90 "$port"
load_begin "$port"
round=0 missed=0 wrong=0 want=90.0 generation=1 bad=0 early= t0=$(now)
while [ $round -lt "$reloads" ]; do
    round=$((round + 1))
    if [ $((round % 2)) -eq 0 ]; then
        use "$work/conf.bad"; bad=$((bad + 1))
        wait_until reached 'extortion_milter_config_reloads_total{result="failure"}' $bad || missed=$((missed + 1))
    else
        if [ $want = 90.0 ]; then want=4.0; else want=90.0; fi
        use "$work/conf.$want"; generation=$((generation + 1))
        wait_until reached extortion_milter_config_generation $generation || missed=$((missed + 1))
    fi
    in_use $want && reached extortion_milter_config_generation $generation || wrong=$((wrong + 1))
    [ $missed -eq 0 ] || break
    resident >> "$work/resident.$(((round - 1) * 5 / reloads))"
    [ $((round * 5)) -lt "$reloads" ] || [ -n "$early" ] || early=$(open_things)
done
late=$(open_things) took=$(($(now) - t0)) alive=$pid
load_end by4 by90 sent
{ echo "missed $missed, wrong $wrong of $reloads"; tail -n 5 "$work/log"; } >> "$err"
[ $missed -eq 0 ] && [ $round -eq "$reloads" ]; result $? "[73] $reloads reloads under load of 12 sessions"
[ $wrong -eq 0 ]; result $? "[74] after each of $bad bad files the old policy stays"
[ "$accepted" -eq "$offered" ] && [ "$putoff" -eq 0 ] && [ "$lost" -eq 0 ] && [ "$doubled" -eq 0 ]; result $? "[73] no message is put off, lost or doubled"
[ "$sent" -eq 0 ] && [ "$half" -eq 0 ] && [ "$partly" -eq 0 ] && [ "$by4" -gt 0 ] && [ "$by90" -gt 0 ]; result $? "[73] each is judged wholly by one of the two policies"
most= least=
for fifth in 0 1 2 3 4; do least="$least $(sort -n "$work/resident.$fifth" | head -n 1)" most="$most $(sort -n "$work/resident.$fifth" | tail -n 1)"; done
figure "$reloads reloads under load of 12 sessions, $bad of them of a bad file, in $((took / 1000)) s: $figures; least resident kB in each fifth:$least, most:$most; descriptors and threads after a fifth $early, at the end $late"
# What leaks lifts the least; the most is of a moment in which many messages and two policies met. The first
# fifth has fewer scanners: as many as messages ended at once so far.
set -- $least
if [ -z "$checked" ]; then [ $(($5 - $2)) -le 4096 ]; result $? "[73] memory stays flat"; fi
set -- $early $late
[ $(($3 - $1)) -le 24 ] && [ $(($4 - $2)) -le 24 ]; result $? "[73] so do descriptors and threads"
[ "$pid" = "$alive" ] && ! ended; result $? "[73] the daemon is the same"
stop; [ "$code" -eq 0 ]; result $? "and stops well"
rules=$small

# Each kind of failure, each answer, through the MTA
codes_of() { cut -d' ' -f2 "$work/sent" | tr '\n' ' '; }
faulty_start() { LD_PRELOAD=$preload FAULTS=$faults; export LD_PRELOAD FAULTS; start "$1"; unset LD_PRELOAD FAULTS; }
fails_as() { # KIND FAULT FILE ACTION: what became of it, and whether the log says so
    empty_box; holds=$(held)
    [ "$1" = limits ] || : > "$faults/$2"
    "$send" "$port" "$3" > "$work/sent" 2> "$work/send.err"
    [ "$1" = limits ] || rm "$faults/$2"
    mta drain
    cat "$box"/new/* > "$got" 2> /dev/null
    { cat "$work/sent"; tail -n 3 "$work/log"; head -c 400 "$got"; } > "$err"
    case $1=$4 in limits=accept) want=incomplete=yes ;; *) want="failed=.* kind=$1 action=$4" ;; esac
    tail -n 3 "$work/log" | grep -q "$want" || return 1
    case $4 in
    accept) [ "$(codes_of)" = "250 " ] && has '^Subject: ' && lacks '^X-Extortion-Notice: wrap' && [ "$(held)" -eq "$holds" ] ;;
    tempfail) [ "$(codes_of)" = "451 " ] && [ ! -s "$got" ] && [ "$(held)" -eq "$holds" ] ;;
    quarantine) [ "$(codes_of)" = "250 " ] && [ ! -s "$got" ] && [ "$(held)" -eq $((holds + 1)) ] ;;
    esac
}
{ top_of many Thursday; i=0; while [ $i -lt 200 ]; do echo "The meeting on Thursday moves to room $i."; i=$((i + 1)); done; } > "$work/many"
if [ -z "$checked" ]; then
    for action in accept tempfail quarantine; do
        faulty_start "limits = { text_bytes = 1024; }; failure = { memory = \"$action\"; deadline = \"$action\"; edit = \"$action\"; limits = \"$action\"; }; $notices"
        while read -r kind fault numbers; do
            file=$letter_file; [ $kind != limits ] || file=$work/many
            fails_as "$kind" "$fault" "$file" "$action"; result $? "$numbers $kind = $action"
        done <<'KINDS'
memory memory [64]
edit refuse [24]
limits none [39]
deadline slow [63]
KINDS
        deliver "$letter_file"; has '^X-Extortion-Notice: wrap'; result $? "$action: and the next is judged"
        stop
    done

    # The clock
    faulty_start "$notices"; : > "$faults/jump"
    deliver "$letter_file"; has '^X-Extortion-Notice: wrap' && ! grep -q 'failed=' "$work/log"; result $? "[69] the wall clock jumps a day ahead: judged as ever"
    rm "$faults/jump"; deliver "$letter_file"; has '^X-Extortion-Notice: wrap' && ! grep -q 'failed=' "$work/log"; result $? "[69] and back"
    stop

    # Killed at each edit, before and within it
    dies() { # PORT SETTINGS FILE: at each edit in turn; counts of what became of it
        at=0 deaths=0 put_off=0 whole=0 none=0 some=0 torn=0 gone=0 nowhere=0 corrupted=$(corrupt)
        while [ $at -lt 60 ]; do
            at=$((at + 1))
            for how in before half; do
                empty_box; echo "$at $how" > "$faults/die"
                faulty_start "$2"
                "$send" -t 'load%d@example.test' "$1" "$3" > "$work/sent" 2> "$work/send.err"
                mta drain
                judge sent edited
                if ! ended; then stop; [ $how = before ] || { rm "$faults/die"; return; }; continue; fi
                wait "$pid" 2> /dev/null; pid=
                deaths=$((deaths + 1)) whole=$((whole + edited)) none=$((none + sent)) some=$((some + partly)) torn=$((torn + half)) gone=$((gone + lost + doubled))
                if [ "$accepted" -ne 1 ]; then put_off=$((put_off + 1)); elif [ "$(find "$box/new" -type f | wc -l)" -eq 0 ]; then nowhere=$((nowhere + 1)); fi
            done
        done
        rm "$faults/die"
    }
    told() { echo "killed at each of $deaths moments among the edits, the MTA told to $1: $put_off put off, $whole fully edited, $none as sent, $some with a part of the header fields, $torn with a torn body, $gone lost, $(($(corrupt) - corrupted)) of them set aside by the MTA as corrupt"; }
    dies "$port" "$notices" "$long"; figure "$(told tempfail)"
    [ $deaths -ge 20 ] && [ $put_off -eq $deaths ] && [ $((whole + none + some + torn + gone)) -eq 0 ]; result $? "[61] killed at any edit, tempfail: always put off, never half a message"
    dies $((port + 1)) "$notices" "$long"; figure "$(told accept)"
    [ $deaths -ge 20 ] && [ $gone -eq $(($(corrupt) - corrupted)) ] && [ $((whole + none + some + torn + gone)) -eq $deaths ]; result $? "[61] killed at any edit, accept: each has its fate, once"
    redirect='classes = { sextortion = { actions = [ "tag", "redirect" ]; }; }; redirect_to = "security@example.test";'
    dies "$port" "$redirect" "$letter_file"
    [ $deaths -ge 8 ] && [ $put_off -eq $deaths ] && [ $((whole + none + some + torn + gone)) -eq 0 ]; result $? "[61] killed at any edit that redirects, tempfail: always put off"
    dies $((port + 1)) "$redirect" "$letter_file"
    figure "killed at each of $deaths moments among the edits that redirect a message, the MTA told to accept: $nowhere arrived nowhere"
    [ $deaths -ge 8 ] && [ $nowhere -eq 0 ]; result $? "[61] killed at any edit that redirects, accept: arrives somewhere"
fi

# Slow senders beside others: by turns, as other work on this machine comes and goes; the best of three each
start "$notices"
paced() { # NAME: milliseconds for 60 messages
    t0=$(now); "$send" -j 4 "$port" $(seq 60 | sed "s|.*|$letter_file|") > "$work/sent" 2> "$err" || return 1
    took=$(($(now) - t0))
    eval "[ -n \"\$$1\" ] && [ \"\$$1\" -le $took ] || $1=$took"
}
crawl() { [ "$(metric extortion_milter_sessions)" -ge 20 ]; }
alone= beside= bad=0
for _ in 1 2 3; do
    paced alone || bad=1
    rm -f "$stop_file"
    "$send" -s -j 20 -u "$stop_file" -t 'slow%d@example.test' "$port" "$letter_file" > "$work/slow" 2>&1 & slow=$!
    wait_until crawl && paced beside && crawl && [ ! -s "$work/slow" ] || bad=2
    : > "$stop_file"; wait $slow || bad=3
    slow=
    [ "$(grep -c ' 250$' "$work/slow")" -ge 20 ] || bad=4
done
echo "trouble $bad, $alone ms alone, $beside ms beside" > "$err"; cat "$work/slow" >> "$err"
[ $bad -eq 0 ]; result $? "[84] 20 senders crawl, others are served meanwhile, they in the end"
figure "60 letters over 4 sessions: $alone ms; beside 20 senders of five bytes a second: $beside ms"
# One that waited for a slow one would take minutes.
[ "$beside" -le $((alone * 3 + 500)) ]; result $? "[84] slow senders do not slow others"
stop; [ $code -eq 0 ]; result $? "stops"
echo "1..$n"
