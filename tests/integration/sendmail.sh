#!/bin/sh
# TAP: a real Sendmail on loopback with the daemon before it. Needs root and Sendmail, else skipped.
mta=sendmail
. "${top_srcdir:-.}/tests/integration/cases.sh"
