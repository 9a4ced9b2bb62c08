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
    let described = try AudioDescription.read(path)
    if json {
      var object = JSONObject([("schema", "chaosgarden.audio_info/1")])
      for member in described.json.object?.members ?? [] { object[member.key] = member.value }
      Output.line(JSONValue.object(object).text)
    } else if let loudness = described.loudness {
      do {
        let wave = try Waveform.text(path: path, columns: 60, rows: 6)
        Output.line(audioLines(described.info, loudness, wave).joined(separator: "\n"))
      } catch { throw Refusal.media(error) }
    }
    return .done
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
}
