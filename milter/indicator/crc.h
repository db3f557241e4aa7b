/* crc - the cyclic sums inside some addresses. Private to the room. */
#ifndef INDICATOR_CRC_H
#define INDICATOR_CRC_H

#include <stddef.h>
#include <stdint.h>

/* CRC-16/XMODEM: polynomial 0x1021, start 0 (Stellar, TON). */
uint16_t crc16_xmodem(const uint8_t *p, size_t n);
/* CRC-32 of ISO 3309, as in zip (Cardano's first addresses). */
uint32_t crc32_iso(const uint8_t *p, size_t n);

#endif
