#!/bin/sh
# private-postfix.sh: a Postfix of one's own on a loopback port, in one directory, beside whatever the
# machine runs; /etc/postfix is never touched. For contrib/demo and the tests; also a quick way to try
# settings. Needs root (master(8) insists) and the package postfix.
#
#   private-postfix.sh start DIR PORT MILTER   MILTER as in smtpd_milters; all mail to example.test
#                                              and other.test goes to the Maildir
#                                              DIR/mail/box; PORT+1, named "accept",
#                                              accepts when the milter fails, PORT+2 has
#                                              no milter
#   private-postfix.sh free-port SEED          a PORT for that, with nobody on it nor the two after it
#   private-postfix.sh stop DIR
#   private-postfix.sh drain DIR               wait until nothing is on its way (held mail stays)
#   private-postfix.sh held DIR                queue ids of held mail
set -eu

usage() { sed -n '6,15s/^# \{0,3\}//p' "$0" >&2; exit 64; }
[ $# -ge 2 ] || usage
command=$1
case $2 in /*) dir=$2 ;; *) dir=$PWD/$2 ;; esac # Postfix wants absolute paths
conf=$dir/etc

start() { # PORT MILTER
    port=$1 milter=$2
    mkdir -p "$conf" "$dir/queue" "$dir/data" "$dir/mail" "$dir/log"
    chmod 755 "$dir" "$conf" "$dir/queue"
    chown postfix "$dir/data"
    chown nobody "$dir/mail"
    cat > "$conf/main.cf" <<MAIN
compatibility_level = 3.6
config_directory = $conf
queue_directory = $dir/queue
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = $(postconf -d -h daemon_directory)
shlib_directory = $(postconf -d -h shlib_directory)
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.example.test
myorigin = example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
# Nothing may leave the machine.
default_transport = error:no outside mail
relay_transport = error:no outside mail
smtpd_relay_restrictions = permit_mynetworks, reject
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = example.test other.test
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = static:box/
virtual_minimum_uid = 1
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
virtual_transport = virtual
virtual_mailbox_limit = 0
message_size_limit = 104857600
maillog_file = $dir/log/maillog
maillog_file_prefixes = $dir/log, /var
enable_long_queue_ids = yes
smtpd_milters = $milter
milter_default_action = tempfail
milter_protocol = 6
milter_connect_timeout = 5s
milter_command_timeout = 10s
milter_content_timeout = 60s
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
MAIN
    cat > "$conf/master.cf" <<MASTER
127.0.0.1:$port inet n - n - - smtpd
127.0.0.1:$((port + 1)) inet n - n - - smtpd
  -o milter_default_action=accept
  -o milter_macro_daemon_name=accept
127.0.0.1:$((port + 2)) inet n - n - - smtpd
  -o smtpd_milters=
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
scache    unix  - - n - 1 scache
postlog   unix-dgram n - n - 1 postlogd
MASTER
    postfix -c "$conf" start > "$dir/log/start" 2>&1 || { cat "$dir/log/start" >&2; exit 69; }
    # It says whether it could have the ports only in its log.
    tries=0
    until grep -q 'master.*: \(daemon started\|fatal\)' "$dir/log/maillog" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -le 300 ] || { echo "private-postfix.sh: Postfix does not start" >&2; exit 69; }
        sleep 0.1
    done
    if grep 'master.*: fatal' "$dir/log/maillog" >&2; then exit 69; fi
}

# Below the range from which the system takes ports for clients.
free_port() { # SEED
    port=$((20000 + $1 % 4000 * 3))
    for _ in $(seq 100); do
        taken=
        for p in $port $((port + 1)) $((port + 2)); do
            if grep -qi ":$(printf '%04X' "$p") " /proc/net/tcp; then taken=1; fi
        done
        [ -n "$taken" ] || { echo "$port"; return; }
        port=$((20000 + (port - 20000 + 33) % 12000))
    done
    echo "private-postfix.sh: no free port" >&2
    exit 69
}

# Messages that are neither delivered nor held.
moving() { find "$dir/queue/incoming" "$dir/queue/active" "$dir/queue/deferred" "$dir/queue/maildrop" -type f | wc -l; }

drain() {
    tries=0
    while [ "$(moving)" -gt 0 ]; do
        tries=$((tries + 1))
        [ $tries -le 600 ] || { echo "private-postfix.sh: mail is still moving after a minute" >&2; exit 75; }
        sleep 0.1
    done
}

case $command in
free-port) free_port "$2" ;;
start)
    [ $# -eq 4 ] || usage
    start "$3" "$4" ;;
stop)
    [ -e "$conf/main.cf" ] && postfix -c "$conf" stop > "$dir/log/stop" 2>&1 || true
    # `postfix stop` returns before master has let go of the port.
    tries=0
    while [ $tries -lt 50 ] && [ -e "$conf/main.cf" ] && postfix -c "$conf" status > /dev/null 2>&1; do
        tries=$((tries + 1)); sleep 0.1
    done ;;
drain) drain ;;
held) find "$dir/queue/hold" -type f -exec basename {} \; | LC_ALL=C sort ;;
*) usage ;;
esac
