import HootWire

/// The live screen: where the playhead is, how loud each track is, what sounds around it, how the device
/// fares.
///
/// Pure: two replies and a size give the lines.
struct StatusScreen: Sendable {
  var painter: Painter
  var bar: LevelBar

  func lines(status: JSONValue, tracks: JSONValue, columns: Int, rows: Int) -> [String] {
    let head = [
      StatusReport.transport(status, painter), StatusReport.audio(status, painter), StatusReport.mix(status),
      "",
    ]
    let foot = ["", painter.paint("q leaves; the music goes on", .quiet)]
    let regions = StatusReport.nextRegions(status, painter)
    let room = max(1, rows - 1 - head.count - foot.count - (regions.isEmpty ? 0 : regions.count + 1))
    let all = tracks["tracks"]?.array ?? []
    var levels = all.prefix(all.count > room - 1 ? max(0, room - 2) : room).map { track(of: $0, columns) }
    if levels.count < all.count {
      levels.append(painter.paint("… and \(all.count - levels.count) more", .quiet))
    }
    levels.append(level("master", status["master"], note: "", columns))
    return head + levels + (regions.isEmpty ? [] : [""] + regions) + foot
  }

  private func track(of track: JSONValue, _ columns: Int) -> String {
    var note = Field.count(track["voices"], "voice")
    if track["mute"]?.bool == true { note += ", mute" }
    if track["solo"]?.bool == true { note += ", solo" }
    return level(Field.text(track["name"]), track, note: note, columns)
  }

  private func level(_ name: String, _ meter: JSONValue?, note: String, _ columns: Int) -> String {
    MeterReport(painter: painter, bar: bar, reservesNote: true).line(name, meter, note: note, columns)
  }
}

/// Levels as bars.
struct MeterReport: Sendable {
  var painter: Painter
  var bar: LevelBar
  /// Keeps room behind the level for a note of 18 characters.
  var reservesNote = false

  func lines(_ meters: JSONValue, columns: Int, rows: Int) -> [String] {
    let strips = (meters["tracks"]?.array ?? []) + (meters["buses"]?.array ?? [])
    let shown = strips.prefix(max(0, rows == .max ? .max : rows - 4))
    return shown.map { line(Field.text($0["name"]), $0, note: "", columns) }
      + [line("cue", meters["cue"], note: "", columns), line("master", meters["master"], note: "", columns)]
      + Self.loudness(meters["loudness"]).map { [String($0.prefix(columns))] }.joined()
  }

  /// Loudness and true peak in one line; nothing from a daemon that does not tell them.
  static func loudness(_ loudness: JSONValue?) -> [String] {
    guard let loudness, loudness.object != nil else { return [] }
    func shown(_ field: String) -> String { loudness[field]?.double.map { Field.decimal($0, 1) } ?? "-" }
    return [
      "\(shown("momentary_lufs")) LUFS now, \(shown("short_term_lufs")) over 3 s, "
        + "\(shown("integrated_lufs")) in all, range \(shown("range_lu")) LU, "
        + "true peak \(shown("max_true_peak_db")) dB"
    ]
  }

  /// Name, bar, peak in dB and a note, never wider than the terminal.
  func line(_ name: String, _ meter: JSONValue?, note: String, _ columns: Int) -> String {
    let nameWidth = 14
    let noteWidth = reservesNote ? 18 : 0
    let width = max(4, min(60, columns - nameWidth - noteWidth - 12))
    let short = name.count > nameWidth ? name.prefix(nameWidth - 1) + "…" : name[...]
    let pad = String(repeating: " ", count: nameWidth - short.count)
    let peak = Field.decibels(meter?["peak_db"])
    let space = String(repeating: " ", count: max(0, 6 - peak.count))
    return "\(short)\(pad) \(bar.painted(decibels: meter?["peak_db"]?.double, width: width, painter)) "
      + "\(space)\(peak)  \(painter.paint(String(note.prefix(noteWidth)), .quiet))"
  }
}
