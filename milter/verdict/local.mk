noinst_LIBRARIES += milter/verdict/libverdict.a
milter_verdict_libverdict_a_SOURCES = \
	milter/verdict/verdict.h
