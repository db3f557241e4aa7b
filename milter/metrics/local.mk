noinst_LIBRARIES += milter/metrics/libmetrics.a
milter_metrics_libmetrics_a_SOURCES = \
	milter/metrics/describe.c \
	milter/metrics/metrics.c milter/metrics/metrics.def milter/metrics/metrics.h \
	milter/metrics/table.c milter/metrics/table.h \
	milter/metrics/write.c
