#!/bin/sh
# TAP: what is held, redirected, copied and alerted about, through a real sendmail. Needs root and the MTA, else skipped.
mta=sendmail
. "${top_srcdir:-.}/tests/integration/quarantine.sh"
