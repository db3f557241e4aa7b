#!/bin/sh
# TAP: sessions out of the ordinary through a real Sendmail. Needs root, Sendmail and Python, else skipped.
mta=sendmail
. "${top_srcdir:-.}/tests/integration/sessions.sh"
