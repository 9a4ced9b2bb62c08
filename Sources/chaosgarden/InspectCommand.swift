import ControlPlane
import HootWire
import Media
import Settings
import Tools

/// A look at a file, without a daemon.
enum InspectCommand {
  static func audio(_ words: [String]) throws -> ExitCode {
    let (reference, json) = try operand(words, "chaosgarden audio-info take.wav")
    let path = try Conductor.pathOfFile(reference, try Settings.load())
    do {
      let info = try AudioFileReader.info(path: path)
      let loudness = try LoudnessMeter.measure(path: path)
      let wave = try Waveform.text(path: path, columns: 60, rows: 6)
      Output.line(
        json ? audioJSON(info, loudness).text : audioLines(info, loudness, wave).joined(separator: "\n"))
      return .done
    } catch { throw Refusal.media(error) }
  }

  static func soundfont(_ words: [String]) throws -> ExitCode {
    let (reference, json) = try operand(words, "chaosgarden soundfont-inspect TimGM6mb.sf2")
    let font = try Conductor.inspectedFont(reference, try Settings.load())
    if json {
      var object = JSONObject([("schema", "chaosgarden.soundfont_inspect/1")])
      for member in font.object?.members ?? [] { object[member.key] = member.value }
      Output.line(JSONValue.object(object).text)
    } else {
      Output.line(
        "\(font["name"]?.string ?? "") (\(font["format"]?.string ?? "")), \(font["path"]?.string ?? "")")
      for preset in font["presets"]?.array ?? [] {
        Output.line(
          "\(preset["bank"]?.int ?? 0):\(preset["program"]?.int ?? 0)\t\(preset["name"]?.string ?? "")")
      }
    }
    return .done
  }

  private static func operand(_ words: [String], _ example: String) throws -> (String, json: Bool) {
    let operands = words.filter { $0 != "--json" }
    guard operands.count == 1 else {
      throw Refusal("usage", .usage, "one file is looked at", "\(operands.count) were given", example)
    }
    return (operands[0], words.contains("--json"))
  }

  private static func audioLines(_ info: AudioFileInfo, _ loudness: Loudness, _ wave: [String]) -> [String] {
    let lufs = loudness.integratedLUFS.map { "\(RenderReport.tenths($0)) LUFS" } ?? "too quiet to measure"
    var lines = [
      "\(info.path)", "format    \(info.format)",
      "length    \(RenderReport.clock(info.seconds)), \(info.frames) frames",
      "rate      \(info.sampleRate) Hz, \(info.channels) channels",
      "peak      \(RenderReport.tenths(loudness.samplePeakDB)) dBFS",
      "rms       \(RenderReport.tenths(loudness.rmsDB)) dBFS",
      "loudness  \(lufs)",
    ]
    if loudness.silent { lines.append("warning: this file is silent") }
    return lines + info.warnings.map { "warning: \($0)" } + wave
  }

  private static func audioJSON(_ info: AudioFileInfo, _ loudness: Loudness) -> JSONValue {
    [
      "schema": "chaosgarden.audio_info/1", "path": .string(info.path), "format": .string(info.format),
      "sample_rate": .integer(Int64(info.sampleRate)), "channels": .integer(Int64(info.channels)),
      "frames": .integer(info.frames), "seconds": .number(info.seconds),
      "peak_db": .number(loudness.samplePeakDB), "rms_db": .number(loudness.rmsDB),
      "integrated_lufs": JSONValue(loudness.integratedLUFS), "true_peak_db": JSONValue(loudness.truePeakDB),
      "silent": .bool(loudness.silent), "warnings": .array(info.warnings.map { .string($0) }),
    ]
  }
}
