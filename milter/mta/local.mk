noinst_LIBRARIES += milter/mta/libmta.a
milter_mta_libmta_a_SOURCES = \
	milter/mta/mta.h
