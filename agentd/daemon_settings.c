/* SPDX-License-Identifier: MIT */
#include "agentd/daemon_settings.h"

#include "base/err.h"
#include "base/limits.h"
#include "json/settings.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HOST_FILE "/etc/aurora/agentd.json"
#define USER_FILE "aurora/agentd.json"

#define RECORD_HOURS_MOST (366 * 24)
#define RECORD_BYTES_LEAST (1 << 20)
#define RECORD_BYTES_MOST 1e12

enum {
	READERS,
	GROUP,
	COMMAND_LINES,
	MAX_CLIENTS,
	MAX_PER_USER,
	RECORD,
	RECORD_HOURS,
	RECORD_BYTES,
	PROCESS_INTERVAL,
	COUNT
};

/* The path of the user's own file; false: there is no home. */
static bool user_file(char *out, size_t size)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");
	int n = -1;

	if (config != NULL && config[0] == '/')
		n = snprintf(out, size, "%s/" USER_FILE, config);
	else if (home != NULL && home[0] == '/')
		n = snprintf(out, size, "%s/.config/" USER_FILE, home);
	return n > 0 && (size_t)n < size;
}

/* Root's service is the host's, whatever is in root's home. */
static int find_file(
    const char *config, char path[SETTINGS_PATH_MAX], char *why, size_t size)
{
	if (config == NULL) {
		if (geteuid() != 0 && user_file(path, SETTINGS_PATH_MAX) &&
		    access(path, F_OK) == 0)
			return 0;
		snprintf(path, SETTINGS_PATH_MAX, "%s", HOST_FILE);
		return 0;
	}
	if (strlen(config) >= SETTINGS_PATH_MAX) {
		snprintf(why, size, "--config: the path is too long");
		return AUR_ELIMIT;
	}
	snprintf(path, SETTINGS_PATH_MAX, "%s", config);
	if (access(path, F_OK) == 0)
		return 0;
	snprintf(why, size, "%s: %s: --config names it", path,
	    aur_err_str(aur_err_errno(errno)));
	return AUR_EABSENT;
}

static int take_group(struct daemon_settings *s, const char *path,
    const struct aur_setting *given, char *why, size_t size)
{
	const char *name = given->given ? given->text : "aurora";
	const struct group *g;

	if (strlen(name) >= sizeof(s->group)) {
		snprintf(why, size, "%s: group: that name is too long", path);
		return AUR_EINVALID;
	}
	snprintf(s->group, sizeof(s->group), "%s", name);
	g = getgrnam(s->group);
	s->has_group = g != NULL;
	s->gid = g != NULL ? g->gr_gid : 0;
	/* the default need not exist; a name that somebody wrote does */
	if (given->given && g == NULL) {
		snprintf(why, size, "%s: group: there is no group '%s'", path,
		    s->group);
		return AUR_EINVALID;
	}
	return 0;
}

static unsigned number(const struct aur_setting *s, unsigned otherwise)
{
	return s->given ? (unsigned)s->number : otherwise;
}

int daemon_settings_read(
    struct daemon_settings *s, const char *config, char *why, size_t size)
{
	struct aur_setting m[COUNT] = {
	    [READERS] = {.name = "readers",
		.kind = AUR_SETTING_WORD,
		.words = "everyone|group"},
	    [GROUP] = {.name = "group", .kind = AUR_SETTING_TEXT},
	    [COMMAND_LINES] = {.name = "command_lines",
		.kind = AUR_SETTING_WORD,
		.words = "full|name|none"},
	    [MAX_CLIENTS] = {.name = "max_clients",
		.kind = AUR_SETTING_NUMBER,
		.least = 1,
		.most = AUR_MAX_PEERS},
	    [MAX_PER_USER] = {.name = "max_clients_per_user",
		.kind = AUR_SETTING_NUMBER,
		.least = 1,
		.most = AUR_MAX_PEERS},
	    [RECORD] = {.name = "record", .kind = AUR_SETTING_SWITCH},
	    [RECORD_HOURS] = {.name = "record_hours",
		.kind = AUR_SETTING_NUMBER,
		.least = 1,
		.most = RECORD_HOURS_MOST},
	    [RECORD_BYTES] = {.name = "record_bytes",
		.kind = AUR_SETTING_NUMBER,
		.least = RECORD_BYTES_LEAST,
		.most = RECORD_BYTES_MOST},
	    [PROCESS_INTERVAL] = {.name = "process_interval",
		.kind = AUR_SETTING_NUMBER,
		.least = 1,
		.most = 3600},
	};
	struct daemon_settings new = {0};
	char path[SETTINGS_PATH_MAX];
	int rc = find_file(config, path, why, size);

	if (rc == 0)
		rc = aur_settings_read(path, m, COUNT, why, size);
	if (rc == 0)
		rc = take_group(&new, path, &m[GROUP], why, size);
	if (rc < 0)
		return rc;
	new.group_only = m[READERS].given &&m[READERS].choice == 1;
	if (m[COMMAND_LINES].given)
		new.cmdline = (enum view_cmdline)m[COMMAND_LINES].choice;
	new.max_clients = number(&m[MAX_CLIENTS], 128);
	new.max_per_user = number(&m[MAX_PER_USER], 32);
	new.record = !m[RECORD].given || m[RECORD].choice == 1;
	new.record_hours = number(&m[RECORD_HOURS], 48);
	new.record_bytes = m[RECORD_BYTES].given
			       ? (uint64_t)m[RECORD_BYTES].number
			       : 256ull << 20;
	new.process_interval = number(&m[PROCESS_INTERVAL], 5);
	*s = new;
	return 0;
}
