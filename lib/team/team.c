/* SPDX-License-Identifier: MIT */
/*
 * Teams as files. Beside a file lies no lock: who changes something in the
 * directory holds the directory itself (flock), which leaves nothing behind
 * when a program dies and nothing for git to see. On a file system that knows
 * no such lock the comparison before the rename is what there is.
 */
#include "team/team_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096

#define SHARED ".json"
#define LOCAL ".local.json"

/* --- paths ---------------------------------------------------------------- */

static int not_a_name(const char *name, char *why, size_t size)
{
	snprintf(why, size,
	    "'%.64s' is no name for a team: letters, digits, '.', '_' and "
	    "'-', 63 at most, beginning with a letter or digit; not all, "
	    "local, or one that ends in .local",
	    name);
	return AUR_EINVALID;
}

static int make_path(char out[PATH_SIZE], const char *dir, const char *name,
    const char *end, char *why, size_t size)
{
	if (!aur_team_is_team_name(aur_slice_str(name)))
		return not_a_name(name, why, size);
	if ((size_t)snprintf(out, PATH_SIZE, "%s/%s%s", dir, name, end) <
	    PATH_SIZE)
		return 0;
	snprintf(why, size, "a path of more than %d bytes", PATH_SIZE);
	return AUR_ELIMIT;
}

static int failed(const char *path, const char *what, char *why, size_t size)
{
	int err = errno;

	snprintf(why, size, "%s: %s: %s", path, what, strerror(err));
	return err == EACCES || err == EPERM || err == EROFS ? AUR_EDENIED
							     : AUR_EIO;
}

/* --- loading -------------------------------------------------------------- */

static struct aur_team *new_team(const char *name)
{
	struct aur_team *t = aur_mem_new(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->view = aur_mem_new(1, sizeof(*t->view));
	if (t->view != NULL)
		t->view->name = aur_mem_dup(name, strlen(name));
	if (t->view == NULL || t->view->name == NULL) {
		aur_team_free(t);
		return NULL;
	}
	t->name = t->view->name;
	return t;
}

void aur_team_free(struct aur_team *t)
{
	if (t == NULL)
		return;
	if (t->view != NULL) {
		aur__team_view_clear(t);
		aur_mem_free(t->view->name);
	}
	aur_mem_free(t->view);
	aur_doc_free(t->doc);
	aur_doc_free(t->local);
	aur_mem_free(t);
}

/* What is mine, and what I trust, must not be for others to write. */
static int check_owner(const char *path, char *why, size_t size)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return errno == ENOENT
			   ? 0
			   : failed(path, "cannot be looked at", why, size);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		snprintf(why, size, "%s: it is another user's", path);
	else if ((st.st_mode & 022) != 0)
		snprintf(why, size,
		    "%s: others may write it: look what is in it, then "
		    "'chmod 600' it",
		    path);
	else
		return 0;
	return AUR_EDENIED;
}

/* Reads both documents. AUR_EABSENT: there is no team's file. */
static int read_both(
    struct aur_team *t, const char *dir, char *why, size_t size)
{
	char path[PATH_SIZE];
	int rc = make_path(path, dir, t->name, SHARED, why, size), local;

	if (rc < 0)
		return rc;
	rc = aur_doc_read(&t->doc, path, AUR_MAX_TEAM_FILE, AUR__TEAM_VERSION);
	if (rc < 0 && rc != AUR_EABSENT)
		return aur__team_why(t->doc, rc, why, size);
	local = make_path(path, dir, t->name, LOCAL, why, size);
	if (local == 0)
		local = check_owner(path, why, size);
	if (local < 0)
		return local;
	local =
	    aur_doc_read(&t->local, path, AUR_MAX_TEAM_FILE, AUR__TEAM_VERSION);
	if (local < 0 && local != AUR_EABSENT)
		return aur__team_why(t->local, local, why, size);
	return rc;
}

int aur_team_load(struct aur_team **ret_team, const char *dir, const char *name,
    char *why, size_t size)
{
	struct aur_team *t = new_team(name);
	int rc;

	if (t == NULL)
		return aur__team_why(NULL, AUR_ENOMEM, why, size);
	rc = read_both(t, dir, why, size);
	if (rc == AUR_EABSENT)
		snprintf(why, size, "there is no team '%s'", name);
	if (rc == 0)
		rc = aur__team_view(t, why, size);
	if (rc < 0)
		aur_team_free(t);
	else
		*ret_team = t;
	return rc;
}

int aur_team_parse(struct aur_team **ret_team, const char *name,
    struct aur_slice shared, struct aur_slice local, char *why, size_t size)
{
	struct aur_team *t = new_team(name);
	int rc;

	if (t == NULL)
		return aur__team_why(NULL, AUR_ENOMEM, why, size);
	rc = aur_doc_parse(&t->doc, name, shared, AUR__TEAM_VERSION);
	if (rc < 0)
		aur__team_why(t->doc, rc, why, size);
	if (rc == 0) {
		rc = aur_doc_parse(&t->local, name,
		    local.n > 0 ? local : aur_slice_str("{}"),
		    AUR__TEAM_VERSION);
		if (rc < 0)
			aur__team_why(t->local, rc, why, size);
	}
	if (rc == 0)
		rc = aur__team_view(t, why, size);
	if (rc < 0)
		aur_team_free(t);
	else
		*ret_team = t;
	return rc;
}

static int fill_new(struct aur_team *t, char *why, size_t size)
{
	struct aur_at root = aur_doc_root(t->doc), at;
	char id[AUR__TEAM_ID + 1];
	int rc;

	if (!aur__team_new_id(id))
		return aur__team_why(NULL, AUR_EIO, why, size);
	rc = aur_at_set_number(&root, "version", AUR__TEAM_VERSION);
	if (rc == 0)
		rc = aur_at_set_text(&root, "name", t->name);
	if (rc == 0)
		rc = aur_at_set_text(&root, "id", id);
	if (rc == 0)
		rc = aur_at_make_list(&root, "hosts", &at);
	if (rc == 0)
		rc = aur_at_make_list(&root, "members", &at);
	return rc < 0 ? aur__team_why(t->doc, rc, why, size)
		      : aur__team_view(t, why, size);
}

int aur_team_new(struct aur_team **ret_team, const char *dir, const char *name,
    char *why, size_t size)
{
	struct aur_team *t = new_team(name);
	int rc;

	if (t == NULL)
		return aur__team_why(NULL, AUR_ENOMEM, why, size);
	rc = read_both(t, dir, why, size);
	if (rc == 0) {
		snprintf(why, size, "there is a team '%s' already", name);
		rc = AUR_EBUSY;
	} else if (rc == AUR_EABSENT) {
		rc = fill_new(t, why, size);
	}
	if (rc < 0)
		aur_team_free(t);
	else
		*ret_team = t;
	return rc;
}

int aur_team_save(struct aur_team *t, char *why, size_t size)
{
	struct aur_at root = aur_doc_root(t->local);
	int rc = aur_team_trust(t);

	if (rc == 0)
		rc = aur_at_set_number(&root, "version", AUR__TEAM_VERSION);
	if (rc < 0)
		return aur__team_why(NULL, rc, why, size);
	if (aur_doc_is_changed(t->doc))
		rc = aur_doc_save(t->doc, 0);
	if (rc < 0)
		return aur__team_why(t->doc, rc, why, size);
	if (aur_doc_is_changed(t->local))
		rc = aur_doc_save(t->local, AUR_DOC_PRIVATE);
	return rc < 0 ? aur__team_why(t->local, rc, why, size) : 0;
}

/* --- the directory -------------------------------------------------------- */

static bool is_team_file(const char *file, size_t *ret_n)
{
	size_t n = strlen(file), end = strlen(SHARED);

	if (n <= end || strcmp(file + n - end, SHARED) != 0)
		return false;
	*ret_n = n - end;
	return aur_team_is_team_name(aur_slice_of(file, n - end));
}

static int by_text(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* Makes a list of names with NULs behind them, in one piece. */
static int make_list(struct aur_slice names, size_t n, char ***ret)
{
	size_t head = (n + 1) * sizeof(char *);
	char **list = aur_mem_new(1, head + names.n);
	char *text;

	if (list == NULL)
		return AUR_ENOMEM;
	text = (char *)list + head;
	if (names.n > 0)
		memcpy(text, names.p, names.n);
	for (size_t i = 0; i < n; i++) {
		list[i] = text;
		text += strlen(text) + 1;
	}
	qsort(list, n, sizeof(*list), by_text);
	*ret = list;
	return 0;
}

int aur_team_list(const char *dir, char ***ret_names)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct aur_buf b;
	size_t n = 0, length;
	int rc = 0;

	if (d == NULL && errno != ENOENT && errno != ENOTDIR)
		return errno == EACCES ? AUR_EDENIED : AUR_EIO;
	aur_buf_init(&b, AUR_MAX_JSON);
	while (d != NULL && rc == 0 && (e = readdir(d)) != NULL) {
		if (!is_team_file(e->d_name, &length))
			continue;
		rc = aur_buf_add(&b, e->d_name, length);
		if (rc == 0)
			rc = aur_buf_add_byte(&b, '\0');
		n++;
	}
	if (d != NULL)
		closedir(d);
	if (rc == 0)
		rc = make_list(aur_buf_peek(&b), n, ret_names);
	aur_buf_release(&b);
	return rc;
}

int aur_team_delete(const char *dir, const char *name, char *why, size_t size)
{
	char path[PATH_SIZE];
	int rc = make_path(path, dir, name, SHARED, why, size);

	if (rc < 0)
		return rc;
	if (unlink(path) < 0) {
		if (errno != ENOENT)
			return failed(path, "cannot be removed", why, size);
		snprintf(why, size, "there is no team '%s'", name);
		return AUR_EABSENT;
	}
	rc = make_path(path, dir, name, LOCAL, why, size);
	if (rc == 0 && unlink(path) < 0 && errno != ENOENT)
		rc = failed(path, "cannot be removed", why, size);
	return rc;
}

/* Moves one file; one that is not there need not be. */
static int move(const char *dir, const char *name, const char *to,
    const char *end, char *why, size_t size)
{
	char path[PATH_SIZE], target[PATH_SIZE];
	int rc = make_path(path, dir, name, end, why, size);

	if (rc == 0)
		rc = make_path(target, dir, to, end, why, size);
	if (rc == 0 && rename(path, target) < 0 && errno != ENOENT)
		rc = failed(path, "cannot be renamed", why, size);
	return rc;
}

int aur_team_rename(
    const char *dir, const char *name, const char *to, char *why, size_t size)
{
	struct aur_team *t = NULL;
	char path[PATH_SIZE];
	struct aur_at root;
	struct stat st;
	int rc = make_path(path, dir, to, SHARED, why, size);

	if (rc < 0)
		return rc;
	if (lstat(path, &st) == 0) {
		snprintf(why, size, "there is a team '%s' already", to);
		return AUR_EBUSY;
	}
	rc = aur_team_load(&t, dir, name, why, size);
	if (rc < 0)
		return rc;
	root = aur_doc_root(t->doc);
	rc = aur_at_set_text(&root, "name", to);
	if (rc == 0 && aur_doc_is_changed(t->doc))
		rc = aur_doc_save(t->doc, 0);
	if (rc < 0)
		aur__team_why(t->doc, rc, why, size);
	aur_team_free(t);
	if (rc == 0)
		rc = move(dir, name, to, LOCAL, why, size);
	return rc < 0 ? rc : move(dir, name, to, SHARED, why, size);
}

/* Makes the directories of `dir` that are not there. */
static int make_directories(const char *dir, char *why, size_t size)
{
	char part[PATH_SIZE];
	size_t n = strlen(dir);

	if (n >= sizeof(part))
		return AUR_ELIMIT;
	for (size_t i = 1; i <= n; i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		memcpy(part, dir, i);
		part[i] = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST &&
		    access(part, X_OK) < 0)
			return failed(part, "cannot be made", why, size);
	}
	return 0;
}

int aur_team_lock(const char *dir, int *ret_lock, char *why, size_t size)
{
	int rc = make_directories(dir, why, size), fd;

	if (rc < 0)
		return rc;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed(dir, "cannot be opened", why, size);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		close(fd);
		snprintf(why, size, "%s: another program is changing it", dir);
		return AUR_EBUSY;
	}
	*ret_lock = fd;
	return 0;
}

void aur_team_unlock(int lock)
{
	if (lock >= 0)
		close(lock);
}

/* --- looking -------------------------------------------------------------- */

static int compare_name(const void *key, const void *at)
{
	const struct aur_slice *name = key;
	const struct aur_team_host *const *h = at;

	return aur_slice_cmp(*name, aur_slice_str((*h)->name));
}

static int compare_id(const void *key, const void *at)
{
	const struct aur_slice *id = key;
	const struct aur_team_host *const *h = at;

	return aur_slice_cmp(*id, aur_slice_str((*h)->id));
}

static bool find(const struct aur_team *t, const struct aur_team_host **index,
    struct aur_slice key, int (*compare)(const void *, const void *),
    size_t *ret_index)
{
	const struct aur_team_host *const *found = NULL;

	if (t->nhost > 0)
		found = bsearch(&key, index, t->nhost, sizeof(*index), compare);
	if (found == NULL)
		return false;
	*ret_index = (size_t)(*found - t->host);
	return true;
}

bool aur_team_find(
    const struct aur_team *t, struct aur_slice name, size_t *ret_index)
{
	return find(t, t->view->by_name, name, compare_name, ret_index);
}

bool aur_team_find_id(
    const struct aur_team *t, struct aur_slice id, size_t *ret_index)
{
	return find(t, t->view->by_id, id, compare_id, ret_index);
}

bool aur_team_find_member(
    const struct aur_team *t, struct aur_slice name, size_t *ret_index)
{
	for (size_t i = 0; i < t->nmember; i++)
		if (aur_slice_is(name, t->member[i].name)) {
			*ret_index = i;
			return true;
		}
	return false;
}

bool aur_team_in_group(const struct aur_team_host *h, struct aur_slice group)
{
	for (size_t i = 0; i < h->ngroup; i++)
		if (aur_slice_is(group, h->group[i]))
			return true;
	return false;
}
