#include "metrics/table.h"

#include <string.h>

const struct metric_row metric_rows[] = {
#define FAMILY(id, k, name, u, s, l, text)                                                         \
    {.family = (name),                                                                             \
     .kind = METRIC_##k,                                                                           \
     .unit = (u),                                                                                  \
     .scale = (s),                                                                                 \
     .label = (l),                                                                                 \
     .help = (text),                                                                               \
     .metric = -1,                                                                                 \
     .names = -1},
#define SERIES(id, v) {.metric = METRIC_##id, .names = -1, .value = (v)},
#define SINGLE(id, k, name, u, s, text)                                                            \
    {.family = (name),                                                                             \
     .kind = METRIC_##k,                                                                           \
     .unit = (u),                                                                                  \
     .scale = (s),                                                                                 \
     .help = (text),                                                                               \
     .metric = METRIC_##id,                                                                        \
     .names = -1},
#define NAMED(id, name, l, n, back, text)                                                          \
    {.family = (name),                                                                             \
     .kind = METRIC_COUNTER,                                                                       \
     .unit = "",                                                                                   \
     .scale = 1,                                                                                   \
     .label = (l),                                                                                 \
     .help = (text),                                                                               \
     .metric = -1,                                                                                 \
     .names = METRIC_NAMES_##id,                                                                   \
     .most = (n),                                                                                  \
     .held_back = (back)},
#include "metrics/metrics.def"
};
const size_t n_metric_rows = sizeof metric_rows / sizeof metric_rows[0];

/* A mail takes 0.3 ms, a hostile one 50 ms; MTAs wait ten seconds and more. */
static const struct bound durations[BOUNDS_MAX] = {
    {100000, "0.0001"},  {250000, "0.00025"}, {500000, "0.0005"},  {1000000, "0.001"},
    {2500000, "0.0025"}, {5000000, "0.005"},  {10000000, "0.01"},  {25000000, "0.025"},
    {50000000, "0.05"},  {100000000, "0.1"},  {250000000, "0.25"}, {500000000, "0.5"},
    {1000000000, "1.0"}, {2500000000, "2.5"}, {5000000000, "5.0"}, {10000000000, "10.0"},
};

static const struct bound sizes[BOUNDS_MAX] = {
    {1 << 10, "1024.0"},    {4 << 10, "4096.0"},      {16 << 10, "16384.0"},
    {64 << 10, "65536.0"},  {256 << 10, "262144.0"},  {1 << 20, "1048576.0"},
    {4 << 20, "4194304.0"}, {16 << 20, "16777216.0"}, {64 << 20, "67108864.0"},
};

const struct bound *metric_bounds(const char *unit)
{
    return strcmp(unit, "bytes") == 0 ? sizes : durations;
}
