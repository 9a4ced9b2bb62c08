import HootWire

/// Whether what was played is what should have been played: the live daemon's counts against a render of its
/// session.
struct TryCheck {
  let played: JSONValue
  let rendered: JSONValue
  let wasQuit: Bool
  let endBeat: Double
  /// Somebody steered it, so the counts of the two differ by right.
  let wasSteered: Bool

  var isGood: Bool { failures.isEmpty }

  var lines: [String] {
    var lines = [
      "\(Field.text(rendered["path"])): \(Field.decimal(seconds, 1)) s, "
        + "loudness \(loudness), peak \(Field.decibels(rendered["peak_db"])) dBFS"
    ]
    let late = played["audio"]?["late_blocks"]?.int ?? 0
    lines.append(
      "\(late) late blocks of \(Field.text(played["audio"]?["callbacks"])), "
        + "\(Field.count(played["audio"]?["xruns"], "xrun")), "
        + "\(Field.count(played["notes_started"], "note")) started, \(Field.text(played["notes_refused"])) refused"
    )
    if wasQuit { lines.append("left before the end: what was played is not compared") }
    if wasSteered { lines.append("steered while it played: what was played is not compared") }
    return lines + (isGood ? ["all is well"] : failures.map { "FAILED: \($0)" })
  }

  private var seconds: Double { rendered["seconds"]?.double ?? 0 }
  private var loudness: String {
    rendered["integrated_lufs"]?.double.map { Field.decimal($0, 1) + " LUFS" } ?? "silence"
  }

  private var failures: [String] {
    var failures: [String] = []
    if rendered["silent"]?.bool != false { failures.append("it is silent") }
    let expected = rendered["timeline_seconds"]?.double ?? 0
    if seconds < expected || seconds > expected + 31 {
      failures.append(
        "it lasts \(Field.decimal(seconds, 1)) s, and the timeline \(Field.decimal(expected, 1)) s")
    }
    for name in ["notes_refused", "regions_refused", "notices_dropped", "commands_outstanding"] {
      let count = played[name]?.int ?? 0
      if count != 0 { failures.append("\(name) is \(count), not 0") }
    }
    guard !wasQuit, !wasSteered else { return failures }
    let (heard, due) = (played["notes_started"]?.int ?? -1, rendered["notes_started"]?.int ?? -2)
    if heard != due { failures.append("\(heard) notes were started, and \(due) should have been") }
    let beat = played["transport"]?["beat"]?.double ?? 0
    if beat + 0.001 < endBeat { failures.append("it halted at beat \(beat), before the end at \(endBeat)") }
    return failures
  }
}
