import RealtimeBench

extension Soak {
  /// Every transition of every fixed signal, `times` times each at another phase: above 8 kHz it stays within 6 dB of
  /// the steady sound around it, or under -80 dBFS.
  func clicks() throws -> Verdict {
    let meter = ClickMeter()
    var heard: [String] = []
    for (transition, signal) in ClickScene.pairs {
      for phase in ClickScene.phases(times) {
        let reading = try ClickScene.read(transition, signal, phase: phase, meter)
        if !reading.isClean { heard.append("\(transition.rawValue) of \(signal.rawValue) at phase \(phase)") }
      }
    }
    let kinds = ClickScene.pairs.map { "\($0.rawValue) of \($1.rawValue)" }.joined(separator: ", ")
    return Verdict(
      "clicks", isGood: heard.isEmpty,
      "\(heard.count) clicks in \(times) times each: \(kinds)"
        + heard.prefix(10).map { "\n  \($0)" }.joined())
  }
}
