import Media
import Settings

// What reads files is given one that is in memory.

extension Surface {
  static func takeSettings(_ bytes: [UInt8]) -> String {
    let path = memory.write(bytes)
    for problem in Settings.check(file: path, environment: environment) ?? [] { _ = refusal([problem.line]) }
    do throws(SettingsError) {
      let settings = try Settings.load(
        SettingsSources(hootenannyFiles: [path], files: [path], environment: environment, userID: 1000))
      for path in [settings.socketDir, settings.casDir, settings.stateDir] {
        demand(path.hasPrefix("/"), "everything has a place: \(path)")
      }
      // Every getter stops on a value of another kind.
      return
        "period \(settings.period), font \(settings.soundfont.utf8.count) bytes, log \(settings.logLevel), "
        + "\(settings.voices) voices, \(settings.warnings.count) warnings"
    } catch {
      return refusal(error.lines)
    }
  }

  private static let environment = ["HOME": "/home/someone", "XDG_RUNTIME_DIR": "/run/user/1000"]

  static func takeSoundFont(_ bytes: [UInt8]) -> String {
    do throws(MediaError) {
      let info = try SoundFontInfo.read(path: memory.write(bytes))
      demand(info.bytes == Int64(bytes.count), "the size is the file's")
      demand(
        info.presets.allSatisfy { (0...65_535).contains($0.bank) && $0.program >= 0 }, "presets have places")
      for text in [info.name, info.format] + info.presets.map(\.name) where !text.isEmpty {
        _ = refusal([text])
      }
      return "\(info.presets.count) presets, \(info.samples) samples"
    } catch {
      return refusal(error.lines)
    }
  }

  static func takeAudio(_ bytes: [UInt8]) -> String {
    let path = memory.write(bytes)
    do throws(MediaError) {
      let info = try AudioFileReader.info(path: path)
      demand(info.frames >= 0 && (1...MediaLimits.maximumChannels).contains(info.channels), "\(info)")
      let buffer = try AudioFileReader.load(path: path, sampleRate: 48_000, limitBytes: 1 << 20)
      demand(buffer.frames >= 1 && buffer.bytes <= 1 << 20, "\(buffer.frames) frames are in memory")
      var sum: Float = 0
      for frame in 0..<Int(buffer.frames) {
        sum += buffer.left[frame].magnitude + buffer.right[frame].magnitude
      }
      demand(sum.isFinite, "samples are numbers")
      for warning in buffer.warnings { _ = refusal([warning]) }
      return "\(buffer.frames) frames of \(info.format)"
    } catch {
      return refusal(error.lines)
    }
  }

  /// Made at the first use; the surfaces run one at a time.
  private nonisolated(unsafe) static let memory = MemoryFile()
}
