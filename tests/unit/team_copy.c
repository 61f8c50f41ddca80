/* SPDX-License-Identifier: MIT */
/*
 * The published copy: what a team keeps of it, and the scripts that write it
 * and take it away, run by sh in a directory of the test.
 */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "ssh/key.h"
#include "team/copy.h"
#include "team/publish.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID "0123456789abcdef"
#define DOC                                                                    \
	"{\"version\":1,\"name\":\"t\",\"id\":\"" ID "\",\"hosts\":["          \
	"{\"name\":\"web1\",\"id\":\"00000001\"},"                             \
	"{\"name\":\"web2\",\"id\":\"00000002\"}],\"members\":[]}"
#define OTHER                                                                  \
	"{\"version\":1,\"name\":\"t\",\"id\":\"" ID "\",\"hosts\":["          \
	"{\"name\":\"web1\",\"id\":\"00000001\",\"address\":\"10.0.0.1\"}],"   \
	"\"members\":[],\"published\":\"00000001\",\"more\":[1]}"

static char why[AUR_TEAM_WHY];

/* --- the team ------------------------------------------------------------- */

static struct aur_team *parse(const char *shared, const char *local)
{
	struct aur_team *t = NULL;

	tap_eq_int(aur_team_parse(&t, "t", aur_slice_str(shared),
		       aur_slice_str(local), why, sizeof(why)),
	    0, "a team");
	return t;
}

static void test_take(void)
{
	struct aur_team *t = parse(DOC, "{\"hosts\":[{\"id\":\"00000001\","
					"\"user\":\"me\"}]}");
	struct aur_buf b;
	size_t at = 9;

	aur_buf_init(&b, 1u << 20);
	tap_ok(!aur_team_published(t, &at), "nothing is published");
	tap_eq_int(aur_team_set_published(t, t->host[1].id), 0, "it is now");
	tap_ok(aur_team_published(t, &at) && at == 1, "at web2");
	tap_ok(aur_team_seen(t, &b) == 0 && b.n == 0, "no copy was seen yet");
	tap_eq_int(aur_team_set_seen(t, aur_slice_str(OTHER), why, sizeof(why)),
	    0, "one is");
	tap_ok(aur_team_seen(t, &b) == 0 &&
		   strstr(aur_buf_str(&b), "10.0.0.1") != NULL,
	    "and kept");
	tap_eq_int(aur_team_take(t, aur_slice_str(OTHER), why, sizeof(why)), 0,
	    "it becomes ours");
	tap_ok(t->nhost == 1 && strcmp(t->host[0].address, "10.0.0.1") == 0,
	    "with its hosts");
	tap_eq_str(t->host[0].my_user, "me", "what is mine stays");
	tap_ok(aur_team_published(t, &at) && at == 0, "it says where it is");
	tap_eq_u64(aur_team_changes(t, NULL, NULL), 1, "nobody trusts it yet");
	aur_buf_clear(&b);
	tap_ok(aur_team_text(t, &b) == 0 &&
		   strstr(aur_buf_str(&b), "\"more\": [1]") != NULL,
	    "what we do not know comes along");
	tap_eq_int(
	    aur_team_take(t, aur_slice_str("{\"name\":7}"), why, sizeof(why)),
	    AUR_EINVALID, "what is no team does not");
	aur_team_free(t);
	aur_buf_release(&b);
}

static void test_identity(void)
{
	struct aur_team *t = parse(DOC, "{\"hosts\":[{\"id\":\"00000002\","
					"\"identity\":\"~/own\"}]}");
	struct aur_team_host h;

	tap_eq_int(aur_team_set_identity(t, "~/team", why, sizeof(why)), 0,
	    "a key for all");
	tap_eq_str(t->host[0].identity, "~/team", "who has none gets it");
	tap_eq_str(t->host[1].identity, "~/own", "who has one keeps it");
	h = t->host[0];
	h.is_jump = true;
	tap_eq_int(
	    aur_team_put_host(t, 0, &h, why, sizeof(why)), 0, "a change");
	tap_eq_int(aur_team_set_identity(t, "~/new", why, sizeof(why)), 0,
	    "and another key");
	tap_eq_str(t->host[0].identity, "~/new", "it was not written down");
	aur_team_free(t);
}

/* Many at once: each borrows from what it changes. */
static void test_put(void)
{
	struct aur_team *t = parse(DOC, "{}");
	struct aur_team_host h[2] = {t->host[0], t->host[1]};

	for (size_t i = 0; i < 2; i++) {
		h[i].alias = h[i].address;
		h[i].address = "10.0.0.9";
		h[i].user = "alice";
		h[i].port = 2222;
	}
	tap_eq_int(
	    aur_team_put_hosts(t, h, 2, why, sizeof(why)), 0, "two hosts");
	tap_ok(strcmp(t->host[1].address, "10.0.0.9") == 0 &&
		   strcmp(t->host[1].alias, "web2") == 0 &&
		   strcmp(t->host[0].user, "alice") == 0 &&
		   t->host[0].port == 2222,
	    "are what was said");
	h[0] = t->host[0];
	h[0].id = "00000009";
	tap_eq_int(aur_team_put_hosts(t, h, 1, why, sizeof(why)), AUR_EABSENT,
	    "one that is not there");
	aur_team_free(t);
}

/* --- the scripts ---------------------------------------------------------- */

static char dir[] = "/tmp/aurora-copy-XXXXXX";

/* Runs a script with `input`; the word of its answer, or -1. */
static int run(const char *script, const char *input)
{
	char path[64], command[512], out[4096];
	enum aur_publish_word word;
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/script", dir);
	f = fopen(path, "we");
	if (f == NULL || fputs(script, f) < 0 || fclose(f) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/input", dir);
	f = fopen(path, "we");
	if (f == NULL || fputs(input, f) < 0 || fclose(f) != 0)
		return -1;
	snprintf(command, sizeof(command),
	    "echo hello; XDG_STATE_HOME=%s/state sh %s/script <%s/input 2>&1",
	    dir, dir, dir);
	f = popen(command, "r");
	if (f == NULL)
		return -1;
	n = fread(out, 1, sizeof(out), f);
	pclose(f);
	return aur_publish_parse(aur_slice_of(out, n), &word) < 0 ? -1
								  : (int)word;
}

static int publish(const char *was, const char *text)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, 8192);
	rc = aur_publish_script(&b, ID, was, strlen(text));
	rc = rc == 0 ? run(aur_buf_str(&b), text) : rc;
	aur_buf_release(&b);
	return rc;
}

static const char *content(const char *name)
{
	static char text[256];
	char path[256];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/state/aurora/teams/%s", dir, name);
	f = fopen(path, "re");
	if (f == NULL)
		return "(none)";
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static void test_scripts(void)
{
	char sum[AUR_SSH_SHA256], path[256];
	struct aur_buf b;
	struct stat st;

	if (mkdtemp(dir) == NULL)
		return;
	tap_eq_int(publish("none", "one"), AUR_PUBLISH_WRITTEN, "written");
	tap_eq_str(content(ID ".json"), "one", "it is there");
	snprintf(path, sizeof(path), "%s/state/aurora/teams/" ID ".json", dir);
	tap_ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600,
	    "for the account alone");
	tap_eq_int(publish("none", "two"), AUR_PUBLISH_CHANGED,
	    "not over what is there");
	tap_eq_int(aur_ssh_sha256(aur_slice_str("two"), sum), 0, "a sum");
	tap_eq_int(publish(sum, "two"), AUR_PUBLISH_CHANGED,
	    "nor over what is something else");
	tap_eq_str(content(ID ".json"), "one", "it is as it was");
	tap_eq_int(aur_ssh_sha256(aur_slice_str("one"), sum), 0, "its own sum");
	tap_eq_int(publish(sum, "two"), AUR_PUBLISH_WRITTEN, "with it it is");
	tap_eq_str(content(ID ".json"), "two", "replaced");
	tap_eq_str(content(ID ".previous.json"), "one", "the one before kept");
	aur_buf_init(&b, 8192);
	tap_eq_int(aur_unpublish_script(&b, ID), 0, "and away");
	tap_eq_int(run(aur_buf_str(&b), ""), AUR_PUBLISH_REMOVED, "removed");
	tap_eq_int(run(aur_buf_str(&b), ""), AUR_PUBLISH_REMOVED, "twice");
	snprintf(path, sizeof(path), "%s/state/aurora", dir);
	tap_ok(stat(path, &st) < 0, "nothing is left");
	snprintf(path, sizeof(path), "%s/state/aurora/teams", dir);
	tap_ok(publish("none", "one") == AUR_PUBLISH_WRITTEN, "once more");
	snprintf(path, sizeof(path), "%s/state/aurora/teams/" ID ".json", dir);
	tap_ok(unlink(path) == 0 && symlink("/dev/null", path) == 0, "a link");
	tap_eq_int(publish("none", "one"), AUR_PUBLISH_LINK, "is not followed");
	tap_ok(unlink(path) == 0, "(gone)");
	(void)run(aur_buf_str(&b), "");
	aur_buf_release(&b);
}

static void test_refused(void)
{
	enum aur_publish_word word;
	struct aur_buf b;

	aur_buf_init(&b, 8192);
	tap_eq_int(aur_publish_script(&b, "a;reboot;b", "none", 1),
	    AUR_EINVALID, "an id that a shell would read");
	tap_eq_int(aur_publish_script(&b, ID, "$(reboot)", 1), AUR_EINVALID,
	    "a sum as well");
	tap_eq_int(aur_unpublish_script(&b, "../../..x"), AUR_EINVALID,
	    "an id that is a path");
	tap_eq_int(aur_publish_parse(aur_slice_str("written\n"), &word),
	    AUR_EPROTOCOL, "an answer without its mark");
	tap_eq_int(
	    aur_publish_parse(aur_slice_str("aurora-team\nhello\n"), &word),
	    AUR_EPROTOCOL, "or with another word");
	aur_buf_release(&b);
}

static void clean(void)
{
	static const char *const names[] = {
	    "script", "input", "state/aurora/teams", "state/aurora", "state"};
	char path[64];

	for (size_t i = 0; i < AUR_ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		(void)(i < 2 ? unlink(path) : rmdir(path));
	}
	tap_eq_int(rmdir(dir), 0, "the test leaves nothing");
}

int main(void)
{
	test_take();
	test_identity();
	test_put();
	test_scripts();
	test_refused();
	clean();
	return tap_done();
}
