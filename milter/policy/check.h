/* Checks of single values: what would fail later, or be dangerous, fails when the file is read. */
#ifndef POLICY_CHECK_H
#define POLICY_CHECK_H

#include <stdbool.h>

bool check_socket(const char *value, const char **hint);
/* As check_socket, or "auto". */
bool check_metrics(const char *value, const char **hint);
bool check_name(const char *value, const char **hint);
bool check_path(const char *value, const char **hint);
bool check_user(const char *value, const char **hint);
bool check_prefix(const char *value, const char **hint);
bool check_words(const char *value, const char **hint);
bool check_mailbox(const char *value, const char **hint);
/* As check_socket, but a bare path is a program. */
bool check_via(const char *value, const char **hint);
bool check_country(const char *value, const char **hint);
bool check_language(const char *value, const char **hint);
bool check_network(const char *value, const char **hint);
bool check_header(const char *value, const char **hint);

#endif
