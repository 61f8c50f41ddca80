/* SPDX-License-Identifier: MIT */
/*
 * A question goes to /dev/tty, so that it is seen wherever stdout goes, and
 * its answer comes from there. A secret is typed unseen. Ctrl-D declines, and
 * where there is a screen to go back to Ctrl-C does: who does not know the
 * passphrase of one host may still want to see the others.
 *
 * What is asked came from a host: it is shown harmless.
 */
#include "cli/ask.h"

#include "base/text.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

bool ask_can(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

void ask_init(struct ask *a, struct aur_loop *loop, struct tui_door *door)
{
	*a = (struct ask){.loop = loop, .door = door, .fd = -1};
}

static void put(const struct ask *a, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t did = write(a->fd, text, n);

		if (did <= 0 && errno != EINTR)
			return;
		if (did > 0) {
			text += did;
			n -= (size_t)did;
		}
	}
}

/* A host's words, on one line. */
static void put_clean(const struct ask *a, const char *text)
{
	struct aur_slice s = aur_slice_str(text);
	struct aur_buf b;

	aur_buf_init(&b, AUR_MAX_STRING);
	if (aur_text_add_safe(&b, s) == 0 && aur_buf_str(&b) != NULL)
		put(a, aur_buf_str(&b));
	aur_buf_release(&b);
}

/* --- the terminal --------------------------------------------------------- */

static void close_terminal(struct ask *a)
{
	bool open = a->fd >= 0;

	aur_watch_free(a->watch);
	aur_signal_free(a->sigint);
	a->watch = NULL;
	a->sigint = NULL;
	if (a->hidden) {
		(void)tcsetattr(a->fd, TCSAFLUSH, &a->before);
		put(a, "\n"); /* the one that was typed was not seen */
	}
	a->hidden = false;
	if (open)
		close(a->fd);
	a->fd = -1;
	explicit_bzero(a->line, sizeof a->line);
	a->n = 0;
	if (a->away)
		tui_door_return(a->door);
	a->away = false;
	if (open && a->busy != NULL)
		a->busy(a->arg, false);
}

void ask_release(struct ask *a)
{
	close_terminal(a);
}

static void answer(struct ask *a, const char *text)
{
	char line[AUR_MAX_LINE];

	if (text != NULL)
		snprintf(line, sizeof line, "%s", text);
	close_terminal(a);
	aur_fleet_answer(a->feed, text != NULL ? line : NULL);
	explicit_bzero(line, sizeof line);
}

static void on_interrupt(void *arg)
{
	answer(arg, NULL);
}

static void on_key(void *arg, unsigned ready)
{
	struct ask *a = arg;
	ssize_t n = read(a->fd, a->line + a->n, sizeof a->line - 1 - a->n);
	char *end;

	(void)ready;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) { /* Ctrl-D, or nobody there any more */
		answer(a, NULL);
		return;
	}
	a->n += (size_t)n;
	a->line[a->n] = '\0';
	end = strchr(a->line, '\n');
	if (end == NULL && a->n + 1 < sizeof a->line)
		return;
	if (end != NULL)
		*end = '\0';
	if (a->kind == AUR_FLEET_ASK_HOST_KEY && strcmp(a->line, "yes") != 0)
		answer(a, NULL);
	else
		answer(a, a->line);
}

static bool open_terminal(struct ask *a, bool echo)
{
	struct termios now;

	a->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (a->fd < 0)
		return false;
	if (a->door != NULL) {
		tui_door_leave(a->door);
		a->away = true;
	}
	if (a->busy != NULL)
		a->busy(a->arg, true);
	if (echo || tcgetattr(a->fd, &a->before) < 0)
		return true;
	now = a->before;
	now.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	a->hidden = tcsetattr(a->fd, TCSAFLUSH, &now) == 0;
	return a->hidden; /* a secret is never typed for all to see */
}

/* --- the question --------------------------------------------------------- */

static void show(struct ask *a, const struct aur_fleet_question *q)
{
	const struct aur_feed_host *h = a->feed->class->host(a->feed, q->host);

	put_clean(a, h->name);
	put(a, ": ");
	put_clean(a, q->prompt != NULL ? q->prompt : "");
	if (q->kind == AUR_FLEET_ASK_HOST_KEY)
		put(a, " (yes/no) ");
	else if (q->kind == AUR_FLEET_ASK_TOUCH)
		put(a, "\n");
	else
		put(a, " ");
}

void ask_on_question(void *arg, const struct aur_fleet_question *question)
{
	struct ask *a = arg;
	bool touch, good;

	close_terminal(a);
	if (question == NULL)
		return;
	touch = question->kind == AUR_FLEET_ASK_TOUCH;
	a->kind = question->kind;
	good = open_terminal(
	    a, question->echo || question->kind != AUR_FLEET_ASK_SECRET);
	if (good)
		show(a, question);
	if (good && a->door != NULL)
		good = aur_signal_new(
			   a->loop, SIGINT, on_interrupt, a, &a->sigint) == 0;
	if (good && !touch)
		good = aur_watch_new(a->loop, a->fd, AUR_LOOP_READ, on_key, a,
			   &a->watch) == 0;
	if (!good)
		answer(a, NULL);
}
