noinst_LIBRARIES += milter/mta/libmta.a
milter_mta_libmta_a_SOURCES = \
	milter/mta/alert.c milter/mta/alert.h milter/mta/alert-mail.c milter/mta/alert-send.c \
	milter/mta/annotate.c \
	milter/mta/child.c \
	milter/mta/count.c milter/mta/count.h \
	milter/mta/descriptors.c milter/mta/descriptors.h \
	milter/mta/edit.c milter/mta/edit.h \
	milter/mta/engine.c milter/mta/engine.h \
	milter/mta/generation.c milter/mta/generation.h \
	milter/mta/evidence.c \
	milter/mta/http.c milter/mta/http.h \
	milter/mta/judge.c \
	milter/mta/log.c milter/mta/log.h milter/mta/log-sink.c \
	milter/mta/milter.c milter/mta/milter.h \
	milter/mta/monitor.c milter/mta/monitor.h milter/mta/monitor-page.c \
	milter/mta/move.c \
	milter/mta/mta.h \
	milter/mta/pace.c milter/mta/pace.h \
	milter/mta/probe.c \
	milter/mta/report.c milter/mta/report.h \
	milter/mta/serve.c \
	milter/mta/service.c \
	milter/mta/session.c milter/mta/session.h \
	milter/mta/socket.c milter/mta/socket.h
milter_mta_libmta_a_CFLAGS = $(AM_CFLAGS) -pthread
