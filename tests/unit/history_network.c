/* SPDX-License-Identifier: MIT */
/*
 * lib/history: a folder that is on another machine. Neither locks nor shared
 * memory can be trusted there: nothing is recorded, and it is said why. The
 * system's statfs is replaced by one that lies about the kind.
 */
#include "base/err.h"
#include "tests/unit/history_make.h"

#include <dirent.h>
#include <sys/vfs.h>

static uint32_t kind = 0xef53; /* ext4 */

int statfs(const char *path, struct statfs *ret)
{
	if (access(path, F_OK) < 0)
		return -1;
	memset(ret, 0, sizeof(*ret));
	/* as the kernel gives a word with the highest bit set */
	memcpy(&ret->f_type, &kind, sizeof(kind));
	return 0;
}

static int entries(const char *folder)
{
	DIR *d = opendir(folder);
	int n = -2; /* "." and ".." */

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n;
}

static void put_one(struct hist *x)
{
	struct aur_sample *s = hist_sample(x, 0);

	aur_history_put(x->h, x->host[0], s);
	hist_must(
	    aur_history_flush(x->h, aur_span_ms(60000)) == 0, "it is done");
	aur_sample_unref(s);
}

static void test_kind(uint32_t magic, const char *name)
{
	char folder[] = "/tmp/aur-history-XXXXXX", want[256], why[256] = "";
	struct aur_history_options o = {.folder = folder, .record = true};
	struct aur_history *h = NULL;
	size_t host;

	hist_must(mkdtemp(folder) != NULL, "a folder");
	kind = magic;
	tap_ok(aur_history_open(&h, &o, why, sizeof(why)) == 0, "%s: it opens",
	    name);
	tap_ok(!aur_history_records(h), "and does not record");
	snprintf(want, sizeof(want),
	    "%s is on a network file system (%s): nothing is recorded there; "
	    "set XDG_DATA_HOME to a folder of this machine",
	    folder, name);
	tap_eq_str(aur_history_trouble(h), want, "it says why");
	tap_eq_int(aur_history_host(h, "id", "name", &host), AUR_EABSENT,
	    "nobody is noted");
	aur_history_close(h);
	tap_eq_int(entries(folder), 0, "nor is anything made");
	rmdir(folder);
}

/* What was recorded when the folder was here can still be read. */
static void test_moved(void)
{
	struct aur_wall from = {0}, to = {0};
	struct hist x;

	kind = 0xef53;
	hist_open(&x, true);
	tap_ok(aur_history_records(x.h), "a folder here is recorded to");
	put_one(&x);
	aur_history_close(x.h);
	kind = 0x6969;
	hist_again(&x, true);
	tap_ok(!aur_history_records(x.h) && aur_history_trouble(x.h) != NULL,
	    "one that has moved is not");
	put_one(&x);
	tap_ok(
	    aur_history_bounds(x.h, x.host[0], &from, &to), "what was is read");
	tap_eq_int(to.ns, from.ns, "and nothing has come to it");
	hist_close(&x);
}

int main(void)
{
	test_kind(0x6969, "nfs");
	test_kind(0xff534d42, "cifs");
	test_kind(0xfe534d42, "smb");
	test_kind(0x5346414f, "afs");
	test_kind(0x00c36400, "ceph");
	test_kind(0x0bd00bd0, "lustre");
	test_moved();
	return tap_done();
}
