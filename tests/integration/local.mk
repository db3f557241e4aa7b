# Faults under load, see docs/RELIABILITY.md.
TESTS += tests/integration/postfix-faults.sh tests/integration/sendmail-faults.sh \
	tests/integration/sessions-postfix.sh tests/integration/sessions-sendmail.sh
EXTRA_DIST += tests/integration/faults.sh tests/integration/faults.py tests/integration/postfix-faults.sh tests/integration/sendmail-faults.sh \
	tests/integration/preload.c tests/integration/sessions.sh tests/integration/sessions.py tests/integration/sessions-postfix.sh \
	tests/integration/sessions-sendmail.sh
check_DATA += tests/integration/preload.so
tests/integration/preload.so: tests/integration/preload.c
	$(AM_V_CC)$(MKDIR_P) tests/integration && $(CC) -std=gnu17 -O1 -fPIC -shared -o $@ $(srcdir)/tests/integration/preload.c
CLEANFILES += tests/integration/preload.so
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
TESTS += tests/integration/quarantine-postfix.sh tests/integration/quarantine-sendmail.sh
EXTRA_DIST += tests/integration/quarantine.sh tests/integration/quarantine-postfix.sh tests/integration/quarantine-sendmail.sh
