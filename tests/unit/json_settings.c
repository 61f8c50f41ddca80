/* SPDX-License-Identifier: MIT */
/* Settings: read, refused with the place, written without losing anything. */
#include "tests/harness/tap.h"

#include "base/err.h"
#include "json/settings.h"

#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/aurora-settings-XXXXXX";
static char path[128], why[512];
static struct aur_setting s[4];

static void clear(void)
{
	static const struct aur_setting empty[4] = {
	    {.name = "theme",
		.kind = AUR_SETTING_WORD,
		.words = "default|light|16"},
	    {.name = "tree", .kind = AUR_SETTING_SWITCH},
	    {.name = "interval_seconds",
		.kind = AUR_SETTING_NUMBER,
		.least = 0.1,
		.most = 3600},
	    {.name = "columns", .kind = AUR_SETTING_TEXT},
	};

	memcpy(s, empty, sizeof(s));
	why[0] = '\0';
}

static void put(const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		tap_ok(false, "%s can be written", path);
	clear();
}

static const char *get(void)
{
	static char text[4096];
	FILE *f = fopen(path, "r");
	size_t n = f == NULL ? 0 : fread(text, 1, sizeof(text) - 1, f);

	text[n] = '\0';
	if (f != NULL)
		fclose(f);
	return text;
}

static int read_it(void)
{
	return aur_settings_read(path, s, 4, why, sizeof(why));
}

static int write_it(void)
{
	return aur_settings_write(path, s, 4, why, sizeof(why));
}

/* Whether `why` is the file's name and then `rest`. */
static void said(const char *rest, const char *text)
{
	tap_ok(strncmp(why, path, strlen(path)) == 0 &&
		   strncmp(why + strlen(path), rest, strlen(rest)) == 0,
	    "%s: %s", text, why);
}

static void test_read(void)
{
	clear();
	tap_eq_int(read_it(), 0, "no file is no error");
	tap_ok(!s[0].given, "and gives nothing");
	put("{\"theme\":\"16\",\"tree\":true,\"interval_seconds\":2,"
	    "\"columns\":\"pid,name\",\"later\":[1]}");
	tap_eq_int(read_it(), 0, "all four");
	tap_eq_int(s[0].choice, 2, "a word");
	tap_eq_int(s[1].choice, 1, "a switch");
	tap_ok(s[2].number > 1.99 && s[2].number < 2.01, "a number");
	tap_eq_str(s[3].text, "pid,name", "a text");
}

static void test_refused(void)
{
	static const struct {
		const char *file, *said;
		int rc;
	} bad[] = {
	    {"{\n  \"theme\": \"light\",\n  \"tree\" true\n}",
		":3:", AUR_EINVALID},
	    {"", ":1:", AUR_EINVALID},
	    {"[1]", ":1:1: not an object", AUR_EINVALID},
	    {"{\"theme\":\"pink\"}", ": theme: wants one of default|light|16",
		AUR_EINVALID},
	    {"{\"tree\":1}", ": tree: wants true or false", AUR_EINVALID},
	    {"{\"interval_seconds\":0}", ": interval_seconds: wants a number",
		AUR_EINVALID},
	    {"{\"columns\":\"a\\u0000b\"}", ":1:", AUR_EINVALID},
	    {"{\"theme\":\"16\",\"theme\":\"light\"}", ":1:", AUR_EINVALID},
	    {"{\"version\":2}", ": of a later aurora", AUR_EVERSION},
	};

	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++) {
		put(bad[i].file);
		tap_eq_int(read_it(), bad[i].rc, "refused");
		said(bad[i].said, "with the place");
		s[0].given = true;
		if (i != 3 && i != 4 && i != 5)
			tap_eq_int(write_it(), bad[i].rc, "not written either");
		tap_eq_str(get(), bad[i].file, "the file is as it was");
	}
}

static void test_write(void)
{
	struct stat st;

	put("{\"later\": [1, 2], \"theme\": \"light\", \"tree\": true}");
	chmod(path, 0640);
	s[0].given = s[2].given = true;
	s[0].choice = 2;
	s[2].number = 0.5;
	tap_eq_int(write_it(), 0, "two are written");
	clear();
	tap_eq_int(read_it(), 0, "and read again");
	tap_eq_int(s[0].choice, 2, "the new one");
	tap_eq_int(s[1].choice, 1, "one that was not touched");
	tap_ok(strstr(get(), "\"later\": [") != NULL, "an unknown one is kept");
	tap_ok(strstr(get(), "\"version\": 1") != NULL, "with the version");
	tap_ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640,
	    "and the mode");
	chmod(path, 0444);
	s[0].choice = 0;
	tap_eq_int(write_it(), AUR_EDENIED, "read-only is respected");
	said(": it is read-only", "and said");
	chmod(path, 0600);
}

static void test_links(void)
{
	char real[128], keep[128];
	struct stat st;

	snprintf(real, sizeof(real), "%s/real.json", dir);
	snprintf(keep, sizeof(keep), "%s", path);
	unlink(path);
	clear();
	s[1].given = true;
	tap_ok(symlink("real.json", path) == 0, "a link of ours");
	tap_eq_int(write_it(), 0, "is followed");
	tap_ok(lstat(path, &st) == 0 && S_ISLNK(st.st_mode), "and stays one");
	tap_ok(stat(real, &st) == 0, "its file is written");
	if (geteuid() == 0 && lchown(path, 65534, 65534) == 0) {
		tap_eq_int(write_it(), AUR_EDENIED, "another's link is not");
		said(": a link that another user made", "and that is said");
	}
	unlink(path);
	unlink(real);
	tap_ok(mkdir(path, 0700) == 0, "a directory in its place");
	tap_ok(write_it() < 0, "is an error");
	rmdir(path);
	snprintf(path, sizeof(path), "%s/a/b/top.json", dir);
	tap_eq_int(write_it(), 0, "directories are made");
	tap_ok(access(path, R_OK) == 0, "and the file");
	unlink(path);
	snprintf(real, sizeof(real), "%s/a/b", dir);
	tap_ok(rmdir(real) == 0, "nothing else is left there");
	snprintf(real, sizeof(real), "%s/a", dir);
	rmdir(real);
	snprintf(path, sizeof(path), "%s", keep);
}

int main(void)
{
	if (mkdtemp(dir) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/top.json", dir);
	test_read();
	test_refused();
	test_write();
	test_links();
	unlink(path);
	tap_ok(rmdir(dir) == 0, "no temporary file is left");
	return tap_done();
}
