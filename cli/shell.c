/* SPDX-License-Identifier: MIT */
#include "cli/shell.h"

#include "base/err.h"
#include "base/text.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define SSH_FAILED 255 /* ssh(1): an error of its own */

static void come_back(struct shell *sh)
{
	aur_watch_free(sh->enter);
	sh->enter = NULL;
	tui_door_return(&sh->door);
}

/* A line has been typed, or the terminal is gone. */
static void on_enter(void *arg, unsigned ready)
{
	char bytes[256];

	(void)ready;
	(void)!read(STDIN_FILENO, bytes, sizeof(bytes));
	come_back(arg);
}

static void on_ended(void *arg)
{
	struct shell *sh = arg;
	int status = aur_foreground_status(sh->program);

	aur_foreground_free(sh->program);
	sh->program = NULL;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != SSH_FAILED) {
		come_back(sh);
		return;
	}
	fputs("aurora: ssh failed; Enter goes back\n", stdout);
	fflush(stdout);
	if (aur_watch_new(sh->loop, STDIN_FILENO, AUR_LOOP_READ, on_enter, sh,
		&sh->enter) < 0)
		come_back(sh);
}

/* What is about to happen, on the terminal as it was. */
static void announce(const struct aur_feed_host *h, const char *program)
{
	struct aur_buf b;

	aur_buf_init(&b, 4096);
	if (aur_text_add_safe(&b, aur_slice_str(h->name)) == 0 &&
	    aur_buf_str(&b) != NULL)
		printf("aurora: %s on %s; exit comes back\n", program,
		    aur_buf_str(&b));
	fflush(stdout);
	aur_buf_release(&b);
}

bool shell_open(void *arg, size_t host, char *why, size_t size)
{
	struct shell *sh = arg;
	struct aur_fleet_login login = {NULL, NULL};
	int rc;

	if (sh->program != NULL || sh->enter != NULL)
		return true;
	rc = aur_fleet_login(sh->feed, host, &login);
	if (rc == 0) {
		tui_door_leave(&sh->door);
		announce(sh->feed->class->host(sh->feed, host), login.argv[0]);
		rc = aur_foreground_new(sh->loop, login.path, login.argv,
		    on_ended, sh, &sh->program);
		if (rc < 0)
			tui_door_return(&sh->door);
	}
	if (rc == AUR_EABSENT)
		snprintf(why, size,
		    "there is no ssh program in PATH: install OpenSSH's "
		    "client");
	else if (rc < 0)
		snprintf(why, size, "no shell: %s", aur_err_str(rc));
	aur_fleet_login_free(&login);
	return rc == 0;
}

void shell_release(struct shell *sh)
{
	aur_foreground_free(sh->program);
	aur_watch_free(sh->enter);
	sh->program = NULL;
	sh->enter = NULL;
}
