/* SPDX-License-Identifier: MIT */
/* Teams: hostile documents, changes, trust, files, memory. */
#include "tests/harness/fail.h"
#include "tests/harness/jsonfail.h"
#include "tests/harness/tap.h"

#include "base/err.h"
#include "team/team.h"

#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/aurora-team-XXXXXX";
static char path[128], own[128], why[AUR_TEAM_WHY];

#define HOST "\"name\":\"a\",\"id\":\"0123456789\""
#define TEAM(more) "{\"name\":\"t\",\"id\":\"0123456789\"," more "}"

static void put(const char *to, const char *text)
{
	FILE *f = fopen(to, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		tap_ok(false, "%s can be written", to);
	chmod(to, 0600);
}

static int load(struct aur_team **t)
{
	why[0] = '\0';
	return aur_team_load(t, dir, "t", why, sizeof(why));
}

static void clean(void)
{
	unlink(path);
	unlink(own);
}

/* Loads `text`; its error must be about the file and begin so. */
static void refused(const char *text, const char *said)
{
	struct aur_team *t = NULL;
	char *at;

	put(path, text);
	tap_ok(load(&t) < 0, "refused: %s", said);
	at = strstr(why, "t.json");
	tap_ok(
	    at != NULL && strncmp(at + 6, said, strlen(said)) == 0, "%s", why);
	aur_team_free(t);
	clean();
}

static void test_hostile(void)
{
	refused("{", ":1:");
	refused("{\"version\":2}", ": of a later aurora");
	refused("{}", ": name: missing");
	refused("{\"name\":5}", ": name: wants a string");
	refused("{\"name\":\"all\"}", ": name: 'all' is taken");
	refused("{\"name\":\"t\"}", ": id: missing");
	refused("{\"name\":\"t\",\"id\":\"a b\"}", ": id: wants 8 to 64");
	refused(TEAM("\"hosts\":{}"), ": hosts: wants a list");
	refused(TEAM("\"hosts\":[5]"), ": hosts[0]: wants an object");
	refused(TEAM("\"hosts\":[null]"), ": hosts[0]: wants an object");
	refused(TEAM("\"hosts\":[{}]"), ": hosts[0].name: missing");
	refused(TEAM("\"hosts\":[{\"name\":\"a/b\"}]"),
	    ": hosts[0].name: 'a/b' is no name");
	refused(TEAM("\"hosts\":[{\"name\":\"\"}]"), ": hosts[0].name: empty");
	refused(TEAM("\"hosts\":[{\"name\":\"a\\u001b\"}]"),
	    ": hosts[0].name: has a control character");
	refused(TEAM("\"hosts\":[{" HOST ",\"address\":\"-oX\"}]"),
	    ": hosts[0].address: '-oX' is no address");
	refused(TEAM("\"hosts\":[{" HOST ",\"address\":\"a b\"}]"),
	    ": hosts[0].address: 'a b' is no address");
	refused(TEAM("\"hosts\":[{" HOST ",\"user\":\"-x\"}]"),
	    ": hosts[0].user: '-x' is no user");
	refused(TEAM("\"hosts\":[{" HOST ",\"port\":65536}]"),
	    ": hosts[0].port: wants a whole number from 1 to 65535");
	refused(TEAM("\"hosts\":[{" HOST ",\"port\":\"22\"}]"),
	    ": hosts[0].port: wants a whole number");
	refused(TEAM("\"hosts\":[{" HOST ",\"jump\":\"a b\"}]"),
	    ": hosts[0].jump: 'a b': ");
	refused(TEAM("\"hosts\":[{" HOST ",\"jump\":\"a\"}]"),
	    ": hosts[0].jump: leads back to the host itself");
	refused(TEAM("\"hosts\":[{" HOST ",\"jump\":\"1,2,3,4,5,6,7,8,9\"}]"),
	    ": hosts[0].jump: ");
	refused(TEAM("\"hosts\":[{" HOST ",\"role\":\"x\"}]"),
	    ": hosts[0].role: 'x' is no role of a host");
	refused(TEAM("\"hosts\":[{" HOST ",\"host_key\":\"MD5:x\"}]"),
	    ": hosts[0].host_key: wants SHA256:");
	refused(TEAM("\"hosts\":[{" HOST ",\"agent\":\"a\\nb\"}]"),
	    ": hosts[0].agent: has a control character");
	refused(TEAM("\"hosts\":[{" HOST ",\"groups\":[\"x\",\"x\"]}]"),
	    ": hosts[0].groups[1]: 'x' is there twice");
	refused(TEAM("\"hosts\":[{" HOST ",\"groups\":[1]}]"),
	    ": hosts[0].groups[0]: wants a string");
	refused(TEAM("\"hosts\":[{" HOST ",\"groups\":\"x\"}]"),
	    ": hosts[0].groups: wants a list");
	refused(TEAM("\"hosts\":[{" HOST ",\"tags\":{\"a\":1}}]"),
	    ": hosts[0].tags.a: wants a string");
	refused(TEAM("\"hosts\":[{" HOST ",\"tags\":{\"a b\":\"\"}}]"),
	    ": hosts[0].tags.a b: 'a b' is no name");
	refused(TEAM("\"hosts\":[{" HOST "},{" HOST "}]"),
	    ": hosts[1].name: the same as that of hosts[0], 'a'");
	refused(TEAM("\"hosts\":[{" HOST "},{\"name\":\"b\","
		     "\"id\":\"0123456789\"}]"),
	    ": hosts[1].id: the same as that of hosts[0], 'a'");
	refused(TEAM("\"members\":[{\"name\":\"b\",\"id\":\"01234567\","
		     "\"role\":\"root\"}]"),
	    ": members[0].role: 'root' is no role");
	refused(TEAM("\"members\":[{\"name\":\"b\",\"id\":\"01234567\","
		     "\"key\":\"x\"}]"),
	    ": members[0].key: wants a line");
	refused(TEAM("\"members\":[{" HOST "},{" HOST "}]"),
	    ": members[1].name: the same as that of members[0]");
}

/* Jumps that branch at each step: every way would take for ever. */
static void test_ways(void)
{
	static char text[65536];
	struct aur_team *t = NULL;
	size_t n = (size_t)snprintf(text, sizeof(text),
	    "{\"name\":\"t\",\"id\":\"0123456789\",\"hosts\":[");

	for (int i = 0; i < 60; i++) {
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "%s{\"name\":\"h%d\",\"id\":\"id-%06d\"", i > 0 ? "," : "",
		    i, i);
		if (i < 59)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
			    ",\"jump\":\"h%d,h%d\"", i + 1, i + 1);
		n += (size_t)snprintf(text + n, sizeof(text) - n, "}");
	}
	snprintf(text + n, sizeof(text) - n, "]}");
	put(path, text);
	tap_eq_int(load(&t), AUR_EINVALID, "a way through everybody");
	tap_ok(
	    strstr(why, "jump: the way has too many jumps") != NULL, "%s", why);
	put(path, TEAM("\"hosts\":[{" HOST ",\"jump\":\"b\"},"
		       "{\"name\":\"b\",\"id\":\"11111111\",\"jump\":\"x,c\"},"
		       "{\"name\":\"c\",\"id\":\"22222222\"}]"));
	tap_eq_int(load(&t), 0, "a way over two and a stranger");
	aur_team_free(t);
	t = NULL;
	put(path, TEAM("\"hosts\":[{" HOST ",\"jump\":\"b\"},"
		       "{\"name\":\"b\",\"id\":\"11111111\",\"jump\":\"c\"},"
		       "{\"name\":\"c\",\"id\":\"22222222\",\"jump\":\"a\"}]"));
	tap_eq_int(load(&t), AUR_EINVALID, "a circle of three");
	clean();
}

static void test_local(void)
{
	struct aur_team *t = NULL;

	put(path, TEAM("\"hosts\":[{" HOST "}]"));
	put(own, "{\"hosts\":[{\"id\":\"0123456789\",\"user\":\"u\","
		 "\"identity\":\"~/k\",\"alias\":\"al\",\"via\":\"openssh\"},"
		 "{\"id\":\"99999999\",\"user\":\"x\"}]}");
	if (tap_eq_int(load(&t), 0, "with what is mine")) {
		tap_eq_str(t->host[0].my_user, "u", "user");
		tap_eq_str(t->host[0].identity, "~/k", "identity");
		tap_eq_str(t->host[0].alias, "al", "alias");
		tap_eq_int(t->host[0].via, AUR_VIA_OPENSSH, "via");
		tap_eq_str(t->host[0].address, "a", "an address by name");
	}
	aur_team_free(t);
	t = NULL;
	put(own, "{\"hosts\":[{\"id\":\"0123456789\",\"via\":\"tcp\"}]}");
	tap_eq_int(load(&t), AUR_EINVALID, "mine may mean nothing");
	tap_ok(strstr(why, "t.local.json: hosts[0].via: 'tcp'") != NULL, "%s",
	    why);
	put(own, "{\"trusted\":5}");
	tap_eq_int(load(&t), AUR_EINVALID, "nor trust");
	put(own, "{}");
	chmod(own, 0602);
	tap_eq_int(load(&t), AUR_EDENIED, "others may write it");
	if (geteuid() == 0) {
		chmod(own, 0600);
		tap_ok(chown(own, 65534, 65534) == 0, "another user's file");
		tap_eq_int(load(&t), AUR_EDENIED, "is not mine");
	}
	clean();
}

struct told {
	size_t n;
	char text[512];
};

static void tell(void *arg, const struct aur_team_change *c)
{
	struct told *t = arg;

	t->n++;
	snprintf(t->text, sizeof(t->text), "%s %s %s %s", c->host, c->what,
	    c->was != NULL ? c->was : "-", c->is != NULL ? c->is : "-");
}

static void test_trust(void)
{
	static const struct {
		const char *member, *told;
	} changes[] = {
	    {"\"address\":\"b\"", "a address a b"},
	    {"\"user\":\"u\"", "a user - u"},
	    {"\"port\":22", "a port - 22"},
	    {"\"jump\":\"j\"", "a jump - j"},
	    {"\"agent\":\"x\"", "a agent - x"},
	    {"\"host_key\":\"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	     "AAA\"",
		"a host_key - "
		"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
	    {"\"groups\":[\"g\"]", NULL},
	    {"\"tags\":{\"k\":\"v\"}", NULL},
	};
	struct aur_team *t = NULL;
	char text[1024];

	put(path, TEAM("\"hosts\":[{" HOST "}]"));
	if (tap_eq_int(load(&t), 0, "a file from elsewhere")) {
		struct told all = {0};

		tap_eq_u64(aur_team_changes(t, tell, &all), 1, "one is new");
		tap_eq_str(all.text, "a host - a", "told");
		tap_eq_int(aur_team_save(t, why, sizeof(why)), 0, "trusted");
		tap_eq_u64(aur_team_changes(t, NULL, NULL), 0, "from now on");
	}
	aur_team_free(t);
	for (size_t i = 0; i < AUR_ARRAY_LEN(changes); i++) {
		struct told one = {0};

		snprintf(text, sizeof(text), TEAM("\"hosts\":[{" HOST ",%s}]"),
		    changes[i].member);
		put(path, text);
		t = NULL;
		tap_eq_int(load(&t), 0, changes[i].member);
		aur_team_changes(t, tell, &one);
		tap_eq_str(one.text,
		    changes[i].told != NULL ? changes[i].told : "",
		    "what is told");
		aur_team_free(t);
	}
	put(path, TEAM("\"hosts\":[{\"name\":\"b\",\"id\":\"0123456789\","
		       "\"address\":\"a\"}]"));
	t = NULL;
	if (tap_eq_int(load(&t), 0, "another name")) {
		struct told one = {0};

		aur_team_changes(t, tell, &one);
		tap_eq_str(one.text, "b name a b", "is a change");
	}
	aur_team_free(t);
	clean();
}

static void test_edit(void)
{
	static const char *const groups[] = {"web", "eu"};
	static const struct aur_team_tag tags[] = {{"a", "1"}, {"b", "2"}};
	struct aur_team *t = NULL, *again = NULL;
	struct aur_team_host h = {.name = "web1",
	    .address = "w.example",
	    .port = 22,
	    .group = groups,
	    .ngroup = 2,
	    .tag = tags,
	    .ntag = 2,
	    .my_user = "me"};
	size_t at = 9;

	tap_eq_int(aur_team_new(&t, dir, "t", why, sizeof(why)), 0, "new");
	tap_eq_int(strlen(t->id), 32, "with an id");
	tap_eq_int(aur_team_put_host(t, 0, &h, why, sizeof(why)), 0, "a host");
	h = t->host[0];
	h.name = "web2";
	h.id = NULL;
	h.jump = "web1";
	tap_eq_int(aur_team_put_host(t, 1, &h, why, sizeof(why)), 0,
	    "another, borrowed from the first");
	tap_ok(strcmp(t->host[0].id, t->host[1].id) != 0, "with its own id");
	tap_eq_int(aur_team_save(t, why, sizeof(why)), 0, "saved");
	tap_eq_int(load(&again), 0, "loaded");
	tap_ok(again->nhost == 2 && again->host[1].ngroup == 2 &&
		   again->host[1].ntag == 2 &&
		   strcmp(again->host[1].my_user, "me") == 0,
	    "as it was");
	h = again->host[0];
	h.name = "bastion";
	h.tag = &tags[1];
	h.ntag = 1;
	h.my_user = NULL;
	tap_eq_int(
	    aur_team_put_host(again, 0, &h, why, sizeof(why)), 0, "renamed");
	tap_eq_str(again->host[1].jump, "bastion", "and so the jumps");
	tap_eq_u64(again->host[0].ntag, 1, "a tag less");
	tap_ok(again->host[0].my_user == NULL, "nothing of mine");
	tap_ok(aur_team_find(again, aur_slice_str("bastion"), &at) && at == 0,
	    "found by name");
	tap_ok(!aur_team_find(again, aur_slice_str("web1"), &at), "not by the "
								  "old one");
	tap_eq_int(aur_team_drop_host(again, 0, why, sizeof(why)), AUR_EINVALID,
	    "the jump stays");
	tap_eq_int(aur_team_save(again, why, sizeof(why)), 0, "saved");
	h = t->host[0];
	h.agent = "x";
	tap_eq_int(aur_team_put_host(t, 0, &h, why, sizeof(why)), 0,
	    "a change from before");
	tap_eq_int(
	    aur_team_save(t, why, sizeof(why)), AUR_EBUSY, "is too late");
	aur_team_free(t);
	tap_eq_int(aur_team_drop_host(again, 1, why, sizeof(why)), 0, "drop");
	tap_eq_int(aur_team_drop_host(again, 0, why, sizeof(why)), 0, "both");
	h = (struct aur_team_host){.name = "bad", .address = "-x"};
	tap_eq_int(aur_team_put_host(again, 0, &h, why, sizeof(why)),
	    AUR_EINVALID, "what means nothing is refused");
	aur_team_free(again);
	t = NULL;
	tap_eq_int(aur_team_new(&t, dir, "t", why, sizeof(why)), AUR_EBUSY,
	    "is there");
	clean();
}

static void test_directory(void)
{
	static const char *const files[] = {"b.json", "a.json", "a.local.json",
	    ".x.json", "c.json.1.0.new", "local.json", "x y.json"};
	char name[256], **list = NULL;
	int lock = -1, other = -1;

	for (size_t i = 0; i < AUR_ARRAY_LEN(files); i++) {
		snprintf(name, sizeof(name), "%s/%s", dir, files[i]);
		put(name, TEAM("\"hosts\":[]"));
	}
	tap_eq_int(aur_team_list(dir, &list), 0, "list");
	tap_ok(list[0] != NULL && strcmp(list[0], "a") == 0 &&
		   strcmp(list[1], "b") == 0 && list[2] == NULL,
	    "teams alone, sorted");
	aur_mem_free(list);
	tap_eq_int(aur_team_list("/nonexistent/x", &list), 0, "no directory");
	tap_ok(list[0] == NULL, "has no teams");
	aur_mem_free(list);
	tap_eq_int(aur_team_rename(dir, "a", "b", why, sizeof(why)), AUR_EBUSY,
	    "a name that is taken");
	tap_eq_int(
	    aur_team_rename(dir, "a", "n", why, sizeof(why)), 0, "renamed");
	tap_eq_int(aur_team_rename(dir, "a", "m", why, sizeof(why)),
	    AUR_EABSENT, "it is gone");
	tap_eq_int(aur_team_rename(dir, "n", "../m", why, sizeof(why)),
	    AUR_EINVALID, "no name");
	tap_eq_int(aur_team_delete(dir, "n", why, sizeof(why)), 0, "deleted");
	tap_eq_int(
	    aur_team_delete(dir, "n", why, sizeof(why)), AUR_EABSENT, "once");
	tap_eq_int(aur_team_lock(dir, &lock, why, sizeof(why)), 0, "locked");
	tap_eq_int(aur_team_lock(dir, &other, why, sizeof(why)), AUR_EBUSY,
	    "by one at a time");
	aur_team_unlock(lock);
	tap_eq_int(
	    aur_team_lock(dir, &other, why, sizeof(why)), 0, "then free");
	aur_team_unlock(other);
	for (size_t i = 0; i < AUR_ARRAY_LEN(files); i++) {
		snprintf(name, sizeof(name), "%s/%s", dir, files[i]);
		unlink(name);
	}
}

static int all(struct aur_team **t)
{
	static const char *const groups[] = {"g"};
	static const struct aur_team_tag tags[] = {{"a", "1"}};
	struct aur_team_host h = {.name = "c",
	    .address = "c",
	    .jump = "b",
	    .group = groups,
	    .ngroup = 1,
	    .tag = tags,
	    .ntag = 1,
	    .my_user = "me",
	    .via = AUR_VIA_OPENSSH};
	struct aur_team_member m = {.name = "m", .key = "t k"};
	int rc = load(t);

	if (rc == 0)
		rc = aur_team_put_host(*t, 2, &h, why, sizeof(why));
	if (rc == 0) {
		h = (*t)->host[1];
		h.name = "d";
		rc = aur_team_put_host(*t, 1, &h, why, sizeof(why));
	}
	if (rc == 0)
		rc = aur_team_put_member(*t, 0, &m, why, sizeof(why));
	if (rc == 0)
		rc = aur_team_changes(*t, NULL, NULL) > 0 ? 0 : AUR_EINVALID;
	if (rc == 0)
		rc = aur_team_trust(*t);
	return rc < 0 ? rc : aur_team_drop_host(*t, 0, why, sizeof(why));
}

static void test_memory(void)
{
	put(path, TEAM("\"hosts\":[{" HOST "},{\"name\":\"b\","
		       "\"id\":\"11111111\",\"groups\":[\"x\"]}]"));
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		struct aur_team *t = NULL;
		int rc = all(&t);
		bool hit = fail_end();

		aur_team_free(t);
		if (!hit) {
			tap_eq_int(rc, 0, "got through");
			break;
		}
		/* jansson calls a token that it cannot keep a bad one */
		if (rc != AUR_ENOMEM && rc != 0 &&
		    strstr(why, " near ") == NULL)
			tap_ok(false, "allocation %lu: %d %s", nth, rc, why);
	}
	clean();
}

int main(void)
{
	jsonfail_begin();
	if (mkdtemp(dir) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/t.json", dir);
	snprintf(own, sizeof(own), "%s/t.local.json", dir);
	test_hostile();
	test_ways();
	test_local();
	test_trust();
	test_edit();
	test_directory();
	test_memory();
	tap_ok(rmdir(dir) == 0, "no temporary file is left");
	return tap_done();
}
