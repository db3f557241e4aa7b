# Against a real Postfix; skipped without root or Postfix.
check_PROGRAMS += tests/integration/smtp-send tests/integration/mail-gen
TESTS += tests/integration/postfix.sh
tests_integration_smtp_send_SOURCES = tests/integration/smtp-send.c
tests_integration_mail_gen_SOURCES = tests/integration/mail-gen.c
EXTRA_DIST += tests/integration/postfix.sh
