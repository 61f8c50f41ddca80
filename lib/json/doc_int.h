/* SPDX-License-Identifier: MIT */
/* What the files of documents share. */
#ifndef AUR_JSON_DOC_INT_H
#define AUR_JSON_DOC_INT_H

#include "json/doc.h"
#include "json/json_int.h"

struct aur_doc {
	char *path;
	struct aur_buf text; /* of the file, as it was read or saved */
	bool existed;	     /* there was a file */
	bool changed;
	json_t *root;
	char why[4608];
};

#endif
