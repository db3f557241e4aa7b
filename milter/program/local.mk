include milter/program/extortctl.mk
