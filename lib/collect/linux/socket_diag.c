/* SPDX-License-Identifier: MIT */
/*
 * How many TCP sockets listen, asked by sock_diag(7): the kernel walks its
 * table of listeners only, where /proc/net/tcp would print every connection.
 * The structs are those of linux/netlink.h, linux/sock_diag.h and
 * linux/inet_diag.h, which the musl toolchain lacks.
 */
#include "collect/linux/linux.h"

#include "base/err.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define PROTO_SOCK_DIAG 4	/* NETLINK_SOCK_DIAG */
#define BY_FAMILY 20		/* SOCK_DIAG_BY_FAMILY */
#define MSG_DONE 3		/* NLMSG_DONE */
#define MSG_ERROR 2		/* NLMSG_ERROR */
#define FLAGS_DUMP 0x301	/* NLM_F_REQUEST | NLM_F_DUMP */
#define TCP_PROTO 6		/* IPPROTO_TCP */
#define STATE_LISTEN (1u << 10) /* 1 << TCP_LISTEN */

struct nl_head { /* struct nlmsghdr */
	uint32_t len;
	uint16_t type, flags;
	uint32_t seq, pid;
};

struct request { /* struct nlmsghdr and struct inet_diag_req_v2 */
	struct nl_head head;
	uint8_t family, protocol, ext, pad;
	uint32_t states;
	uint8_t id[48]; /* struct inet_diag_sockid; not looked at in a dump */
};

static int open_diag(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    PROTO_SOCK_DIAG);

	return fd < 0 ? aur_err_errno(errno) : fd;
}

/* Counts the messages of one datagram. 1: more to come; 0: the dump is done;
 * or an error. */
static int count(const uint8_t *p, size_t n, uint64_t *total)
{
	struct nl_head h;

	while (n >= sizeof(h)) {
		size_t step;

		memcpy(&h, p, sizeof(h));
		if (h.len < sizeof(h) || h.len > n)
			return AUR_EINVALID;
		if (h.type == MSG_DONE)
			return 0;
		if (h.type == MSG_ERROR)
			return AUR_EUNSUPPORTED;
		*total += h.type == BY_FAMILY;
		step = (h.len + 3u) & ~3u;
		if (step >= n)
			break;
		p += step;
		n -= step;
	}
	return 1;
}

static int dump(int fd, uint8_t family, uint64_t *total)
{
	struct request q = {
	    .head = {.len = sizeof(q), .type = BY_FAMILY, .flags = FLAGS_DUMP},
	    .family = family,
	    .protocol = TCP_PROTO,
	    .states = STATE_LISTEN,
	};
	uint8_t text[16384];
	int rc = 1;

	if (send(fd, &q, sizeof(q), MSG_NOSIGNAL) < 0)
		return aur_err_errno(errno);
	/* The kernel answers within send; what does not come at once will
	 * not come. */
	while (rc == 1) {
		ssize_t got = recv(fd, text, sizeof(text), 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return AUR_EIO;
		rc = count(text, (size_t)got, total);
	}
	return rc;
}

int aur__count_listening(int *fd, uint64_t *ret_n)
{
	uint64_t total = 0;
	int rc;

	if (*fd < 0) {
		rc = open_diag();
		if (rc < 0)
			return rc;
		*fd = rc;
	}
	rc = dump(*fd, AF_INET, &total);
	/* A host without IPv6 has none of these. */
	if (rc == 0)
		rc = dump(*fd, AF_INET6, &total);
	if (rc < 0) {
		aur__root_close(fd); /* with whatever is still in it */
		return rc;
	}
	*ret_n = total;
	return 0;
}
