import ControlPlane
import HootWire
import Media

/// What a render came to, for people and for programs.
enum RenderReport {
  static func lines(
    _ outcome: OfflineSession.Outcome, _ session: OfflineSession, _ path: String?, _ seconds: Double
  ) -> [String] {
    let loudness = outcome.loudness
    let lufs = loudness.integratedLUFS.map { "\(tenths($0)) LUFS" } ?? "too quiet to measure"
    var lines = [
      "\(path ?? "the mix, in stems"): \(clock(seconds)), \(outcome.frames) frames at \(Int(outcome.sampleRate)) Hz",
      "loudness \(lufs), peak \(tenths(loudness.samplePeakDB)) dBFS, "
        + "\(count(outcome.notesStarted, "note")), \(count(outcome.regionsStarted, "region")), font \(session.soundfont)",
    ]
    if let plan = outcome.plan { lines.append(normalised(plan, loudness)) }
    for stem in outcome.stems {
      let peak = stem.peakDB <= -90 ? "silent" : "peak \(tenths(stem.peakDB)) dBFS"
      lines.append("stem \(stem.path): \(peak)")
    }
    for strip in outcome.inBuses { lines.append("\(strip.name) is in the stem of its bus, \(strip.bus)") }
    if loudness.silent { lines.append("warning: this file is silent") }
    if outcome.notesRefused > 0 { lines.append("warning: notes refused: \(outcome.notesRefused)") }
    if outcome.regionsRefused > 0 { lines.append("warning: regions refused: \(outcome.regionsRefused)") }
    if outcome.voicesStolen > 0 { lines.append("note: voices ended early: \(outcome.voicesStolen)") }
    return lines
  }

  /// What was asked, what was done for it, and what it came to.
  private static func normalised(_ plan: LoudnessPlan, _ loudness: Loudness) -> String {
    let peak = loudness.truePeakDB.map { ", true peak \(tenths($0)) dBTP" } ?? ""
    let done =
      "normalised from \(tenths(plan.measuredLUFS)) to "
      + "\(loudness.integratedLUFS.map { hundredths($0) } ?? "?") LUFS by \(tenths(plan.gainDB)) dB\(peak)"
    guard plan.isHeldByCeiling else { return done }
    return done
      + "\nnote: \(tenths(plan.targetLUFS)) LUFS would take \(tenths(plan.wantedDB)) dB, and a true peak of "
      + "\(tenths(plan.measuredTruePeakDB)) dBTP allows \(tenths(plan.gainDB)) dB up to the ceiling of "
      + "\(tenths(plan.ceilingDB)) dBTP"
  }

  static func json(
    _ outcome: OfflineSession.Outcome, _ session: OfflineSession, _ path: String?, _ seconds: Double
  ) -> String {
    let loudness = outcome.loudness
    let value: JSONValue = [
      "schema": "chaosgarden.render/1", "path": JSONValue(path), "frames": .integer(outcome.frames),
      "sample_rate": .integer(Int64(outcome.sampleRate)), "seconds": .number(seconds),
      "timeline_seconds": .number(session.timelineSeconds),
      "integrated_lufs": JSONValue(loudness.integratedLUFS), "peak_db": .number(loudness.samplePeakDB),
      "true_peak_db": JSONValue(loudness.truePeakDB), "normalised": plan(outcome.plan),
      "stems": .array(
        outcome.stems.map {
          ["track": .string($0.track), "path": .string($0.path), "peak_db": .number($0.peakDB)]
        }),
      "in_buses": .array(outcome.inBuses.map { ["name": .string($0.name), "bus": .string($0.bus)] }),
      "rms_db": .number(loudness.rmsDB), "silent": .bool(loudness.silent),
      "notes_started": JSONValue(outcome.notesStarted), "notes_refused": JSONValue(outcome.notesRefused),
      "regions": .integer(Int64(session.timeline.regions.count)),
      "regions_started": .integer(Int64(outcome.regionsStarted)),
      "regions_refused": JSONValue(outcome.regionsRefused), "voices_stolen": JSONValue(outcome.voicesStolen),
      "soundfont": .string(session.soundfont), "warnings": .array(session.warnings.map { .string($0) }),
    ]
    return value.text
  }

  private static func plan(_ plan: LoudnessPlan?) -> JSONValue {
    guard let plan else { return nil }
    return [
      "target_lufs": .number(plan.targetLUFS), "ceiling_db": .number(plan.ceilingDB),
      "measured_lufs": .number(plan.measuredLUFS), "measured_true_peak_db": .number(plan.measuredTruePeakDB),
      "gain_db": .number(plan.gainDB), "held_by_ceiling": .bool(plan.isHeldByCeiling),
    ]
  }

  private static func count(_ number: some BinaryInteger, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  private static func hundredths(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }

  static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  static func clock(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    let rest = tenths % 600
    return "\(tenths / 600):\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)"
  }
}
