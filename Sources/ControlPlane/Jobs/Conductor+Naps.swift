import ControlSocket
import HootWire
import Tools

/// Somebody waits for a time, or to be woken.
struct Nap {
  var name: String
  var began: ContinuousClock.Instant
  var until: ContinuousClock.Instant
  var incoming: Incoming

  /// What it came to.
  func result(at now: ContinuousClock.Instant, isWoken: Bool) -> JSONValue {
    [
      "name": .string(name), "slept": .number((min(now, until) - began).inSeconds), "woken": .bool(isWoken),
    ]
  }
}

extension Conductor {
  func sleep(_ arguments: Arguments, _ incoming: Incoming) throws(Refusal) -> Answer {
    guard let side = jobs else { throw Self.noJobs }
    guard side.naps.count < ControlLimits.naps else {
      throw Refusal(
        "busy", .tryLater, "nobody more can sleep", "\(ControlLimits.naps) requests sleep already",
        "garden wake")
    }
    let now = ContinuousClock.now
    let seconds = min(arguments.number(.seconds) ?? 0, replySeconds - 1)
    jobs?.naps.append(
      Nap(
        name: arguments.text(.name) ?? "", began: now,
        until: now + .milliseconds(Int64(seconds * 1_000)), incoming: incoming))
    tendNaps()
    return .later
  }

  /// Ends sleeps before their time: those of a name, or all.
  func wake(_ arguments: Arguments) -> JSONValue {
    let name = arguments.text(.name)
    let woken = (jobs?.naps ?? []).filter { name == nil || $0.name == name }
    jobs?.naps.removeAll { name == nil || $0.name == name }
    for nap in woken { end(nap, isWoken: true) }
    return ["woken": .integer(Int64(woken.count))]
  }

  func tendNaps() {
    guard let naps = jobs?.naps, !naps.isEmpty else { return }
    let now = ContinuousClock.now
    let due = naps.filter { $0.until <= now }
    guard !due.isEmpty else { return }
    jobs?.naps.removeAll { $0.until <= now }
    for nap in due { end(nap, isWoken: false) }
  }

  private func end(_ nap: Nap, isWoken: Bool) {
    guard peers.isWanted(nap.incoming) else { return }
    finish(nap.incoming, .ok(nap.result(at: .now, isWoken: isWoken)))
  }
}
