noinst_LIBRARIES += milter/base/libbase.a
milter_base_libbase_a_SOURCES = \
	milter/base/anomaly.c milter/base/anomaly.def milter/base/anomaly.h \
	milter/base/arena.c milter/base/arena.h \
	milter/base/base.h \
	milter/base/budget.c milter/base/budget.h \
	milter/base/buf.c milter/base/buf.h \
	milter/base/diag.c milter/base/diag.h \
	milter/base/json.c milter/base/json.h \
	milter/base/json-read.c milter/base/json-read.h \
	milter/base/json-tree.c milter/base/json-tree.h \
	milter/base/limits.c milter/base/limits.h \
	milter/base/spanmap.c milter/base/spanmap.h \
	milter/base/status.c milter/base/status.h \
	milter/base/utf8.c milter/base/utf8.h \
	milter/base/view.c milter/base/view.h
