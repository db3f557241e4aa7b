dist_man_MANS += docs/man/extortion-milter.8 docs/man/extortion-milter.conf.5
dist_man_MANS += docs/man/extortctl.1 docs/man/extortion-rules.5
dist_man_MANS += docs/man/extortion-notices.5
