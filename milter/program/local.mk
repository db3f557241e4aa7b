include milter/program/extortctl.mk
include milter/program/daemon.mk
