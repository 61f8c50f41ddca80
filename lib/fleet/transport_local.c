/* SPDX-License-Identifier: MIT */
/*
 * This machine: the agent program as our child, without any shell. No special
 * case of anything: the same bytes go through the socket pair as would go
 * through ssh.
 */
#include "fleet/fleet_int.h"
#include "fleet/pipe_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <sys/wait.h>

static void explain(struct aur__pipe *p, int status, struct aur__failure *why)
{
	struct aur_slice words = aur__pipe_last(p);
	char end[64];

	if (status < 0)
		snprintf(end, sizeof end, "agent closed the connection");
	else if (WIFSIGNALED(status))
		snprintf(end, sizeof end, "agent ended: signal %d",
		    WTERMSIG(status));
	else
		snprintf(end, sizeof end, "agent ended: exit %d",
		    WEXITSTATUS(status));
	if (words.n > 0)
		snprintf(why->what, sizeof why->what, "%s: %.*s", end,
		    (int)words.n, (const char *)words.p);
	else
		snprintf(why->what, sizeof why->what, "%s", end);
}

static const struct aur__pipe_kind kind = {
    .explain = explain,
    .linger = {.ns = AUR_SECOND_NS / 2},
};

static void free_local(struct aur__transport *t)
{
	if (t == NULL)
		return;
	aur__pipe_release((struct aur__pipe *)t);
	aur_mem_free(t);
}

/* A command and not an agent. */
static int start_shell(
    struct aur__pipe *p, const struct aur__transport_need *need)
{
	char name[] = "sh", how[] = "-c";
	char *argv[] = {name, how, (char *)(uintptr_t)need->command, NULL};
	struct aur_program program = {"/bin/sh", argv, NULL};

	return aur__pipe_init(p, &aur__transport_local, &kind, need, &program);
}

static int start_agent(struct aur__pipe *p,
    const struct aur__transport_need *need, const char *path)
{
	char name[] = "aurora-agentd", how[] = "--stdio";
	char *argv[] = {name, how, NULL};
	struct aur_program program = {path, argv, NULL};

	return aur__pipe_init(p, &aur__transport_local, &kind, need, &program);
}

static int open_local(struct aur__transport **ret_t,
    const struct aur__transport_need *need, struct aur__failure *why)
{
	const char *given = need->route->host->agent;
	struct aur__pipe *p = aur_mem_new(1, sizeof *p);
	struct aur_buf path, error;
	int rc = AUR_ENOMEM;

	aur_buf_init(&path, 4096);
	aur_buf_init(&error, sizeof why->what);
	if (p == NULL)
		goto out;
	if (given == NULL)
		given = need->options->agent;
	rc = need->plain ? start_shell(p, need)
			 : aur__fleet_find_agent(given, &path, &error);
	if (rc == AUR_EABSENT) {
		/* nothing will change before somebody changes it */
		why->state = AUR_HOST_NO_AGENT;
		why->final = true;
		snprintf(why->what, sizeof why->what, "%.*s", (int)error.n,
		    (const char *)aur_buf_peek(&error).p);
	}
	if (rc == 0 && !need->plain)
		rc = start_agent(p, need, aur_buf_str(&path));
	if (rc < 0)
		goto out;
	*ret_t = &p->transport;
	p = NULL;
out:
	if (p != NULL)
		free_local(&p->transport);
	aur_buf_release(&path);
	aur_buf_release(&error);
	return rc;
}

const struct aur__transport_class aur__transport_local = {
    .name = "local",
    .open = open_local,
    .read = aur__pipe_read,
    .write = aur__pipe_write,
    .shut = aur__pipe_shut,
    .words = aur__pipe_words,
    .status = aur__pipe_status,
    .free = free_local,
};
