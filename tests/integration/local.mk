# Against real MTAs; skipped without root or the MTA.
check_PROGRAMS += tests/integration/smtp-send tests/integration/mail-gen
TESTS += tests/integration/postfix.sh tests/integration/sendmail.sh \
	tests/integration/policies-postfix.sh tests/integration/policies-sendmail.sh \
	tests/integration/evidence-postfix.sh tests/integration/evidence-sendmail.sh
tests_integration_smtp_send_SOURCES = tests/integration/smtp-send.c
tests_integration_mail_gen_SOURCES = tests/integration/mail-gen.c
EXTRA_DIST += tests/integration/evidence.sh tests/integration/evidence-postfix.sh tests/integration/evidence-sendmail.sh tests/integration/policies.sh tests/integration/policies-postfix.sh \
	tests/integration/policies-sendmail.sh tests/integration/lib.sh tests/integration/cases.sh tests/integration/postfix.sh tests/integration/sendmail.sh
# Shapes of messages in every notice mode; Python judges.
TESTS += tests/integration/postfix-shapes.sh tests/integration/sendmail-shapes.sh
EXTRA_DIST += tests/integration/shapes.sh tests/integration/postfix-shapes.sh tests/integration/sendmail-shapes.sh \
	tests/integration/shapes/compose.py tests/integration/shapes/letters.py tests/integration/shapes/make.py \
	tests/integration/shapes/oracle.py tests/integration/shapes/signed.py tests/integration/shapes/table.py
