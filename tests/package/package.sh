#!/bin/sh
# TAP: package.sh DIR: the Debian package in DIR on a fresh Debian 12 with a running systemd: the README's
# commands, mail through a chrooted Postfix, reload, upgrade, remove, purge; see inside.sh.
# A container without network; needs root and a Debian mirror to make it, else skipped.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
skip() { echo "1..0 # SKIP $1"; exit 0; }
deb=$(ls "${1:?usage: package.sh DIR}"/extortion-milter_*.deb | head -n 1)
[ -e "$deb" ] || { echo "Bail out! no package in $1"; exit 1; }
[ "$(id -u)" -eq 0 ] || skip "needs root"
command -v mmdebstrap > /dev/null && command -v systemd-nspawn > /dev/null || skip "needs mmdebstrap and systemd-container"

work=$(mktemp -d /tmp/extortion-milter-package.XXXXXX)
chmod 755 "$work" # Debian's own tools in there change the user
root=$work/root
nspawn=
cleanup() {
    [ -z "$nspawn" ] || kill -KILL "$nspawn" 2> /dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$work"
    # Where no systemd runs outside, that inside leaves its empty groups, and a next one would trip over them.
    [ -d /run/systemd/system ] || for groups in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/systemd; do
        find "$groups/payload" "$groups/supervisor" -depth -type d -exec rmdir {} + 2> /dev/null
    done
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP
give_up() { sed 's/^/# /' "$work/log" | tail -n 40; echo "Bail out! $1"; exit 1; }

mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 2> /dev/null | awk '$2 == "bookworm" { print $1; exit }')
mmdebstrap --variant=minbase --skip=cleanup/apt --aptopt='Acquire::Languages "none"' --dpkgopt=force-unsafe-io \
    --include=systemd-sysv bookworm "$root" "${mirror:-http://deb.debian.org/debian}" > "$work/log" 2>&1 || give_up "no Debian could be made"
mkdir "$root/package"
cp "$deb" "$root/package/"
cp "$top/README.md" "$top/tests/package/inside.sh" "$root/package/"
# The same package again as a later version with other default settings: an upgrade without a second build.
dpkg-deb -R "$deb" "$work/new" && version=$(dpkg-deb -f "$deb" Version) &&
    sed -i "s/^Version: .*/Version: $version+next/" "$work/new/DEBIAN/control" &&
    echo '# next' >> "$work/new/etc/extortion-milter/extortion-milter.conf" &&
    mkdir "$root/package/next" && dpkg-deb -Zgzip -b "$work/new" "$root/package/next" > "$work/log" || give_up "no second package could be made"
# What the README's apt-get and the recipes will want; the container has no network.
chroot "$root" sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends --download-only /package/*.deb postfix swaks fail2ban dovecot-sieve' > "$work/log" 2>&1 ||
    give_up "packages cannot be downloaded"

cat > "$root/etc/systemd/system/package-test.service" <<'UNIT'
[Unit]
SuccessAction=poweroff-force
FailureAction=poweroff-force
[Service]
Type=oneshot
ExecStart=/bin/sh /package/inside.sh
StandardOutput=file:/package/tap
StandardError=file:/package/err
[Install]
WantedBy=multi-user.target
UNIT
ln -s ../package-test.service "$root/etc/systemd/system/multi-user.target.wants/package-test.service"
echo fresh > "$root/etc/hostname"
keep=; [ -d /run/systemd/system ] || keep=--keep-unit
timeout -k 10 "${PATIENCE:-300}" systemd-nspawn -q --register=no $keep --private-network --console=pipe -b -D "$root" \
    < /dev/null > "$work/log" 2>&1 &
nspawn=$!
wait "$nspawn"
nspawn=
[ -e "$root/package/tap" ] || skip "systemd does not boot in a container here: $(tail -n 1 "$work/log")"
cat "$root/package/tap"
grep -q '^1\.\.' "$root/package/tap" || { cat "$root/package/err" >> "$work/log"; give_up "the container ended too early"; }
