# The notice in a real browser, above letters whose HTML tries to hide it: browser/pages.py. TAP.
#   KEEP=1  leaves the folder with the pictures
set -u
top=$(cd "${top_srcdir:-.}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
command -v chromium > /dev/null || { echo "1..0 # SKIP no chromium"; exit 0; }
/usr/bin/python3 -c 'import PIL' 2> /dev/null || { echo "1..0 # SKIP no python3-pil"; exit 0; }
work=$(mktemp -d /tmp/extortion-milter-browser.XXXXXX)
trap '[ -n "${KEEP:-}" ] || rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$top/tests/notice/browser/look.py" "$build/milter/program/extortctl" "$top" "$work"
code=$?
[ $code -le 1 ] || echo "Bail out! the judge did not come to its end"
