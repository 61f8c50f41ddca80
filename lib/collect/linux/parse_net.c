/* SPDX-License-Identifier: MIT */
/* Interfaces and sockets: /proc/net/dev, sockstat, sockstat6, snmp. */
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/scan.h"

#define DEV_NUMBERS 16u

/* "eth0: 8 numbers received 8 numbers sent"; a name may hold a colon. */
static bool parse_dev_line(struct aur_slice line, struct aur__netdev *d)
{
	/* Where the cells stand in the line. */
	static const uint8_t column[] = {
	    [AUR_NETWORK_receive_bytes] = 0,
	    [AUR_NETWORK_receive_packets] = 1,
	    [AUR_NETWORK_receive_errors] = 2,
	    [AUR_NETWORK_receive_drops] = 3,
	    [AUR_NETWORK_multicast] = 7,
	    [AUR_NETWORK_transmit_bytes] = 8,
	    [AUR_NETWORK_transmit_packets] = 9,
	    [AUR_NETWORK_transmit_errors] = 10,
	    [AUR_NETWORK_transmit_drops] = 11,
	    [AUR_NETWORK_collisions] = 13,
	};
	uint64_t v[DEV_NUMBERS];
	size_t end = line.n;

	while (end > 0 && line.p[end - 1] != ':')
		end--;
	if (end < 2)
		return false;
	d->name = aur_slice_trim(aur_slice_of(line.p, end - 1));
	line = aur_slice_of(line.p + end, line.n - end);
	for (size_t i = 0; i < DEV_NUMBERS; i++)
		if (!aur_scan_next_u64(&line, &v[i]))
			return false;
	for (size_t f = 0; f < AUR_ARRAY_LEN(d->v); f++)
		d->v[f] = v[column[f]];
	return d->name.n > 0;
}

bool aur__parse_netdev(struct aur_slice *text, struct aur__netdev *ret_dev)
{
	struct aur_slice line;

	while (aur_slice_line(text, &line)) {
		struct aur__netdev d;

		if (!parse_dev_line(line, &d))
			continue;
		*ret_dev = d;
		return true;
	}
	return false;
}

/* "TCP: inuse 5 orphan 0 ..." */
static void sockstat_line(
    struct aur_slice line, uint64_t page_size, struct aur_part *p)
{
	/* The line's word, then the number's. */
	static const struct {
		const char *line, *name;
		uint16_t field;
	} rows[] = {
	    {"sockets", "used", AUR_SOCKET_used},
	    {"TCP", "inuse", AUR_SOCKET_tcp_inuse},
	    {"TCP", "orphan", AUR_SOCKET_tcp_orphan},
	    {"TCP", "tw", AUR_SOCKET_tcp_time_wait},
	    {"TCP", "alloc", AUR_SOCKET_tcp_allocated},
	    {"TCP", "mem", AUR_SOCKET_tcp_memory},
	    {"UDP", "inuse", AUR_SOCKET_udp_inuse},
	    {"TCP6", "inuse", AUR_SOCKET_tcp6_inuse},
	    {"UDP6", "inuse", AUR_SOCKET_udp6_inuse},
	};
	struct aur_slice key, name;
	uint64_t v;

	if (!aur_slice_until(&line, ':', &key))
		return;
	while (aur_slice_word(&line, &name) && aur_scan_next_u64(&line, &v))
		for (size_t k = 0; k < AUR_ARRAY_LEN(rows); k++) {
			if (!aur_slice_is(key, rows[k].line) ||
			    !aur_slice_is(name, rows[k].name))
				continue;
			if (rows[k].field != AUR_SOCKET_tcp_memory)
				aur_part_set(p, 0, rows[k].field, v);
			else if (v <= UINT64_MAX / page_size)
				aur_part_set(
				    p, 0, rows[k].field, v * page_size);
		}
}

/* Undoes aur_part_one where nothing was found. */
static int one_or_none(struct aur_part *p)
{
	if (p->have[0] != 0)
		return 0;
	aur_part_clear(p);
	return AUR_EINVALID;
}

int aur__parse_sockstat(
    struct aur_slice text, uint64_t page_size, struct aur_part *p)
{
	ptrdiff_t i = aur_part_one(p);
	struct aur_slice line;

	if (i < 0)
		return (int)i;
	while (aur_slice_line(&text, &line))
		sockstat_line(line, page_size, p);
	return one_or_none(p);
}

/* Two lines: "Tcp: names..." and "Tcp: numbers...", some of them negative. */
static void snmp_pair(
    struct aur_slice names, struct aur_slice values, struct aur_part *p)
{
	static const struct aur__word words[] = {
	    {"CurrEstab", AUR_SOCKET_tcp_established},
	    {"InSegs", AUR_SOCKET_tcp_in_segments},
	    {"OutSegs", AUR_SOCKET_tcp_out_segments},
	    {"RetransSegs", AUR_SOCKET_tcp_retransmits},
	};
	struct aur_slice name, value;
	size_t hint = 0;

	while (
	    aur_slice_word(&names, &name) && aur_slice_word(&values, &value)) {
		int row =
		    aur__word_find(words, AUR_ARRAY_LEN(words), name, &hint);
		uint64_t v;

		if (row >= 0 && aur_scan_u64(value, &v) == 0)
			aur_part_set(p, 0, words[row].field, v);
	}
}

int aur__parse_snmp(struct aur_slice text, struct aur_part *p)
{
	ptrdiff_t i = aur_part_one(p);
	struct aur_slice line, names = {NULL, 0};

	if (i < 0)
		return (int)i;
	while (aur_slice_line(&text, &line)) {
		if (!aur_slice_starts(line, "Tcp:"))
			continue;
		if (names.n == 0) {
			names = line;
			continue;
		}
		snmp_pair(names, line, p);
		break;
	}
	return one_or_none(p);
}
