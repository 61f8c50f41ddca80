/* SPDX-License-Identifier: MIT */
/*
 * The tries have a feed of their own, since a feed has one login for each
 * host and the session's are the user's. In it the hosts go by another name,
 * so that a host that is both chosen and jumped over is passed with the user's
 * key and reached with the throw-away one.
 *
 * A private half lives in a directory that only the user may enter, and no
 * longer than the command.
 */
#include "cli/proof.h"

#include "base/err.h"
#include "base/mem.h"
#include "wire/client.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_S 30
#define NAME_SIZE 160

/* What the line must not run. */
#define OTHER_COMMAND "echo this login runs what it is asked for"

struct proving {
	struct aur_fleet_host *host, *jump; /* of the feed; jumps are ours */
	char (*name)[NAME_SIZE];
	struct aur_feed *feed;
	struct aur_client *client; /* its hello is what we send */
	struct session *session;
	size_t open;
};

struct attempt {
	struct proving *proving;
	struct proof_try *try;
	bool greeted, right;
};

/* --- keys ----------------------------------------------------------------- */

int proof_begin(struct proof *p)
{
	const char *tmp = getenv("TMPDIR");

	*p = (struct proof){.dir = ""};
	if (tmp == NULL || tmp[0] != '/' || strlen(tmp) > PROOF_PATH - 64)
		tmp = "/tmp";
	snprintf(p->dir, sizeof p->dir, "%s/aurora-proof-XXXXXX", tmp);
	if (mkdtemp(p->dir) != NULL)
		return CLI_OK;
	cli_error(NULL, "no place for a throw-away key: %s: %s", p->dir,
	    strerror(errno));
	p->dir[0] = '\0';
	return CLI_FAILED;
}

static void remove_file(const char *path, const char *more)
{
	char name[PROOF_PATH + 8];

	snprintf(name, sizeof name, "%s%s", path, more);
	(void)unlink(name);
}

void proof_end(struct proof *p)
{
	for (size_t i = 0; i < PROOF_ROLES && p->dir[0] != '\0'; i++)
		if (p->path[i][0] != '\0') {
			remove_file(p->path[i], "");
			remove_file(p->path[i], ".pub");
		}
	if (p->dir[0] != '\0')
		(void)rmdir(p->dir);
	*p = (struct proof){.dir = ""};
}

static bool generate(const char *path)
{
	const char *with[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "",
	    "-C", "aurora-proof", "-f", path, NULL};
	int code = 0;
	pid_t pid = fork();

	if (pid == 0) {
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(with[0], (char *const *)(uintptr_t)with);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &code, 0) < 0)
		if (errno != EINTR)
			return false;
	return pid > 0 && WIFEXITED(code) && WEXITSTATUS(code) == 0;
}

static bool read_public(const char *path, char *out, size_t size)
{
	char name[PROOF_PATH + 8];
	bool good;
	FILE *f;

	snprintf(name, sizeof name, "%s.pub", path);
	f = fopen(name, "re");
	good = f != NULL && fgets(out, (int)size, f) != NULL;
	if (f != NULL)
		fclose(f);
	if (!good)
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return good;
}

int proof_key(struct proof *p, enum aur_team_role role, const char **ret_line)
{
	char dir[PROOF_PATH];
	int n = 0;

	memcpy(dir, p->dir, sizeof dir);
	if (p->line[role][0] == '\0') {
		n = snprintf(p->path[role], PROOF_PATH, "%s/%s", dir,
		    aur_team_role_name(role));
		if (n < 0 || n >= PROOF_PATH || !generate(p->path[role]) ||
		    !read_public(
			p->path[role], p->line[role], sizeof p->line[role])) {
			cli_error(NULL, "ssh-keygen made no throw-away key: is "
					"OpenSSH's client installed?");
			return CLI_FAILED;
		}
	}
	*ret_line = p->line[role];
	return CLI_OK;
}

/* --- tries ---------------------------------------------------------------- */

static void on_hello(void *arg, const struct aur_hello *hello)
{
	struct attempt *a = arg;

	a->greeted = true;
	a->right = aur_slice_is(hello->role, aur_team_role_name(a->try->role));
}

/* What came out is the agent's first words, or something else was run. */
static void judge(struct attempt *a, struct aur_slice out)
{
	static const struct aur_client_handler handler = {.hello = on_hello};
	struct aur_client *client = NULL;
	int rc = aur_client_new(&client, &handler, a);

	if (rc == 0)
		rc = aur_client_put(client, out);
	a->try->good = a->greeted && a->right;
	if (a->greeted && !a->right)
		snprintf(a->try->why, sizeof a->try->why,
		    "the agent greeted in another role");
	else if (!a->greeted)
		snprintf(a->try->why, sizeof a->try->why,
		    "the line's command was not what ran");
	(void)rc; /* what ends the stream comes behind the greeting */
	aur_client_free(client);
}

static void on_result(void *arg, const struct aur_fleet_result *r)
{
	struct attempt *a = arg;
	struct proving *p = a->proving;

	if (r->err < 0)
		snprintf(a->try->why, sizeof a->try->why, "%.*s",
		    (int)(r->text.n < 500 ? r->text.n : 500),
		    (const char *)r->text.p);
	else
		judge(a, r->out);
	if (--p->open == 0)
		aur_loop_stop(p->session->loop);
}

/* A command has no second try by another transport, as an agent's link has;
 * so it goes by the one that the session has found out. */
static enum aur_fleet_via way_of(const struct session *s, size_t host)
{
	const struct aur_feed_host *f = s->feed->class->host(s->feed, host);

	return strcmp(f->via, aur_fleet_via_name(AUR_FLEET_OPENSSH)) == 0
		   ? AUR_FLEET_OPENSSH
		   : AUR_FLEET_LIBSSH2;
}

static int make_hosts(struct proving *p, const struct proof *proof,
    const struct hosts *h, const struct proof_try *try, size_t n)
{
	p->host = aur_mem_new(n + 1, sizeof *p->host);
	p->name = aur_mem_new(n + 1, sizeof *p->name);
	p->jump = aur_mem_new(h->n + h->njump + 1, sizeof *p->jump);
	if (p->host == NULL || p->name == NULL || p->jump == NULL)
		return AUR_ENOMEM;
	for (size_t i = 0; i < h->n; i++)
		p->jump[i] = h->reach[i];
	for (size_t i = 0; i < h->njump; i++)
		p->jump[h->n + i] = h->jump[i];
	for (size_t i = 0; i < n; i++) {
		const struct aur_fleet_host *as = &h->reach[try[i].host];

		snprintf(p->name[i], NAME_SIZE, "%s as %s", as->name,
		    aur_team_role_name(try[i].role));
		p->host[i] = *as;
		p->host[i].name = p->name[i];
		p->host[i].address =
		    as->address != NULL ? as->address : as->name;
		p->host[i].via = way_of(p->session, try[i].host);
		p->host[i].identity = proof->path[try[i].role];
		p->host[i].alone = true;
	}
	return 0;
}

static int start(struct proving *p, const struct hosts *h, size_t n)
{
	const struct aur_fleet_options options = {
	    .once = true,
	    .asked = true,
	    .jumps = p->jump,
	    .njump = h->n + h->njump,
	};
	static const struct aur_client_handler none = {.hello = NULL};
	int rc = aur_client_new(&p->client, &none, NULL);

	return rc == 0 ? aur_fleet_new(
			     &p->feed, p->session->loop, p->host, n, &options)
		       : rc;
}

/* Ctrl-C stops the loop, not the tries: they have a deadline, and lines must
 * be taken off the hosts after them. */
static int run(struct proving *p, struct attempt *attempt, size_t n)
{
	struct aur_slice hello = aur_buf_peek(aur_client_out(p->client));
	int rc = 0;

	p->open = n;
	for (size_t i = 0; i < n; i++)
		aur_fleet_exec(p->feed, i, OTHER_COMMAND, hello,
		    aur_span_seconds(PATIENCE_S), on_result, &attempt[i]);
	while (rc == 0 && p->open > 0)
		rc = aur_loop_run(p->session->loop);
	return rc;
}

int proof_run(const struct proof *proof, struct session *s,
    const struct hosts *h, struct proof_try *try, size_t n)
{
	struct proving p = {.session = s};
	struct attempt *attempt = aur_mem_new(n + 1, sizeof *attempt);
	int rc =
	    attempt != NULL ? make_hosts(&p, proof, h, try, n) : AUR_ENOMEM;

	for (size_t i = 0; rc == 0 && i < n; i++)
		attempt[i] = (struct attempt){.proving = &p, .try = &try[i]};
	if (rc == 0)
		rc = start(&p, h, n);
	if (rc == 0)
		rc = run(&p, attempt, n);
	if (p.feed != NULL)
		p.feed->class->free(p.feed);
	aur_client_free(p.client);
	aur_mem_free(attempt);
	aur_mem_free(p.host);
	aur_mem_free(p.name);
	aur_mem_free(p.jump);
	return rc < 0 ? cli_fail(rc) : CLI_OK;
}
