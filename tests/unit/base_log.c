/* SPDX-License-Identifier: MIT */
/* Log lines: one line each, cut, dropped where nobody wants them. */
#include "base/log.h"
#include "tests/harness/tap.h"

struct sink {
	char line[2000];
	enum aur_log_level level;
	int n;
};

static void keep(void *arg, enum aur_log_level level, const char *line)
{
	struct sink *s = arg;

	snprintf(s->line, sizeof(s->line), "%s", line);
	s->level = level;
	s->n++;
}

int main(void)
{
	struct sink s = {"", AUR_LOG_DEBUG, 0};
	struct aur_log log = {keep, &s, AUR_LOG_INFO};

	aur_log_write(&log, AUR_LOG_WARN, "%s %d", "web1", 3);
	tap_eq_str(s.line, "web1 3", "a line");
	tap_eq_int(s.level, AUR_LOG_WARN, "its level");
	aur_log_write(&log, AUR_LOG_DEBUG, "no");
	tap_eq_int(s.n, 1, "more than wanted is dropped");
	aur_log_write(&log, AUR_LOG_INFO, "a\nforged\x1b[31m\x7fline\r");
	tap_eq_str(s.line, "a forged [31m line ", "controls are blanks");
	aur_log_write(&log, AUR_LOG_INFO, "%02000d", 1);
	tap_eq_u64(strlen(s.line), 1023, "cut at 1 KB");
	aur_log_write(&log, AUR_LOG_INFO, "%01022d\xe2\x82\xac", 1);
	tap_eq_u64(strlen(s.line), 1022, "no character is cut in half");
	log.write = NULL;
	aur_log_write(&log, AUR_LOG_ERROR, "nobody");
	aur_log_write(NULL, AUR_LOG_ERROR, "nobody");
	tap_eq_int(s.n, 4, "without a sink dropped");
	return tap_done();
}
