import ControlPlane
import HootWire
import Media

/// What a render came to, for people and for programs.
enum RenderReport {
  static func lines(
    _ outcome: OfflineSession.Outcome, _ session: OfflineSession, _ path: String, _ seconds: Double
  ) -> [String] {
    let loudness = outcome.loudness
    let lufs = loudness.integratedLUFS.map { "\(tenths($0)) LUFS" } ?? "too quiet to measure"
    var lines = [
      "\(path): \(clock(seconds)), \(outcome.frames) frames at \(Int(outcome.sampleRate)) Hz",
      "loudness \(lufs), peak \(tenths(loudness.samplePeakDB)) dBFS, "
        + "\(outcome.notesStarted) notes, \(outcome.regionsStarted) regions, font \(session.soundfont)",
    ]
    if loudness.silent { lines.append("warning: this file is silent") }
    if outcome.notesRefused > 0 { lines.append("warning: \(outcome.notesRefused) notes were refused") }
    if outcome.regionsRefused > 0 { lines.append("warning: \(outcome.regionsRefused) regions were refused") }
    if outcome.voicesStolen > 0 { lines.append("note: \(outcome.voicesStolen) voices were ended early") }
    return lines
  }

  static func json(
    _ outcome: OfflineSession.Outcome, _ session: OfflineSession, _ path: String, _ seconds: Double
  ) -> String {
    let loudness = outcome.loudness
    let value: JSONValue = [
      "schema": "chaosgarden.render/1", "path": .string(path), "frames": .integer(outcome.frames),
      "sample_rate": .integer(Int64(outcome.sampleRate)), "seconds": .number(seconds),
      "timeline_seconds": .number(session.timelineSeconds),
      "integrated_lufs": JSONValue(loudness.integratedLUFS), "peak_db": .number(loudness.samplePeakDB),
      "rms_db": .number(loudness.rmsDB), "silent": .bool(loudness.silent),
      "notes_started": JSONValue(outcome.notesStarted), "notes_refused": JSONValue(outcome.notesRefused),
      "regions": .integer(Int64(session.timeline.regions.count)),
      "regions_started": .integer(Int64(outcome.regionsStarted)),
      "regions_refused": JSONValue(outcome.regionsRefused), "voices_stolen": JSONValue(outcome.voicesStolen),
      "soundfont": .string(session.soundfont), "warnings": .array(session.warnings.map { .string($0) }),
    ]
    return value.text
  }

  static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  static func clock(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    let rest = tenths % 600
    return "\(tenths / 600):\(rest < 100 ? "0" : "")\(rest / 10).\(rest % 10)"
  }
}
