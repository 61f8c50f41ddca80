/* SPDX-License-Identifier: MIT */
/*
 * err.def, expanded once into a table that is searched both ways. It is
 * short and only read where something went wrong, so it is searched in line.
 */
#include "base/err.h"

#include "base/compiler.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const struct row {
	int code;
	const char *name;
	const char *text;
} rows[] = {
    {AUR_OK, "ok", "no error"},
#define AUR_ERR(number, NAME, name, text) {number, name, text},
#include "base/err.def"
#undef AUR_ERR
};

static const struct row *find(int code)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

const char *aur_err_str(int err)
{
	const struct row *row = find(err);

	return row != NULL ? row->text : "unknown error";
}

const char *aur_err_name(int err)
{
	const struct row *row = find(err);

	return row != NULL ? row->name : "unknown";
}

int aur_err_find(const char *name)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].name, name) == 0)
			return rows[i].code;
	return AUR_EINVALID;
}

static const struct {
	int number;
	int code;
} numbers[] = {
    {0, AUR_OK},
    {ENOMEM, AUR_ENOMEM},
    {EINVAL, AUR_EINVALID},
    {EILSEQ, AUR_EINVALID},
    {E2BIG, AUR_ELIMIT},
    {EFBIG, AUR_ELIMIT},
    {ENAMETOOLONG, AUR_ELIMIT},
    {ERANGE, AUR_ERANGE},
    {EDOM, AUR_ERANGE},
    {ENOENT, AUR_EABSENT},
    {ENOTDIR, AUR_EABSENT},
    {ENODEV, AUR_EABSENT},
    {ENXIO, AUR_EABSENT},
    {ESRCH, AUR_EABSENT},
    {EACCES, AUR_EDENIED},
    {EPERM, AUR_EDENIED},
    {EROFS, AUR_EDENIED},
    {ENOSYS, AUR_EUNSUPPORTED},
    {EBUSY, AUR_EBUSY},
    {EAGAIN, AUR_EBUSY},
    {EMFILE, AUR_EBUSY},
    {ENFILE, AUR_EBUSY},
    {EPIPE, AUR_ECLOSED},
#ifdef ENOTSUP
    {ENOTSUP, AUR_EUNSUPPORTED},
#endif
#ifdef EOPNOTSUPP
    {EOPNOTSUPP, AUR_EUNSUPPORTED},
#endif
#ifdef ECONNREFUSED
    {ECONNREFUSED, AUR_EABSENT},
#endif
#ifdef ECONNRESET
    {ECONNRESET, AUR_ECLOSED},
#endif
#ifdef ETIMEDOUT
    {ETIMEDOUT, AUR_ETIMEOUT},
#endif
};

int aur_err_errno(int number)
{
	for (size_t i = 0; i < AUR_ARRAY_LEN(numbers); i++)
		if (numbers[i].number == number)
			return numbers[i].code;
	return AUR_EIO;
}
