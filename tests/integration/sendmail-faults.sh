#!/bin/sh
# TAP: faults before a real Sendmail. Needs root, Sendmail and Python, else skipped.
mta=sendmail
. "${top_srcdir:-.}/tests/integration/faults.sh"
