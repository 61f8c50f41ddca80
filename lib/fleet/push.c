/* SPDX-License-Identifier: MIT */
/*
 * Scripts out, answers in. What a host answers is lines that begin with
 * @aurora; whatever stands between them its rc files said.
 */
#include "fleet/push.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/scan.h"
#include "fleet/push_int.h"
#include "ssh/key.h"

#define SCRIPT_MARK "@aurora"
#define ANSWER_MAX 65536u

/* --- scripts -------------------------------------------------------------- */

static const char *const verbs[] = {
    [AUR_PUSH_PROBE] = "probe",
    [AUR_PUSH_PUT] = "put",
    [AUR_PUSH_USER] = "user",
    [AUR_PUSH_SYSTEM] = "system",
    [AUR_PUSH_REMOVE] = "remove",
};

/* A function that prints `text`, in which @bindir@ is `bin`. */
static int add_text(
    struct aur_buf *b, const char *name, const char *text, const char *bin)
{
	static const char bindir[] = "@bindir@";
	int rc = aur_buf_addf(b, "%s() {\ncat <<'AURORA'\n", name);

	for (const char *at; rc == 0 && (at = strstr(text, bindir)) != NULL;
	     text = at + strlen(bindir)) {
		rc = aur_buf_add(b, text, (size_t)(at - text));
		if (rc == 0)
			rc = aur_buf_add_str(b, bin);
	}
	if (rc == 0)
		rc = aur_buf_add_str(b, text);
	return rc == 0 ? aur_buf_add_str(b, "AURORA\n}\n") : rc;
}

static int add_units(struct aur_buf *b, enum aur_push_verb verb)
{
	int rc = 0;

	if (verb == AUR_PUSH_USER)
		rc = add_text(
		    b, "unit_text", aur__push_unit_user, "%h/.local/bin");
	if (verb == AUR_PUSH_SYSTEM)
		rc = add_text(
		    b, "unit_text", aur__push_unit_system, "/usr/local/bin");
	if (verb == AUR_PUSH_SYSTEM && rc == 0)
		rc = add_text(
		    b, "openrc_text", aur__push_openrc, "/usr/local/bin");
	return rc;
}

int aur_push_script(struct aur_buf *b, const struct aur_push_order *order)
{
	char sum[AUR_SSH_SHA256] = "";
	int rc = 0;

	if (order->agent.n > 0)
		rc = aur_ssh_sha256(order->agent, sum);
	if (rc == 0)
		rc = aur_buf_addf(b, "verb=%s\nplace=%u\nsum=%s\n",
		    verbs[order->verb], order->place, sum);
	if (rc == 0)
		rc = add_units(b, order->verb);
	return rc == 0 ? aur_buf_add_str(b, aur__push_script) : rc;
}

/* --- answers -------------------------------------------------------------- */

static void read_place(struct aur_push_answer *a, struct aur_slice rest)
{
	struct aur_slice number, verdict;
	uint64_t i;

	if (!aur_slice_until(&rest, ' ', &number) ||
	    !aur_slice_until(&rest, ' ', &verdict) ||
	    aur_scan_u64(number, &i) < 0 || i >= AUR_PUSH_PLACES)
		return;
	a->good[i] = aur_slice_is(verdict, "good");
	a->place[i] = rest;
}

static void read_found(struct aur_push_answer *a, struct aur_slice rest)
{
	static const char *const wheres[AUR_PUSH_WHERES] = {
	    [AUR_PUSH_IN_PATH] = "path",
	    [AUR_PUSH_PUSHED] = "pushed",
	    [AUR_PUSH_OF_USER] = "user",
	    [AUR_PUSH_OF_SYSTEM] = "system",
	};
	struct aur_push_found f = {.path = {NULL, 0}};
	struct aur_slice where;

	if (!aur_slice_until(&rest, ' ', &where) ||
	    !aur_slice_until(&rest, ' ', &f.version) || rest.n == 0 ||
	    a->nfound == AUR_PUSH_FOUND_MOST)
		return;
	if (aur_slice_is(f.version, "-"))
		f.version.n = 0;
	f.path = rest;
	for (unsigned i = 0; i < AUR_PUSH_WHERES; i++)
		if (aur_slice_is(where, wheres[i])) {
			f.where = (enum aur_push_where)i;
			a->found[a->nfound++] = f;
		}
}

static void read_has(struct aur_push_answer *a, struct aur_slice what)
{
	a->root |= aur_slice_is(what, "root");
	a->systemd |= aur_slice_is(what, "systemd");
	a->openrc |= aur_slice_is(what, "openrc");
	a->user |= aur_slice_is(what, "user");
	a->linger |= aur_slice_is(what, "linger");
}

static void add_line(
    struct aur_push_answer *a, enum aur_push_tell tell, struct aur_slice text)
{
	if (a->nline < AUR_PUSH_LINES_MOST)
		a->line[a->nline++] = (struct aur_push_line){tell, text};
}

static void read_line(
    struct aur_push_answer *a, struct aur_slice key, struct aur_slice rest)
{
	if (aur_slice_is(key, "system")) {
		if (!aur_push_name(rest, a->system, sizeof a->system))
			a->system[0] = '\0';
	} else if (aur_slice_is(key, "place")) {
		read_place(a, rest);
	} else if (aur_slice_is(key, "found")) {
		read_found(a, rest);
	} else if (aur_slice_is(key, "has")) {
		read_has(a, rest);
	} else if (aur_slice_is(key, "runs")) {
		a->runs_user |= aur_slice_is(rest, "user");
		a->runs_system |= aur_slice_is(rest, "system");
	} else if (aur_slice_is(key, "lacks")) {
		a->lacks_linger |= aur_slice_is(rest, "linger");
	} else if (aur_slice_is(key, "did")) {
		add_line(a, AUR_PUSH_DID, rest);
	} else if (aur_slice_is(key, "remains")) {
		add_line(a, AUR_PUSH_REMAINS, rest);
	} else if (aur_slice_is(key, "failed")) {
		a->noexec |= aur_slice_starts(rest, "noexec ");
		add_line(a, AUR_PUSH_FAILED, rest);
	} else if (aur_slice_is(key, "done")) {
		a->done = true;
	}
}

int aur_push_parse(struct aur_push_answer *ret_answer, struct aur_slice out)
{
	struct aur_push_answer *a = ret_answer;
	struct aur_slice rest, line, word;
	int rc;

	*a = (struct aur_push_answer){.done = false};
	aur_buf_init(&a->text, ANSWER_MAX);
	if (out.n > ANSWER_MAX)
		out.n = ANSWER_MAX;
	rc = aur_buf_add_slice(&a->text, out);
	if (rc < 0)
		return rc;
	rest = aur_buf_peek(&a->text);
	while (aur_slice_line(&rest, &line)) {
		struct aur_slice key;

		if (!aur_slice_until(&line, ' ', &word) ||
		    !aur_slice_is(word, SCRIPT_MARK))
			continue;
		if (!aur_slice_until(&line, ' ', &key)) {
			key = line;
			line.n = 0;
		}
		read_line(a, key, line);
	}
	return 0;
}

void aur_push_release(struct aur_push_answer *a)
{
	aur_buf_release(&a->text);
	*a = (struct aur_push_answer){.done = false};
}

unsigned aur_push_place(const struct aur_push_answer *a, unsigned from)
{
	while (from < AUR_PUSH_PLACES && !a->good[from])
		from++;
	return from;
}
