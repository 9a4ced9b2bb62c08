import Glibc

/// What the kernel and the distribution grant a realtime program. Reads /proc, /sys and /etc; changes
/// nothing.
struct MachineChecks {
  var environment: [String: String]

  private static let limitsFix = "sudo garden doctor --fix"
  /// Below this a realtime priority is of no use next to the threads of JACK and the sound card.
  private static let usefulPriority: UInt = 70
  /// The engine, its buffers and a soundfont.
  private static let usefulLockedBytes: UInt = 256 << 20

  var all: [Check] {
    [
      realtimePriority, trial, lockedMemory, audioGroup, limitsFile, realtimeRuntime, governor, library,
      server, cards,
    ]
  }

  private var isRoot: Bool { geteuid() == 0 }

  private func limit(_ resource: __rlimit_resource) -> rlimit? {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? limit : nil
  }

  private func shown(_ value: rlim_t, perUnit unit: UInt = 1, _ name: String = "") -> String {
    value == rlim_t.max ? "unlimited" : "\(UInt(value) / unit)\(name)"
  }

  private var realtimePriority: Check {
    guard let limit = limit(__RLIMIT_RTPRIO) else {
      return .warn("realtime limit", "cannot be read", "ulimit -r")
    }
    let seen = "RLIMIT_RTPRIO soft \(shown(limit.rlim_cur)), hard \(shown(limit.rlim_max))"
    if UInt(limit.rlim_cur) >= Self.usefulPriority || isRoot {
      return .ok("realtime limit", seen + (isRoot ? " (root)" : ""))
    }
    return .warn("realtime limit", seen, Self.limitsFix + ", then log in again")
  }

  /// The limit may say yes and a container no: a thread tries it.
  private var trial: Check {
    var before = sched_param()
    var policy: Int32 = 0
    guard pthread_getschedparam(pthread_self(), &policy, &before) == 0 else {
      return .warn("realtime trial", "the scheduler does not tell", "chrt -p $$")
    }
    var wanted = sched_param(sched_priority: 10)
    let code = pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted)
    guard code == 0 else {
      return .warn(
        "realtime trial", "SCHED_FIFO 10: \(String(cString: strerror(code)))",
        Self.limitsFix + ", then log in again")
    }
    pthread_setschedparam(pthread_self(), policy, &before)
    return .ok("realtime trial", "SCHED_FIFO 10 granted")
  }

  private var lockedMemory: Check {
    guard let limit = limit(__RLIMIT_MEMLOCK) else {
      return .warn("locked memory", "cannot be read", "ulimit -l")
    }
    let seen =
      "RLIMIT_MEMLOCK soft \(shown(limit.rlim_cur, perUnit: 1024, " KiB")), "
      + "hard \(shown(limit.rlim_max, perUnit: 1024, " KiB"))"
    if UInt(limit.rlim_cur) >= Self.usefulLockedBytes || isRoot { return .ok("locked memory", seen) }
    return .warn("locked memory", seen, Self.limitsFix + ", then log in again")
  }

  private var audioGroup: Check {
    guard
      let line = Files.text("/etc/group")?.split(separator: "\n").first(where: { $0.hasPrefix("audio:") }),
      let group = line.split(separator: ":", omittingEmptySubsequences: false).dropFirst(2).first.flatMap({
        gid_t($0)
      })
    else { return .warn("audio group", "there is no group audio", "sudo groupadd --system audio") }
    let user = environment["USER"] ?? environment["LOGNAME"] ?? ""
    var groups = [gid_t](repeating: 0, count: 65_536)
    let count = getgroups(Int32(groups.count), &groups)
    if isRoot || getegid() == group || (count > 0 && groups.prefix(Int(count)).contains(group)) {
      return .ok("audio group", isRoot ? "root needs none" : "this session is in it")
    }
    let members =
      line.split(separator: ":", omittingEmptySubsequences: false).last?.split(separator: ",") ?? []
    if !user.isEmpty, members.contains(Substring(user)) {
      return .warn("audio group", "\(user) is in it, this session is not yet", "log out and in again")
    }
    return .warn("audio group", "not a member", "sudo usermod -aG audio \"$USER\", then log in again")
  }

  private var limitsFile: Check {
    let folder = "/etc/security/limits.d"
    let names = Files.names(in: folder)
    let mine = domains
    let granting = names.filter { name in
      guard name.hasSuffix(".conf"), let text = Files.text("\(folder)/\(name)") else { return false }
      return mine.contains { Self.grantsRealtime(text, to: $0) }
    }
    if !granting.isEmpty { return .ok("limits.d", granting.joined(separator: ", ")) }
    if isRoot { return .ok("limits.d", "nothing in \(folder) is for root, which needs none") }
    if let disabled = names.first(where: { $0.hasSuffix(".disabled") }) {
      let enabled = disabled.dropLast(".disabled".count)
      return .warn(
        "limits.d", "\(disabled) is switched off", "sudo mv \(folder)/\(disabled) \(folder)/\(enabled)")
    }
    return .warn("limits.d", "no file in \(folder) grants you rtprio", Self.limitsFix)
  }

  /// What a line of a limits file may call this session's user: a name, a group, everyone.
  private var domains: [String] {
    var ids = [gid_t](repeating: 0, count: 65_536)
    let count = max(0, getgroups(Int32(ids.count), &ids))
    let mine = Set(ids.prefix(Int(count)) + [getegid()])
    let groups = (Files.text("/etc/group") ?? "").split(separator: "\n").compactMap { line -> String? in
      let words = line.split(separator: ":", omittingEmptySubsequences: false)
      guard words.count > 2, let id = gid_t(words[2]), mine.contains(id) else { return nil }
      return "@\(words[0])"
    }
    return groups + ["*"] + [environment["USER"] ?? environment["LOGNAME"]].compactMap { $0 }
  }

  static func grantsRealtime(_ text: String, to domain: String) -> Bool {
    LimitsFile(text).grants(domain, "rtprio", atLeast: "\(usefulPriority)")
  }

  private var realtimeRuntime: Check {
    guard let text = Files.text("/proc/sys/kernel/sched_rt_runtime_us"), let value = Int(text) else {
      return .ok("realtime budget", "not limited here")
    }
    if value < 0 { return .ok("realtime budget", "no limit") }
    let seen = "sched_rt_runtime_us \(value)"
    return value >= 500_000
      ? .ok("realtime budget", seen)
      : .warn("realtime budget", seen, "sudo sysctl kernel.sched_rt_runtime_us=950000")
  }

  private var governor: Check {
    let path = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
    guard let governor = Files.text(path) else { return .ok("cpu governor", "none: the clock is fixed") }
    return governor == "powersave"
      ? .warn("cpu governor", governor, "sudo cpupower frequency-set -g performance")
      : .ok("cpu governor", governor)
  }
}

extension MachineChecks {
  private static let libraryFolders = [
    "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib",
  ]

  private var library: Check {
    let jack = Self.libraryFolders.map { $0 + "/libjack.so.0" }.filter(Files.exists)
    let pipewire = Self.libraryFolders.map { $0 + "/pipewire-0.3/jack/libjack.so.0" }.filter(Files.exists)
    let found = jack + pipewire
    if !found.isEmpty { return .ok("JACK library", found.joined(separator: ", ")) }
    return .warn(
      "JACK library", "no libjack.so.0, and no libjack of PipeWire's", "sudo apt-get install pipewire-jack")
  }

  private var server: Check {
    let runtime = environment["PIPEWIRE_RUNTIME_DIR"] ?? environment["XDG_RUNTIME_DIR"] ?? ""
    if !runtime.isEmpty, Files.exists(runtime + "/pipewire-0") {
      return .ok("audio server", "PipeWire in \(runtime)")
    }
    let name = environment["JACK_DEFAULT_SERVER"] ?? "default"
    let jack = Files.names(in: "/dev/shm").filter {
      $0.hasPrefix("jack_\(name)_") || $0.hasPrefix("jack-shm")
    }
    if !jack.isEmpty { return .ok("audio server", "traces of JACK in /dev/shm") }
    return .warn(
      "audio server", "neither JACK nor PipeWire runs: the timer plays, and nobody hears it",
      "jackd -d alsa, or start PipeWire")
  }

  private var cards: Check {
    let text = Files.text("/proc/asound/cards") ?? ""
    let names = text.split(separator: "\n").filter { $0.contains("]: ") }
      .compactMap { $0.split(separator: "]: ").last.map(String.init) }
    return names.isEmpty
      ? .warn("sound card", "none", "garden render -o song.wav song.mid")
      : .ok("sound card", names.joined(separator: ", "))
  }
}
