/* SPDX-License-Identifier: MIT */
/* Units and containers out of the paths of control groups, and names. */
#include "base/err.h"
#include "collect/linux/group.h"
#include "tests/harness/fail.h"
#include "tests/harness/tap.h"
#include "tests/unit/process_tree.h"

#include <fcntl.h>

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void unit(const char *path, const char *want)
{
	struct aur_slice s = aur_slice_str("none");

	tap_eq_int(aur__path_unit(aur_slice_str(path), &s), want != NULL, path);
	if (want != NULL)
		tap_eq_bytes(s.p, s.n, want, strlen(want), want);
}

static void container(const char *path, const char *want, int runtime)
{
	struct aur__container c = {.id = "none"};
	bool found = aur__path_container(aur_slice_str(path), &c);

	tap_eq_int(found, want != NULL, path);
	if (want != NULL) {
		tap_eq_str(c.id, want, "its id");
		tap_eq_int(c.runtime, runtime, "its runtime");
	}
}

static void test_paths(void)
{
	unit("/system.slice/nginx.service", "nginx.service");
	unit("/system.slice/system-getty.slice/getty@tty1.service",
	    "getty@tty1.service");
	unit("/user.slice/user-0.slice/session-3.scope", "session-3.scope");
	unit("/user.slice/user-7.slice/user@7.service/app.slice/a.service",
	    "user@7.service");
	unit("/system.slice/docker-" ID ".scope/system.slice/in.service",
	    "docker-" ID ".scope");
	unit("/system.slice/_cpu.service", "cpu.service");
	unit("/init.scope", "init.scope");
	unit("/system.slice", NULL);
	unit("/", NULL);
	unit("", NULL);
	unit("/.service", NULL);
	unit("/docker/" ID, NULL);
	container("/system.slice/docker-" ID ".scope", ID, AUR__RUNTIME_DOCKER);
	container("/docker/" ID, ID, AUR__RUNTIME_DOCKER);
	container("/docker/" ID "/init.scope", ID, AUR__RUNTIME_DOCKER);
	container("/ecs/task/" ID, ID, AUR__RUNTIME_DOCKER);
	container("/machine.slice/libpod-" ID ".scope/container", ID,
	    AUR__RUNTIME_PODMAN);
	container("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID
		  ".scope",
	    ID, AUR__RUNTIME_OTHER);
	container("/kubepods/burstable/pod12/" ID, ID, AUR__RUNTIME_OTHER);
	container("/lxc.payload.web", "web", AUR__RUNTIME_NAMED);
	container("/lxc/web/init.scope", "web", AUR__RUNTIME_NAMED);
	container("/machine.slice/machine-my\\x2dbox.scope", "my-box",
	    AUR__RUNTIME_NAMED);
	container("/machine.slice/systemd-nspawn@box.service/payload", "box",
	    AUR__RUNTIME_NAMED);
	container("/system.slice/nginx.service", NULL, 0);
	container("/api/0123456789abcdef0123456789abcdef", NULL, 0);
	container("/docker/short", NULL, 0);
	container("/system.slice/docker-nothex.scope", NULL, 0);
}

static void test_json(void)
{
	struct aur_slice s;
	const char *docker = "{\"Config\":{\"Name\":\"no\",\"x\":[\"}\"]},"
			     "\"Driver\" : \"o\", \"Name\" : \"/web\"}";
	const char *podman = "[{\"id\":\"aa\",\"names\":[\"x\"]},"
			     "{\"id\":\"bb\",\"names\":[\"db\",\"y\"]}]";

	tap_ok(aur__json_member(aur_slice_str(docker), "Name", &s),
	    "a member of the top");
	tap_eq_bytes(s.p, s.n, "/web", 4, "not of what is inside");
	tap_ok(!aur__json_member(aur_slice_str("{\"Name\":\"a"), "Name", &s),
	    "cut off");
	tap_ok(!aur__json_member(
		   aur_slice_str("{\"Name\":\"a\\u0041\"}"), "Name", &s),
	    "escapes are left alone");
	tap_ok(!aur__json_member(aur_slice_str("{\"Name\":7}"), "Name", &s),
	    "a number is no name");
	tap_ok(aur__json_podman(aur_slice_str(podman), "bb", &s), "by id");
	tap_eq_bytes(s.p, s.n, "db", 2, "the first name");
	tap_ok(!aur__json_podman(aur_slice_str(podman), "cc", &s), "none");
}

static void test_names(void)
{
	struct aur_root root = {.dirfd = -1};
	struct aur_strs *strs = aur_strs_new(1 << 20);
	struct aur__groups g = {.strs = strs};
	const struct aur__group *e;
	uint32_t path;

	ptree_begin();
	ptree_put("var/lib/docker/containers/" ID "/config.v2.json",
	    "{\"ID\":\"" ID "\",\"Name\":\"/web\"}");
	root.dirfd = open(ptree_root, O_RDONLY | O_DIRECTORY);
	e = aur__groups_get(
	    &g, &root, aur_slice_str("/system.slice/docker-" ID ".scope"));
	tap_ok(e != NULL && aur_slice_is(aur_strs_get(strs, e->name), "web") &&
		   aur_slice_is(aur_strs_get(strs, e->container), ID),
	    "a container's name from docker's file");
	path = e != NULL ? e->path : 0;
	for (int i = 0; i < 40; i++) {
		char text[32];

		snprintf(text, sizeof(text), "/a%d.service", i);
		e = aur__groups_get(&g, &root, aur_slice_str(text));
		tap_ok(e != NULL && e->users == 1, "%s", text);
	}
	e = aur__groups_get(
	    &g, &root, aur_slice_str("/system.slice/docker-" ID ".scope"));
	tap_ok(e != NULL && e->users == 2 && e->path == path,
	    "one entry for two users");
	aur__groups_put(&g, path);
	tap_eq_u64(g.n, 41, "one user left: it stays");
	aur__groups_put(&g, path);
	tap_eq_u64(g.n, 40, "none left: it goes");
	aur__groups_release(&g);
	tap_eq_u64(aur_strs_count(strs), 0, "and no string stays");
	close(root.dirfd);
	ptree_end();
	aur_strs_unref(strs);
}

static void test_failing(void)
{
	struct aur_root root = {.dirfd = open("/", O_RDONLY | O_DIRECTORY)};
	unsigned long nth;

	for (nth = 1; fail_begin(nth); nth++) {
		struct aur_strs *strs = aur_strs_new(1 << 20);
		struct aur__groups g = {.strs = strs};

		if (strs != NULL &&
		    aur__groups_get(
			&g, &root, aur_slice_str("/a.slice/b.service")) != NULL)
			aur__groups_put(&g, g.v[0].path);
		aur__groups_release(&g);
		if (strs != NULL && aur_strs_count(strs) != 0)
			break;
		aur_strs_unref(strs);
		if (!fail_end())
			break;
	}
	aur_mem_set_fail(NULL, NULL);
	tap_ok(nth > 2, "each allocation failed once (%lu)", nth);
	close(root.dirfd);
}

int main(void)
{
	test_paths();
	test_json();
	test_names();
	test_failing();
	return tap_done();
}
