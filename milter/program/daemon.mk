sbin_PROGRAMS += milter/program/extortion-milter
milter_program_extortion_milter_SOURCES = \
	milter/program/daemon.h \
	milter/program/daemon-memory.c \
	milter/program/daemon-options.c \
	milter/program/daemon-process.c \
	milter/program/daemon-reload.c \
	milter/program/daemon-watch.c \
	milter/program/extortion-milter.c
milter_program_extortion_milter_CFLAGS = $(AM_CFLAGS) -pthread
milter_program_extortion_milter_LDFLAGS = $(AM_LDFLAGS) $(EXTORTION_LTO)
milter_program_extortion_milter_LDADD = $(LIBS_PROGRAM) $(LIBS_MTA) $(EXT_MTA)
