noinst_LIBRARIES += milter/store/libstore.a
milter_store_libstore_a_SOURCES = \
	milter/store/describe.c \
	milter/store/facts.def \
	milter/store/folder.c milter/store/folder.h \
	milter/store/key.c \
	milter/store/record.h \
	milter/store/record-read.c \
	milter/store/record-write.c \
	milter/store/store.c milter/store/store.h \
	milter/store/time.c
milter_store_libstore_a_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS) -pthread
