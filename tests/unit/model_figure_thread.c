/* SPDX-License-Identifier: MIT */
/* Threads in one list with processes, and their figures. */
#include "tests/unit/model_host.h"

/* Processes 10 and 30, a thread 20 of 10, a thread 40 of one that is gone. */
static void fill(struct aur_sample *s, uint64_t cpu)
{
	struct aur_part *p = make_part(s, AUR_DOMAIN_PROCESS);
	size_t i = make_key(p, 10, 100);

	make_text(p, i, AUR_PROCESS_name, "web");
	make_text(p, i, AUR_PROCESS_user, "alice");
	aur_part_set(p, i, AUR_PROCESS_parent, 1);
	aur_part_set(p, i, AUR_PROCESS_rss, 4096);
	aur_part_set(p, i, AUR_PROCESS_threads, 2);
	aur_part_set(p, i, AUR_PROCESS_cpu, 3 * cpu);
	make_key(p, 30, 300);
	p = make_part(s, AUR_DOMAIN_THREAD);
	i = make_key(p, 20, 200);
	make_text(p, i, AUR_THREAD_name, "worker");
	aur_part_set(p, i, AUR_THREAD_process, 10);
	aur_part_set(p, i, AUR_THREAD_state, 'R');
	aur_part_set(p, i, AUR_THREAD_nice, (uint64_t)(int64_t)-3);
	aur_part_set(p, i, AUR_THREAD_priority, 17);
	aur_part_set(p, i, AUR_THREAD_cpu, cpu);
	aur_part_set(p, i, AUR_THREAD_user_time, 150);
	aur_part_set(p, i, AUR_THREAD_system_time, 50);
	i = make_key(p, 40, 400);
	aur_part_set(p, i, AUR_THREAD_process, 39);
}

static struct aur_value get(struct host *h, enum aur_figure_id id, size_t inst)
{
	struct aur_value v;

	aur_figures_process(&h->f, id, inst, &v);
	return v;
}

static bool is_word(struct aur_value v, const char *word)
{
	return v.type == AUR_VALUE_TEXT && aur_slice_is(v.s, word);
}

static void test_list(struct host *h)
{
	const struct aur_figures *f = &h->f;

	tap_eq_u64(aur_figures_rows(f, AUR_GROUP_PROCESSES), 2,
	    "rows are processes alone");
	tap_eq_u64(aur_figures_tasks(f), 4, "tasks are both");
	tap_ok(!aur_figures_is_thread(f, 1) && aur_figures_is_thread(f, 2) &&
		   aur_figures_is_thread(f, 3) && !aur_figures_is_thread(f, 4),
	    "threads come behind");
	tap_eq_u64(aur_figures_task_key(f, 1).v[0], 30, "a process's key");
	tap_eq_u64(aur_figures_task_key(f, 2).v[1], 200, "a thread's");
	tap_eq_u64(aur_figures_task_parent(f, 0), 1, "a process's parent");
	tap_eq_u64(aur_figures_task_parent(f, 2), 10, "a thread's");
	tap_eq_int(
	    aur_figures_task_find(f, (struct aur_key){{30, 300}}, 0), 1, "30");
	tap_eq_int(
	    aur_figures_task_find(f, (struct aur_key){{40, 400}}, 3), 3, "40");
	tap_eq_int(aur_figures_task_find(f, (struct aur_key){{40, 401}}, 0), -1,
	    "of another start");
	tap_eq_int(aur_figures_process_of(f, 2), 0, "the process of a thread");
	tap_eq_int(aur_figures_process_of(f, 1), 1, "and of a process");
	tap_eq_int(aur_figures_process_of(f, 3), -1, "one that is gone");
	tap_eq_int(aur_figures_process_of(f, 4), -1, "none at all");
}

static void test_values(struct host *h)
{
	tap_eq_int(get(h, AUR_FIG_processes_pid, 2).i, 20, "its number");
	tap_eq_int(get(h, AUR_FIG_processes_ppid, 2).i, 10, "its process");
	tap_ok(is_word(get(h, AUR_FIG_processes_name, 2), "worker"), "name");
	tap_ok(is_word(get(h, AUR_FIG_processes_state, 2), "R"), "state");
	tap_eq_int(get(h, AUR_FIG_processes_nice, 2).i, -3, "nice");
	tap_eq_int(get(h, AUR_FIG_processes_priority, 2).i, 17, "priority");
	tap_near(get(h, AUR_FIG_processes_cpu_percent, 2).d, 25, 1e-9,
	    "its own share of CPU");
	tap_near(get(h, AUR_FIG_processes_cpu_percent, 0).d, 75, 1e-9,
	    "of all that its process has");
	tap_near(get(h, AUR_FIG_processes_cpu_seconds, 2).d, 0.75, 1e-9, "CPU");
	tap_near(
	    get(h, AUR_FIG_processes_user_seconds, 2).d, 1.5, 1e-9, "user");
	tap_near(
	    get(h, AUR_FIG_processes_system_seconds, 2).d, 0.5, 1e-9, "system");
	tap_ok(is_word(get(h, AUR_FIG_processes_user, 2), "alice"),
	    "the user is the process's");
	tap_eq_int(
	    get(h, AUR_FIG_processes_rss_bytes, 2).i, 4096, "so is the memory");
	tap_ok(get(h, AUR_FIG_processes_threads, 2).type == AUR_VALUE_NULL,
	    "threads of a thread are unknown");
	tap_ok(get(h, AUR_FIG_processes_write_bytes_per_second, 2).type ==
		   AUR_VALUE_NULL,
	    "what it wrote too");
	tap_ok(get(h, AUR_FIG_processes_user, 3).type == AUR_VALUE_NULL,
	    "without a process there is no user");
	tap_ok(get(h, AUR_FIG_processes_pid, 4).type == AUR_VALUE_NULL,
	    "beyond the end there is nothing");
}

int main(void)
{
	struct host h;

	host_init(&h);
	fill(h.a, 500000000);
	fill(h.b, 750000000);
	host_ready(&h, true);
	test_list(&h);
	test_values(&h);
	host_release(&h);
	host_init(&h);
	host_ready(&h, false);
	tap_eq_u64(aur_figures_tasks(&h.f), 0, "a host without processes");
	host_release(&h);
	return tap_done();
}
