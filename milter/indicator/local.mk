noinst_LIBRARIES += milter/indicator/libindicator.a
milter_indicator_libindicator_a_SOURCES = \
	milter/indicator/indicator.h
