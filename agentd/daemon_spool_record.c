/* SPDX-License-Identifier: MIT */
/*
 * Records of the open segment. Numbers are little-endian:
 *
 *	+--------+--------+------+-----------------+---------
 *	| length | crc32c | kind | when (ns, 1970) | payload
 *	|   4    |   4    |  1   |        8        |
 *	+--------+--------+------+-----------------+---------
 *	                  |<------- length bytes ---------->|
 *
 * The checksum is of the length and of all behind the checksum, so a length
 * that is wrong is not followed. The first that is not whole ends the file:
 * records are only ever appended, so what is behind a torn one is not ours.
 */
#include "agentd/daemon_spool_int.h"

#include "base/checksum.h"
#include "base/err.h"
#include "base/limits.h"

#define HEAD 8
#define REST 9 /* kind and time */
#define FORM 1 /* of the payload of a head */
#define HEAD_SIZE (1 + 8 + 8 + 16)

static void put(uint8_t *p, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static uint64_t get(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

int spool__record_add(struct aur_buf *out, const struct record *r)
{
	uint8_t head[HEAD + REST];
	uint32_t crc;
	int rc;

	put(head, r->payload.n + REST, 4);
	head[HEAD] = (uint8_t)r->kind;
	put(head + HEAD + 1, (uint64_t)r->at.ns, 8);
	crc = aur_crc32c(0, aur_slice_of(head, 4));
	crc = aur_crc32c(crc, aur_slice_of(head + HEAD, REST));
	crc = aur_crc32c(crc, r->payload);
	put(head + 4, crc, 4);
	/* all or nothing: half a record would be a torn one */
	if (aur_buf_reserve(out, sizeof(head) + r->payload.n) == NULL)
		return AUR_ENOMEM;
	rc = aur_buf_add(out, head, sizeof(head));
	if (rc == 0)
		rc = aur_buf_add_slice(out, r->payload);
	return rc;
}

int spool__head_add(
    struct aur_buf *out, const struct record_head *h, struct aur_wall at)
{
	uint8_t p[HEAD_SIZE] = {FORM};
	struct record r = {RECORD_HEAD, at, aur_slice_of(p, sizeof(p))};

	put(p + 1, h->serial, 8);
	put(p + 9, h->event, 8);
	memcpy(p + 17, h->boot_id, 16);
	return spool__record_add(out, &r);
}

int spool__head_take(struct aur_slice payload, struct record_head *ret_h)
{
	if (payload.n >= 1 && payload.p[0] > FORM)
		return AUR_EVERSION;
	if (payload.n < HEAD_SIZE || payload.p[0] != FORM)
		return AUR_EINVALID;
	ret_h->serial = get(payload.p + 1, 8);
	ret_h->event = get(payload.p + 9, 8);
	memcpy(ret_h->boot_id, payload.p + 17, 16);
	return ret_h->serial <= INT64_MAX ? 0 : AUR_EINVALID;
}

int spool__record_read(int fd, uint64_t *at, uint64_t size, struct aur_buf *buf,
    struct record *ret_r)
{
	uint8_t head[HEAD], *p;
	uint64_t n;
	int rc;

	if (*at >= size)
		return AUR_EABSENT;
	if (size - *at < HEAD + REST)
		return AUR_EINVALID;
	rc = spool__read_all(fd, head, sizeof(head), *at);
	if (rc < 0)
		return rc == AUR_ETRUNCATED ? AUR_EINVALID : rc;
	n = get(head, 4);
	if (n < REST || n > size - *at - HEAD || n > AUR_MAX_SPOOL_RECORD)
		return AUR_EINVALID;
	aur_buf_clear(buf);
	p = aur_buf_reserve(buf, n);
	if (p == NULL)
		return AUR_ENOMEM;
	rc = spool__read_all(fd, p, n, *at + HEAD);
	if (rc < 0)
		return rc == AUR_ETRUNCATED ? AUR_EINVALID : rc;
	aur_buf_commit(buf, n);
	if (aur_crc32c(aur_crc32c(0, aur_slice_of(head, 4)),
		aur_slice_of(p, n)) != get(head + 4, 4))
		return AUR_EINVALID;
	*ret_r = (struct record){(enum record_kind)p[0],
	    {(int64_t)get(p + 1, 8)}, aur_slice_of(p + REST, n - REST)};
	*at += HEAD + n;
	return 0;
}
