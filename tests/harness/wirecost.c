/* SPDX-License-Identifier: MIT */
/*
 * What a subscription costs on the wire: runs an agent, takes samples, and
 * prints bytes per sample, in all and by domain.
 *
 *	wirecost AGENT [-n SAMPLES] [-i MS] [--no-processes|--overview]
 *
 * The first two samples (the keyframe, and the one that learns the growth of
 * counters) are shown apart and do not count into the mean.
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/varint.h"
#include "wire/client.h"
#include "wire/frame.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SETTLE 2u

struct cost {
	struct aur_client *client;
	struct aur_want want;
	struct aur_buf in;
	bool begun; /* the magic line is behind us */
	uint64_t samples, nprocess;
	uint64_t now, first, second, total, least, most;
	uint64_t domain[AUR_DOMAIN_COUNT], other;
};

static void on_sample(void *arg, struct aur_sample *s)
{
	struct cost *c = arg;
	const struct aur_part *p = aur_sample_get(s, AUR_DOMAIN_PROCESS);

	c->nprocess = p != NULL ? p->n : 0;
}

static pid_t spawn(const char *agent, int *ret_fd)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(pair[1], 0);
		dup2(pair[1], 1);
		close(pair[0]);
		close(pair[1]);
		execl(agent, agent, "--stdio", (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	*ret_fd = pair[0];
	return pid;
}

/* The domain of the part numbered `n`: those wanted, in order. */
static int domain_of(const struct cost *c, uint64_t n)
{
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++)
		if ((c->want.domains >> id) & 1 && n-- == 0)
			return id;
	return -1;
}

static void count(struct cost *c, const struct aur_frame *f, size_t size)
{
	struct aur_slice s = f->payload;
	bool settled = c->samples >= SETTLE;
	uint64_t n;
	int id;

	if (f->type != AUR_MSG_SAMPLE_BEGIN && f->type != AUR_MSG_PART &&
	    f->type != AUR_MSG_SAMPLE_END)
		return;
	c->now += size;
	if (f->type == AUR_MSG_PART && aur_varint_take(&s, &n) == 0) {
		id = domain_of(c, n);
		if (id >= 0 && settled)
			c->domain[id] += size;
	} else if (settled) {
		c->other += size;
	}
	if (f->type != AUR_MSG_SAMPLE_END)
		return;
	if (c->samples == 0)
		c->first = c->now;
	else if (c->samples == 1)
		c->second = c->now;
	else
		c->total += c->now;
	if (settled && (c->least == 0 || c->now < c->least))
		c->least = c->now;
	if (settled && c->now > c->most)
		c->most = c->now;
	c->samples++;
	c->now = 0;
}

static int take(struct cost *c, const uint8_t *p, size_t n)
{
	const size_t magic = sizeof(AUR_WIRE_PREAMBLE) - 1;
	struct aur_slice s;
	struct aur_frame f;
	int rc = aur_client_put(c->client, aur_slice_of(p, n));

	if (rc == 0)
		rc = aur_buf_add(&c->in, p, n);
	if (rc < 0)
		return rc;
	s = aur_buf_peek(&c->in);
	if (!c->begun) {
		if (s.n < magic)
			return 0;
		aur_buf_take(&c->in, magic);
		c->begun = true;
		s = aur_buf_peek(&c->in);
	}
	for (;;) {
		size_t had = s.n;

		if (aur_frame_take(&s, &f) <= 0)
			break;
		count(c, &f, had - s.n);
	}
	aur_buf_take(&c->in, aur_buf_peek(&c->in).n - s.n);
	return 0;
}

static void print(const struct cost *c)
{
	double n = (double)(c->samples - SETTLE);

	printf("processes %llu\n", (unsigned long long)c->nprocess);
	printf("first %llu  second %llu  then %.0f (%llu to %llu) bytes\n",
	    (unsigned long long)c->first, (unsigned long long)c->second,
	    (double)c->total / n, (unsigned long long)c->least,
	    (unsigned long long)c->most);
	for (int id = 0; id < AUR_DOMAIN_COUNT; id++)
		if (c->domain[id] > 0)
			printf("  %-12s %8.1f\n",
			    aur_domain_get((enum aur_domain_id)id)->name,
			    (double)c->domain[id] / n);
	printf("  %-12s %8.1f\n", "(frame)", (double)c->other / n);
}

static int parse(int argc, char **argv, struct cost *c)
{
	uint64_t v;

	c->want.domains = aur_want_system() | AUR_WANT_DOMAIN(PROCESS);
	c->want.process_fields = aur_want_process_all();
	c->want.interval = aur_span_ms(1000);
	c->want.aligned = true;
	c->want.count = 12;
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--no-processes") == 0)
			c->want.domains = aur_want_system();
		else if (strcmp(argv[i], "--overview") == 0)
			c->want.process_fields = aur_want_process_overview();
		else if (i + 1 == argc ||
			 aur_scan_u64(aur_slice_str(argv[i + 1]), &v) < 0)
			return -1;
		else if (strcmp(argv[i++], "-n") == 0 && v > SETTLE)
			c->want.count = v;
		else if (strcmp(argv[i - 1], "-i") == 0)
			c->want.interval = aur_span_ms((int64_t)v);
		else
			return -1;
	}
	return argc < 2 ? -1 : 0;
}

static int run(struct cost *c, int fd)
{
	static uint8_t chunk[65536];
	int rc = aur_client_want(c->client, &c->want);

	while (rc == 0 && c->samples < c->want.count) {
		struct aur_buf *out = aur_client_out(c->client);
		struct aur_slice s = aur_buf_peek(out);
		ssize_t n;

		if (s.n > 0) {
			n = write(fd, s.p, s.n);
			if (n <= 0)
				return AUR_EIO;
			aur_buf_take(out, (size_t)n);
			continue;
		}
		n = read(fd, chunk, sizeof(chunk));
		if (n <= 0)
			return AUR_ECLOSED;
		rc = take(c, chunk, (size_t)n);
	}
	return rc;
}

int main(int argc, char **argv)
{
	static const struct aur_client_handler handler = {.sample = on_sample};
	struct cost c = {0};
	int fd, status, rc;
	pid_t pid;

	if (parse(argc, argv, &c) < 0) {
		fprintf(stderr, "usage: wirecost AGENT [-n SAMPLES] [-i MS] "
				"[--no-processes|--overview]\n");
		return 2;
	}
	aur_buf_init(&c.in, AUR_MAX_FRAME * 2);
	rc = aur_client_new(&c.client, &handler, &c);
	if (rc < 0)
		return 1;
	pid = spawn(argv[1], &fd);
	if (pid < 0)
		return 1;
	rc = run(&c, fd);
	if (rc < 0)
		fprintf(stderr, "wirecost: %s (%s)\n", aur_err_str(rc),
		    aur_client_error(c.client) ? aur_client_error(c.client)
					       : "still open");
	else
		print(&c);
	close(fd);
	waitpid(pid, &status, 0);
	aur_client_free(c.client);
	aur_buf_release(&c.in);
	return rc < 0;
}
