# What the tests against a real MTA share; sourced, with mta=postfix or mta=sendmail. TAP.
# A private MTA on loopback with the daemon before it. Needs root and the MTA, else all is skipped.
# Everything lies in two temporary directories, $work and $run; no running service is touched.
#   RULES=DIR  other rule packs; KEEP=1  leaves the directories
# $n counts results; $err is what a failed one shows; $box/new holds what was delivered; $got the last.
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
milter=$build/milter/program/extortion-milter
extortctl=$build/milter/program/extortctl
send=$build/tests/integration/smtp-send
rules=${RULES:-$top/rules}
TSAN_OPTIONS="suppressions=$top/tests/mta/tsan.supp ${TSAN_OPTIONS:-}"; export TSAN_OPTIONS

skip() { echo "1..0 # SKIP $1"; exit 0; }
[ "$(id -u)" -eq 0 ] || skip "needs root: Postfix's and Sendmail's daemons insist"
case $mta in
postfix)
    private=$top/contrib/postfix/private-postfix.sh
    command -v postfix > /dev/null && command -v postqueue > /dev/null || skip "Postfix is not installed"
    getent passwd postfix > /dev/null || skip "there is no user postfix"
    letter=P socket_group=postfix ;;
sendmail)
    private=$top/contrib/sendmail/private-sendmail.sh
    sh "$private" have || skip "no Sendmail: contrib/sendmail/private-sendmail.sh fetch"
    letter=S socket_group=root ;;
esac

work=$(mktemp -d "/tmp/extortion-milter-$mta.XXXXXX")
# Sendmail takes no socket below a directory that anybody may write.
run=$(mktemp -d "/run/extortion-milter-$mta.XXXXXX")
chmod 755 "$work" "$run"
chown nobody "$run"
n=0 pid= err=$work/err sock=$run/m.sock box=$work/mta/mail/box got=$work/got port=
mta() { command=$1; shift; sh "$private" "$command" "$work/mta" "$@"; }

cleanup() {
    mta stop
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$work" "$run"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok - $2"; return; fi
    echo "not ok - $2"
    sed 's/^/# /' "$err" 2>/dev/null | head -n 40
}
bail_out() { sed 's/^/# /' "$err"; echo "Bail out! $1"; exit 1; }
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 600 ] || return 1; sleep 0.1; done; }

# The daemon
start() { # SETTINGS
    printf 'rules = [ "%s" ];\nsocket = "unix:%s";\nsocket_group = "%s";\n%s\n' \
        "$rules" "$sock" "$socket_group" "$1" > "$work/conf"
    : > "$work/log" # or the line of the daemon before may be taken for this one's
    "$milter" -c "$work/conf" -f -l stderr -u nobody >> "$work/log" 2>&1 &
    pid=$!
    wait_until grep -q ' serves ' "$work/log" || { cp "$work/log" "$err"; bail_out "the daemon does not start"; }
}
start_with_notices() { # SETTINGS of notice
    start "notice = { operator = \"Example Oy\"; data = \"$top/conf\"; languages = [ \"fi\", \"en\" ]; country = \"FI\"; $1 };"
}
# No watchdog in the background: killed before it has dropped our traps, it would run our cleanup.
ended() { case $(ps -o stat= -p "$pid") in '' | Z*) ;; *) return 1 ;; esac; }
stop() { # SIGNAL
    kill "-${1:-TERM}" "$pid"
    wait_until ended || kill -KILL "$pid"
    wait "$pid" 2>/dev/null; code=$?; pid=
}

# The MTA
mta_start() {
    tries=0
    while :; do # somebody may take the port between our look and our start
        port=$(sh "$top/contrib/postfix/private-postfix.sh" free-port $(($$ + tries * 7)))
        mta start "$port" "unix:$sock" > "$err" 2>&1 && break
        tries=$((tries + 1))
        mta stop
        rm -rf "$work/mta"
        [ $tries -lt 5 ] || bail_out "$mta does not start"
    done
}
deliver() { # FILE [SMTP-SEND OPTION...]: one message; what arrived is in $got
    file=$1; shift
    rm -f "$box"/new/*; : > "$got"
    "$send" "$@" "$port" "$file" > "$work/sent" 2> "$err" || { cat "$work/sent" >> "$err"; return 1; }
    mta drain
    cat "$box"/new/* > "$got" 2>/dev/null
    cp "$got" "$err"
    return 0
}
has() { grep -qi -e "$1" "$got"; }
lacks() { ! grep -qi -e "$1" "$got"; }
held() { mta held | wc -l; }
release() { # ID: from quarantine to the mailbox
    rm -f "$box"/new/*
    case $mta in
    postfix) postsuper -c "$work/mta/etc" -H "$1" && postqueue -c "$work/mta/etc" -i "$1" ;;
    sendmail) "$work/mta/sendmail" -Q -qQ -qI"$1" && "$work/mta/sendmail" -qI"$1" ;;
    esac > "$err" 2>&1
    wait_until sh -c "ls '$box'/new/* " && mta drain
    cat "$box"/new/* > "$got"
}

# Letters
vastaamo=$top/contrib/samples/vastaamo-type-letter-fi.eml
top_of() { # NAME SUBJECT
    printf 'From: Someone <someone@sender.test>\nTo: <u0@example.test>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <%s@sender.test>\nSubject: %s\n\n' "$1" "$2"
}
{
    top_of letter "Your video and your password"
    cat <<'MAIL'
I know that sunflower-1987 is one of your passwords. I installed a program on your computer and
recorded you through your webcam while you visited adult sites.

If you do not want me to send this video to all your contacts, friends and relatives, transfer
950 dollars in bitcoin to this address:

37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf

You have 48 hours from the moment you open this letter. If I do not get the money I will publish
the video. When I get the payment I will delete it. Do not go to the police.
MAIL
} > "$work/letter"
{
    top_of company "Your network was breached"
    cat <<'MAIL'
We have breached your company network, encrypted your servers and downloaded 340 GB of files:
contracts, customer data, employee records. See the sample on our blog.

Pay 3 BTC to bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu within 72 hours, or all your data will be published
and sold, and we will inform your customers and the press about the leak. Do not contact the police or
recovery companies, they will not help you. After the payment we will delete the stolen data.
MAIL
} > "$work/company"
{
    top_of bomb "Read this at once"
    cat <<'MAIL'
There is a bomb in your building. My man has placed an explosive device in the building where your
company works. It will explode if you do not pay. If you call the police or evacuate, the bomb will
be detonated and many people will die.

Send 20000 dollars in bitcoin to 37VucYSaXLCAsxYyAPfbSi9eh4iEcbShgf by the end of the working day.
MAIL
} > "$work/bomb"
{
    top_of clean Thursday
    echo "The meeting on Thursday moves to room 4."
} > "$work/clean"
{ # what the sender would like us to believe, and a subject that is folded and encoded
    printf 'X-Extortion-Flag: no\nX-EXTORTION-FLAG: no\nX-Extortion-Score: 0.0\nx-extortion-flag: no\n'
    sed 's/^Subject:.*/Subject: =?utf-8?Q?Your_v=C3=ADdeo?=\n and your password/' "$work/letter"
} > "$work/forged"
