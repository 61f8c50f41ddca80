/* SPDX-License-Identifier: MIT */
/* What stands in /etc/os-release and utmp. */
#include "collect/linux/parse.h"

#include "base/err.h"

/* os-release(5) is shell: a value may be quoted, and a backslash takes the
 * meaning off the next character. */
static size_t unquote(struct aur_slice s, uint8_t *out, size_t size)
{
	uint8_t quote = 0;
	size_t n = 0;

	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') &&
	    s.p[s.n - 1] == s.p[0]) {
		quote = s.p[0];
		s = aur_slice_of(s.p + 1, s.n - 2);
	}
	for (size_t i = 0; i < s.n && n < size; i++) {
		if (s.p[i] == '\\' && quote != '\'' && i + 1 < s.n)
			i++;
		out[n++] = s.p[i];
	}
	return n;
}

int aur__parse_os_release(struct aur_slice text, struct aur_part *p, size_t i)
{
	static const struct aur__word names[] = {
	    {"PRETTY_NAME", AUR_SYSTEM_os_pretty_name},
	    {"NAME", AUR_SYSTEM_os_name},
	    {"VERSION_ID", AUR_SYSTEM_os_version_id},
	    {"VERSION", AUR_SYSTEM_os_version},
	    {"VERSION_CODENAME", AUR_SYSTEM_os_version_codename},
	    {"ID", AUR_SYSTEM_os_id},
	    {"ID_LIKE", AUR_SYSTEM_os_id_like},
	    {"BUILD_ID", AUR_SYSTEM_os_build_id},
	    {"VARIANT", AUR_SYSTEM_os_variant},
	    {"VARIANT_ID", AUR_SYSTEM_os_variant_id},
	    {"IMAGE_ID", AUR_SYSTEM_os_image_id},
	    {"IMAGE_VERSION", AUR_SYSTEM_os_image_version},
	};
	struct aur_slice line, key;
	size_t hint = 0;

	while (aur_slice_line(&text, &line)) {
		uint8_t value[256];
		size_t n;
		int row, rc;

		line = aur_slice_trim(line);
		if (!aur_slice_until(&line, '=', &key))
			continue;
		row = aur__word_find(names, AUR_ARRAY_LEN(names), key, &hint);
		if (row < 0)
			continue;
		n = unquote(line, value, sizeof(value));
		rc = aur_part_set_text(
		    p, i, names[row].field, aur_slice_of(value, n));
		if (rc == AUR_ENOMEM)
			return rc;
	}
	return 0;
}

/* A record of utmp as glibc writes it, in bits/utmp.h's layout: 384 bytes
 * where session and time are 32 bits wide for the sake of older programs,
 * 400 elsewhere. Type (a short at 0; 7 is USER_PROCESS) and user (at 44, 32
 * bytes) stand at the same place in both. */
uint64_t aur__parse_utmp(struct aur_slice bytes)
{
	size_t size = bytes.n % 384 == 0 || bytes.n % 400 != 0 ? 384 : 400;
	uint64_t users = 0;

	for (size_t at = 0; bytes.n - at >= size; at += size) {
		int16_t type;

		memcpy(&type, bytes.p + at, sizeof(type));
		if (type == 7 && bytes.p[at + 44] != 0)
			users++;
	}
	return users;
}
