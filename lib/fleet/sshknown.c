/* SPDX-License-Identifier: MIT */
/*
 * A set of files is told apart by their names and by what stat says of each;
 * a set that has changed is a new one, and the old one goes with its last
 * user. At most one that nobody uses is kept: the newest.
 */
#include "fleet/sshknown_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <sys/stat.h>

struct aur__sshknown {
	struct aur__sshknown *next;
	struct aur_buf stamp;
	struct aur_ssh_known *known;
	unsigned users;
};

static int add_stamps(struct aur_buf *b, const struct aur_ssh_list *files)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < files->n; i++) {
		struct stat st = {0};

		if (stat(files->at[i], &st) < 0)
			st.st_ino = 0;
		rc = aur_buf_addf(b, "%s\n%llu %lld %lld.%09ld\n", files->at[i],
		    (unsigned long long)st.st_ino, (long long)st.st_size,
		    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
	}
	return rc;
}

static int read_files(
    struct aur_ssh_known *known, const struct aur_ssh_list *files)
{
	for (size_t i = 0; i < files->n; i++)
		if (aur_ssh_known_read(known, files->at[i]) == AUR_ENOMEM)
			return AUR_ENOMEM;
	return 0;
}

static void free_one(struct aur__sshknown *k)
{
	aur_buf_release(&k->stamp);
	aur_ssh_known_free(k->known);
	aur_mem_free(k);
}

static void drop_unused(struct aur__sshknowns *all)
{
	struct aur__sshknown **p = &all->first;

	while (*p != NULL) {
		struct aur__sshknown *k = *p;

		if (k->users > 0 || k == all->first) {
			p = &k->next;
			continue;
		}
		*p = k->next;
		free_one(k);
	}
}

static struct aur__sshknown *find(
    struct aur__sshknowns *all, const struct aur_buf *stamp)
{
	for (struct aur__sshknown *k = all->first; k != NULL; k = k->next)
		if (aur_slice_eq(aur_buf_peek(&k->stamp), aur_buf_peek(stamp)))
			return k;
	return NULL;
}

int aur__sshknown_get(struct aur__sshknowns *all,
    const struct aur_ssh_config *config, struct aur__sshknown **ret_known)
{
	struct aur__sshknown *k;
	struct aur_buf stamp;
	int rc;

	aur_buf_init(&stamp, AUR_MAX_SSH_CONFIG);
	rc = add_stamps(&stamp, &config->known_files);
	if (rc == 0)
		rc = add_stamps(&stamp, &config->global_known_files);
	k = rc == 0 ? find(all, &stamp) : NULL;
	if (rc == 0 && k == NULL) {
		k = aur_mem_new(1, sizeof *k);
		rc = k != NULL ? aur_ssh_known_new(&k->known) : AUR_ENOMEM;
		if (rc == 0)
			rc = read_files(k->known, &config->known_files);
		if (rc == 0)
			rc = read_files(k->known, &config->global_known_files);
		if (rc < 0) {
			if (k != NULL)
				free_one(k);
			goto out;
		}
		k->stamp = stamp;
		aur_buf_init(&stamp, 0);
		k->next = all->first;
		all->first = k;
		drop_unused(all);
	}
	if (rc == 0) {
		k->users++;
		*ret_known = k;
	}
out:
	aur_buf_release(&stamp);
	return rc;
}

void aur__sshknown_put(struct aur__sshknowns *all, struct aur__sshknown *k)
{
	if (k == NULL)
		return;
	k->users--;
	drop_unused(all);
}

const struct aur_ssh_known *aur__sshknown_known(const struct aur__sshknown *k)
{
	return k->known;
}

void aur__sshknowns_release(struct aur__sshknowns *all)
{
	while (all->first != NULL) {
		struct aur__sshknown *k = all->first;

		all->first = k->next;
		free_one(k);
	}
}

int aur__sshknown_note(const struct aur_ssh_config *config,
    const struct aur_ssh_known_host *host, struct aur_slice blob)
{
	struct aur_buf line;
	int rc;

	if (config->known_files.n == 0)
		return AUR_EABSENT;
	aur_buf_init(&line, AUR_MAX_SSH_LINE);
	rc = aur_ssh_known_line(host, blob, config->hash_known_hosts, &line);
	if (rc == 0)
		rc = aur_ssh_known_append(
		    config->known_files.at[0], aur_buf_peek(&line));
	aur_buf_release(&line);
	return rc;
}
