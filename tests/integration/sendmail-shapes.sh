#!/bin/sh
# TAP: see shapes.sh.
mta=sendmail
. "${top_srcdir:-.}/tests/integration/shapes.sh"
