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
      "printf '\(text.replacing("\n", with: "\\n"))' | sudo tee \(path)"
    case .run(let words): "sudo " + words.joined(separator: " ")
    }
  }
}

/// What this machine lacks for realtime sound, and what would give it that. Reads only.
struct RemedyPlan {
  /// In front of every path: another machine's root in tests.
  var root = ""
  /// Who is to play; empty when that is root itself.
  var user: String

  private static let limitsFile = "/etc/security/limits.d/95-chaosgarden.conf"
  private static let limits = ["@audio - rtprio 95", "@audio - memlock unlimited"]

  var remedies: [Remedy] { limits + group + membership + governors + budget }

  private func text(_ path: String) -> String? { Files.text(root + path) }

  /// Added to what the file says already; another file that grants the same is as good.
  private var limits: [Remedy] {
    let folder = "/etc/security/limits.d"
    let all =
      Files.names(in: root + folder).filter { $0.hasSuffix(".conf") }
      .compactMap { text("\(folder)/\($0)") } + [text("/etc/security/limits.conf") ?? ""]
    let missing = Self.limits.filter { line in
      let words = line.split(separator: " ")
      return !all.contains { Self.grants($0, group: String(words[0]), item: String(words[2])) }
    }
    guard !missing.isEmpty else { return [] }
    let present = text(Self.limitsFile).map { $0 + "\n" } ?? ""
    return [
      Remedy(
        purpose: "realtime priority and locked memory for the group audio",
        action: .write(path: root + Self.limitsFile, text: present + missing.joined(separator: "\n") + "\n"),
        after: "log in again")
    ]
  }

  static func grants(_ text: String, group: String, item: String) -> Bool {
    text.split(separator: "\n").contains { line in
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
      return words.count == 4 && words[0] == group && words[2] == item
    }
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
