#!/bin/sh
# TAP: see shapes.sh.
mta=postfix
. "${top_srcdir:-.}/tests/integration/shapes.sh"
