/* SPDX-License-Identifier: MIT */
/*
 * An answer is counted: it stays as long as somebody uses it, also when a
 * newer one has taken its place in the list.
 */
#include "fleet/sshconf_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/fleet_int.h"
#include "fleet/openssh_int.h"

#include <errno.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#define KEPT_S 600
#define KEY_MAX 4096u

struct answer {
	struct answer *next;
	struct aur__sshconf *conf;
	char *key, *address;
	bool listed, done;
	unsigned users;
	struct aur_child *child;
	struct aur_watch *out, *err;
	struct aur_buf text;
	struct aur_ssh_config *config;
	char why[256];
	struct aur_mono when;
	struct aur__sshconf_ask *asks; /* that wait */
};

struct aur__sshconf_ask {
	struct aur__sshconf_ask *next;
	struct answer *answer;
	struct aur_timer *timer; /* callbacks come from the loop */
	aur_loop_fn fn;
	void *arg;
};

struct aur__sshconf {
	struct aur_loop *loop;
	char *ssh, *home;
	char user[AUR_MAX_USER + 1], hostname[AUR_MAX_HOSTNAME + 1];
	struct answer *answers;
};

/* --- the child ------------------------------------------------------------ */

static void stop(struct answer *a)
{
	aur_watch_free(a->out);
	aur_watch_free(a->err);
	aur_child_free(a->child);
	a->out = a->err = NULL;
	a->child = NULL;
}

static void free_answer(struct answer *a)
{
	stop(a);
	aur_ssh_config_free(a->config);
	aur_buf_release(&a->text);
	aur_mem_free(a->key);
	aur_mem_free(a->address);
	aur_mem_free(a);
}

static void unlist(struct answer *a)
{
	struct answer **p = &a->conf->answers;

	while (*p != NULL && *p != a)
		p = &(*p)->next;
	if (*p != NULL)
		*p = a->next;
	a->listed = false;
	if (a->users == 0)
		free_answer(a);
}

static void read_out(struct answer *a)
{
	char chunk[4096];
	ssize_t n;

	for (;;) {
		n = read(aur_child_fd(a->child), chunk, sizeof chunk);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			(void)aur_watch_set(a->out, 0);
		if (n <= 0 || aur_buf_add(&a->text, chunk, (size_t)n) < 0)
			return;
	}
}

/* Only the first words: ssh says where the mistake is. */
static void read_err(struct answer *a)
{
	char chunk[sizeof a->why];
	ssize_t n = read(aur_child_stderr(a->child), chunk, sizeof chunk - 1);

	if (n == 0)
		(void)aur_watch_set(a->err, 0);
	if (n <= 0 || a->why[0] != '\0')
		return;
	chunk[n] = '\0';
	chunk[strcspn(chunk, "\r\n")] = '\0';
	snprintf(a->why, sizeof a->why, "%s", chunk);
}

static void on_out(void *arg, unsigned ready)
{
	(void)ready;
	read_out(arg);
}

static void on_err(void *arg, unsigned ready)
{
	(void)ready;
	read_err(arg);
}

static void parse(struct answer *a)
{
	const struct aur__sshconf *c = a->conf;
	struct aur_ssh_place place = {.home = c->home,
	    .uid = getuid(),
	    .user = c->user,
	    .hostname = c->hostname,
	    .original = a->address};
	int rc =
	    aur_ssh_config_parse(aur_buf_peek(&a->text), &place, &a->config);

	if (rc < 0)
		snprintf(a->why, sizeof a->why,
		    "the answer of ssh -G is of no use: %s", aur_err_str(rc));
}

static void finish(struct answer *a)
{
	a->done = true;
	a->when = aur_clock_mono();
	aur_buf_release(&a->text);
	for (struct aur__sshconf_ask *k = a->asks; k != NULL; k = k->next)
		aur_timer_start(k->timer, aur_span_ms(0));
}

static void on_ended(void *arg)
{
	struct answer *a = arg;
	int status = aur_child_status(a->child);

	read_out(a);
	read_err(a);
	stop(a);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		parse(a);
	else if (a->why[0] == '\0')
		snprintf(a->why, sizeof a->why, "ssh -G failed");
	finish(a);
	if (a->config == NULL && a->listed)
		unlist(a); /* whoever asks next asks anew */
}

static void add_words(struct aur__words *w, const struct aur_fleet_host *h,
    bool straight, const char *address)
{
	aur__words_add(w, "ssh");
	aur__words_add(w, "-G");
	if (straight) {
		aur__words_add(w, "-o");
		aur__words_add(w, "ProxyJump=none");
	}
	if (h->user != NULL) {
		aur__words_add(w, "-l");
		aur__words_add(w, h->user);
	}
	if (h->port != 0) {
		aur__words_add(w, "-p");
		aur__words_addf(w, "%u", h->port);
	}
	if (h->identity != NULL)
		aur__openssh_identity(w, h->identity);
	aur__words_add(w, "--");
	aur__words_add(w, address);
}

static int start(
    struct answer *a, const struct aur_fleet_host *h, bool straight)
{
	struct aur__words w = {.n = 0};
	struct aur_program program = {a->conf->ssh, w.word, NULL};
	int rc;

	add_words(&w, h, straight, a->address);
	rc = w.rc;
	if (rc == 0)
		rc = aur_child_new(
		    a->conf->loop, &program, on_ended, a, &a->child);
	if (rc == 0)
		rc = aur_watch_new(a->conf->loop, aur_child_fd(a->child),
		    AUR_LOOP_READ, on_out, a, &a->out);
	if (rc == 0)
		rc = aur_watch_new(a->conf->loop, aur_child_stderr(a->child),
		    AUR_LOOP_READ, on_err, a, &a->err);
	aur__words_release(&w);
	return rc;
}

/* --- asking --------------------------------------------------------------- */

static int make_key(
    struct aur_buf *key, const struct aur_fleet_host *h, bool straight)
{
	return aur_buf_addf(key, "%d %s %u %s\n%s", straight,
	    h->user != NULL ? h->user : "", h->port,
	    h->address != NULL ? h->address : h->name,
	    h->identity != NULL ? h->identity : "");
}

static struct answer *find(struct aur__sshconf *c, const char *key)
{
	struct aur_mono now = aur_clock_mono();

	for (struct answer *a = c->answers; a != NULL; a = a->next) {
		if (strcmp(a->key, key) != 0)
			continue;
		if (!a->done ||
		    aur_mono_since(now, a->when).ns < KEPT_S * AUR_SECOND_NS)
			return a;
		unlist(a);
		return NULL;
	}
	return NULL;
}

static int add(struct aur__sshconf *c, const struct aur_fleet_host *h,
    bool straight, const char *key, struct answer **ret_a)
{
	const char *address = h->address != NULL ? h->address : h->name;
	struct answer *a = aur_mem_new(1, sizeof *a);
	int rc = AUR_ENOMEM;

	if (a == NULL)
		return rc;
	a->conf = c;
	aur_buf_init(&a->text, AUR_MAX_SSH_CONFIG);
	a->key = aur_mem_dup(key, strlen(key));
	a->address = aur_mem_dup(address, strlen(address));
	if (a->key != NULL && a->address != NULL)
		rc = start(a, h, straight);
	if (rc < 0) {
		free_answer(a);
		return rc;
	}
	a->next = c->answers;
	a->listed = true;
	c->answers = a;
	*ret_a = a;
	return 0;
}

static void on_timer(void *arg)
{
	struct aur__sshconf_ask *ask = arg;

	ask->fn(ask->arg);
}

static int attach(struct answer *a, aur_loop_fn fn, void *arg,
    struct aur__sshconf_ask **ret_ask)
{
	struct aur__sshconf_ask *ask = aur_mem_new(1, sizeof *ask);
	int rc;

	if (ask == NULL)
		return AUR_ENOMEM;
	*ask = (struct aur__sshconf_ask){.fn = fn, .arg = arg};
	rc = aur_timer_new(a->conf->loop, on_timer, ask, &ask->timer);
	if (rc < 0) {
		aur_mem_free(ask);
		return rc;
	}
	ask->answer = a;
	ask->next = a->asks;
	a->asks = ask;
	a->users++;
	if (a->done)
		aur_timer_start(ask->timer, aur_span_ms(0));
	*ret_ask = ask;
	return 0;
}

int aur__sshconf_ask(struct aur__sshconf *c, const struct aur_fleet_host *host,
    bool straight, aur_loop_fn fn, void *arg, struct aur__sshconf_ask **ret_ask)
{
	struct answer *a = NULL;
	struct aur_buf key;
	int rc;

	if (c->ssh == NULL)
		return AUR_EABSENT;
	aur_buf_init(&key, KEY_MAX);
	rc = make_key(&key, host, straight);
	if (rc == 0 && aur_buf_str(&key) == NULL)
		rc = AUR_ENOMEM;
	if (rc == 0)
		a = find(c, aur_buf_str(&key));
	if (rc == 0 && a == NULL)
		rc = add(c, host, straight, aur_buf_str(&key), &a);
	aur_buf_release(&key);
	if (rc == 0)
		rc = attach(a, fn, arg, ret_ask);
	if (rc < 0 && a != NULL && a->users == 0)
		unlist(a);
	return rc;
}

void aur__sshconf_drop(struct aur__sshconf_ask *ask)
{
	struct aur__sshconf_ask **p;
	struct answer *a;

	if (ask == NULL)
		return;
	a = ask->answer;
	for (p = &a->asks; *p != ask; p = &(*p)->next)
		;
	*p = ask->next;
	aur_timer_free(ask->timer);
	aur_mem_free(ask);
	if (--a->users > 0)
		return;
	/* nobody waits for the child any more; what is done is kept */
	if (!a->listed)
		free_answer(a);
	else if (!a->done)
		unlist(a);
}

const struct aur_ssh_config *aur__sshconf_config(
    const struct aur__sshconf_ask *ask)
{
	return ask->answer->config;
}

const char *aur__sshconf_why(const struct aur__sshconf_ask *ask)
{
	return ask->answer->why;
}

void aur__sshconf_forget(struct aur__sshconf_ask *ask)
{
	if (ask->answer->listed)
		unlist(ask->answer);
}

/* --- life ----------------------------------------------------------------- */

static int find_ssh(struct aur__sshconf *c, const char *given)
{
	struct aur_buf path;
	int rc = 0;

	if (given == NULL || given[0] == '\0')
		given = getenv("AURORA_SSH");
	if (given != NULL && given[0] != '\0') {
		c->ssh = aur_mem_dup(given, strlen(given));
		return c->ssh != NULL ? 0 : AUR_ENOMEM;
	}
	aur_buf_init(&path, KEY_MAX);
	if (aur__fleet_find_in_path("ssh", &path) == 0) {
		c->ssh = aur_mem_dup(aur_buf_peek(&path).p, path.n);
		rc = c->ssh != NULL ? 0 : AUR_ENOMEM;
	}
	aur_buf_release(&path);
	return rc;
}

/* Who and where we are, for ~ and %-tokens. As for ssh, home is where the
 * account says, whatever HOME does. */
static int note_place(struct aur__sshconf *c)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *home = pw != NULL ? pw->pw_dir : getenv("HOME");

	if (home == NULL)
		home = "/";
	snprintf(c->user, sizeof c->user, "%s", pw != NULL ? pw->pw_name : "");
	if (gethostname(c->hostname, sizeof c->hostname - 1) < 0)
		c->hostname[0] = '\0';
	c->home = aur_mem_dup(home, strlen(home));
	return c->home != NULL ? 0 : AUR_ENOMEM;
}

int aur__sshconf_new(
    struct aur__sshconf **ret_c, struct aur_loop *loop, const char *ssh)
{
	struct aur__sshconf *c = aur_mem_new(1, sizeof *c);
	int rc;

	if (c == NULL)
		return AUR_ENOMEM;
	c->loop = loop;
	rc = find_ssh(c, ssh);
	if (rc == 0)
		rc = note_place(c);
	if (rc < 0)
		aur__sshconf_free(c);
	else
		*ret_c = c;
	return rc;
}

void aur__sshconf_free(struct aur__sshconf *c)
{
	if (c == NULL)
		return;
	while (c->answers != NULL)
		unlist(c->answers);
	aur_mem_free(c->ssh);
	aur_mem_free(c->home);
	aur_mem_free(c);
}
