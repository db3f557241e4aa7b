# Every shape of message in every notice mode; sourced by postfix-shapes.sh and sendmail-shapes.sh. TAP.
# The shapes, and what is expected of each: shapes/table.py; the judge: shapes/oracle.py.
. "${top_srcdir:-.}/tests/integration/lib.sh"
/usr/bin/python3 -c 'import dkim' 2> /dev/null || skip "no python3-dkim"
for tool in openssl gpg; do command -v $tool > /dev/null || skip "no $tool"; done
PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE
python() { script=$1; shift; /usr/bin/python3 "$top/tests/integration/shapes/$script.py" "$@"; }

python make "$work/shapes" > "$err" 2>&1 || bail_out "the shapes cannot be made"

# What does not come over this MTA at all is known to the table.
send_all() { # PORT SHAPES OPTION...
    to=$1 from=$2; shift 2
    rm -f "$box"/new/*
    "$send" "$@" -j 4 -t '%s@example.test' "$to" "$from"/normal/*.eml
    "$send" "$@" -j 2 -t '%s@example.test' -f '<>' "$to" "$from"/null/*.eml
    "$send" "$@" -t '%s@example.test' -f '<someone@sender.test> SMTPUTF8' "$to" "$from"/utf8/*.eml
    mta drain
}
kept() { rm -rf "$work/$1"; mkdir "$work/$1"; mv "$box"/new/* "$work/$1/"; } # NAME
judge() { # MODE DELIVERED [FIRST]
    python oracle "$letter" "$1" "$work/shapes" "$work/$2" "$work/reference" ${3:+"$work/$3"} > "$work/judged" 2> "$err"
    code=$?
    cat "$work/judged"
    n=$((n + $(wc -l < "$work/judged")))
    [ $code -le 1 ] && [ ! -s "$err" ]; result $? "the oracle of $1 came to its end"
}
# As the next hop sees it: by the envelope it was sent with.
forward() { # DELIVERED
    rm -rf "$work/again"; mkdir "$work/again" "$work/again/normal" "$work/again/null" "$work/again/utf8"
    for f in "$work/$1"/*; do
        name=$(sed -n 's/^X-Original-To: \(.*\)@.*/\1/p; /^$/q' "$f" | head -n 1)
        for envelope in normal null utf8; do
            [ ! -e "$work/shapes/$envelope/$name.eml" ] || grep -av '^\(X-Original-To\|Delivered-To\|Return-Path\): ' "$f" > "$work/again/$envelope/$name.eml"
        done
    done
}

start ""
mta_start
send_all $((port + 2)) "$work/shapes" -r > "$work/sent"
kept reference
stop
for mode in header wrap inline auto; do
    # Between the mild letter and the others.
    start "notice = { operator = \"Example Oy\"; data = \"$top/conf\"; mode = \"$mode\"; wrap_score = 11.0; };"
    send_all "$port" "$work/shapes" -r > "$work/sent"
    kept "$mode"
    judge $mode $mode
    case $mode in wrap | inline)
        forward $mode
        send_all "$port" "$work/again" > "$work/sent"
        kept "$mode-again"
        judge $mode "$mode-again" $mode ;;
    esac
    stop
    [ $code -eq 0 ]; result $? "stops after $mode"
done
# An oracle that cannot say no proves nothing.
python oracle "$letter" inline "$work/shapes" "$work/wrap" "$work/reference" > "$work/judged" 2> "$err"; [ $? -eq 1 ] && [ "$(grep -c '^not ok' "$work/judged")" -gt 50 ]; result $? "the oracle does not take one mode for another"
echo "1..$n"
