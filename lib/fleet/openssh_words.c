/* SPDX-License-Identifier: MIT */
/*
 * What ssh is told. Options go before its configuration, so what stands here
 * holds whatever ~/.ssh/config says: nothing is asked but by a helper of ours,
 * where there is one, and not often, as a server counts; nothing is forwarded,
 * no master is made (an existing one is used), and silence ends it. All else
 * is left to the configuration.
 *
 * Jumps: `ssh -J` gives the jump host none of our options, neither its key
 * nor a time limit. So the way is a ProxyCommand made here, each hop an ssh
 * that carries the next one:
 *
 *	ssh -o ProxyCommand="ssh -o ProxyCommand='ssh ... -W [%h]:%p -- hop0'
 *	    -W [%h]:%p -- hop1" -- host command
 *
 * It is run by a shell, hence quoted for one, and ssh puts its tokens in
 * before, hence every other "%" is doubled, once more at each level.
 *
 * A pinned key is told to ssh by KnownHostsCommand, which gets the host's key
 * and answers with it if its fingerprint is the right one; known_hosts then
 * does not count.
 */
#include "fleet/openssh_int.h"

#include "base/err.h"
#include "fleet/fleet_int.h"

#include <stdlib.h>

#define PROXY_MOST 65536u

static const char *const always[] = {
    "ControlMaster=no",
    "ClearAllForwardings=yes",
    "ForwardX11=no",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "ConnectionAttempts=1",
    "ConnectTimeout=10",
    "ServerAliveInterval=10",
    "ServerAliveCountMax=3",
};

/* One key and no other way in; those of ssh_config can only come behind it. */
static const char *const alone[] = {
    "IdentityAgent=none",
    "ControlPath=none",
    "PreferredAuthentications=publickey",
};

static void add_option(struct aur__words *w, const char *text)
{
	aur__words_add(w, "-o");
	aur__words_add(w, text);
}

void aur__openssh_identity(struct aur__words *w, const char *file)
{
	char name[4096];
	size_t n = 0;

	for (; *file != '\0' && n + 3 < sizeof name; file++) {
		if (*file == '%' || *file == '"' || *file == '\\')
			name[n++] = *file == '%' ? '%' : '\\';
		name[n++] = *file;
	}
	name[n] = '\0';
	if (*file != '\0')
		w->rc = AUR_ELIMIT;
	aur__words_add(w, "-o");
	aur__words_addf(w, "IdentityFile=\"%s\"", name);
	add_option(w, "IdentitiesOnly=yes");
}

static void add_pin(struct aur__words *w, const char *fingerprint)
{
	add_option(w, "StrictHostKeyChecking=yes");
	add_option(w, "UserKnownHostsFile=/dev/null");
	add_option(w, "GlobalKnownHostsFile=/dev/null");
	aur__words_add(w, "-o");
	aur__words_addf(w,
	    "KnownHostsCommand=/bin/sh -c \"test $1 = $5 && echo $2 $3 $4; "
	    "true\" "
	    "sh %%f %%H %%t %%K %s",
	    fingerprint);
}

/* What is said of one host, the last or a hop. */
static void add_host(struct aur__words *w, const struct aur__openssh_line *line,
    const struct aur_fleet_host *h)
{
	if (!line->person)
		add_option(w, line->asking ? "NumberOfPasswordPrompts=2"
					   : "BatchMode=yes");
	for (size_t i = 0; i < AUR_ARRAY_LEN(always) && !line->person; i++)
		add_option(w, always[i]);
	if (h->identity != NULL)
		aur__openssh_identity(w, h->identity);
	for (size_t i = 0; i < AUR_ARRAY_LEN(alone) && h->alone; i++)
		add_option(w, alone[i]);
	if (h->host_key != NULL)
		add_pin(w, h->host_key);
	else if (line->accept_new)
		add_option(w, "StrictHostKeyChecking=accept-new");
	if (h->user != NULL) {
		aur__words_add(w, "-l");
		aur__words_add(w, h->user);
	}
	if (h->port != 0) {
		aur__words_add(w, "-p");
		aur__words_addf(w, "%u", h->port);
	}
}

/* --- the way -------------------------------------------------------------- */

static int add_doubled(struct aur_buf *b, struct aur_slice s)
{
	int rc = 0;

	for (size_t i = 0; i < s.n && rc == 0; i++) {
		rc = aur_buf_add_byte(b, s.p[i]);
		if (rc == 0 && s.p[i] == '%')
			rc = aur_buf_add_byte(b, '%');
	}
	return rc;
}

/* The ssh that carries what comes behind hop `i`: `before` is what carries it,
 * or empty. */
static int add_hop(struct aur_buf *out, const struct aur__openssh_line *line,
    size_t i, const char *before)
{
	const struct aur_fleet_host *hop = line->route->hop[i];
	struct aur__words w = {.n = 0};
	struct aur_buf quoted;
	int rc;

	aur_buf_init(&quoted, PROXY_MOST);
	aur__words_add(&w, line->program);
	add_host(&w, line, hop);
	if (before[0] != '\0') {
		aur__words_add(&w, "-o");
		aur__words_addf(&w, "ProxyCommand=%s", before);
	} else if (i > 0 || aur__host_straight(hop)) {
		add_option(&w, "ProxyJump=none");
	}
	rc = aur__words_quote(&w, &quoted);
	if (rc == 0)
		rc = add_doubled(out, aur_buf_peek(&quoted));
	/* an address has neither quotes nor tokens */
	if (rc == 0)
		rc = aur_buf_addf(out, " -W '[%%h]:%%p' -- '%s'", hop->address);
	aur__words_release(&w);
	aur_buf_release(&quoted);
	return rc;
}

static int add_way(struct aur__words *w, const struct aur__openssh_line *line)
{
	struct aur_buf before, out;
	int rc = 0;

	aur_buf_init(&before, PROXY_MOST);
	aur_buf_init(&out, PROXY_MOST);
	for (size_t i = 0; i < line->route->nhop && rc == 0; i++) {
		/* the text first: it may make the buffer another one */
		const char *text = aur_buf_str(&before);
		struct aur_buf swap = before;

		aur_buf_clear(&out);
		rc = text != NULL ? add_hop(&out, line, i, text) : AUR_ENOMEM;
		before = out;
		out = swap;
	}
	if (rc == 0 && before.n > 0) {
		aur__words_add(w, "-o");
		aur__words_addf(w, "ProxyCommand=%s", aur_buf_str(&before));
	}
	aur_buf_release(&before);
	aur_buf_release(&out);
	return rc;
}

int aur__openssh_find(const char *given, struct aur_buf *ret_path)
{
	if (given == NULL)
		given = getenv("AURORA_SSH");
	if (given == NULL || given[0] == '\0')
		return aur__fleet_find_in_path("ssh", ret_path);
	return strchr(given, '/') != NULL
		   ? aur_buf_add_str(ret_path, given)
		   : aur__fleet_find_in_path(given, ret_path);
}

void aur__openssh_words(
    struct aur__words *w, const struct aur__openssh_line *line)
{
	const struct aur_fleet_host *h = line->route->host;
	int rc;

	aur__words_add(w, "ssh");
	if (!line->person) {
		aur__words_add(w, "-T");
		add_option(
		    w, line->telling ? "LogLevel=DEBUG1" : "LogLevel=INFO");
	}
	add_host(w, line, h);
	rc = add_way(w, line);
	if (rc < 0)
		w->rc = rc;
	if (aur__host_straight(h))
		add_option(w, "ProxyJump=none");
	aur__words_add(w, "--");
	aur__words_add(w, h->address);
	if (!line->person)
		aur__words_add(w, line->command);
}
