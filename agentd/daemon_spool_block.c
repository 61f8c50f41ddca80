/* SPDX-License-Identifier: MIT */
/*
 * A sealed segment is a row of blocks, and each has in front of it
 *
 *	+--------+--------+---------
 *	| length | check  | block
 *	|   4    |   4    | length bytes
 *	+--------+--------+---------
 *
 * little-endian, where check is the CRC-32C of the length. Blocks have
 * checksums of their own. So where bytes were damaged, the next head can be
 * looked for byte by byte: what is a head by chance is no block behind it.
 */
#include "agentd/daemon_spool_int.h"

#include "base/checksum.h"
#include "base/err.h"
#include "base/limits.h"

#define HEAD 8
#define WINDOW 4096 /* looked through at a time */

static uint32_t get(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	       (uint32_t)p[3] << 24;
}

static void put(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

int spool__block_write(int fd, struct aur_slice block)
{
	uint8_t head[HEAD];
	int rc;

	put(head, (uint32_t)block.n);
	put(head + 4, aur_crc32c(0, aur_slice_of(head, 4)));
	rc = spool__write_all(fd, aur_slice_of(head, sizeof(head)));
	return rc < 0 ? rc : spool__write_all(fd, block);
}

/* The length in a head; 0: it is none. */
static uint32_t length(const uint8_t *head)
{
	uint32_t n = get(head);

	return n > 0 && n <= AUR_MAX_BLOCK &&
		       aur_crc32c(0, aur_slice_of(head, 4)) == get(head + 4)
		   ? n
		   : 0;
}

/* Moves *at to what looks like a head, at or behind it. */
static int look_for_head(int fd, uint64_t *at)
{
	uint8_t window[WINDOW];

	for (;;) {
		ssize_t n = spool__read_some(fd, window, sizeof(window), *at);

		if (n < 0)
			return AUR_EIO;
		if (n < HEAD)
			return AUR_EABSENT;
		for (ssize_t i = 0; i + HEAD <= n; i++) {
			if (length(window + i) != 0) {
				*at += (uint64_t)i;
				return 0;
			}
		}
		*at += (uint64_t)(n - HEAD + 1);
	}
}

/* The block whose head is at `at`. 0, AUR_EINVALID (there is none), AUR_EIO,
 * AUR_ENOMEM. */
static int read_block(
    int fd, uint64_t at, struct aur_buf *buf, struct aur_block *ret_block)
{
	uint8_t head[HEAD], *p;
	uint32_t n;
	int rc = spool__read_all(fd, head, sizeof(head), at);

	if (rc < 0)
		return rc == AUR_ETRUNCATED ? AUR_EINVALID : rc;
	n = length(head);
	if (n == 0)
		return AUR_EINVALID;
	aur_buf_clear(buf);
	p = aur_buf_reserve(buf, n);
	if (p == NULL)
		return AUR_ENOMEM;
	rc = spool__read_all(fd, p, n, at + HEAD);
	if (rc < 0)
		return rc == AUR_ETRUNCATED ? AUR_EINVALID : rc;
	aur_buf_commit(buf, n);
	return aur_block_head(aur_buf_peek(buf), ret_block) < 0 ? AUR_EINVALID
								: 0;
}

int spool__block_read(int fd, uint64_t *at, struct aur_buf *buf,
    struct aur_block *ret_block, bool *ret_damaged)
{
	uint8_t one;
	ssize_t n = spool__read_some(fd, &one, 1, *at);

	if (n <= 0)
		return n < 0 ? AUR_EIO : AUR_EABSENT;
	for (;;) {
		int rc = read_block(fd, *at, buf, ret_block);
		if (rc == 0)
			*at += HEAD + aur_buf_peek(buf).n;
		if (rc != AUR_EINVALID)
			return rc;
		*ret_damaged = true;
		++*at;
		rc = look_for_head(fd, at);
		if (rc < 0)
			return rc;
	}
}
