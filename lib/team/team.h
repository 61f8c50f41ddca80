/* SPDX-License-Identifier: MIT */
/*
 * A team: hosts and members, as people share them in a file, and beside it
 * what is mine alone.
 *
 *	DIR/NAME.json         for people and git: hosts, groups, members
 *	DIR/NAME.local.json   0600: my user, key, alias, transport; what I trust
 *
 *	struct aur_team *t;
 *	rc = aur_team_load(&t, dir, "pixel", why, sizeof(why));
 *	if (rc == 0 && aur_team_find(t, aur_slice_str("web1"), &i))
 *		use(t->host[i].address);
 *	aur_team_free(t);
 *
 * The documents are the truth; the structs here are a view of them, checked
 * once. What a later version or another program wrote into a document stays
 * in it, in its place. A document that means nothing is refused as
 * `FILE: hosts[3].port: ...` and never written over.
 *
 * A team file is code: it says whom to reach and what to run there. What we
 * wrote ourselves is trusted and a copy of it kept in the local file; where
 * the two differ, somebody else wrote: aur_team_changes tells what, and until
 * aur_team_trust nobody should be reached.
 *
 * To change a team: aur_team_lock, load, put, save, unlock. Two programs that
 * do so never lose each other's changes; a third that does not lock is seen
 * by a comparison just before the file is replaced, and the saving fails with
 * AUR_EBUSY. Then load and put again.
 */
#ifndef AUR_TEAM_TEAM_H
#define AUR_TEAM_TEAM_H

#include "base/compiler.h"
#include "base/slice.h"

struct aur_doc;

/* Bytes of a message: a file's name and a sentence. */
#define AUR_TEAM_WHY 4608

enum aur_team_via { AUR_VIA_AUTO, AUR_VIA_LIBSSH2, AUR_VIA_OPENSSH };

struct aur_team_tag {
	const char *key, *value;
};

/* All is borrowed from the team. NULL, 0: not said, ssh's own settings hold. */
struct aur_team_host {
	const char *name, *id; /* never NULL, unique */
	const char *address;   /* a name or a number, never NULL */
	const char *user;      /* the shared one */
	unsigned port;
	const char *jump;     /* hosts of the team or [user@]address[:port],
				 the first to pass first, commas between */
	const char *agent;    /* the command that speaks the protocol there */
	const char *host_key; /* "SHA256:..." */
	bool is_jump;	      /* its role: others are reached through it */
	const char *const *group;
	size_t ngroup;
	const struct aur_team_tag *tag;
	size_t ntag;
	/* Mine, out of the local file. */
	const char *my_user;  /* comes before user */
	const char *identity; /* a file, "~/" as ssh understands it */
	const char *alias;    /* what my ~/.ssh/config calls it: for ssh it
				 stands in the place of address */
	enum aur_team_via via;
};

enum aur_team_role { AUR_ROLE_VIEWER, AUR_ROLE_OPERATOR };

struct aur_team_member {
	const char *name, *id; /* never NULL, unique */
	enum aur_team_role role;
	const char *key; /* "ssh-ed25519 AAAA..." */
};

struct aur_team {
	const char *name; /* of the file */
	const char *id;
	const struct aur_team_host *host; /* in the order of the file */
	size_t nhost;
	const struct aur_team_member *member;
	size_t nmember;
	const char *identity; /* mine, of all hosts given no other; or NULL */
	/* For lib/team alone. */
	struct aur_doc *doc, *local;
	struct aur__team_view *view; /* memory of what is said above */
};

/* --- files ---------------------------------------------------------------- */

/* Reads a team and, where there is one, its local file. 0, AUR_EABSENT (no
 * such team), AUR_EINVALID, AUR_EVERSION, AUR_ELIMIT, AUR_EDENIED, AUR_EIO,
 * AUR_ENOMEM; `why` is then a sentence. The caller frees the team. */
AUR_MUST_CHECK int aur_team_load(struct aur_team **ret_team, const char *dir,
    const char *name, char *why, size_t size);

/* The same out of memory: the shared document, and the local one, which may be
 * empty. The team cannot be saved. */
AUR_MUST_CHECK int aur_team_parse(struct aur_team **ret_team, const char *name,
    struct aur_slice shared, struct aur_slice local, char *why, size_t size);

/* A new team without hosts and with a random id; nothing is written yet. As
 * above. */
AUR_MUST_CHECK int aur_team_new(struct aur_team **ret_team, const char *dir,
    const char *name, char *why, size_t size);

/* NULL is fine. */
void aur_team_free(struct aur_team *t);

/* Writes what was changed: the team's file, the local one. What the file now
 * holds is trusted from here on. A new team's must not be there yet: else
 * AUR_EBUSY, as when somebody else changed one since it was loaded. Otherwise
 * errors as above. */
AUR_MUST_CHECK int aur_team_save(struct aur_team *t, char *why, size_t size);

/* Names of the teams in `dir`, sorted, ended by NULL; the caller frees the
 * list with aur_mem_free, at once. No directory: none. 0, AUR_EDENIED,
 * AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_team_list(const char *dir, char ***ret_names);

/* Takes the files of a team away; gives them another name. 0, AUR_EABSENT,
 * AUR_EBUSY (the new name is taken), AUR_EDENIED, AUR_EIO, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_team_delete(
    const char *dir, const char *name, char *why, size_t size);
AUR_MUST_CHECK int aur_team_rename(
    const char *dir, const char *name, const char *to, char *why, size_t size);

/* Makes `dir` and holds it for the one who changes teams in it. `ret_lock` is
 * given back by aur_team_unlock. AUR_EBUSY: another program holds it, for
 * moments: try again. Else 0, AUR_EDENIED, AUR_EIO. */
AUR_MUST_CHECK int aur_team_lock(
    const char *dir, int *ret_lock, char *why, size_t size);
void aur_team_unlock(int lock);

/* --- looking -------------------------------------------------------------- */

/* Whether `s` may be the name of a team, host, group or member:
 * [A-Za-z0-9][A-Za-z0-9._-]{0,62}, but neither "local" nor "all". */
bool aur_team_is_name(struct aur_slice s);

/* The same for the name of a team, which names files: it must not end in
 * ".local" either. */
bool aur_team_is_team_name(struct aur_slice s);

/* The host of that name; false: none. */
bool aur_team_find(
    const struct aur_team *t, struct aur_slice name, size_t *ret_index);
bool aur_team_find_member(
    const struct aur_team *t, struct aur_slice name, size_t *ret_index);

/* The host of that id; false: none. */
bool aur_team_find_id(
    const struct aur_team *t, struct aur_slice id, size_t *ret_index);

/* Whether the host is of the group. */
bool aur_team_in_group(const struct aur_team_host *h, struct aur_slice group);

/* "auto", "libssh2", "openssh"; "viewer", "operator". Find: false, none. */
const char *aur_team_via_name(enum aur_team_via via);
bool aur_team_via_find(struct aur_slice name, enum aur_team_via *ret_via);
const char *aur_team_role_name(enum aur_team_role role);
bool aur_team_role_find(struct aur_slice name, enum aur_team_role *ret_role);

/* --- changing ------------------------------------------------------------- */

/* Makes host number `i` what `h` says, or adds it where `i` is t->nhost; a
 * NULL id is made. `h` may borrow from the team. Afterwards the view is new
 * and what was borrowed before is gone. 0; AUR_EINVALID with the reason in
 * `why` (a name that is taken, a port that is none, ...); AUR_ELIMIT;
 * AUR_ENOMEM. After an error the team can only be freed. */
AUR_MUST_CHECK int aur_team_put_host(struct aur_team *t, size_t i,
    const struct aur_team_host *h, char *why, size_t size);
/* The same of `n` hosts that are there, by their ids, and checked once: for
 * many. AUR_EABSENT: one is not. */
AUR_MUST_CHECK int aur_team_put_hosts(struct aur_team *t,
    const struct aur_team_host *h, size_t n, char *why, size_t size);
AUR_MUST_CHECK int aur_team_put_member(struct aur_team *t, size_t i,
    const struct aur_team_member *m, char *why, size_t size);

/* Takes one out; of a host also what is mine in it. AUR_EINVALID where others
 * are reached through it. */
AUR_MUST_CHECK int aur_team_drop_host(
    struct aur_team *t, size_t i, char *why, size_t size);
AUR_MUST_CHECK int aur_team_drop_member(
    struct aur_team *t, size_t i, char *why, size_t size);

/* --- trust ---------------------------------------------------------------- */

/* One difference between what is trusted and what the file says. `was` NULL:
 * it is new. `is` NULL: it is gone. */
struct aur_team_change {
	const char *host; /* its name now */
	const char *what; /* "host", "name", "address", "user", "port",
			     "jump", "agent", "host_key" */
	const char *was, *is;
};

typedef void (*aur_team_change_fn)(
    void *arg, const struct aur_team_change *change);

/* How many differences there are; tells each, where `tell` is not NULL. A host
 * that is gone is none: it is not reached. */
size_t aur_team_changes(
    const struct aur_team *t, aur_team_change_fn tell, void *arg);

/* Trusts what the file says; aur_team_save keeps it. 0, AUR_ENOMEM. */
AUR_MUST_CHECK int aur_team_trust(struct aur_team *t);

#endif
