import Glibc

/// One thing that `garden doctor --fix` does: shown before it is done, done once.
struct Remedy: Equatable, Sendable {
  enum Action: Equatable, Sendable {
    /// A file's whole text.
    case write(path: String, text: String)
    case run([String])
  }

  /// What it is good for, in one line.
  var purpose: String
  var action: Action
  /// What must happen before it counts; empty when it counts at once.
  var after = ""

  /// Exactly what will be done.
  var shown: [String] {
    switch action {
    case .write(let path, let text):
      ["write \(path):"] + text.split(separator: "\n").map { "    \($0)" }
    case .run(let words): ["run: " + words.joined(separator: " ")]
    }
  }

  /// The same for a person without the right to, to paste.
  var command: String {
    switch action {
    case .write(let path, let text):
      "printf '%s\\n'" + text.split(separator: "\n").map { " " + Self.quoted($0) }.joined()
        + " | sudo tee \(path)"
    case .run(let words): "sudo " + words.joined(separator: " ")
    }
  }

  private static func quoted(_ line: Substring) -> String {
    "'" + line.replacing("'", with: "'\\''") + "'"
  }
}

/// What this machine lacks for realtime sound, and what would give it that. Reads only.
struct RemedyPlan {
  /// In front of every path: another machine's root in tests.
  var root = ""
  /// Who is to play; empty when that is root itself.
  var user: String

  private struct Limit {
    let group, item, value, enough: String
    var line: String { "\(group) - \(item) \(value)" }
  }

  private static let limitsFolder = "/etc/security/limits.d"
  private static let limitsFile = "95-chaosgarden.conf"
  /// Where a file that is read later than that says otherwise.
  private static let lastLimitsFile = "zz-chaosgarden.conf"
  private static let limits = [
    Limit(group: "@audio", item: "rtprio", value: "95", enough: "70"),
    Limit(group: "@audio", item: "memlock", value: "unlimited", enough: "1048576"),
  ]

  var remedies: [Remedy] { limits + group + membership + governors + budget }

  private func text(_ path: String) -> String? { Files.text(root + path) }

  /// Added to what the file says already; another file that grants as much is as good.
  private var limits: [Remedy] {
    // In the order in which PAM reads them: the last word counts.
    let names = Files.names(in: root + Self.limitsFolder).filter { $0.hasSuffix(".conf") }
    let others = names.map { (name: $0, text: text("\(Self.limitsFolder)/\($0)") ?? "") }
    let texts = [text("/etc/security/limits.conf") ?? ""] + others.map(\.text)
    let all = LimitsFile(texts.joined(separator: "\n"))
    let wanted = Self.limits.filter { !all.grants($0.group, $0.item, atLeast: $0.enough) }
    let isOverruled = others.contains { other in
      other.name > Self.limitsFile && wanted.contains { LimitsFile(other.text).mentions($0.group, $0.item) }
    }
    let path = "\(Self.limitsFolder)/\(isOverruled ? Self.lastLimitsFile : Self.limitsFile)"
    let present = text(path).map { $0 + "\n" } ?? ""
    let lines = wanted.map(\.line).filter { !present.contains($0 + "\n") }
    guard !lines.isEmpty else { return [] }
    return [
      Remedy(
        purpose: "realtime priority and locked memory for the group audio",
        action: .write(path: root + path, text: present + lines.joined(separator: "\n") + "\n"),
        after: "log in again")
    ]
  }

  private var audioGroup: [Substring]? {
    text("/etc/group")?.split(separator: "\n").first { $0.hasPrefix("audio:") }?
      .split(separator: ":", omittingEmptySubsequences: false)
  }

  private var group: [Remedy] {
    guard audioGroup == nil else { return [] }
    return [
      Remedy(purpose: "the group that sound belongs to", action: .run(["groupadd", "--system", "audio"]))
    ]
  }

  private var membership: [Remedy] {
    guard !user.isEmpty, user != "root" else { return [] }
    let members = audioGroup?.last?.split(separator: ",") ?? []
    guard !members.contains(Substring(user)) else { return [] }
    return [
      Remedy(
        purpose: "\(user) may use it", action: .run(["usermod", "-aG", "audio", user]), after: "log in again")
    ]
  }

  /// Until the next start of the machine.
  private var governors: [Remedy] {
    let folder = "/sys/devices/system/cpu"
    let names = Files.names(in: root + folder).filter {
      $0.hasPrefix("cpu") && $0.dropFirst(3).allSatisfy(\.isNumber)
    }
    return names.compactMap { name in
      let path = "\(folder)/\(name)/cpufreq/scaling_governor"
      guard text(path) == "powersave" else { return nil }
      return Remedy(
        purpose: "\(name) keeps its clock up, until the next start",
        action: .write(path: root + path, text: "performance\n"))
    }
  }

  private var budget: [Remedy] {
    let path = "/proc/sys/kernel/sched_rt_runtime_us"
    guard let value = text(path).flatMap({ Int($0) }), value >= 0, value < 500_000 else { return [] }
    return [
      Remedy(
        purpose: "realtime threads may have 95 % of the time, until the next start",
        action: .write(path: root + path, text: "950000\n"))
    ]
  }
}
