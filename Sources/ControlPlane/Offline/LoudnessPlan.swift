import Media

/// How far a mix is raised or lowered to come to a loudness, worked out from what it measures.
package struct LoudnessPlan: Sendable {
  package let targetLUFS: Double
  package let ceilingDB: Double
  /// Before.
  package let measuredLUFS: Double
  package let measuredTruePeakDB: Double
  package let gainDB: Double

  /// What the target would have taken.
  package var wantedDB: Double { targetLUFS - measuredLUFS }
  /// Whether the true peak kept it from its target.
  package var isHeldByCeiling: Bool { gainDB < wantedDB }

  /// Nothing can be raised to a loudness that has none.
  init(_ measured: Loudness, _ wish: RenderTarget.LoudnessWish) throws(Refusal) {
    guard let lufs = measured.integratedLUFS, let peak = measured.truePeakDB else {
      throw Refusal(
        "silent", .refused, "there is nothing to bring to \(wish.target) LUFS",
        "less than 0.4 s of it is above −70 LUFS, so it has no loudness",
        "the same without --lufs, or garden meter while it plays")
    }
    targetLUFS = wish.target
    ceilingDB = wish.ceiling
    measuredLUFS = lufs
    measuredTruePeakDB = peak
    gainDB = min(wish.target - lufs, wish.ceiling - peak)
  }
}
