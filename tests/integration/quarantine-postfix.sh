#!/bin/sh
# TAP: what is held, redirected, copied and alerted about, through a real postfix. Needs root and the MTA, else skipped.
mta=postfix
. "${top_srcdir:-.}/tests/integration/quarantine.sh"
