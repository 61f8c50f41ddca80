/* SPDX-License-Identifier: MIT */
/*
 * A host that a user added as `web1` may be web1 to his ssh alone, and his
 * login there is named after nobody but him. A team's file that others take
 * has to say it. Once the user stands there, nobody asks again.
 */
#include "cli/resolve.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK 16384u
#define PATIENCE_S 10
#define WORDS 12

/* --- ssh -G --------------------------------------------------------------- */

static void run(int out, const struct aur_team_host *h)
{
	const char *ssh = getenv("AURORA_SSH"), *word[WORDS];
	const char *user = h->my_user != NULL ? h->my_user : h->user;
	char port[16];
	size_t n = 0;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	word[n++] = ssh != NULL && ssh[0] != '\0' ? ssh : "ssh";
	word[n++] = "-G";
	if (user != NULL) {
		word[n++] = "-l";
		word[n++] = user;
	}
	if (h->port > 0) {
		snprintf(port, sizeof(port), "%u", h->port);
		word[n++] = "-p";
		word[n++] = port;
	}
	word[n++] = "--";
	word[n++] = h->alias != NULL ? h->alias : h->address;
	word[n] = NULL;
	if (dup2(null, STDIN_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 ||
	    dup2(out, STDOUT_FILENO) < 0)
		_exit(126);
	execvp(word[0], (char *const *)(uintptr_t)word);
	_exit(127);
}

static int read_all(int fd, struct aur_buf *text)
{
	struct aur_mono end =
	    aur_mono_add(aur_clock_mono(), aur_span_seconds(PATIENCE_S));

	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int64_t left =
		    aur_mono_since(end, aur_clock_mono()).ns / 1000000;
		uint8_t *room = aur_buf_reserve(text, CHUNK);
		ssize_t n;

		if (room == NULL)
			return AUR_ELIMIT;
		if (left <= 0)
			return AUR_ETIMEOUT;
		if (poll(&p, 1, (int)left) <= 0)
			continue;
		n = read(fd, room, CHUNK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? AUR_EIO : 0;
		aur_buf_commit(text, (size_t)n);
	}
}

/* Its end; one that has been given up is ended. */
static int reap(pid_t pid, int rc)
{
	int code = 0;

	if (rc < 0)
		(void)kill(pid, SIGKILL);
	while (waitpid(pid, &code, 0) < 0)
		if (errno != EINTR)
			return AUR_EIO;
	if (rc == 0 && !(WIFEXITED(code) && WEXITSTATUS(code) == 0))
		rc = AUR_EABSENT;
	return rc;
}

static int ask(const struct aur_team_host *h, struct aur_buf *text)
{
	int ends[2], rc;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return AUR_EIO;
	pid = fork();
	if (pid == 0)
		run(ends[1], h);
	close(ends[1]);
	rc = pid < 0 ? AUR_EIO : read_all(ends[0], text);
	close(ends[0]);
	return pid < 0 ? rc : reap(pid, rc);
}

int resolve_host(
    const struct aur_team_host *h, struct aur_ssh_config **ret_config)
{
	const char *home = getenv("HOME");
	struct aur_ssh_place place = {
	    .home = home != NULL ? home : "",
	    .uid = getuid(),
	    .user = "",
	    .hostname = "",
	    .original = h->alias != NULL ? h->alias : h->address,
	};
	struct aur_buf text;
	int rc;

	aur_buf_init(&text, AUR_MAX_SSH_CONFIG);
	rc = ask(h, &text);
	if (rc == 0)
		rc = aur_ssh_config_parse(
		    aur_buf_peek(&text), &place, ret_config);
	aur_buf_release(&text);
	return rc;
}

/* --- the team ------------------------------------------------------------- */

/* What is mine alone, and what others cannot have, is not theirs. */
static void fill(struct aur_team_host *h, const struct aur_ssh_config *c)
{
	h->user = h->my_user != NULL ? h->my_user : c->user;
	if (h->alias == NULL && strcmp(h->address, c->hostname) != 0 &&
	    aur_address_host_valid(aur_slice_str(c->hostname))) {
		h->alias = h->address;
		h->address = c->hostname;
	}
	if (h->port == 0 && c->port != 22)
		h->port = c->port;
	if (h->jump == NULL && c->n_hops > 0)
		h->jump = c->proxy_jump;
}

/* Whom it is known of; a reason for who asks for many at once. */
#define MANY 50

struct resolved {
	char id[65];
	struct aur_ssh_config *config;
};

static void tell_unknown(const struct aur_team_host *h, int rc)
{
	cli_error(h->name,
	    "what ~/.ssh/config says of it is not known (%s), so others are "
	    "not told its user: 'aurora team edit host --address USER@ADDRESS "
	    "%s'",
	    aur_err_str(rc), h->name);
}

static int ask_one(struct resolve *r, const struct aur_team_host *h)
{
	struct resolved *one = &r->host[r->n];
	int rc = resolve_host(h, &one->config);

	if (rc == AUR_ENOMEM)
		return cli_fail(rc);
	if (rc < 0) {
		tell_unknown(h, rc);
		return CLI_OK;
	}
	snprintf(one->id, sizeof(one->id), "%s", h->id);
	r->n++;
	if (one->config->proxy_command != NULL)
		cli_error(h->name,
		    "it is reached by a ProxyCommand of ~/.ssh/config, which "
		    "others need as well");
	return CLI_OK;
}

int resolve_ask(struct resolve *r, const struct aur_team *t)
{
	size_t n = 0;
	int status = CLI_OK;

	*r = (struct resolve){.n = 0};
	for (size_t i = 0; i < t->nhost; i++)
		n += t->host[i].user == NULL;
	if (n == 0)
		return CLI_OK;
	r->host = aur_mem_new(n, sizeof(*r->host));
	if (r->host == NULL)
		return cli_fail(AUR_ENOMEM);
	if (n >= MANY)
		fprintf(stderr,
		    "aurora: asking ssh who and where %zu hosts are, for the "
		    "others; once\n",
		    n);
	for (size_t i = 0; i < t->nhost && status == CLI_OK; i++)
		if (t->host[i].user == NULL)
			status = ask_one(r, &t->host[i]);
	return status;
}

int resolve_apply(const struct resolve *r, struct aur_team *t)
{
	struct aur_team_host *h = aur_mem_new(r->n + 1, sizeof(*h));
	char why[AUR_TEAM_WHY];
	size_t n = 0, at;
	int rc;

	if (h == NULL)
		return cli_fail(AUR_ENOMEM);
	for (size_t i = 0; i < r->n; i++) {
		if (!aur_team_find_id(t, aur_slice_str(r->host[i].id), &at) ||
		    t->host[at].user != NULL)
			continue;
		h[n] = t->host[at];
		fill(&h[n++], r->host[i].config);
	}
	rc = n > 0 ? aur_team_put_hosts(t, h, n, why, sizeof(why)) : 0;
	aur_mem_free(h);
	if (rc < 0)
		cli_error(NULL, "%s", why);
	return rc < 0 ? CLI_FAILED : CLI_OK;
}

void resolve_release(struct resolve *r)
{
	for (size_t i = 0; i < r->n; i++)
		aur_ssh_config_free(r->host[i].config);
	aur_mem_free(r->host);
	*r = (struct resolve){.n = 0};
}
