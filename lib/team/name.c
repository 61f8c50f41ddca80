/* SPDX-License-Identifier: MIT */
/*
 * Names, roles, transports, random ids.
 */
#include "team/team_int.h"

#include "base/limits.h"

#include <sys/random.h>

/* --- names ---------------------------------------------------------------- */

static bool is_alnum(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

bool aur_team_is_name(struct aur_slice s)
{
	if (s.n == 0 || s.n > AUR_MAX_NAME || !is_alnum(s.p[0]))
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!is_alnum(s.p[i]) && s.p[i] != '.' && s.p[i] != '_' &&
		    s.p[i] != '-')
			return false;
	return !aur_slice_is(s, "local") && !aur_slice_is(s, "all");
}

bool aur_team_is_team_name(struct aur_slice s)
{
	static const char end[] = ".local";
	size_t n = sizeof(end) - 1;

	return aur_team_is_name(s) &&
	       (s.n < n || memcmp(s.p + s.n - n, end, n) != 0);
}

static const char *const vias[] = {
    [AUR_VIA_AUTO] = "auto",
    [AUR_VIA_LIBSSH2] = "libssh2",
    [AUR_VIA_OPENSSH] = "openssh",
};

static const char *const roles[] = {
    [AUR_ROLE_VIEWER] = "viewer",
    [AUR_ROLE_OPERATOR] = "operator",
};

static bool find_word(const char *const *words, size_t n, struct aur_slice name,
    size_t *ret_index)
{
	for (size_t i = 0; i < n; i++)
		if (aur_slice_is(name, words[i])) {
			*ret_index = i;
			return true;
		}
	return false;
}

const char *aur_team_via_name(enum aur_team_via via)
{
	return vias[via];
}

bool aur_team_via_find(struct aur_slice name, enum aur_team_via *ret_via)
{
	size_t i;

	if (!find_word(vias, AUR_ARRAY_LEN(vias), name, &i))
		return false;
	*ret_via = (enum aur_team_via)i;
	return true;
}

const char *aur_team_role_name(enum aur_team_role role)
{
	return roles[role];
}

bool aur_team_role_find(struct aur_slice name, enum aur_team_role *ret_role)
{
	size_t i;

	if (!find_word(roles, AUR_ARRAY_LEN(roles), name, &i))
		return false;
	*ret_role = (enum aur_team_role)i;
	return true;
}

bool aur__team_word(struct aur_slice *rest, struct aur_slice *ret_word)
{
	if (rest->p == NULL)
		return false;
	if (!aur_slice_until(rest, ',', ret_word)) {
		*ret_word = *rest;
		*rest = aur_slice_of(NULL, 0);
	}
	return true;
}

bool aur__team_new_id(char out[AUR__TEAM_ID + 1])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t byte[AUR__TEAM_ID / 2];

	if (getrandom(byte, sizeof(byte), 0) != (ssize_t)sizeof(byte))
		return false;
	for (size_t i = 0; i < sizeof(byte); i++) {
		out[2 * i] = digits[byte[i] >> 4];
		out[2 * i + 1] = digits[byte[i] & 15];
	}
	out[AUR__TEAM_ID] = '\0';
	return true;
}
