#!/bin/sh
# private-sendmail.sh: a real Sendmail of one's own on a loopback port, in one directory, beside whatever
# the machine runs; nothing is installed, /etc/mail is never touched. Debian's packages of Sendmail and
# Postfix exclude each other, so Sendmail's are only unpacked. Needs root ("real uid not trusted", and a
# name space with a qualified host name, without which Sendmail waits a minute), and the packages
# m4 perl-base util-linux libwrap0 libnsl2 libdb5.3 libldap-2.5-0 libsasl2-2.
#
#   private-sendmail.sh fetch                  downloads and unpacks Sendmail, once
#   private-sendmail.sh have                   is it there?
#   private-sendmail.sh start DIR PORT MILTER  MILTER as in S= of INPUT_MAIL_FILTER; all mail to
#                                              example.test and other.test goes to
#                                              DIR/mail/box/new; PORT+1, named "accept",
#                                              accepts when the milter fails, PORT+2 has
#                                              no milter
#   private-sendmail.sh stop DIR
#   private-sendmail.sh drain DIR              wait until nothing is on its way (held mail stays)
#   private-sendmail.sh held DIR               queue ids of quarantined mail
#   DIR/sendmail ARGUMENTS                     the program with these settings, as in: DIR/sendmail -bp -qQ
#
# SENDMAIL_CACHE=DIR  where it is unpacked (/var/cache/extortion-milter/sendmail)
set -eu

usage() { sed -n '8,21s/^# \{0,3\}//p' "$0" >&2; exit 64; }
give_up() { echo "private-sendmail.sh: $2" >&2; exit "$1"; }
[ $# -ge 1 ] || usage
command=$1
case ${2:-} in '' | /*) dir=${2:-} ;; *) dir=$PWD/$2 ;; esac
cache=${SENDMAIL_CACHE:-/var/cache/extortion-milter/sendmail}
program=$cache/usr/libexec/sendmail/sendmail
conf=$dir/etc

fetch() {
    if [ -x "$program" ]; then return; fi
    mkdir -p "$(dirname "$cache")"
    # Whole or not at all: two may fetch at once.
    new=$(mktemp -d "$cache.XXXXXX")
    chmod 755 "$new"
    (
        cd "$new"
        packages='sendmail-bin sendmail-base sendmail-cf'
        # shellcheck disable=SC2086
        apt-get download $packages > log 2>&1 || { apt-get update >> log 2>&1 && apt-get download $packages >> log 2>&1; } ||
            { tail -n 5 log >&2; exit 1; }
        for f in *.deb; do dpkg -x "$f" . || exit 1; done
        rm -f ./*.deb log
    ) || { rm -rf "$new"; give_up 69 "Sendmail cannot be downloaded"; }
    mv -T "$new" "$cache" 2>/dev/null || rm -rf "$new"
    [ -x "$program" ] || give_up 69 "$cache holds no Sendmail"
}

settings() { # PORT MILTER
    port=$1 milter=$2
    mkdir -p "$conf" "$dir/queue" "$dir/mail/box/new" "$dir/mail/box/tmp" "$dir/log" "$dir/dev"
    chmod 755 "$dir" "$conf"
    chmod 700 "$dir/queue"
    # The local mailer: one file a recipient, complete when it is seen.
    cat > "$conf/deliver" <<DELIVER
#!/bin/sh
f=\$(mktemp "$dir/mail/box/tmp/XXXXXXXXXX") && { printf 'X-Original-To: %s@example.test\n' "\$1" && cat; } > "\$f" && mv "\$f" "$dir/mail/box/new/" || exit 75
DELIVER
    chmod 755 "$conf/deliver"
    : > "$conf/statistics"
    printf 'hosts files\n' > "$conf/service.switch"
    printf '127.0.0.1 mx.example.test mx localhost\n' > "$conf/hosts"
    # No limit of load: the machine may be building. No conversion: what arrives is what was sent.
    sed 's/^    //' > "$conf/sendmail.mc" <<MC
    divert(-1)
    divert(0)dnl
    define(\`_CF_DIR_', \`$cache/usr/share/sendmail/cf/')dnl
    include(\`$cache/usr/share/sendmail/cf/m4/cf.m4')dnl
    OSTYPE(\`linux')dnl
    undefine(\`UUCP_RELAY')dnl
    undefine(\`BITNET_RELAY')dnl
    define(\`confLOG_LEVEL', \`14')dnl
    define(\`confMILTER_LOG_LEVEL', \`14')dnl
    define(\`confDONT_BLAME_SENDMAIL', \`GroupWritableDirPathSafe,RunProgramInUnsafeDirPath')dnl
    define(\`QUEUE_DIR', \`$dir/queue')dnl
    define(\`ALIAS_FILE', \`')dnl
    define(\`STATUS_FILE', \`$conf/statistics')dnl
    define(\`HELP_FILE', \`/dev/null')dnl
    define(\`confPID_FILE', \`$dir/sendmail.pid')dnl
    define(\`confCONTROL_SOCKET_NAME', \`')dnl
    define(\`confSERVICE_SWITCH_FILE', \`$conf/service.switch')dnl
    define(\`confHOSTS_FILE', \`$conf/hosts')dnl
    define(\`confDOMAIN_NAME', \`mx.example.test')dnl
    define(\`confTO_IDENT', \`0')dnl
    define(\`confDELIVERY_MODE', \`background')dnl
    define(\`confQUEUE_LA', \`10000')dnl
    define(\`confREFUSE_LA', \`10000')dnl
    define(\`confMAX_HEADERS_LENGTH', \`${SENDMAIL_MAX_HEADERS:-32768}')dnl
    define(\`LOCAL_MAILER_PATH', \`$conf/deliver')dnl
    define(\`LOCAL_MAILER_ARGS', \`deliver \$u')dnl
    define(\`_DEF_LOCAL_MAILER_FLAGS', \`lsDFM5q')dnl
    define(\`LOCAL_MAILER_FLAGS', \`PSn8')dnl
    FEATURE(\`no_default_msa')dnl
    FEATURE(\`accept_unresolvable_domains')dnl
    FEATURE(\`accept_unqualified_senders')dnl
    FEATURE(\`nocanonify')dnl
    DAEMON_OPTIONS(\`Port=$port, Addr=127.0.0.1, Name=tempfail, InputMailFilters=extortion')dnl
    DAEMON_OPTIONS(\`Port=$((port + 1)), Addr=127.0.0.1, Name=accept, InputMailFilters=extortionaccept')dnl
    DAEMON_OPTIONS(\`Port=$((port + 2)), Addr=127.0.0.1, Name=nomilter, InputMailFilters=')dnl
    MAIL_FILTER(\`extortion', \`S=$milter, F=T, T=C:5s;S:10s;R:60s;E:2m')dnl
    MAIL_FILTER(\`extortionaccept', \`S=$milter, T=C:5s;S:10s;R:60s;E:2m')dnl
    define(\`confINPUT_MAIL_FILTERS', \`extortion')dnl
    LOCAL_DOMAIN(\`example.test other.test')dnl
    MAILER(local)dnl
    MAILER(smtp)dnl
    LOCAL_CONFIG
    O RunAsUser=root
MC
    m4 "$conf/sendmail.mc" > "$conf/sendmail.cf"
    printf '#!/bin/sh\nexec unshare --uts sh -c '\''hostname mx.example.test; exec "$0" -C "%s" "$@"'\'' "%s" "$@"\n' \
        "$conf/sendmail.cf" "$program" > "$dir/sendmail"
    chmod 755 "$dir/sendmail"
}

# In name spaces of its own: host name, /dev with a /dev/log that writes DIR/log/maillog, and its
# processes, which all end with the first.
start() { # PORT MILTER
    fetch
    settings "$@"
    # shellcheck disable=SC2016
    unshare --uts --mount --pid --fork --kill-child sh -c '
        dir=$1 program=$2
        hostname mx.example.test
        mount -t tmpfs none "$dir/dev"
        for n in null:3 zero:5 random:8 urandom:9; do mknod -m 666 "$dir/dev/${n%%:*}" c 1 "${n##*:}"; done
        mknod -m 666 "$dir/dev/tty" c 5 0
        ln -s /proc/self/fd "$dir/dev/fd"
        perl -MIO::Socket::UNIX -e '\''
            my ($path, $file) = @ARGV;
            my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $path) or die "$path: $!";
            chmod 0666, $path;
            open(my $f, ">>", $file) or die "$file: $!";
            $f->autoflush(1);
            while (defined recv($s, my $line, 65536, 0)) { $line =~ s/^<\d+>//; $line =~ s/\0$//; print $f "$line\n"; }
        '\'' "$dir/dev/log" "$dir/log/maillog" &
        until [ -S "$dir/dev/log" ]; do sleep 0.05; done
        mount --bind "$dir/dev" /dev
        mount --bind "$dir/etc/hosts" /etc/hosts
        "$program" -C "$dir/etc/sendmail.cf" -bD' sh "$dir" "$program" < /dev/null > "$dir/log/out" 2>&1 &
    echo $! > "$dir/pid"
    tries=0
    until [ -s "$dir/sendmail.pid" ] && listens "$1"; do
        tries=$((tries + 1))
        kill -0 "$(cat "$dir/pid")" 2>/dev/null && [ $tries -le 300 ] || { cat "$dir/log/out" "$dir/log/maillog" >&2; give_up 69 "Sendmail does not start"; }
        sleep 0.1
    done
}

# State 0A is "listens".
listens() { grep -qi "^ *[0-9]*: 0100007F:$(printf '%04X' "$1") [0-9A-F:]* 0A" /proc/net/tcp; }

# The name space's first process dies with this one, and with it all others. Sendmail bears that: what it
# has taken is in its queue.
stop() {
    if [ -s "$dir/pid" ]; then
        pid=$(cat "$dir/pid")
        kill -KILL "$pid" 2>/dev/null || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
        rm -f "$dir/pid" "$dir/sendmail.pid"
    fi
}

queued() { find "$dir/queue" -type f -name "$1" -exec basename {} \; 2>/dev/null | sed 's/^..//' | LC_ALL=C sort; }

drain() {
    tries=0
    while [ -n "$(queued '[qtTQ]f*')" ]; do
        tries=$((tries + 1))
        [ $tries -le 600 ] || give_up 75 "mail is still moving after a minute"
        sleep 0.1
    done
}

case $command in
fetch) fetch ;;
have) [ -x "$program" ] ;;
start)
    [ $# -eq 4 ] || usage
    start "$3" "$4" ;;
stop | drain)
    [ $# -eq 2 ] || usage
    "$command" ;;
held)
    [ $# -eq 2 ] || usage
    queued 'hf*' ;;
*) usage ;;
esac
