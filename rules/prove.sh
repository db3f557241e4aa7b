#!/bin/sh
# Every rule's hit and miss, and the whole messages under proof/, as the shipped engine sees them.
echo 1..1
"${top_builddir:-.}/milter/program/extortctl" test "${top_srcdir:-.}/rules" >prove.out 2>&1 && echo "ok 1 - rule packs prove themselves" ||
	echo "not ok 1 - rule packs prove themselves"
sed 's/^/# /' prove.out

rm -f prove.out
