/*
 * A played rule room, so that policy and mta are tested without packs: classes sextortion,
 * breach-company and violence, three rules, and a loader that fails when it reads "bad-pack".
 */
#ifndef TESTS_POLICY_FAKE_RULE_H
#define TESTS_POLICY_FAKE_RULE_H

#include <stdatomic.h>

#include "rule/rule.h"

enum { FAKE_SEXTORTION, FAKE_BREACH_COMPANY, FAKE_VIOLENCE, FAKE_CLASSES };

/* Rulesets that are loaded and not freed. */
extern atomic_int fake_rulesets;

#endif
