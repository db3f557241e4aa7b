#!/bin/sh
# TAP: what package.sh runs in a fresh Debian. Follows the README's block of commands as it stands there.
set -u
export DEBIAN_FRONTEND=noninteractive HOME=/root
unit=extortion-milter conf=/etc/extortion-milter/extortion-milter.conf
socket=/var/spool/postfix/extortion-milter/extortion-milter.sock
examples=/usr/share/doc/extortion-milter/examples
deb=$(ls /package/*.deb) next=$(ls /package/next/*.deb)
n=0 out=/package/out box=/var/mail/root

result() { # STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then echo "ok $n - $2"; return; fi
    echo "not ok $n - $2"
    { tail -n 15 "$out"; systemctl status --no-pager -n 15 $unit; } 2>&1 | sed 's/^/# /'
}
does() { # NAME COMMAND...
    name=$1; shift
    "$@" > "$out" 2>&1
    result $? "$name"
}
fails() { ! "$@"; }
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 200 ] || return 1; sleep 0.1; done; }
delivered() { # FILE: the copy that arrives is the only one in $box
    : > $box
    swaks --server localhost --to root@localhost --data "@$1" --silent 1 && wait_until grep -q '^Delivered-To\|^X-Original-To' $box && wait_until queue_empty
}
queue_empty() { [ "$(postqueue -j | wc -l)" -eq 0 ]; }
arrives() { # FILE PATTERN
    delivered "$1" && cat $box && grep -q "$2" $box
}
letter=$examples/vastaamo-type-letter-fi.eml ordinary=$examples/ordinary-en.eml

# The README's way, the first line with the package that was built already.
began=$(date +%s)
does "apt-get installs the package, Postfix and swaks" apt-get install -y --no-install-recommends "$deb" postfix swaks
dpkg -s $unit > /dev/null 2>&1 || { echo "Bail out! the package is not installed"; exit 1; }
does "the daemon runs, with its defaults" systemctl is-active $unit
does "on a socket of its own" test -S /run/extortion-milter/extortion-milter.sock
sed -n '/^## Install/,/^## /{/^    /p;}' /package/README.md | sed -n '/^    contrib\/build-deb/,/^    grep/p' | sed '1d; s/^    //' > /package/steps
[ "$(wc -l < /package/steps)" -ge 4 ]; result $? "the README has commands"
while read -r step; do
    case $step in
    grep*) wait_until sh -c "$step" ;; # mail takes a moment
    esac
    does "README: $step" sh -c "$step"
done < /package/steps
took=$(($(date +%s) - began))
[ $took -lt 240 ]; result $? "the README takes less than four minutes beside the build: $took s"
does "the letter has arrived, tagged" grep '^X-Extortion-Flag: yes' $box
does "ordinary mail arrives, too" arrives $ordinary '^X-Extortion-Flag: no'

# The service as systemd runs it
pid=$(systemctl show -p MainPID --value $unit)
[ "$(stat -c %U "/proc/$pid")" = extortion-milter ]; result $? "the daemon is not root"
does "it has no way to new privileges, and a filter of system calls" sh -c "grep -q '^NoNewPrivs:.1' /proc/$pid/status && grep -q '^Seccomp:.2' /proc/$pid/status"
does "systemd rates its exposure 1.5 or better" systemd-analyze security --no-pager --threshold=15 $unit
[ "$(stat -c '%a %U %G' $socket) $(stat -c '%a %U %G' "${socket%/*}")" = "660 extortion-milter postfix 2750 extortion-milter postfix" ]
result $? "only Postfix reaches the socket"
does "extortctl finds its rules" sh -c "extortctl scan $letter; test \$? -eq 1"
does "the log has one line for the letter" sh -c "journalctl -u $unit -o cat | grep 'flagged=yes'"

# Reload
printf 'actions = [ "tag", "subject" ];\n' >> $conf
does "a change takes effect with systemctl reload" systemctl reload $unit
reloaded() { [ "$(journalctl -u $unit -o cat | grep -c 'reloaded: ')" -ge "$1" ]; }
wait_until reloaded 1
does "the subject is marked" arrives $letter '^Subject: \[EXTORTION\]'
printf 'acctions = [ ];\n' >> $conf
does "systemctl reload complains of a mistake" fails systemctl reload $unit
does "and mail flows as before" arrives $letter '^Subject: \[EXTORTION\]'
sed -i '$d' $conf
[ "$(systemctl show -p MainPID --value $unit)" = "$pid" ]; result $? "it is the same process"

# The watchdog: 60 s in the unit; the test has no time for that
[ "$(systemctl show -p Type --value $unit) $(systemctl show -p WatchdogUSec --value $unit)" = "notify 1min" ]; result $? "the unit is told when the daemon serves, and watches it"
does "systemctl status says what it serves" sh -c "systemctl show -p StatusText --value $unit | grep 'ruleset [0-9a-f]'"
install -d /run/systemd/system/$unit.service.d
printf '[Service]\nWatchdogSec=3s\n' > /run/systemd/system/$unit.service.d/watchdog.conf
systemctl daemon-reload && systemctl restart $unit
hung=$(systemctl show -p MainPID --value $unit)
sleep 7
[ "$(systemctl show -p MainPID --value $unit)" = "$hung" ]; result $? "a daemon that is well is left alone"
kill -STOP "$hung"
restarted() { now=$(systemctl show -p MainPID --value $unit); [ "$now" -ne 0 ] && [ "$now" != "$hung" ] && systemctl is-active $unit; }
wait_until restarted; result $? "one that hangs is killed and started again"
does "which the journal says" sh -c "journalctl -u $unit -o cat | grep -i 'watchdog timeout'"
rm -r /run/systemd/system/$unit.service.d
systemctl daemon-reload && systemctl restart $unit
pid=$(systemctl show -p MainPID --value $unit)
does "and mail flows" arrives $letter '^Subject: \[EXTORTION\]'

# Recipes, on what the daemon wrote
sed 1d $box > /package/letter; chmod 644 /package/letter
install -d -o nobody /package/sieve; cp $examples/recipes/sieve/extortion.sieve /package/sieve/
apt-get install -y --no-install-recommends dovecot-sieve fail2ban > "$out" 2>&1
files() { sieve-test -o mail_uid=65534 -o mail_gid=65534 /package/sieve/extortion.sieve "$1" > "$out" 2>&1; grep -q "folder: $2" "$out"; }
files /package/letter Extortion; result $? "Sieve files the letter apart"
files $ordinary INBOX; result $? "and leaves other mail"
sed -i 's/^  #details = false;/  details = true;/' $conf
systemctl reload $unit && wait_until reloaded 2
does "a letter is logged with its client" arrives $letter '^X-Extortion-Flag: yes'
does "ordinary mail, too" arrives $ordinary '^X-Extortion-Flag: no'
journalctl -u $unit -o short-iso > /package/journal
fail2ban-regex /package/journal $examples/recipes/fail2ban/filter.conf > "$out" 2>&1
grep -q ' 1 matched' "$out"; result $? "fail2ban finds the client of the flagged one alone"

# Upgrade
cp $conf /package/conf.mine
does "an upgrade" apt-get install -y -o Dpkg::Options::=--force-confold "$next"
does "leaves the administrator's settings" cmp $conf /package/conf.mine
does "the daemon runs again" systemctl is-active $unit
[ "$(systemctl show -p MainPID --value $unit)" != "$pid" ]; result $? "from the new package"
does "whose socket is there once systemd says that it runs" test -S $socket
does "mail is judged" arrives $letter '^Subject: \[EXTORTION\]'

# A mistake at start is said, and no endless restarts
printf 'acctions = [ ];\n' >> $conf
does "with a mistake in the settings it does not start" fails systemctl restart $unit
does "the journal has file, line and what to do" sh -c "journalctl -u $unit -o cat | grep 'extortion-milter.conf:[0-9]*: error: acctions: .*'"
swaks --server localhost --to root@localhost --data "@$letter" > "$out" 2>&1
grep -q '^<.*451 4\.7\.1' "$out"; result $? "meanwhile Postfix asks senders to come again"
sed -i '$d' $conf
does "and it starts when that is mended" systemctl restart $unit

# Remove and purge
postconf -X smtpd_milters milter_default_action && systemctl reload postfix
does "remove" apt-get remove -y $unit
does "stops the daemon" fails pgrep -x $unit
[ ! -e $socket ] && [ ! -e /usr/sbin/extortion-milter ]; result $? "takes socket and program away"
does "and keeps the settings" test -e $conf
does "purge" apt-get purge -y $unit
find / -xdev \( -path /package -o -path /proc -o -path /sys -o -path /var/log -o -path /var/cache/apt/archives \) -prune -o -name '*extortion*' -print > "$out"
[ ! -s "$out" ]; result $? "leaves no file"
does "but the user, as is Debian's habit" getent passwd extortion-milter
echo "1..$n"
