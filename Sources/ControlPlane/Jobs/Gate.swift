import Arrangement
import ContentStore
import MIDI
import Media
import MusicalTime

/// What has come for a region, loaded and judged.
struct JudgedContent: Sendable {
  var material: ClipMaterial
  /// Why it does not sound by itself; nil when it may.
  var objection: String?
}

/// Decides whether what a job made may sound without anybody having listened: it parses, it is not silent, it is not
/// clipped, it is as long as was asked for. Storekeeper's or loader's thread; a value.
struct Gate: Sendable {
  var arrival: Arrival
  /// Ticks that were asked for; 0: any.
  var length: Tick
  /// Ticks that the region would take at the timeline's tempo, of audio, for so many frames at the session's rate.
  var ticksOfFrames: @Sendable (Int64) -> Tick

  func load(
    _ content: String, from store: ContentStore, sampleRate: Double, residentBytes: Int, limitBytes: Int
  ) throws(Refusal) -> JudgedContent {
    var material = try ClipMaterial.load(
      content, from: store, sampleRate: sampleRate, residentBytes: residentBytes, limitBytes: limitBytes)
    if arrival.fit == .stretch, material.clip.kind == .midi, length > 0, material.clip.lengthTicks != length {
      material = try ClipMaterial.load(
        Self.stretched(material.clip.path, to: length, in: store), from: store, sampleRate: sampleRate,
        residentBytes: residentBytes, limitBytes: limitBytes)
    }
    return JudgedContent(material: material, objection: try objection(to: material))
  }

  private func objection(to material: ClipMaterial) throws(Refusal) -> String? {
    switch material.summary {
    case .midi(let notes, _, _, _):
      if notes == 0 { return "it has no notes" }
      return lengthObjection(material.clip.lengthTicks)
    case .audio:
      let sound = try AudioDescription.read(
        material.clip.path, measuredSeconds: ControlLimits.measuredSeconds)
      if let loudness = sound.loudness {
        if loudness.silent { return "it is silent" }
        if loudness.clippedFrames > ControlLimits.clippedFrames {
          return "it is clipped: \(loudness.clippedFrames) frames at full scale"
        }
      }
      return lengthObjection(ticksOfFrames(material.clip.frames))
    }
  }

  private func lengthObjection(_ found: Tick) -> String? {
    guard length > 0 else { return nil }
    let off = abs(Double(found) - Double(length)) / Double(length)
    guard off > arrival.tolerance else { return nil }
    let beats = (Double(found) / Double(ticksPerBeat)).hundredths
    return "it lasts \(beats) beats, and \((Double(length) / Double(ticksPerBeat)).hundredths) were asked for"
  }

  /// The same music in another length, as content of its own.
  private static func stretched(
    _ path: String, to length: Tick, in store: ContentStore
  ) throws(Refusal) -> String {
    let bytes = try FileStamp(path: path).read(limit: MIDILimits.maximumFileBytes)
    let sequence: MIDISequence
    do throws(SMFError) { sequence = try SMFReader.read(bytes) } catch { throw Refusal(error, path: path) }
    let factor = Double(length) / Double(max(1, sequence.lengthTicks))
    do throws(StoreError) {
      return try store.put(
        SMFWriter.write(sequence.stretched(by: factor, to: length)), mimeType: "audio/midi"
      )
      .hash
    } catch { throw Refusal(error) }
  }
}
