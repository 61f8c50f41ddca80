/* SPDX-License-Identifier: MIT */
/*
 * Sockets and TCP: sockstat, sockstat6 and snmp of /proc/net; how many listen
 * is asked of the kernel every few seconds, and never for a tree.
 */
#include "collect/linux/linux.h"
#include "collect/linux/parse.h"

#include "base/err.h"
#include "base/mem.h"

#include <unistd.h>

#define LISTEN_MS 5000

enum { SOCKSTAT, SOCKSTAT6, SNMP, NFILE };

struct socket_state {
	struct aur__kept file[NFILE];
	int diag; /* kept */
	bool no_diag, known;
	struct aur_mono at;
	uint64_t listening;
};

static int socket_open(struct aur_root *root, void **ret_state)
{
	struct socket_state *s = aur_mem_new(1, sizeof(*s));

	(void)root;
	if (s == NULL)
		return AUR_ENOMEM;
	for (int i = 0; i < NFILE; i++)
		s->file[i].fd = -1;
	s->diag = -1;
	s->at = AUR__NEVER;
	*ret_state = s;
	return 0;
}

static void socket_close(void *state)
{
	struct socket_state *s = state;

	if (s == NULL)
		return;
	for (int i = 0; i < NFILE; i++)
		aur__root_close(&s->file[i].fd);
	aur__root_close(&s->diag);
	aur_mem_free(s);
}

static void set_listening(
    struct socket_state *s, struct aur_run *run, struct aur_part *part)
{
	if (!run->root->live || s->no_diag)
		return;
	if (aur__is_due(run->sample->mono, s->at, aur_span_ms(LISTEN_MS))) {
		bool first = s->at.ns == INT64_MIN;

		s->at = run->sample->mono;
		s->known = aur__count_listening(&s->diag, &s->listening) == 0;
		/* Each attempt may have the kernel look for a module. */
		s->no_diag = first && !s->known;
	}
	if (s->known)
		aur_part_set(part, 0, AUR_SOCKET_tcp_listening, s->listening);
}

/* Reads file `i`; one that is not there (IPv6 switched off) is not asked for
 * again. */
static int read_file(struct socket_state *s, int i, struct aur_run *run,
    struct aur_slice *ret_text)
{
	static const char *const paths[NFILE] = {
	    "proc/net/sockstat", "proc/net/sockstat6", "proc/net/snmp"};
	int rc;

	if (s->file[i].absent)
		return AUR_EABSENT;
	rc = aur__root_reread(run->root, &s->file[i].fd, paths[i], ret_text);
	s->file[i].absent = rc == AUR_EABSENT && run->root->live;
	return rc;
}

static int socket_run(void *state, struct aur_run *run, struct aur_part *part)
{
	uint64_t page =
	    run->root->live ? (uint64_t)sysconf(_SC_PAGESIZE) : 4096;
	struct socket_state *s = state;
	int last = AUR_EABSENT;

	for (int i = 0; i < NFILE; i++) {
		struct aur_slice text;
		int rc = read_file(s, i, run, &text);

		if (rc == 0)
			rc = i == SNMP ? aur__parse_snmp(text, part)
				       : aur__parse_sockstat(text, page, part);
		if (rc == AUR_ENOMEM)
			return rc;
		if (rc < 0 && i != SOCKSTAT6)
			last = rc;
	}
	if (part->n == 0)
		return last;
	set_listening(s, run, part);
	return 0;
}

const struct aur_collector aur__collector_socket = {
    .name = "socket",
    .domain = AUR_DOMAIN_SOCKET,
    /* three files that walk all CPUs, for levels that move slowly */
    .period = {2 * AUR_SECOND_NS},
    .open = socket_open,
    .run = socket_run,
    .close = socket_close,
};
