# extortctl, and libprogram.a: what unit tests reach without main().
noinst_LIBRARIES += milter/program/libprogram.a
milter_program_libprogram_a_SOURCES = \
	milter/program/disguise-mail.c milter/program/disguise-mail.h \
	milter/program/disguise-text.c milter/program/disguise-text.h \
	milter/program/figures.c milter/program/figures.h \
	milter/program/files.c milter/program/files.h \
	milter/program/fit.c milter/program/fit.h \
	milter/program/held.c milter/program/held.h \
	milter/program/incident.c milter/program/incident.h milter/program/incident-pack.def \
	milter/program/mailbox.c milter/program/mailbox.h \
	milter/program/manifest.c milter/program/manifest.h \
	milter/program/pool.c milter/program/pool.h \
	milter/program/status-read.c milter/program/status-read.h \
	milter/program/progress.c milter/program/progress.h \
	milter/program/screen.c milter/program/screen.h \
	milter/program/source.c milter/program/source.h \
	milter/program/walk.c milter/program/walk.h
milter_program_libprogram_a_CFLAGS = $(AM_CFLAGS) -pthread
LIBS_PROGRAM = milter/program/libprogram.a

bin_PROGRAMS += milter/program/extortctl
milter_program_extortctl_SOURCES = \
	milter/program/compare.c \
	milter/program/contacts.c \
	milter/program/delivery.c milter/program/delivery.h \
	milter/program/dial.c milter/program/dial.h \
	milter/program/disguise.c \
	milter/program/evaluate.c milter/program/evaluate.h \
	milter/program/evaluate-html.c \
	milter/program/evaluate-json.c \
	milter/program/evaluate-text.c \
	milter/program/evidence.c milter/program/evidence.h \
	milter/program/evidence-export.c \
	milter/program/evidence-list.c \
	milter/program/explain.c \
	milter/program/extortctl.c \
	milter/program/labelled.c \
	milter/program/lint.c \
	milter/program/measure.c \
	milter/program/new-incident.c \
	milter/program/packs.c milter/program/packs.h \
	milter/program/ping.c \
	milter/program/policies.c milter/program/policies.h \
	milter/program/policy-show.c \
	milter/program/preview.c \
	milter/program/quarantine.c milter/program/quarantine.h milter/program/quarantine-run.c milter/program/quarantine-show.c \
	milter/program/quarantine-postfix.c milter/program/quarantine-sendmail.c \
	milter/program/reload.c \
	milter/program/report.c milter/program/report.h \
	milter/program/report-json.c \
	milter/program/report-text.c \
	milter/program/scan.c milter/program/scan.h \
	milter/program/status.c \
	milter/program/task.c milter/program/task.h \
	milter/program/test.c \
	milter/program/tune.c milter/program/tune.h \
	milter/program/tune-problem.c \
	milter/program/tune-report.c \
	milter/program/tune-run.c \
	milter/program/verb.c milter/program/verb.h
milter_program_extortctl_CFLAGS = $(AM_CFLAGS) -pthread
milter_program_extortctl_LDFLAGS = $(AM_LDFLAGS) $(EXTORTION_LTO) -pthread
milter_program_extortctl_LDADD = $(LIBS_PROGRAM) $(LIBS_MTA) $(LIBS_EXPORT) $(ZIP_LIBS) $(EXT_STORE)
