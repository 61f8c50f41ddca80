/* SPDX-License-Identifier: MIT */
/*
 * The terminal as seen by commands that print and end. The TUI has its own.
 */
#include "cli/cli.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/scan.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool says_utf8(const char *name)
{
	const char *v = getenv(name);

	return v != NULL &&
	       (aur_text_has(aur_slice_str(v), aur_slice_str("utf-8")) ||
		   aur_text_has(aur_slice_str(v), aur_slice_str("utf8")));
}

/* LC_ALL comes before LC_CTYPE before LANG (locale(7)). */
static bool is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++) {
		const char *v = getenv(names[i]);

		if (v != NULL && v[0] != '\0')
			return says_utf8(names[i]);
	}
	return false;
}

static size_t env_size(const char *name, size_t otherwise)
{
	const char *text = getenv(name);
	uint64_t v;

	if (text == NULL || aur_scan_u64(aur_slice_str(text), &v) < 0 ||
	    v < 20 || v > 10000)
		return otherwise;
	return (size_t)v;
}

void cli_measure(struct cli *c)
{
	struct winsize size = {0};

	(void)ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	c->width = env_size("COLUMNS", size.ws_col > 0 ? size.ws_col : 80u);
	c->height = env_size("LINES", size.ws_row > 0 ? size.ws_row : 24u);
}

void cli_init(struct cli *c)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	*c = (struct cli){.fd = STDOUT_FILENO};
	aur_buf_init(&c->out, 16 * AUR_MAX_JSON);
	aur_buf_init(&c->note, 1u << 20);
	c->utf8 = is_utf8();
	if (!isatty(STDOUT_FILENO))
		return;
	cli_measure(c);
	c->color = (no == NULL || no[0] == '\0') && term != NULL &&
		   strcmp(term, "dumb") != 0;
}

void cli_release(struct cli *c)
{
	aur_buf_release(&c->out);
	aur_buf_release(&c->note);
}

bool cli_flush(struct cli *c)
{
	while (c->out.n > 0 && !c->broken) {
		struct aur_slice s = aur_buf_peek(&c->out);
		ssize_t n = write(c->fd, s.p, s.n);
		int number = errno;

		if (n >= 0) {
			aur_buf_take(&c->out, (size_t)n);
			continue;
		}
		if (number == EINTR)
			continue;
		c->broken = true;
		if (number == EPIPE)
			break;
		cli_error(
		    NULL, "cannot write the answer: %s", strerror(number));
		return false;
	}
	return true;
}

void cli_error(const char *host, const char *fmt, ...)
{
	struct aur_buf safe;
	char text[2048];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	/* names in it may come from a host or a hostile file name */
	aur_buf_init(&safe, 4 * sizeof text);
	if (aur_text_add_safe(&safe, aur_slice_str(text)) == 0)
		fprintf(stderr, "aurora: %s%s%s\n", host != NULL ? host : "",
		    host != NULL ? ": " : "", aur_buf_str(&safe));
	aur_buf_release(&safe);
}

int cli_fail(int err)
{
	cli_error(NULL, "%s", aur_err_str(err));
	return CLI_FAILED;
}

bool cli_confirm(const char *question)
{
	char line[16];
	size_t n;

	fprintf(stderr, "%s [y/N] ", question);
	fflush(stderr);
	if (fgets(line, sizeof line, stdin) == NULL)
		return false;
	n = strcspn(line, "\n");
	line[n] = '\0';
	return strcmp(line, "y") == 0 || strcmp(line, "yes") == 0;
}
