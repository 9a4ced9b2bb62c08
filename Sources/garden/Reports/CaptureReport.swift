import HootWire
import Tools

/// What was captured, a line each.
enum CaptureReport {
  /// nil where the reply is of something else.
  static func lines(_ tool: ToolName, _ result: JSONValue) -> [String]? {
    switch tool {
    case .captureLast: result["capture"].map { ["saved \(saved($0))"] }
    case .captureStart:
      result["capture"].map {
        ["capture \(Field.text($0["id"])): \(Field.text($0["source"])) to \(Field.text($0["file"]))"]
      }
    case .captureStop: result["captures"]?.array?.map { "capture \(Field.text($0["id"])): \(saved($0))" }
    default: nil
    }
  }

  private static func saved(_ capture: JSONValue) -> String {
    let level =
      capture["silent"]?.bool == true ? "silence" : "peak \(Field.decibels(capture["peak_db"])) dB"
    let lost = capture["lost_frames"]?.int.map { $0 > 0 ? ", \($0) frames lost" : "" } ?? ""
    return "\(Field.beats(capture["seconds"])) s of \(Field.text(capture["source"])) "
      + "(\(Field.text(capture["frames"])) frames, \(level)\(lost)) in \(Field.text(capture["file"]))"
  }
}
