/* SPDX-License-Identifier: MIT */
#include "json/settings.h"

#include "json/json_int.h"

#include "base/err.h"
#include "base/mem.h"

#define VERSION 1
#define FILE_MAX 65536

static int parse(
    const char *path, struct aur_slice s, json_t **ret, char *why, size_t size)
{
	json_error_t e;
	json_t *root = json_loadb(
	    s.n > 0 ? (const char *)s.p : "", s.n, JSON_REJECT_DUPLICATES, &e);
	json_t *version;
	int rc = AUR_EINVALID;

	if (root == NULL) {
		snprintf(
		    why, size, "%s:%d:%d: %s", path, e.line, e.column, e.text);
		return AUR_EINVALID;
	}
	version = json_object_get(root, "version");
	if (!json_is_object(root))
		snprintf(why, size, "%s:1:1: not an object", path);
	else if (version != NULL && !json_is_integer(version))
		snprintf(why, size, "%s: version: not a number", path);
	else if (version != NULL && json_integer_value(version) > VERSION) {
		rc = AUR_EVERSION;
		snprintf(why, size,
		    "%s: of a later aurora (version %lld); this one knows %d",
		    path, (long long)json_integer_value(version), VERSION);
	} else {
		*ret = root;
		return 0;
	}
	json_decref(root);
	return rc;
}

/* The document, or with no file an empty one. */
static int load(const char *path, json_t **ret, char *why, size_t size)
{
	struct aur_buf b;
	int rc;

	aur_buf_init(&b, FILE_MAX);
	rc = aur__json_load(path, &b);
	if (rc == 0)
		rc = parse(path, aur_buf_peek(&b), ret, why, size);
	else if (rc == AUR_EABSENT) {
		*ret = json_object();
		rc = *ret == NULL ? AUR_ENOMEM : 0;
		if (rc < 0)
			snprintf(why, size, "%s: %s", path, aur_err_str(rc));
	} else
		snprintf(why, size, "%s: %s", path, aur_err_str(rc));
	aur_buf_release(&b);
	return rc;
}

static int find_word(const char *words, struct aur_slice wanted)
{
	struct aur_slice rest = aur_slice_str(words), word;

	for (int i = 0; rest.n > 0; i++) {
		if (!aur_slice_until(&rest, '|', &word)) {
			word = rest;
			rest.n = 0;
		}
		if (aur_slice_eq(word, wanted))
			return i;
	}
	return -1;
}

static struct aur_slice string_of(const json_t *v)
{
	return aur_slice_of(json_string_value(v), json_string_length(v));
}

/* Takes one value; false when it is none for this setting. */
static bool take(struct aur_setting *s, const json_t *v)
{
	switch (s->kind) {
	case AUR_SETTING_WORD:
		if (json_is_string(v))
			s->choice = find_word(s->words, string_of(v));
		return json_is_string(v) && s->choice >= 0;
	case AUR_SETTING_SWITCH:
		s->choice = json_is_true(v);
		return json_is_boolean(v);
	case AUR_SETTING_NUMBER:
		s->number = json_number_value(v);
		return json_is_number(v) && s->number >= s->least &&
		       s->number <= s->most;
	case AUR_SETTING_TEXT:
		if (!json_is_string(v) ||
		    json_string_length(v) >= sizeof(s->text) ||
		    strlen(json_string_value(v)) != json_string_length(v))
			return false;
		snprintf(s->text, sizeof(s->text), "%s", json_string_value(v));
		return true;
	}
	return false;
}

static void say_wanted(
    const char *path, const struct aur_setting *s, char *why, size_t size)
{
	int n = snprintf(why, size, "%s: %s: wants ", path, s->name);

	if (n < 0 || (size_t)n >= size)
		return;
	why += n;
	size -= (size_t)n;
	if (s->kind == AUR_SETTING_WORD)
		snprintf(why, size, "one of %s", s->words);
	else if (s->kind == AUR_SETTING_SWITCH)
		snprintf(why, size, "true or false");
	else if (s->kind == AUR_SETTING_NUMBER)
		snprintf(
		    why, size, "a number from %g to %g", s->least, s->most);
	else
		snprintf(why, size, "a string of less than %d bytes",
		    AUR_SETTING_TEXT_MAX);
}

int aur_settings_read(
    const char *path, struct aur_setting *s, size_t n, char *why, size_t size)
{
	json_t *root = NULL;
	int rc = load(path, &root, why, size);

	for (size_t i = 0; i < n && rc == 0; i++) {
		const json_t *v = json_object_get(root, s[i].name);

		s[i].given = v != NULL;
		if (v == NULL || take(&s[i], v))
			continue;
		say_wanted(path, &s[i], why, size);
		rc = AUR_EINVALID;
	}
	json_decref(root);
	return rc;
}

static json_t *make(const struct aur_setting *s, bool *ok)
{
	struct aur_slice rest = aur_slice_str(s->words != NULL ? s->words : "");
	struct aur_slice word = rest;

	switch (s->kind) {
	case AUR_SETTING_WORD:
		for (int i = 0; i <= s->choice; i++)
			if (!aur_slice_until(&rest, '|', &word)) {
				word = rest;
				rest.n = 0;
			}
		return aur__json_slice(word, ok);
	case AUR_SETTING_SWITCH:
		return json_boolean(s->choice);
	case AUR_SETTING_NUMBER:
		return aur__json_real(s->number, ok);
	case AUR_SETTING_TEXT:
		return aur__json_text(s->text, ok);
	}
	return NULL;
}

int aur_settings_write(const char *path, const struct aur_setting *s, size_t n,
    char *why, size_t size)
{
	json_t *root = NULL;
	struct aur_buf b;
	bool ok = true;
	int rc = load(path, &root, why, size);

	if (rc < 0)
		return rc;
	aur_buf_init(&b, 2 * FILE_MAX);
	aur__json_set(root, "version", json_integer(VERSION), &ok);
	for (size_t i = 0; i < n && ok; i++)
		if (s[i].given)
			aur__json_set(root, s[i].name, make(&s[i], &ok), &ok);
	rc = AUR_ENOMEM;
	snprintf(why, size, "%s: %s", path, aur_err_str(rc));
	if (ok &&
	    aur__json_dump(
		&b, root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) == 0 &&
	    aur_buf_add_byte(&b, '\n') == 0)
		rc = aur__json_save(path, aur_buf_peek(&b), why, size);
	json_decref(root);
	aur_buf_release(&b);
	return rc;
}
