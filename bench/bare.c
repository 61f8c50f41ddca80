/* SPDX-License-Identifier: MIT */
/*
 * bare ROUNDS EVERY*FILE... : what the kernel itself takes for a sample: each
 * round reads FILE (kept descriptor, pread until its end), or each EVERYth
 * round where that is above 1 (opened and closed), and sleeps the rest of a
 * second, so that caches are as cold as a sampler finds them. With "--stats"
 * in place of files: lists /proc and opens, reads and closes every PID's stat.
 * Prints the mean CPU time of a round in milliseconds.
 */
#include "base/clock.h"
#include "base/scan.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 20];

struct file {
	const char *path;
	uint64_t every;
	int fd; /* kept where every is 1 */
};

static void read_whole(int fd)
{
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, buffer, 8192, at)) > 0)
		at += n;
}

static void read_files(struct file *file, int n, uint64_t round)
{
	for (int i = 0; i < n; i++) {
		int fd = file[i].fd;

		if (file[i].every > 1) {
			if ((round + (uint64_t)i) % file[i].every != 0)
				continue;
			fd = open(file[i].path, O_RDONLY | O_CLOEXEC);
		}
		if (fd < 0)
			continue;
		read_whole(fd);
		if (file[i].every > 1)
			close(fd);
	}
}

static bool parse_file(const char *text, struct file *file)
{
	struct aur_slice s = aur_slice_str(text), every;

	if (!aur_slice_until(&s, '*', &every) ||
	    aur_scan_u64(every, &file->every) < 0 || file->every == 0)
		return false;
	file->path = text + every.n + 1;
	file->fd =
	    file->every == 1 ? open(file->path, O_RDONLY | O_CLOEXEC) : -1;
	return true;
}

static void read_stats(int proc)
{
	DIR *dir = fdopendir(dup(proc));
	struct dirent *e;
	char path[300];

	if (dir == NULL)
		return;
	rewinddir(dir);
	while ((e = readdir(dir)) != NULL) {
		int fd;

		if (e->d_name[0] < '0' || e->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "%s/stat", e->d_name);
		fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (read(fd, buffer, sizeof(buffer)) < 0)
			buffer[0] = 0;
		close(fd);
	}
	closedir(dir);
}

static int usage(void)
{
	fprintf(stderr, "usage: bare ROUNDS --stats|EVERY*FILE...\n");
	return 2;
}

int main(int argc, char **argv)
{
	struct timespec rest = {0, 995000000};
	uint64_t rounds = 0;
	int64_t took = 0;
	struct file *file;
	int n = argc - 2, proc;
	bool stats;

	if (argc < 3 || aur_scan_u64(aur_slice_str(argv[1]), &rounds) < 0 ||
	    rounds < 1 || rounds > 1000)
		return usage();
	stats = aur_slice_is(aur_slice_str(argv[2]), "--stats");
	file = calloc((size_t)n, sizeof(*file));
	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (file == NULL || proc < 0)
		return 1;
	for (int i = 0; i < n && !stats; i++)
		if (!parse_file(argv[i + 2], &file[i]))
			return usage();
	for (uint64_t r = 0; r < rounds; r++) {
		int64_t t0;

		nanosleep(&rest, NULL);
		t0 = aur_clock_cpu().ns;
		if (stats)
			read_stats(proc);
		else
			read_files(file, n, r);
		took += aur_clock_cpu().ns - t0;
	}
	printf("%.4f\n", (double)took / (double)rounds / 1e6);
	free(file);
	close(proc);
	return 0;
}
