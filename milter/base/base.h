/*
 * base - what every room stands on: views, bounded buffers, arenas, span maps, UTF-8, limits,
 * anomalies, diagnostics, JSON. Does no I/O, never logs, never exits. This is the room's door;
 * other rooms include this file only.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include "base/anomaly.h"
#include "base/arena.h"
#include "base/budget.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/json-read.h"
#include "base/json-tree.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/spanmap.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/view.h"

#endif
