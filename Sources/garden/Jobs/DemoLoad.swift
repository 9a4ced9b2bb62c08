/// The usual load: which tasks, on which hosts, and what it takes at least.
struct DemoLoad: Sendable {
  struct Host: Sendable {
    var name: String
    var tool: String
    var slots: Int
    /// Of one task, unscaled.
    var seconds: Double
  }

  static let hosts = [
    Host(name: "skadi-code", tool: "code", slots: 2, seconds: 30),
    Host(name: "fenrir-chat", tool: "text", slots: 3, seconds: 20),
    Host(name: "surtr-reasoning", tool: "reasoning", slots: 2, seconds: 40),
  ]

  var count: Int
  var scale: Double

  /// Kinds one after the other.
  func host(of task: Int) -> Host { Self.hosts[task % Self.hosts.count] }

  func seconds(on host: Host) -> Double { host.seconds * scale }

  /// Seconds that the slots need when none ever stands idle: tasks of a host are alike, so they come in rounds.
  var bound: Double {
    Self.hosts.indices.map { index in
      let host = Self.hosts[index]
      let tasks = (count + Self.hosts.count - 1 - index) / Self.hosts.count
      return Double((tasks + host.slots - 1) / host.slots) * seconds(on: host)
    }.max() ?? 0
  }
}
