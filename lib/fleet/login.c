/* SPDX-License-Identifier: MIT */
/*
 * A person's own login on a host of the feed, by the feed's way to it. What
 * runs it, and on which terminal, is the caller's affair.
 */
#include "fleet/fleet_int.h"
#include "fleet/openssh_int.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>

/* Hands the words over. */
static int take_words(struct aur__words *w, struct aur_fleet_login *ret_login)
{
	char **argv = aur_mem_new(w->n + 1, sizeof(*argv));

	if (argv == NULL)
		return AUR_ENOMEM;
	memcpy(argv, w->word, (w->n + 1) * sizeof(*argv));
	w->n = 0;
	w->word[0] = NULL;
	ret_login->argv = argv;
	return 0;
}

static int shell_words(struct aur__words *w, struct aur_buf *path)
{
	const char *shell = getenv("SHELL");

	if (shell == NULL || shell[0] != '/')
		shell = "/bin/sh";
	aur__words_add(w, shell);
	return w->rc < 0 ? w->rc : aur_buf_add_str(path, shell);
}

static int ssh_words(
    struct aur_feed *feed, size_t i, struct aur__words *w, struct aur_buf *path)
{
	struct aur__openssh_line line = {
	    .route = aur__fleet_route(feed, i), .person = true};
	int rc = aur__openssh_find(aur__fleet_ssh(feed), path);

	if (rc < 0)
		return rc;
	line.program = aur_buf_str(path);
	if (line.program == NULL)
		return AUR_ENOMEM;
	aur__openssh_words(w, &line);
	return w->rc;
}

int aur_fleet_login(
    struct aur_feed *feed, size_t i, struct aur_fleet_login *ret_login)
{
	struct aur__words w = {.n = 0};
	struct aur_fleet_login login = {NULL, NULL};
	struct aur_buf path;
	int rc;

	aur_buf_init(&path, 4096);
	if (aur__fleet_route(feed, i)->host->via == AUR_FLEET_LOCAL)
		rc = shell_words(&w, &path);
	else
		rc = ssh_words(feed, i, &w, &path);
	if (rc < 0)
		goto out;
	login.path = aur_mem_dup((const char *)aur_buf_peek(&path).p, path.n);
	rc = login.path == NULL ? AUR_ENOMEM : take_words(&w, &login);
	if (rc < 0)
		goto out;
	*ret_login = login;
	login = (struct aur_fleet_login){NULL, NULL};
out:
	aur_fleet_login_free(&login);
	aur__words_release(&w);
	aur_buf_release(&path);
	return rc;
}

void aur_fleet_login_free(struct aur_fleet_login *login)
{
	for (size_t i = 0; login->argv != NULL && login->argv[i] != NULL; i++)
		aur_mem_free(login->argv[i]);
	aur_mem_free(login->argv);
	aur_mem_free(login->path);
	*login = (struct aur_fleet_login){NULL, NULL};
}
