/* SPDX-License-Identifier: MIT */
/*
 * The system's ssh as a child: for everything that libssh2 cannot do, and for
 * who asks for it. It has no terminal, so it can neither draw over the screen
 * nor wait for somebody who does not see the question. What it has to ask it
 * asks by a helper (askpass.c); where nobody can be asked, or our own program
 * is gone, it asks nothing.
 *
 * A host key that is not taken is an answer, ssh says the rest. A secret that
 * is not given ends the login: ssh would go on with an empty one, and that is
 * a refusal more for who counts them.
 */
#include "fleet/askpass_int.h"
#include "fleet/fleet_int.h"
#include "fleet/openssh_int.h"
#include "fleet/pipe_int.h"

#include "base/err.h"
#include "base/mem.h"

struct openssh {
	struct aur__pipe pipe; /* first: this is one */
	const struct aur__route *route;
	struct aur__askpass *askpass; /* NULL: nothing can be asked */
	enum aur_fleet_ask kind;      /* of its last question */
	bool telling, declined;
};

/* --- what it says --------------------------------------------------------- */

static bool on_line(struct aur__pipe *p, struct aur_slice line)
{
	struct openssh *t = (struct openssh *)p;
	enum aur_fleet_step step;
	enum aur_fleet_how how;
	struct aur_slice text;
	char copy[256];
	bool is_step;

	if (!t->telling ||
	    !aur__openssh_told(line, &is_step, &step, &how, &text))
		return false;
	if (is_step) {
		snprintf(copy, sizeof copy, "%.*s", (int)text.n,
		    text.n > 0 ? (const char *)text.p : "");
		p->handler->step(p->arg, step, how, copy);
	}
	return true;
}

static void explain_declined(
    const struct aur__route *route, struct aur__failure *why)
{
	const struct aur_fleet_host *h = route->host;

	why->state = AUR_HOST_AUTH_FAILED;
	why->final = true;
	snprintf(why->what, sizeof why->what,
	    "the login was given up: its question was not answered");
	snprintf(why->remedy, sizeof why->remedy,
	    "ssh-add the key, or put one there that asks nothing: "
	    "ssh-copy-id %s",
	    h->address != NULL ? h->address : h->name);
}

static void explain(struct aur__pipe *p, int status, struct aur__failure *why)
{
	struct openssh *t = (struct openssh *)p;

	if (t->declined) {
		explain_declined(t->route, why);
		return;
	}
	if (status >= 0)
		status = aur__pipe_status(&p->transport);
	aur__openssh_explain(t->route, status, aur_buf_peek(&p->words), why);
}

/* 255 is ssh's own, so of the command nothing is known. */
static int status_of(const struct aur__transport *t)
{
	int status = aur__pipe_status(t);

	return status == 255 ? -1 : status;
}

static const struct aur__pipe_kind kind = {
    .explain = explain,
    .line = on_line,
    .linger = {.ns = 5 * AUR_SECOND_NS},
};

/* --- what it asks --------------------------------------------------------- */

static void on_ask(void *arg, const struct aur_fleet_question *question)
{
	struct openssh *t = arg;

	if (question != NULL)
		t->kind = question->kind;
	t->pipe.handler->ask(t->pipe.arg, question);
}

static void answer(struct aur__transport *transport, const char *text)
{
	struct openssh *t = (struct openssh *)transport;

	if (t->askpass == NULL)
		return;
	if (text == NULL && t->kind != AUR_FLEET_ASK_HOST_KEY) {
		/* its helper goes with it */
		t->declined = true;
		aur__pipe_abandon(&t->pipe);
	} else {
		aur__askpass_answer(t->askpass, text);
	}
}

/* --- life ----------------------------------------------------------------- */

static void free_openssh(struct aur__transport *t)
{
	if (t == NULL)
		return;
	aur__pipe_release((struct aur__pipe *)t);
	aur__askpass_free(((struct openssh *)t)->askpass);
	aur_mem_free(t);
}

static int start(
    struct openssh *t, const struct aur__transport_need *need, const char *path)
{
	/* no question in a window either; the way over jumps is for sh */
	static const char *const quiet[] = {
	    "SSH_ASKPASS_REQUIRE=never", "SHELL=/bin/sh", NULL};
	struct aur__openssh_line line = {
	    .program = path,
	    .route = need->route,
	    .command = need->command,
	    .accept_new = need->options->accept_new,
	    .telling = t->telling,
	    .asking = t->askpass != NULL,
	};
	struct aur__words w = {.n = 0};
	struct aur_program program = {path, w.word,
	    t->askpass != NULL ? aur__askpass_env(t->askpass) : quiet};
	int rc;

	aur__openssh_words(&w, &line);
	rc = w.rc;
	if (rc == 0)
		rc = aur__pipe_init(
		    &t->pipe, &aur__transport_openssh, &kind, need, &program);
	aur__words_release(&w);
	return rc;
}

static int open_openssh(struct aur__transport **ret_t,
    const struct aur__transport_need *need, struct aur__failure *why)
{
	struct openssh *t = aur_mem_new(1, sizeof *t);
	struct aur_buf path;
	int rc = AUR_ENOMEM;

	aur_buf_init(&path, 4096);
	if (t == NULL)
		goto out;
	t->route = need->route;
	t->telling = need->options->step != NULL && !need->plain;
	rc = 0;
	if (need->options->askpass && !need->batch)
		rc = aur__askpass_new(&t->askpass, need->loop, on_ask, t);
	if (rc == 0 || rc == AUR_EABSENT)
		rc = aur__openssh_find(need->options->ssh, &path);
	if (rc == 0)
		rc = start(t, need, aur_buf_str(&path));
	if (rc == AUR_EABSENT) {
		why->final = true;
		snprintf(why->what, sizeof why->what,
		    "there is no ssh program in PATH");
		snprintf(why->remedy, sizeof why->remedy,
		    "install OpenSSH's client");
	}
	if (rc < 0)
		goto out;
	*ret_t = &t->pipe.transport;
	t = NULL;
out:
	if (t != NULL)
		free_openssh(&t->pipe.transport);
	aur_buf_release(&path);
	return rc;
}

const struct aur__transport_class aur__transport_openssh = {
    .name = "openssh",
    .remote = true,
    .open = open_openssh,
    .read = aur__pipe_read,
    .write = aur__pipe_write,
    .shut = aur__pipe_shut,
    .words = aur__pipe_words,
    .status = status_of,
    .answer = answer,
    .free = free_openssh,
};
