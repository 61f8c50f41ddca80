# SPDX-License-Identifier: MIT
# Whether a document has every member that aurora-json(5) names, of the right
# type: prints "path: what is wrong" for each that has not. A type is a string;
# "?" behind it allows null; a list's one element is what its rows are.
def type_ok($v; $t):
  ($t | rtrimstr("?")) as $name
  | $name == "any" or ($v == null and ($t | endswith("?"))) or
    (($v | type) == $name) or
    ($name == "time" and ($v | type) == "string" and
      ($v | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z$")));
def wrong($v; $want; $path):
  if ($want | type) == "string" then
    if type_ok($v; $want) then empty
    else "\($path): \($v | tojson) is no \($want)" end
  elif ($want | type) == "array" then
    if ($v | type) != "array" then "\($path): no list"
    else range($v | length) as $i
      | wrong($v[$i]; $want[0]; "\($path)[\($i)]") end
  elif ($v | type) != "object" then "\($path): no object"
  else
    ($want | keys[] as $k
      | if $v | has($k) then wrong($v[$k]; $want[$k]; "\($path).\($k)")
        else "\($path).\($k): missing" end),
    ($v | keys[] as $k | select($want | has($k) | not)
      | "\($path).\($k): nobody knows it")
  end;
def n: "number?"; def s: "string?"; def b: "boolean?";
def numbers($names): $names | split(" ") | map({(.): n}) | add;
def process:
  numbers("pid ppid start_ticks uid priority nice threads cpu_percent cpu_seconds user_seconds system_seconds memory_percent rss_bytes shared_bytes swap_bytes virtual_bytes read_bytes_per_second write_bytes_per_second open_files")
  + {host: "string", pid: "number", started_at: "time?", user: s, state: s,
     tty: s, name: s, cmdline: ["string"], cgroup: s, unit: s,
     container: {id: s, name: s}};
def host_status:
  {name: "string", id: s, address: "string", behind: s, state: "string",
   error: s, via: s, mode: s, recording: "boolean", rtt_ms: n,
   clock_offset_ms: n, sampled_at: "time?", interval_seconds: n,
   age_seconds: n,
   agent: {version: s, pid: n, cpu_percent: n, rss_bytes: n},
   system: {hostname: s, machine_id: s, os: s, kernel: s, arch: s,
     distribution: s, boot_id: s, boot_time: "time?", uptime_seconds: n,
     users: n},
   cpu: (numbers("count frequency_hertz busy_percent user_percent nice_percent system_percent iowait_percent irq_percent softirq_percent steal_percent guest_percent idle_percent")
     + {model: s, cores: [numbers("id busy_percent user_percent system_percent iowait_percent")]}),
   load: numbers("one five fifteen"),
   memory: numbers("total_bytes used_bytes used_percent free_bytes available_bytes buffers_bytes cached_bytes shared_bytes slab_reclaimable_bytes dirty_bytes"),
   swap: numbers("total_bytes used_bytes used_percent free_bytes in_bytes_per_second out_bytes_per_second"),
   limits: numbers("memory_bytes cpus"),
   pressure: numbers("cpu_some_percent memory_some_percent memory_full_percent io_some_percent io_full_percent irq_full_percent"),
   disk_totals: numbers("read_bytes_per_second write_bytes_per_second"),
   disks: [numbers("read_bytes_per_second write_bytes_per_second reads_per_second writes_per_second busy_percent queue_length await_ms")
     + {host: "string", device: "string"}],
   filesystems: [numbers("total_bytes used_bytes available_bytes used_percent inodes_total inodes_used inodes_used_percent")
     + {host: "string", mount: "string", device: s, type: s, read_only: b}],
   network_totals: numbers("receive_bytes_per_second transmit_bytes_per_second"),
   network: [numbers("speed_bits_per_second receive_bytes_per_second transmit_bytes_per_second receive_packets_per_second transmit_packets_per_second receive_errors_per_second transmit_errors_per_second receive_drops_per_second transmit_drops_per_second")
     + {host: "string", interface: "string", up: b}],
   sockets: numbers("tcp_established tcp_listening tcp_time_wait udp"),
   temperatures: [{host: "string", sensor: "string", celsius: n}],
   kernel: numbers("context_switches_per_second interrupts_per_second forks_per_second open_files entropy_bits"),
   process_counts: (numbers("total running sleeping blocked stopped zombie threads") + {restricted_view: b, source: s}),
   top: [process],
   alerts: [{host: "string", rule: "string", state: "string", since: "time", value: n}],
   errors: [{collector: "string", message: "string"}]};
def document($host):
  {schema: "string", time: "time", team: s, hosts: [$host]};
def side: {host: "string", state: "string", error: s, sampled_at: "time?"};
def changed: {pid: n, start_ticks: n, name: "string", user: s, a: "any",
  b: "any"};
def shape:
  if .schema == "aurora.status/1" then document(host_status)
  elif .schema == "aurora.ps/1" then
    document({name: "string", state: "string", error: s, sampled_at: "time?",
      interval_seconds: n, restricted_view: b, processes: [process]})
  elif .schema == "aurora.metrics/1" then
    {schema: "string",
     domains: [{name: "string", help: "string", key: "string",
       label: "string", fields: [{name: "string", type: "string",
         kind: "string", unit: "string", scale: "number", help: "string"}]}],
     figures: [{group: "string", name: "string", type: "string",
       unit: "string", help: "string"}]}
  elif .schema == "aurora.history/1" then
    {schema: "string", time: "time", team: s, from: "time", to: "time",
     series: [{host: "string", metric: "string", unit: "string",
       step_seconds: n, min: n, min_at: "time?", mean: n, max: n,
       max_at: "time?", points: ["array"]}]}
  elif .schema == "aurora.events/1" then
    {schema: "string", time: "time", team: s,
     events: [{host: "string", time: "time?", kind: "string", text: "string",
       boot_id: s, number: n, values: "object"}]}
  elif .schema == "aurora.diff/1" then
    {schema: "string", time: "time", team: s, a: side, b: side,
     values: [{metric: "string", unit: "string", a: "any", b: "any"}],
     processes: {new: [changed], gone: [changed], moved: [changed]}}
  else {schema: "a known schema"} end;
. as $doc | wrong($doc; shape; "")
