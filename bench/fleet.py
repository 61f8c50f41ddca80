# SPDX-License-Identifier: MIT
"""Many hosts, over ssh on loopback: one question beside `ssh HOST true`, a
hundred hosts at once and steadily, a thousand scripted agents, a host lost.

A hundred hosts are a hundred names of one sshd that lets all of them in: what
the client pays is the same, a hundred handshakes, logins and agents. Both
programs get their settings by the same wrapper of two lines, because OpenSSH
reads those of the account, whatever HOME says. CPU is the client's, with the
children that it waited for; sshd and the agents are the hosts' affair.
"""
import collections, getpass, json, os, shutil, signal, socket, statistics
import subprocess, tempfile, threading, time

import screen as screens

SETTINGS = """\
Host h*
  HostName 127.0.0.1
  Port {port}
  User {user}
  IdentityFile {folder}/key
  UserKnownHostsFile {folder}/known_hosts
  GlobalKnownHostsFile /dev/null
  HostKeyAlias bench
"""
DAEMON = """\
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/key.pub
SetEnv HOME={folder}/login PATH={build}:/usr/bin:/bin \
RUNTIME_DIRECTORY={runtime}
StrictModes no
PidFile none
PermitRootLogin yes
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
PrintMotd no
MaxStartups 1000
MaxSessions 1000
LogLevel VERBOSE
"""


def below(pid):
    """pids of all that runs below pid."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as f:
                parents[int(name)] = int(f.read().rpartition(")")[2].split()[1])
        except OSError:
            pass
    found, new = set(), {pid}
    while new:
        found |= new
        new = {p for p, q in parents.items() if q in new} - found
    return found - {pid}


class Host:
    """An sshd, and a client's home that knows it by the names h1, h2, ..."""

    def __init__(self, build, sshd, runtime="/nonexistent"):
        self.sshd, self.log = sshd, None
        self.folder = tempfile.mkdtemp(prefix="aurora-bench-")
        for name in ("login", "bin", "home"):
            os.mkdir(f"{self.folder}/{name}")
        for name in ("key", "host"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "",
                            "-f", f"{self.folder}/{name}"], check=True)
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        known = {"folder": self.folder, "port": self.port, "build": build,
                 "runtime": runtime,
                 "user": getpass.getuser()}
        self.write("config", SETTINGS.format(**known))
        self.write("sshd_config", DAEMON.format(**known))
        with open(f"{self.folder}/host.pub") as f:
            self.write("known_hosts", "bench " + f.read())
        self.ssh = f"{self.folder}/bin/ssh"
        self.write("bin/ssh", "#!/bin/sh\nexec {} -F {}/config \"$@\"\n".format(
            shutil.which("ssh"), self.folder))
        os.chmod(self.ssh, 0o755)
        self.env = dict(os.environ, HOME=f"{self.folder}/home",
                        XDG_CONFIG_HOME=f"{self.folder}/home/config",
                        XDG_STATE_HOME=f"{self.folder}/home/state",
                        AURORA_SSH=self.ssh)
        for name in ("SSH_AUTH_SOCK", "AURORA_TEAM", "AURORA_AGENTD"):
            self.env.pop(name, None)
        if os.getuid() == 0:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)
        self.start()

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as f:
            f.write(text)

    def start(self):
        self.log = open(f"{self.folder}/log", "wb")
        self.child = subprocess.Popen(
            [self.sshd, "-D", "-e", "-f", f"{self.folder}/sshd_config",
             "-p", str(self.port)], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)
        until = time.monotonic() + 20
        while "Server listening" not in self.said():
            if time.monotonic() > until or self.child.poll() is not None:
                raise RuntimeError("sshd: " + self.said())
            time.sleep(0.02)

    def said(self):
        with open(f"{self.folder}/log", errors="replace") as f:
            return f.read()

    def signal(self, number):
        for pid in [self.child.pid] + sorted(below(self.child.pid)):
            try:
                os.kill(pid, number)
            except OSError:
                pass

    def stop(self):
        self.child.send_signal(signal.SIGSTOP)
        self.signal(signal.SIGTERM)
        self.signal(signal.SIGCONT)
        self.child.wait()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def run(argv, env):
    """(ms from exec to exit, CPU ms) of a program and its children."""
    began = time.monotonic()
    child = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise RuntimeError(f"{argv}: exit {child.returncode}")
    return ((time.monotonic() - began) * 1000,
            (used.ru_utime + used.ru_stime) * 1000)


class Watch:
    """`aurora status --watch`, its newest answer kept."""

    def __init__(self, argv, env):
        self.seen, self.changed = [], threading.Condition()
        self.child = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL)
        self.pid, self.json = self.child.pid, "--json" in argv
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        lines = []
        for line in self.child.stdout:
            lines.append(line)
            if self.json or line == b"\n":
                with self.changed:
                    self.seen, lines = lines, []
                    self.changed.notify_all()

    def until(self, wanted, most):
        """Waits for an answer of which wanted(lines) holds; when that was."""
        with self.changed:
            if not self.changed.wait_for(lambda: wanted(self.seen), most):
                raise RuntimeError("not seen: " + str(self.seen[:3]))
        return time.monotonic()

    def stop(self):
        self.child.terminate()
        self.child.wait()


def all_up(n):
    return lambda lines: sum(b" up " in line for line in lines) >= n


def is_state(state):
    return lambda lines: bool(lines) and \
        json.loads(lines[0])["hosts"][0]["state"] == state


def make_team(build, env, name, hosts, *options):
    for argv in (["create", name],
                 ["add", "host"] + hosts + ["--no-check"] + list(options)):
        subprocess.run([f"{build}/aurora", "team"] + argv, env=env, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def one_question(build, host, table):
    ours, theirs = [], []
    for _ in range(9):
        ours.append(run([f"{build}/aurora", "status", "h1"], host.env))
        theirs.append(run([host.ssh, "h1", "true"], host.env))
    wall, cpu = (statistics.median(c) for c in zip(*ours))
    ssh_wall, ssh_cpu = (statistics.median(c) for c in zip(*theirs))
    table.append(("`aurora status HOST`, exec to exit", f"{wall:.0f} ms",
                  f"`ssh HOST true` {ssh_wall:.0f} ms:"
                  f" {(wall - 100) / ssh_wall:.2f} times and 100 ms",
                  "1.5 times and 100 ms"))
    table.append(("the same, CPU of the client", f"{cpu:.1f} ms",
                  f"{ssh_cpu:.1f} ms", ""))


def many_logins(host, names):
    """CPU ms of `ssh NAME true` for all of names, eight at once."""
    todo, spent = collections.deque(names), []

    def work():
        while True:
            try:
                name = todo.popleft()
            except IndexError:
                return
            spent.append(run([host.ssh, name, "true"], host.env)[1])

    workers = [threading.Thread(target=work) for _ in range(8)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    if len(spent) != len(names):
        raise RuntimeError("not every ssh came back")
    return sum(spent)


def many_questions(build, host, names, table):
    wall, cpu = run([f"{build}/aurora", "status", "--timeout", "120", "all"],
                    host.env)
    ssh_cpu = many_logins(host, names)
    n = len(names)
    table.append((f"{n} hosts, exec to all sampled", f"{wall / 1000:.1f} s",
                  "", ""))
    table.append(("the same, CPU of the client", f"{cpu:.0f} ms",
                  f"{n} `ssh HOST true`: {ssh_cpu:.0f} ms:"
                  f" 1/{ssh_cpu / cpu:.1f}", "1/10"))


def shares_of(tools, pid, wait):
    """% of a core, the median of three windows that wait() makes."""
    shares = []
    for _ in range(3):
        before, began = tools.cpu_ns(pid), time.monotonic()
        wait()
        shares.append((tools.cpu_ns(pid) - before) / 1e7 /
                      (time.monotonic() - began))
    return statistics.median(shares)


def on_screen(tools, env, n):
    """(% of a core, MB, bytes a second) of `aurora top` with n hosts."""
    screen = screens.Screen([f"{tools.build}/aurora", "top", "all"], {}, env)
    count = [0]

    def drain(seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            count[0] += len(screen.read(until - time.monotonic()))

    try:
        drain(10 + n / 40)
        count[0] = 0
        share = shares_of(tools, screen.pid, lambda: drain(tools.seconds))
        return (share, tools.pss_kb(screen.pid, False) / 1024,
                count[0] / 3 / tools.seconds)
    finally:
        screen.stop()


def steady(tools, argv, env, n, settle, seconds):
    """(% of a core, MB) of the client alone, median of three windows."""
    watch = Watch(argv, env)
    try:
        watch.until(all_up(n), 120)
        time.sleep(settle)
        share = shares_of(tools, watch.pid, lambda: time.sleep(seconds))
        return share, tools.pss_kb(watch.pid, False) / 1024
    finally:
        watch.stop()


def many_steady(tools, host, names, table):
    share, mb = steady(tools, [f"{tools.build}/aurora", "status", "--timeout",
                               "300", "--watch=1", "all"],
                       host.env, len(names), 5, tools.seconds)
    table.append((f"{len(names)} hosts at 1 s, system domains",
                  f"{share:.2f} % of a core, {mb:.1f} MB", "", "2 %, 20 MB"))


def scripted(tools, host, n, table):
    agent = f"{tools.build}/tests/harness/fakeagent"
    env = dict(host.env, AURORA_SSH=agent,
               XDG_CONFIG_HOME=f"{host.folder}/home/scripted")
    names = [f"s{i}" for i in range(1, n + 1)]
    make_team(tools.build, env, "scripted", names, "--via", "openssh")
    share, mb = steady(tools, [f"{tools.build}/aurora", "status", "--timeout",
                               "300", "--watch=1", "all"],
                       env, n, 5, tools.seconds)
    table.append((f"{n} scripted agents at 1 s, `status --watch`",
                  f"{share:.2f} % of a core, {mb:.1f} MB", "",
                  "15 %, 120 MB"))
    share, mb, written = on_screen(tools, env, n)
    table.append(("the same, `aurora top` at 200x50",
                  f"{share:.2f} % of a core, {mb:.1f} MB",
                  f"{written:.0f} bytes a second", ""))


def lost(build, host, table):
    """A host that stands still, then one whose sshd went and came back."""
    watch = Watch([f"{build}/aurora", "status", "--json", "--watch=1",
                   "--timeout", "60", "h1"], host.env)
    try:
        watch.until(is_state("up"), 60)
        time.sleep(3)
        host.signal(signal.SIGSTOP)
        began = time.monotonic()
        silent = watch.until(is_state("stale"), 60) - began
        host.signal(signal.SIGCONT)
        watch.until(is_state("up"), 60)
        time.sleep(3)
        host.stop()
        began = time.monotonic()
        gone = watch.until(lambda x: not is_state("up")(x), 60) - began
        watch.until(is_state("unreachable"), 60)
        host.start()
        while "Accepted" not in host.said():
            time.sleep(0.01)
        began = time.monotonic()
        back = watch.until(is_state("up"), 60) - began
    finally:
        watch.stop()
    table.append(("a host that stands still, until it is stale",
                  f"{silent:.1f} s", "", "5 s"))
    table.append(("a connection that ends, until it is not up",
                  f"{gone:.1f} s", "", "5 s"))
    table.append(("back, from the login to live", f"{back:.1f} s", "", "2 s"))


class Tools:
    """What bench/run counts with, and how long."""

    def __init__(self, build, seconds, cpu_ns, pss_kb):
        self.build, self.seconds = build, seconds
        self.cpu_ns, self.pss_kb = cpu_ns, pss_kb


def measure(tools, sshd, hosts, agents, table):
    names = [f"h{i}" for i in range(1, hosts + 1)]
    with Host(tools.build, sshd) as host:
        make_team(tools.build, host.env, "bench", names)
        one_question(tools.build, host, table)
        many_questions(tools.build, host, names, table)
        many_steady(tools, host, names, table)
        scripted(tools, host, agents, table)
        lost(tools.build, host, table)
