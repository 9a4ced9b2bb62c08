import Threading

/// Sees when each host's slots are taken and free, and so for how much of the time a slot stood idle though work for it
/// waited.
final class SlotWatch: Sendable {
  private struct Host {
    var slots: Int
    var waiting = 0
    var running = 0
    var last = 0.0
    var idle = 0.0
    var wanted = 0.0

    /// Adds what has passed since the last change.
    mutating func pass(to now: Double) {
      if waiting > 0 {
        wanted += Double(slots) * (now - last)
        idle += Double(max(0, min(slots - running, waiting))) * (now - last)
      }
      last = now
    }
  }

  private let hosts: Locked<[String: Host]>

  /// - Parameter slots: of the host for each kind of task.
  init(slots: [String: Int]) { hosts = Locked(slots.mapValues { Host(slots: $0) }) }

  func submitted(_ tool: String) { change(tool) { $0.waiting += 1 } }

  func began(_ tool: String) {
    change(tool) {
      $0.waiting -= 1
      $0.running += 1
    }
  }

  func ended(_ tool: String) { change(tool) { $0.running -= 1 } }

  private func change(_ tool: String, _ body: (inout Host) -> Void) {
    hosts.withLock { hosts in
      let now = Machine.seconds
      hosts[tool]?.pass(to: now)
      if var host = hosts[tool] {
        body(&host)
        hosts[tool] = host
      }
    }
  }

  /// Of the slot time while work waited, the part in which a slot was idle.
  var idlePart: Double {
    hosts.withLock { hosts in
      hosts.values.reduce(0) { $0 + $1.idle } / max(1e-9, hosts.values.reduce(0) { $0 + $1.wanted })
    }
  }
}
