check_PROGRAMS += tests/mta/test-session
TESTS += tests/mta/test-session
tests_mta_test_session_SOURCES = tests/mta/test-session.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h tests/test.h
tests_mta_test_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_session_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_session_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/test-policies
TESTS += tests/mta/test-policies
tests_mta_test_policies_SOURCES = tests/mta/test-policies.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h \
	tests/policy/load.c tests/policy/load.h tests/test.h
tests_mta_test_policies_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_policies_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_policies_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/test-alert
TESTS += tests/mta/test-alert
tests_mta_test_alert_SOURCES = tests/mta/test-alert.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h \
	tests/policy/load.c tests/policy/load.h tests/test.h
tests_mta_test_alert_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_alert_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_alert_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/test-move
TESTS += tests/mta/test-move
tests_mta_test_move_SOURCES = tests/mta/test-move.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h \
	tests/policy/load.c tests/policy/load.h tests/test.h
tests_mta_test_move_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_move_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_move_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/test-engine
TESTS += tests/mta/test-engine
tests_mta_test_engine_SOURCES = tests/mta/test-engine.c \
	tests/policy/fake-rule.c tests/policy/fake-rule.h tests/test.h
tests_mta_test_engine_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_engine_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_engine_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/test-pace
TESTS += tests/mta/test-pace
tests_mta_test_pace_SOURCES = tests/mta/test-pace.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h tests/test.h
tests_mta_test_pace_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_pace_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_pace_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/milter-client
TESTS += tests/mta/milter.sh
tests_mta_milter_client_SOURCES = tests/mta/milter-client.c tests/mta/wire.c tests/mta/wire.h
tests_mta_milter_client_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
EXTRA_DIST += tests/mta/milter.sh tests/mta/pack.conf tests/mta/tsan.supp

check_PROGRAMS += tests/mta/test-evidence
TESTS += tests/mta/test-evidence
tests_mta_test_evidence_SOURCES = tests/mta/test-evidence.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h tests/test.h
tests_mta_test_evidence_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_evidence_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_evidence_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/milter-load
tests_mta_milter_load_SOURCES = tests/mta/milter-load.c tests/mta/wire.c tests/mta/wire.h
tests_mta_milter_load_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_milter_load_CFLAGS = $(AM_CFLAGS) -pthread

TESTS += tests/mta/soak.sh
EXTRA_DIST += tests/mta/soak.sh

check_PROGRAMS += tests/mta/notify-listen
tests_mta_notify_listen_SOURCES = tests/mta/notify-listen.c

# Preloaded into the daemon by faults.sh.
check_DATA += tests/mta/preload.so
tests/mta/preload.so: tests/mta/preload.c tests/mta/fault.h
	$(AM_V_CC)$(MKDIR_P) tests/mta && $(CC) -std=gnu17 -O1 -fPIC -shared -o $@ $(srcdir)/tests/mta/preload.c
CLEANFILES += tests/mta/preload.so
TESTS += tests/mta/faults.sh
EXTRA_DIST += tests/mta/faults.sh tests/mta/preload.c

check_PROGRAMS += tests/mta/milter-faulty
TESTS += tests/mta/memory.sh
tests_mta_milter_faulty_SOURCES = tests/mta/milter-faulty.c tests/mta/fault.h tests/mta/wire.c tests/mta/wire.h
tests_mta_milter_faulty_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
EXTRA_DIST += tests/mta/memory.sh tests/mta/nonpool.sh

check_PROGRAMS += tests/mta/test-monitor
TESTS += tests/mta/test-monitor
tests_mta_test_monitor_SOURCES = tests/mta/test-monitor.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h tests/test.h
tests_mta_test_monitor_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_monitor_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_monitor_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/test-count
TESTS += tests/mta/test-count
tests_mta_test_count_SOURCES = tests/mta/test-count.c \
	tests/mta/fake-scanner.c tests/mta/fake-scanner.h \
	tests/policy/fake-rule.c tests/policy/fake-rule.h tests/test.h
tests_mta_test_count_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_count_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_count_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/test-log
TESTS += tests/mta/test-log
tests_mta_test_log_SOURCES = tests/mta/test-log.c tests/test.h
tests_mta_test_log_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_mta_test_log_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) -pthread
tests_mta_test_log_LDADD = $(LIBS_MTA) $(EXT_MTA) $(CMOCKA_LIBS)

check_PROGRAMS += tests/mta/http-get
TESTS += tests/mta/metrics.sh
tests_mta_http_get_SOURCES = tests/mta/http-get.c
EXTRA_DIST += tests/mta/metrics.sh
