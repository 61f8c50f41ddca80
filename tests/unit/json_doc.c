/* SPDX-License-Identifier: MIT */
/* Documents: asked by key paths, changed in place, saved over what was read. */
#include "tests/harness/fail.h"
#include "tests/harness/jsonfail.h"
#include "tests/harness/tap.h"

#include "base/buf.h"
#include "base/err.h"
#include "json/doc.h"

#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/aurora-doc-XXXXXX";
static char path[128];

static struct aur_doc *parsed(const char *text, int want)
{
	struct aur_doc *d = NULL;

	tap_eq_int(
	    aur_doc_parse(&d, "f.json", aur_slice_str(text), 3), want, text);
	return d;
}

/* The document as it would be written. */
static const char *written(const struct aur_doc *d)
{
	static char text[4096];
	struct aur_buf b;

	aur_buf_init(&b, sizeof(text) - 1);
	if (aur_doc_write(d, &b) < 0)
		aur_buf_clear(&b);
	snprintf(text, sizeof(text), "%s", aur_buf_str(&b));
	aur_buf_release(&b);
	return text;
}

static void put(const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		tap_ok(false, "%s can be written", path);
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

static void test_refused(void)
{
	static const struct {
		const char *text, *why;
		int rc;
	} bad[] = {
	    {"", "f.json:1:", AUR_EINVALID},
	    {"[]", "f.json:1:1: not an object", AUR_EINVALID},
	    {"{\n\"a\": 1,\n\"b\" 2}", "f.json:3:", AUR_EINVALID},
	    {"{\"a\":1,\"a\":2}", "f.json:1:", AUR_EINVALID},
	    {"{\"a\":\"\xff\"}", "f.json:1:", AUR_EINVALID},
	    {"{\"a\":\"\\u0000\"}", "f.json:1:", AUR_EINVALID},
	    {"{} x", "f.json:1:", AUR_EINVALID},
	    {"{\"version\":\"1\"}", "f.json: version: wants a whole number",
		AUR_EINVALID},
	    {"{\"version\":-1}", "f.json: version: wants", AUR_EINVALID},
	    {"{\"version\":4}",
		"f.json: of a later aurora (version 4); this "
		"one knows 3",
		AUR_EVERSION},
	};
	char deep[2100];
	struct aur_doc *d;

	for (size_t i = 0; i < AUR_ARRAY_LEN(bad); i++) {
		d = parsed(bad[i].text, bad[i].rc);
		tap_ok(strncmp(
			   aur_doc_why(d), bad[i].why, strlen(bad[i].why)) == 0,
		    "%s", aur_doc_why(d));
		aur_doc_free(d);
	}
	snprintf(deep, sizeof(deep), "{\"a\":%0*d%0*d}", 40, 0, 40, 0);
	memset(deep + 5, '[', 40);
	memset(deep + 45, ']', 40);
	d = parsed(deep, AUR_ELIMIT);
	tap_eq_str(aur_doc_why(d), "f.json: more than 32 levels of brackets",
	    "too deep");
	aur_doc_free(d);
}

static void test_places(void)
{
	struct aur_doc *d = parsed("{\"hosts\":[{},{\"port\":\"x\",\"a\":"
				   "null,\"t\":\"y\",\"n\":7}]}",
	    0);
	struct aur_at root = aur_doc_root(d), list, one, at, none, last;
	const char *text = "kept";
	int64_t n = 5;

	list = aur_at_get(&root, "hosts");
	tap_eq_u64(aur_at_count(&list), 2, "two");
	one = aur_at_nth(&list, 1);
	at = aur_at_get(&one, "port");
	tap_eq_int(aur_at_number(&at, 1, 9, &n), AUR_EINVALID, "no number");
	tap_eq_str(aur_doc_why(d),
	    "f.json: hosts[1].port: wants a whole number from 1 to 9",
	    "with its place");
	at = aur_at_get(&one, "n");
	tap_eq_int(aur_at_number(&at, 1, 6, &n), AUR_EINVALID, "too large");
	tap_eq_int(n, 5, "untouched");
	tap_eq_int(aur_at_number(&at, 1, 7, &n), 0, "a number");
	tap_eq_int(n, 7, "it is");
	tap_eq_int(aur_at_text(&at, &text), AUR_EINVALID, "no text");
	tap_eq_str(
	    aur_doc_why(d), "f.json: hosts[1].n: wants a string", "said");
	at = aur_at_get(&one, "t");
	tap_eq_int(aur_at_text(&at, &text), 0, "a text");
	tap_eq_str(text, "y", "it is");
	at = aur_at_get(&one, "a");
	tap_ok(aur_at_is_absent(&at), "null is absent");
	text = "kept";
	tap_eq_int(aur_at_text(&at, &text), 0, "absent is no error");
	tap_eq_str(text, "kept", "and leaves alone");
	none = aur_at_get(&at, "b");
	last = aur_at_nth(&none, 4);
	tap_ok(aur_at_is_absent(&last), "absent of absent");
	tap_eq_int(aur_at_fail(&last, "%d", 1), AUR_EINVALID, "fails");
	tap_eq_str(aur_doc_why(d), "f.json: hosts[1].a.b[4]: 1", "all the way");
	tap_eq_int(aur_at_fail(&root, "no"), AUR_EINVALID, "the root");
	tap_eq_str(aur_doc_why(d), "f.json: no", "has no path");
	tap_eq_int(aur_at_object(&list), AUR_EINVALID, "a list is no object");
	tap_eq_int(aur_at_list(&root), AUR_EINVALID, "an object no list");
	tap_eq_str(aur_at_member(&one, 1), "a", "members in their order");
	tap_ok(aur_at_member(&one, 4) == NULL, "and an end");
	aur_doc_free(d);
}

static void test_changes(void)
{
	static const char *const words[] = {"web", "eu"};
	struct aur_doc *d = parsed("{\"z\":0.1,\"a\":[1e3,2.5],\"k\":\"v\","
				   "\"u\":{\"x\":[{\"y\":[]},{}]}}",
	    0);
	struct aur_at root = aur_doc_root(d), at, one;

	tap_eq_int(aur_at_set_text(&root, "k", "v"), 0, "the same");
	tap_ok(!aur_doc_is_changed(d), "is no change");
	tap_eq_int(aur_at_set_texts(&root, "g", words, 2), 0, "a list");
	tap_eq_int(aur_at_set_number(&root, "n", 22), 0, "a number");
	tap_eq_int(
	    aur_at_set_text(&root, "k", "w\x7f\xe2\x80\xae"), 0, "a text");
	tap_ok(aur_doc_is_changed(d), "are changes");
	tap_eq_int(aur_at_make_list(&root, "l", &at), 0, "a new list");
	tap_eq_int(aur_at_append(&at, &one), 0, "an object in it");
	tap_eq_int(aur_at_set_text(&one, "name", "x"), 0, "with a name");
	tap_eq_str(written(d),
	    "{\n  \"z\": 0.1,\n  \"a\": [1000.0, 2.5],\n"
	    "  \"k\": \"w\\u007f\\u202e\",\n"
	    "  \"u\": {\n    \"x\": [\n      {\n        \"y\": []\n"
	    "      },\n      {}\n    ]\n  },\n"
	    "  \"g\": [\"web\", \"eu\"],\n  \"n\": 22,\n"
	    "  \"l\": [\n    {\n      \"name\": \"x\"\n    }\n  ]\n}\n",
	    "order, digits, lists, escapes");
	aur_at_drop(&at, 0);
	aur_at_remove(&root, "u");
	aur_at_remove(&root, "a");
	tap_eq_int(aur_at_set_texts(&root, "g", NULL, 0), 0, "no list");
	tap_eq_int(aur_at_set_text(&root, "k", NULL), 0, "no text");
	tap_eq_str(written(d),
	    "{\n  \"z\": 0.1,\n  \"n\": 22,\n  \"l\": []\n}\n", "taken away");
	tap_eq_int(aur_at_set_text(&root, "k", "\xff"), AUR_EINVALID,
	    "bytes that are no UTF-8");
	tap_eq_int(aur_at_set_text(&at, "k", "v"), AUR_EINVALID,
	    "a list has no members");
	tap_eq_int(
	    aur_at_append(&root, &one), AUR_EINVALID, "an object no elements");
	tap_eq_int(aur_at_make_object(&root, "n", &one), AUR_EINVALID,
	    "a number is no object");
	tap_eq_str(aur_doc_why(d), "f.json: n: wants an object", "said");
	aur_doc_free(d);
}

static void test_long_list(void)
{
	const char *words[20];
	struct aur_doc *d = parsed("{}", 0);
	struct aur_at root = aur_doc_root(d);

	for (size_t i = 0; i < AUR_ARRAY_LEN(words); i++)
		words[i] = "word";
	tap_eq_int(aur_at_set_texts(&root, "l", words, 20), 0, "a long list");
	tap_ok(strstr(written(d), "[\n    \"word\",\n") != NULL,
	    "has a line for each");
	aur_doc_free(d);
}

static void test_line(void)
{
	struct aur_doc *d = NULL;
	struct aur_at root, list;
	struct aur_buf b;

	aur_buf_init(&b, 4096);
	tap_eq_int(aur_doc_new(&d), 0, "a document that is no file");
	root = aur_doc_root(d);
	tap_ok(aur_at_set_bool(&root, "b", true) == 0 &&
		   aur_at_set_null(&root, "n") == 0 &&
		   aur_at_make_list(&root, "l", &list) == 0 &&
		   aur_at_append_text(&list, "x") == 0,
	    "filled");
	tap_eq_int(aur_doc_write_line(d, &b), 0, "written on a line");
	tap_eq_str(aur_buf_str(&b), "{\"b\":true,\"n\":null,\"l\":[\"x\"]}\n",
	    "as scripts read it");
	aur_buf_release(&b);
	aur_doc_free(d);
}

static void test_files(void)
{
	struct aur_doc *d = NULL, *other = NULL;
	struct aur_at root;
	struct stat st;

	tap_eq_int(aur_doc_read(&d, path, 4096, 1), AUR_EABSENT, "no file");
	root = aur_doc_root(d);
	tap_eq_int(aur_at_set_text(&root, "a", "1"), 0, "filled");
	tap_eq_int(aur_doc_save(d, AUR_DOC_PRIVATE), 0, "and saved");
	tap_eq_str(get(), "{\n  \"a\": \"1\"\n}\n", "is there");
	tap_ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "private");

	tap_eq_int(aur_doc_read(&other, path, 4096, 1), 0, "read by another");
	tap_eq_int(aur_at_set_text(&root, "a", "2"), 0, "changed again");
	tap_eq_int(aur_doc_save(d, 0), 0, "and saved again");
	root = aur_doc_root(other);
	tap_eq_int(aur_at_set_text(&root, "a", "3"), 0, "the other's change");
	tap_eq_int(aur_doc_save(other, 0), AUR_EBUSY, "comes too late");
	tap_ok(strstr(aur_doc_why(other), "somebody else changed it") != NULL,
	    "%s", aur_doc_why(other));
	tap_eq_str(get(), "{\n  \"a\": \"2\"\n}\n", "nothing is lost");
	aur_doc_free(other);

	unlink(path);
	root = aur_doc_root(d);
	tap_eq_int(aur_at_set_text(&root, "a", "4"), 0, "a file that went");
	tap_eq_int(aur_doc_save(d, 0), AUR_EBUSY, "is not made again");
	aur_doc_free(d);
	put("{\"a\": \"much too long a text for this\"}");
	tap_eq_int(aur_doc_read(&d, path, 16, 1), AUR_ELIMIT, "too large");
	aur_doc_free(d);
	unlink(path);
	mkdir(path, 0700);
	tap_eq_int(aur_doc_read(&d, path, 16, 1), AUR_EIO, "a directory");
	rmdir(path);
	aur_doc_free(d);
}

/* Everything once, every allocation failed once. */
static int all(struct aur_doc **ret, struct aur_buf *out)
{
	static const char *const words[] = {"web", "eu"};
	struct aur_at root, at, one;
	int rc = aur_doc_parse(
	    ret, "f", aur_slice_str("{\"a\":[1.5,\"x\"],\"o\":{\"p\":1}}"), 1);

	if (rc < 0)
		return rc;
	root = aur_doc_root(*ret);
	rc = aur_at_set_text(&root, "t", "text");
	if (rc == 0)
		rc = aur_at_set_texts(&root, "l", words, 2);
	if (rc == 0)
		rc = aur_at_make_list(&root, "m", &at);
	if (rc == 0)
		rc = aur_at_append(&at, &one);
	if (rc == 0)
		rc = aur_at_append_text(&at, "y");
	if (rc == 0)
		rc = aur_doc_write(*ret, out);
	return rc < 0 ? rc : aur_doc_write_line(*ret, out);
}

static void test_memory(void)
{
	for (unsigned long nth = 1; fail_begin(nth); nth++) {
		struct aur_doc *d = NULL;
		struct aur_buf out;
		bool hit;
		int rc;

		aur_buf_init(&out, 4096);
		rc = all(&d, &out);
		hit = fail_end();
		aur_doc_free(d);
		aur_buf_release(&out);
		if (!hit) {
			tap_eq_int(rc, 0, "got through");
			break;
		}
		/* jansson calls a token that it cannot keep a bad one */
		if (rc != AUR_ENOMEM && rc != AUR_EINVALID)
			tap_eq_int(rc, AUR_ENOMEM, "allocation failed");
	}
}

int main(void)
{
	jsonfail_begin();
	if (mkdtemp(dir) == NULL)
		return 99;
	snprintf(path, sizeof(path), "%s/d.json", dir);
	test_refused();
	test_places();
	test_changes();
	test_long_list();
	test_line();
	test_files();
	test_memory();
	unlink(path);
	tap_ok(rmdir(dir) == 0, "no temporary file is left");
	return tap_done();
}
