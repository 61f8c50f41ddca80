/* SPDX-License-Identifier: MIT */
/*
 * CRC-32C, the checksum of iSCSI (RFC 3720, sections 12.1 and B.4): sees every
 * damage of up to 32 bits in a row. Not for secrets.
 *
 *	crc = aur_crc32c(0, head);
 *	crc = aur_crc32c(crc, body);        that of both, one behind the other
 */
#ifndef AUR_BASE_CHECKSUM_H
#define AUR_BASE_CHECKSUM_H

#include "base/slice.h"

/* The checksum of what `before` is the checksum of (0: nothing) and `s`. */
uint32_t aur_crc32c(uint32_t before, struct aur_slice s);

#endif
