/* SPDX-License-Identifier: MIT */
/* What a program asks of the store, and has it do. */
#include "base/err.h"
#include "base/scan.h"
#include "history/store_int.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

bool aur_history_records(const struct aur_history *h)
{
	return h->writer != NULL;
}

static int add_trouble(struct aur_history *h, const char *text)
{
	if (text[0] == '\0')
		return 0;
	if (aur_buf_peek(&h->trouble).n > 0 &&
	    aur_buf_add_str(&h->trouble, "; ") < 0)
		return AUR_ENOMEM;
	return aur_buf_add_str(&h->trouble, text);
}

const char *aur_history_trouble(struct aur_history *h)
{
	char trouble[512] = "", aside[512] = "", lost[96] = "";

	if (h->foreign) { /* it may have gone */
		h->foreign = false;
		h->why[0] = '\0';
		(void)!aur__record_try(h);
	}
	aur_buf_clear(&h->trouble);
	if (h->writer != NULL) {
		struct aur__writer *w = h->writer;

		(void)pthread_mutex_lock(&w->mutex);
		memcpy(trouble, w->trouble, sizeof(trouble));
		memcpy(aside, w->aside, sizeof(aside));
		if (w->lost > 0)
			(void)snprintf(lost, sizeof(lost),
			    "%llu samples could not be recorded",
			    (unsigned long long)w->lost);
		(void)pthread_mutex_unlock(&w->mutex);
	}
	if (add_trouble(h, trouble) < 0 || add_trouble(h, h->why) < 0 ||
	    add_trouble(h, aside) < 0 || add_trouble(h, lost) < 0)
		return NULL;
	return aur_buf_peek(&h->trouble).n > 0 ? aur_buf_str(&h->trouble)
					       : NULL;
}

int aur_history_flush(struct aur_history *h, struct aur_span most)
{
	int rc = 0;

	if (h->writer != NULL) {
		aur__put_end_all(h);
		rc = aur__writer_flush(h->writer, most);
	}
	aur__scan(h, true);
	return rc;
}

int aur_history_tidy(
    struct aur_history *h, struct aur_wall now, struct aur_span most)
{
	int rc = 0;

	if (h->writer != NULL) {
		aur__put_end_all(h);
		aur__put_renew(h); /* what is open may be packed */
		rc = aur__writer_tidy(h->writer, now, most);
	}
	aur__scan(h, true);
	return rc;
}

/* Who looks need not be who records, so this is a file of its own, replaced
 * whole: the time in ns as text. */
struct aur_wall aur_history_looked(struct aur_history *h)
{
	const char *path = aur__weeks_path(&h->weeks, "looked");
	char text[32];
	int64_t v;
	ssize_t n;
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return (struct aur_wall){0};
	n = read(fd, text, sizeof(text));
	(void)close(fd);
	if (n <= 0 ||
	    aur_scan_i64(aur_slice_trim(aur_slice_of(text, (size_t)n)), &v) < 0)
		return (struct aur_wall){0};
	return (struct aur_wall){v};
}

void aur_history_look(struct aur_history *h, struct aur_wall now)
{
	char temporary[48], text[32];
	const char *path;
	int fd, n;

	(void)snprintf(
	    temporary, sizeof(temporary), "looked.%ld", (long)getpid());
	n = snprintf(text, sizeof(text), "%lld\n", (long long)now.ns);
	path = aur__weeks_path(&h->weeks, temporary);
	fd = path == NULL
		 ? -1
		 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	if (write(fd, text, (size_t)n) == n && fsync(fd) == 0) {
		struct aur_buf to;

		aur_buf_init(&to, 4096);
		if (aur_buf_add_str(&to, path) == 0 &&
		    aur_buf_str(&to) != NULL) {
			path = aur__weeks_path(&h->weeks, "looked");
			if (path != NULL)
				(void)!rename(aur_buf_str(&to), path);
		}
		aur_buf_release(&to);
	} else {
		(void)unlink(path);
	}
	(void)close(fd);
}
