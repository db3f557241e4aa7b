/* A message as text, for golden tests and for looking at one. */
#ifndef TESTS_MAIL_DUMP_H
#define TESTS_MAIL_DUMP_H

#include "mail/mail.h"

/*
 * One line a part ("[1] text/html base64 utf-8 html <1203-1877> 504"), its interesting headers
 * decoded, its text with every line indented, and the anomalies with their counts. False when out
 * is full.
 */
bool dump_message(struct mail_reader *reader, const struct message *m, struct buf *out);

#endif
