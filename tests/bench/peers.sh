#!/bin/sh
# peers.sh: this milter, rspamd and SpamAssassin over the same messages in one run: CPU, memory, recognition.
#
#   peers.sh [-n MESSAGES] [-s SEED] [-r ROUNDS] MANIFEST   a table of `extortctl evaluate`: path, label, class, language, cluster
#   peers.sh fetch                                          downloads and unpacks Debian's spamd, spamc and rspamd, once
#
# Nothing is installed and no running service is touched: all lies in PEERS_CACHE (/var/cache/extortion-milter/peers) and one temporary
# folder. All three are daemons with local tests only: no DNS, no lists, no Bayes, no Redis, no sa-update; rules as Debian ships them.
# Ours is asked over the milter protocol, rspamd over HTTP (rspamc), spamd by spamc. CPU is user and system time of the daemon's
# processes, not of those who ask; the median of the rounds, after fifty messages that are not counted. Needs root, jq and perl.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "${top_srcdir:-$here/../..}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
. "$here/proc.sh"
cache=${PEERS_CACHE:-/var/cache/extortion-milter/peers}
fail() { echo "peers.sh: $2" >&2; exit "$1"; }

fetch() {
    [ ! -x "$cache/usr/bin/rspamd" ] || return 0
    mkdir -p "$(dirname "$cache")"
    new=$(mktemp -d "$cache.XXXXXX")
    chmod 755 "$new"
    (
        cd "$new"
        # What is missing here; perl itself and the web page of rspamd are not needed.
        packages=$(apt-get -s install --no-install-recommends spamassassin spamd spamc rspamd 2>/dev/null |
            awk '/^Inst/ { print $2 }' | grep -v -e '^perl' -e '^libperl' -e '^libjs-' -e '^fonts-')
        # shellcheck disable=SC2086
        apt-get download $packages spamassassin spamd spamc rspamd > log 2>&1 || { tail -n 5 log >&2; exit 1; }
        for f in *.deb; do dpkg -x "$f" . || exit 1; done
        rm -f ./*.deb log
    ) || { rm -rf "$new"; fail 69 "the peers cannot be downloaded"; }
    mv -T "$new" "$cache" 2>/dev/null || rm -rf "$new"
}
[ "${1:-}" != fetch ] || { fetch; exit 0; }

n=500 seed=1 rounds=3
while getopts n:s:r: option; do
    case $option in n) n=$OPTARG ;; s) seed=$OPTARG ;; r) rounds=$OPTARG ;; *) exit 64 ;; esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] && [ -r "$1" ] || fail 64 "usage: peers.sh [-n MESSAGES] [-s SEED] [-r ROUNDS] MANIFEST"
[ "$(id -u)" -eq 0 ] || fail 77 "needs root: the daemons give it up themselves"
fetch
folder=$(cd "$(dirname "$1")" && pwd)
work=$(mktemp -d /tmp/extortion-milter-peers.XXXXXX)
chmod 755 "$work"
pids=
cleanup() {
    for p in $pids; do
        ours=$(tree_pids "$p")
        # shellcheck disable=SC2086
        kill -TERM $ours 2>/dev/null || true
        sleep 1
        # shellcheck disable=SC2086
        kill -KILL $ours 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
wait_until() { i=0; until "$@" > /dev/null 2>&1; do i=$((i + 1)); [ $i -lt 900 ] || return 1; sleep 0.1; done; }

# The messages. Split by cluster as docs/MEASURED.md says: 0 is the third that was put aside.
third() { printf '%s' "$1" | sha1sum | awk '{ for (i = 1; i <= 40; i++) s += index("0123456789abcdef", substr($1, i, 1)) - 1; print s % 3 }'; }
mkdir "$work/timed" "$work/judged"
: > "$work/judged.tsv"
wrap() { # PATH: as a message; texts get a head, the same for all
    case $1 in
    *.eml) cat "$1" ;;
    *) printf 'Received: from sender.test (sender.test [192.0.2.7]) by mx.example.test with ESMTP; Mon, 23 Nov 2026 10:00:03 +0000\nFrom: Someone <someone@sender.test>\nTo: Anna <anna@example.test>\nDate: Mon, 23 Nov 2026 10:00:00 +0000\nMessage-ID: <%s@sender.test>\nSubject: Message\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n' "$(printf '%s' "$1" | sha1sum | cut -c 1-16)"
        cat "$1" ;;
    esac
}
awk -F '\t' -v OFS='\t' '$2 == "extortion" && $1 !~ /ransomnote/ { print $1, $3, $4, $5, $6 }' "$1" > "$work/extortion"
i=0
while IFS='	' read -r path class language cluster complete; do
    i=$((i + 1))
    f=$(printf '%s/judged/e%03d.eml' "$work" $i)
    wrap "$folder/$path" > "$f"
    [ "$(third "$cluster")" -eq 0 ] && part=aside || part=dev
    kind=text
    case $path in *.eml) kind=mail ;; esac
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$(basename "$f")" "$class" "$language" "$part" "$kind" "$complete" >> "$work/judged.tsv"
done < "$work/extortion"
# A tenth of real extortion mail that is not put aside, the rest ham, drawn by the seed.
awk -F '\t' '$4 == "dev" && $5 == "mail" { print $1 }' "$work/judged.tsv" | head -n $((n / 10)) > "$work/some"
some=$(wc -l < "$work/some")
while read -r f; do cp "$work/judged/$f" "$work/timed/"; done < "$work/some"
awk -F '\t' -v seed="$seed" 'BEGIN { srand(seed) } $2 == "ham" { print rand() "\t" $1 }' "$1" | sort | head -n $((n - some)) | cut -f 2 > "$work/ham"
i=0
while read -r path; do i=$((i + 1)); cp "$folder/$path" "$(printf '%s/timed/h%04d.eml' "$work" $i)"; done < "$work/ham"
chmod -R a+rX "$work"
find "$work/timed" -type f | LC_ALL=C sort > "$work/list"
n=$(wc -l < "$work/list")
xargs -d '\n' stat -c %s < "$work/list" | sort -n > "$work/sizes"
awk -v n="$n" -v e="$some" '{ v[NR] = $1; s += $1 } END { printf "%d messages (%d of them extortion), %.1f MB, median %.1f kB, 90 %% below %.1f kB\n", n, e, s / 1e6, v[int(NR / 2)] / 1e3, v[int(NR * .9)] / 1e3 }' "$work/sizes"

timed() { # NAME PID TIMES COMMAND...: CPU of PID's tree over the messages, TIMES over, which COMMAND reads from stdin
    name=$1 pid=$2 times=$3; shift 3
    head -n 50 "$work/list" | "$@" > "$work/out" 2>&1 || { cat "$work/out" >&2; fail 70 "$name fails"; }
    : > "$work/rounds.$name"
    wall=$(date +%s.%N)
    for _ in $(seq "$rounds"); do
        before=$(tree_cpu "$pid")
        "$@" < "$work/list" > "$work/out" 2>&1 || fail 70 "$name fails"
        after=$(tree_cpu "$pid")
        awk -v a="$after" -v b="$before" -v n="$((n * times))" 'BEGIN { printf "%.4f\n", (a - b) * 1000 / n }' >> "$work/rounds.$name"
    done
    printf '%s\t%s\t%s\t%s\n' "$name" "$(median < "$work/rounds.$name")" "$(tree_rss "$pid" | tr ' ' '\t')" \
        "$(sort -n "$work/rounds.$name" | sed -n '1p;$p' | paste -sd ' ')" >> "$work/figures"
    echo "$name: $(date +%s.%N | awk -v w="$wall" -v r="$rounds" '{ printf "%.1f s a round", ($1 - w) / r }')" >&2
}

# Ours, with two connections at once like the others
printf 'rules = [ "%s/rules" ];\nsocket = "unix:%s/m.sock";\nsocket_group = "root";\n' "$top" "$work" > "$work/conf"
chmod 777 "$work"
"$build/milter/program/extortion-milter" -c "$work/conf" -f -l stderr -u nobody > "$work/milter.log" 2>&1 &
milter=$!
pids="$pids $milter"
wait_until grep -q ' serves ' "$work/milter.log" || { cat "$work/milter.log" >&2; fail 70 "the milter does not start"; }
ask_milter() { xargs -d '\n' "$build/tests/mta/milter-load" -a 2 -m $((n * 10)) "$work/m.sock"; }
timed ours "$milter" 10 ask_milter

# rspamd
lib=$cache/usr/lib/rspamd:$cache/usr/lib/x86_64-linux-gnu
port=$(sh "$top/contrib/postfix/private-postfix.sh" free-port $$)
etc=$work/rspamd/etc
mkdir -p "$work/rspamd/db" "$work/rspamd/log" "$work/rspamd/run"
cp -R "$cache/etc/rspamd" "$etc"
for module in rbl surbl spf dkim dkim_signing dmarc arc asn fuzzy_check mx_check phishing url_redirector rspamd_update greylist ratelimit replies \
    history_redis neural reputation elastic clickhouse metric_exporter bimi; do echo 'enabled = false;' > "$etc/override.d/$module.conf"; done
echo 'classifier "bayes" { enabled = false; }' > "$etc/override.d/statistic.conf"
echo 'dns { nameserver = [ "127.0.0.1:1" ]; timeout = 0.1s; retransmits = 1; }' > "$etc/override.d/options.inc"
printf 'bind_socket = "127.0.0.1:%d"; count = 2;\n' "$port" > "$etc/override.d/worker-normal.inc"
printf 'bind_socket = "127.0.0.1:%d"; password = "q1";\n' $((port + 1)) > "$etc/override.d/worker-controller.inc"
echo 'enabled = false; count = 0;' > "$etc/override.d/worker-proxy.inc"
echo "lang_detection { languages = \"$cache/usr/share/rspamd/languages\"; }" > "$etc/rspamd.conf.local"
echo 'level = "warning";' > "$etc/override.d/logging.inc"
chown -R nobody "$work/rspamd"
LD_LIBRARY_PATH=$lib "$cache/usr/bin/rspamd" -f -u nobody -g nogroup -c "$etc/rspamd.conf" --var "CONFDIR=$etc" --var "LOCAL_CONFDIR=$etc" \
    --var "DBDIR=$work/rspamd/db" --var "LOGDIR=$work/rspamd/log" --var "RUNDIR=$work/rspamd/run" --var "SHAREDIR=$cache/usr/share/rspamd" \
    --var "RULESDIR=$cache/usr/share/rspamd/rules" --var "PLUGINSDIR=$cache/usr/share/rspamd/plugins" --var "LUALIBDIR=$cache/usr/share/rspamd/lualib" \
    --var "WWWDIR=$cache/usr/share/rspamd/www" > "$work/rspamd.out" 2>&1 &
rspamd=$!
pids="$pids $rspamd"
rspamc() { LD_LIBRARY_PATH=$lib "$cache/usr/bin/rspamc" -h "127.0.0.1:$port" "$@"; }
first=$(head -n 1 "$work/list")
wait_until rspamc symbols "$first" || { cat "$work/rspamd.out" "$work/rspamd/log/"* >&2; fail 70 "rspamd does not start"; }
tree_idle "$rspamd" || fail 70 "rspamd is never idle" # it compiles its expressions first
ask_rspamd() { xargs -d '\n' env LD_LIBRARY_PATH="$lib" "$cache/usr/bin/rspamc" -h "127.0.0.1:$port" -n 2 symbols; }
timed rspamd "$rspamd" 1 ask_rspamd

# SpamAssassin
perl=$cache/usr/share/perl5:$cache/usr/lib/x86_64-linux-gnu/perl5/$(perl -e 'printf "%vd", $^V' | cut -d. -f 1-2)
mkdir -p "$work/sa/home"
cp -R "$cache/etc/spamassassin" "$work/sa/etc"
chown -R nobody "$work/sa"
# spamd forgets PERL5LIB and TMPDIR (-T): options, and a folder of its own to stand in.
# shellcheck disable=SC2046
(cd "$work/sa" && PATH=/usr/bin:/bin exec perl -T $(echo "$perl" | tr : '\n' | sed 's/^/-I/') "$cache/usr/sbin/spamd" -L -x -u nobody -H "$work/sa/home" -C "$cache/usr/share/spamassassin" \
    --siteconfigpath="$work/sa/etc" --cf='use_bayes 0' -i "127.0.0.1:$((port + 2))" -m 2 --min-children=2 --min-spare=1 --max-spare=2 -s stderr) > "$work/sa.log" 2>&1 &
spamd=$!
pids="$pids $spamd"
spamc=$cache/usr/bin/spamc
wait_until sh -c "'$spamc' -x -d 127.0.0.1 -p $((port + 2)) --connect-retries=1 -R < '$first'" || { cat "$work/sa.log" >&2; fail 70 "spamd does not start"; }
ask_spamd() { xargs -d '\n' -P 2 -n 1 sh -c "exec '$spamc' -x -d 127.0.0.1 -p $((port + 2)) -s 10000000 -R < \"\$1\"" sh; }
timed spamassassin "$spamd" 1 ask_spamd

awk -F '\t' '{ name[NR] = $1; cpu[NR] = $2; most[NR] = $3; all[NR] = $4; range[NR] = $5 }
END {
    print "\n| | CPU ms a message | rounds, least and most | times ours | MiB, largest process | MiB, all processes |\n| --- | --- | --- | --- | --- | --- |"
    for (i = 1; i <= NR; i++) printf "| %s | %.3f | %s | %.1f | %d | %d |\n", name[i], cpu[i], range[i], cpu[i] / cpu[1], most[i], all[i]
}' "$work/figures"

# Recognition: tagged at the default threshold, by a rule about extortion, and both.
rspamc symbols "$work/judged"/*.eml > "$work/rspamd.judged" 2>&1 || true
awk '/^Results for file: / { f = $4; sub(/.*\//, "", f) }
    /^Action: / { tag[f] = $0 ~ /add header|rewrite subject|reject/; seen[f] = 1 }
    /^Symbol: LEAKED_PASSWORD_SCAM/ { rule[f] = 1 }
    END { for (f in seen) print f "\t" tag[f] + 0 "\t" rule[f] + 0 }' "$work/rspamd.judged" | sort > "$work/judged.rspamd"
for f in "$work/judged"/*.eml; do
    "$spamc" -x -d 127.0.0.1 -p $((port + 2)) -s 10000000 -R < "$f" > "$work/one" 2>/dev/null || true
    awk -v f="$(basename "$f")" 'NR == 1 { split($0, s, "/"); tag = s[1] + 0 >= s[2] + 0 }
        / [A-Z_]*EXTORT| BITCOIN_(BOMB|DEADLINE|MALWARE|ONAN|PAY_ME|YOUR_INFO|OBFU_SUBJ|IMGUR)| BOMB_(MONEY|FREEM)|GB_BITCOIN_CP/ { rule = 1 }
        END { print f "\t" tag + 0 "\t" rule + 0 }' "$work/one"
done | sort > "$work/judged.spamassassin"
"$build/milter/program/extortctl" scan --no-progress --json --rules "$top/rules" "$work/judged"/*.eml 2> /dev/null |
    jq -r '[(.path | sub(".*/"; "")), (if .flagged then 1 else 0 end), (if .flagged then 1 else 0 end)] | @tsv' | sort > "$work/judged.ours"
report() { # TITLE AWK-CONDITION on name class language part kind complete
    awk -F '\t' "$2" "$work/judged.tsv" | cut -f 1 | sort > "$work/these"
    [ -s "$work/these" ] || return 0
    printf '| %s | %d |' "$1" "$(wc -l < "$work/these")"
    for who in ours rspamd spamassassin; do
        join -t '	' "$work/these" "$work/judged.$who" | awk -F '\t' -v who=$who -v most="$(wc -l < "$work/these")" '{ t += $2; r += $3; b += $2 && $3; n++ }
            END { if (n != most) printf " ? %d missing |", most - n; else if (who == "ours") printf " %d (%.0f %%) |", b, 100 * b / n; else printf " %d, %d, %d (%.0f %%) |", t, r, b, 100 * b / n }'
    done
    echo
}
printf '\nFound, of real extortion. rspamd and SpamAssassin: tagged at the default threshold, named by a rule about extortion, both (in per cent).\n\n'
printf '| what | n | ours | rspamd | SpamAssassin |\n| --- | --- | --- | --- | --- |\n'
report "mail as it came, dev" '$5 == "mail" && $4 == "dev"'
report "mail as it came, put aside" '$5 == "mail" && $4 == "aside"'
report "mail as it came, not English" '$5 == "mail" && $3 != "en"'
report "published texts, whole" '$5 == "text" && $6 == "full"'
report "published texts, parts of letters" '$5 == "text" && $6 != "full"'
report "published texts, not English" '$5 == "text" && $3 != "en"'
for class in $(cut -f 2 "$work/judged.tsv" | sort -u); do report "class $class, mail and texts" "\$2 == \"$class\""; done
