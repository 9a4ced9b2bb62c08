import HootWire
import Media

/// What `audio info` tells. Reads the whole file; a thread that may wait for it, or a program of its own.
package struct AudioDescription: Sendable {
  package let info: AudioFileInfo
  /// nil of a file that was too long to be measured.
  package let loudness: Loudness?

  package static func read(_ path: String, measuredSeconds: Double = .infinity) throws(Refusal)
    -> AudioDescription
  {
    do {
      let info = try AudioFileReader.info(path: path)
      let loudness = info.seconds <= measuredSeconds ? try LoudnessMeter.measure(path: path) : nil
      return AudioDescription(info: info, loudness: loudness)
    } catch { throw Refusal(error) }
  }

  package var json: JSONValue {
    [
      "path": .string(info.path), "format": .string(info.format),
      "sample_rate": .integer(Int64(info.sampleRate)), "channels": .integer(Int64(info.channels)),
      "frames": .integer(info.frames), "seconds": .number(info.seconds),
      "peak_db": JSONValue(loudness?.samplePeakDB), "rms_db": JSONValue(loudness?.rmsDB),
      "integrated_lufs": JSONValue(loudness?.integratedLUFS), "true_peak_db": JSONValue(loudness?.truePeakDB),
      "silent": loudness.map { .bool($0.silent) } ?? .null,
      "warnings": .array(info.warnings.map { .string($0) }),
    ]
  }
}
