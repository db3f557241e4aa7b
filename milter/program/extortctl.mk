# extortctl and what it is made of; libprogram.a holds what unit tests reach without main().
noinst_LIBRARIES += milter/program/libprogram.a
milter_program_libprogram_a_SOURCES = \
	milter/program/json.c milter/program/json.h \
	milter/program/mailbox.c milter/program/mailbox.h \
	milter/program/pool.c milter/program/pool.h \
	milter/program/progress.c milter/program/progress.h \
	milter/program/screen.c milter/program/screen.h \
	milter/program/source.c milter/program/source.h \
	milter/program/walk.c milter/program/walk.h
milter_program_libprogram_a_CFLAGS = $(AM_CFLAGS) -pthread
LIBS_PROGRAM = milter/program/libprogram.a

