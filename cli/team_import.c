/* SPDX-License-Identifier: MIT */
/*
 * team import: hosts out of ~/.ssh/config. On a terminal they are a list to
 * tick, in lines of text, which every terminal and every screen reader can;
 * elsewhere --yes takes all of them.
 *
 * What the others of the team need goes into the shared file: address, port,
 * jumps. For me the word of my own file stands beside it as the alias, so that
 * for ssh the host is what it always was.
 */
#include "cli/team_part.h"

#include "base/address.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/scan.h"
#include "base/text.h"
#include "cli/place.h"
#include "team/import.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MOST (4u << 20)
#define CHUNK 65536u

struct importing {
	const struct opts *o;
	struct aur_import *import;
	struct aur_team_host *host; /* those to add; borrows from import */
	bool *ticked;
	size_t n;
	size_t added;
	char why[AUR_TEAM_WHY];
};

/* --- files ---------------------------------------------------------------- */

/* Reads a file; one that is not there, or is none, gives nothing. */
static int slurp(const char *path, struct aur_buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int rc = AUR_EABSENT;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		rc = 0;
	while (rc == 0) {
		uint8_t *p = aur_buf_reserve(out, CHUNK);
		ssize_t got = p != NULL ? read(fd, p, CHUNK) : -1;

		if (p == NULL)
			rc = AUR_ELIMIT;
		else if (got < 0)
			rc = AUR_EIO;
		if (got <= 0)
			break;
		aur_buf_commit(out, (size_t)got);
	}
	if (fd >= 0)
		close(fd);
	return rc;
}

static int include(void *arg, struct aur_slice pattern);

static int read_file(struct importing *im, const char *path)
{
	struct aur_buf text;
	int rc;

	aur_buf_init(&text, FILE_MOST);
	rc = slurp(path, &text);
	if (rc == 0)
		rc = aur_import_read(
		    im->import, aur_buf_peek(&text), include, im);
	aur_buf_release(&text);
	return rc;
}

/* Include: relative to ~/.ssh, "~/" is home (ssh_config(5)). */
static int include(void *arg, struct aur_slice pattern)
{
	struct importing *im = arg;
	char word[PLACE_SIZE], path[PLACE_SIZE];
	glob_t found;
	int rc = 0;

	if (pattern.n + 8 >= sizeof(word) ||
	    memchr(pattern.p, '\0', pattern.n) != NULL)
		return 0;
	snprintf(word, sizeof(word), "%s%.*s",
	    aur_slice_starts(pattern, "/") || aur_slice_starts(pattern, "~/")
		? ""
		: ".ssh/",
	    (int)pattern.n, (const char *)pattern.p);
	if (word[0] == '/')
		snprintf(path, sizeof(path), "%s", word);
	else if (!place_home(
		     word[0] == '~' ? word + 2 : word, path, sizeof(path)))
		return 0;
	if (glob(path, 0, NULL, &found) != 0)
		return 0;
	for (size_t i = 0; i < found.gl_pathc && rc == 0; i++) {
		rc = read_file(im, found.gl_pathv[i]);
		if (rc == AUR_EABSENT || rc == AUR_EIO)
			rc = 0; /* as ssh: what cannot be read is not there */
	}
	globfree(&found);
	return rc;
}

static int read_config(struct importing *im)
{
	char path[PLACE_SIZE];
	int rc;

	if (!place_home(".ssh/config", path, sizeof(path))) {
		cli_error(NULL, "HOME is not set to a directory");
		return CLI_FAILED;
	}
	rc = aur_import_new(&im->import);
	if (rc == 0)
		rc = read_file(im, path);
	if (rc == AUR_EABSENT)
		cli_error(
		    NULL, "%s is not there: there is nothing to import", path);
	else if (rc < 0)
		cli_error(NULL, "%s: %s", path, aur_err_str(rc));
	return rc < 0 ? CLI_FAILED : CLI_OK;
}

/* --- candidates ----------------------------------------------------------- */

static bool is_wanted(const struct importing *im, const char *name)
{
	const struct opts *o = im->o;
	bool wanted = o->noperand == 0;
	const char *less;
	size_t at = 0;

	for (int i = 0; i < o->noperand && !wanted; i++)
		wanted = aur_text_glob(o->operand[i], aur_slice_str(name));
	while (wanted && (less = opt_each(o, OPT_EXCLUDE, &at)) != NULL)
		wanted = !aur_text_glob(less, aur_slice_str(name));
	return wanted;
}

static bool is_jump(const char *jump)
{
	struct aur_address list[AUR_MAX_HOST_JUMPS];

	return jump != NULL && strcmp(jump, "none") != 0 &&
	       aur_address_parse_list(
		   aur_slice_str(jump), list, AUR_MAX_HOST_JUMPS, NULL) > 0;
}

/* What lib/team can take of it; the rest ssh finds under the alias. */
static struct aur_team_host host_of(const struct aur_import_host *i)
{
	struct aur_team_host h = {.name = i->name, .address = i->name};
	uint64_t port;

	if (i->hostname != NULL &&
	    aur_address_host_valid(aur_slice_str(i->hostname)) &&
	    strcmp(i->hostname, i->name) != 0) {
		h.address = i->hostname;
		h.alias = i->name;
	}
	if (i->port != NULL &&
	    aur_scan_u64(aur_slice_str(i->port), &port) == 0 && port > 0 &&
	    port <= 65535)
		h.port = (unsigned)port;
	if (is_jump(i->jump))
		h.jump = i->jump;
	return h;
}

static int add_candidate(
    struct importing *im, const struct aur_team *t, size_t i)
{
	struct aur_import_host found;
	size_t at;
	int rc = aur_import_get(im->import, i, &found);

	if (rc < 0)
		return cli_fail(rc);
	if (!is_wanted(im, found.name) ||
	    aur_team_find(t, aur_slice_str(found.name), &at))
		return CLI_OK;
	if (!aur_team_is_name(aur_slice_str(found.name))) {
		cli_error(NULL, "'%s' is no name for a host here: left out",
		    found.name);
		return CLI_OK;
	}
	im->ticked[im->n] = true;
	im->host[im->n++] = host_of(&found);
	return CLI_OK;
}

static int find_candidates(struct importing *im, const struct aur_team *t)
{
	size_t n = aur_import_count(im->import);
	int status = CLI_OK;

	im->host = aur_mem_new(n + 1, sizeof(*im->host));
	im->ticked = aur_mem_new(n + 1, sizeof(*im->ticked));
	if (im->host == NULL || im->ticked == NULL)
		return cli_fail(AUR_ENOMEM);
	for (size_t i = 0; i < n && status == CLI_OK; i++)
		status = add_candidate(im, t, i);
	if (status == CLI_OK && im->n == 0) {
		cli_error(NULL,
		    "~/.ssh/config names no host that is wanted "
		    "and not in team %s already",
		    t->name);
		status = CLI_FAILED;
	}
	return status;
}

/* --- the list to tick ----------------------------------------------------- */

static void show(const struct importing *im)
{
	for (size_t i = 0; i < im->n; i++) {
		const struct aur_team_host *h = &im->host[i];
		char port[20] = "";

		if (h->port > 0)
			snprintf(port, sizeof(port), " port %u", h->port);
		fprintf(stderr, "[%c] %2zu  %s  %s%s%s%s\n",
		    im->ticked[i] ? 'x' : ' ', i + 1, h->name, h->address, port,
		    h->jump != NULL ? " behind " : "",
		    h->jump != NULL ? h->jump : "");
	}
}

/* Turns the ticks of "2", "4-7" over. False: it is no such word. */
static bool toggle(struct importing *im, struct aur_slice word)
{
	struct aur_slice first;
	uint64_t from, to;

	if (!aur_slice_until(&word, '-', &first))
		first = word;
	if (aur_scan_u64(first, &from) < 0 || aur_scan_u64(word, &to) < 0 ||
	    from == 0 || from > to || to > im->n)
		return false;
	for (uint64_t i = from; i <= to; i++)
		im->ticked[i - 1] = !im->ticked[i - 1];
	return true;
}

/* One line of the user's. True: it is settled. */
static bool take_line(struct importing *im, char *line, int *status)
{
	struct aur_slice rest, word;

	for (char *p = line; *p != '\0'; p++)
		if (*p == ',')
			*p = ' ';
	rest = aur_slice_trim(aur_slice_str(line));
	if (rest.n == 0)
		return true;
	if (aur_slice_is(rest, "q")) {
		cli_error(NULL, "nothing was imported");
		*status = CLI_FAILED;
		return true;
	}
	if (aur_slice_is(rest, "all") || aur_slice_is(rest, "none")) {
		for (size_t i = 0; i < im->n; i++)
			im->ticked[i] = aur_slice_is(rest, "all");
		return false;
	}
	while (aur_slice_word(&rest, &word))
		if (!toggle(im, word))
			cli_error(NULL, "'%.*s' is no number of the list",
			    (int)word.n, (const char *)word.p);
	return false;
}

static int ask(struct importing *im)
{
	int status = CLI_OK;
	char line[1024];

	do {
		show(im);
		fprintf(stderr, "Numbers change a tick (2 4-7, all, none), "
				"Enter imports what is ticked, q nothing: ");
		fflush(stderr);
		if (fgets(line, sizeof(line), stdin) == NULL)
			snprintf(line, sizeof(line), "q");
	} while (!take_line(im, line, &status));
	return status;
}

/* --- the command ---------------------------------------------------------- */

static int add(struct aur_team *t, void *arg)
{
	struct importing *im = arg;
	size_t at;
	int rc = 0;

	im->added = 0;
	for (size_t i = 0; i < im->n && rc == 0; i++) {
		if (!im->ticked[i] ||
		    aur_team_find(t, aur_slice_str(im->host[i].name), &at))
			continue;
		rc = aur_team_put_host(
		    t, t->nhost, &im->host[i], im->why, sizeof(im->why));
		im->added++;
	}
	return rc < 0 ? team_refused(rc, im->why) : CLI_OK;
}

static int choose(struct importing *im)
{
	struct aur_team *t = NULL;
	int status = team_load(&t, im->o, TEAM_NEEDED);

	if (status == CLI_OK)
		status = read_config(im);
	if (status == CLI_OK)
		status = find_candidates(im, t);
	aur_team_free(t);
	if (status != CLI_OK || im->o->seen[OPT_YES] > 0)
		return status;
	if (team_can_ask())
		return ask(im);
	cli_error(NULL, "there is no terminal to ask on: --yes imports all "
			"that is meant");
	return CLI_USAGE;
}

static int exec_import(struct cli *c, struct opts *o)
{
	struct importing im = {.o = o};
	int status = choose(&im);

	if (status == CLI_OK)
		status = team_change(o, add, &im);
	if (status == CLI_OK)
		status = team_say(c, "%zu host%s imported, and not reached",
		    im.added, im.added == 1 ? "" : "s");
	aur_import_free(im.import);
	aur_mem_free(im.host);
	aur_mem_free(im.ticked);
	return status;
}

static const enum opt_id options[] = {OPT_YES, OPT_EXCLUDE, OPT_END};

const struct cmd_entry team_import = {
    .name = "team import",
    .summary = "add hosts that ~/.ssh/config names",
    .usage = "[--yes] [GLOB...]",
    .detail = "Shows a list to choose from; with --yes it takes all that the "
	      "globs mean.",
    .options = options,
    .exec = exec_import,
};
