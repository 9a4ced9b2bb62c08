/// What came of a scene.
package struct Verdict: Sendable {
  package enum Outcome: Sendable {
    case good
    case bad
    /// Something it needs is not on this machine.
    case skipped
  }

  package var scene: String
  package var outcome: Outcome
  /// What was counted, in words.
  package var counts: String

  package init(_ scene: String, _ outcome: Outcome, _ counts: String) {
    self.scene = scene
    self.outcome = outcome
    self.counts = counts
  }

  package init(_ scene: String, isGood: Bool, _ counts: String) {
    self.init(scene, isGood ? .good : .bad, counts)
  }

  package var line: String {
    switch outcome {
    case .good: "\(scene): good: \(counts)"
    case .bad: "\(scene): BAD: \(counts)"
    case .skipped: "\(scene): skipped: \(counts)"
    }
  }
}

/// Why a scene could not be played at all.
package struct SceneFailure: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
