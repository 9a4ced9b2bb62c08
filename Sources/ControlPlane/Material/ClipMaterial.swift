import Arrangement
import ContentStore
import FoundationEssentials
import MIDI
import Media
import MusicalTime
import RealtimeEngine

/// A loaded clip: what the timeline knows of it and what the renderer reads.
struct ClipMaterial: Sendable {
  enum Content: Sendable {
    case audio(AudioBuffer)
    case stream(StreamedClip)
    case midi(MIDIClipContent)
    /// Sound that a job is still making.
    case growing(GrownSound)
  }

  var clip: Clip
  var content: Content
  /// One line each: what in the file was not as it should be.
  var warnings: [String]
  var summary: Summary

  /// What `clip show` tells.
  enum Summary: Sendable {
    case audio(AudioFileInfo)
    case midi(notes: Int, tempos: [MIDITempo], signatures: [MIDISignature], markers: [MIDIMarker])
  }

  var bytes: Int {
    switch content {
    case .audio(let buffer): buffer.bytes
    case .stream: 0
    case .midi(let content): content.bytes
    case .growing(let sound): sound.bytes
    }
  }
}

extension ClipMaterial {
  /// Reads a file, MIDI or audio, whatever its name says: the content decides. Loader thread.
  ///
  /// - Parameters:
  ///   - reference: a path, or what the store's content is called; that is held against its name first.
  ///   - residentBytes: decoded samples up to this size come into memory; longer files stream.
  ///   - limitBytes: what the decoded samples may take at all.
  static func load(
    _ reference: String, from store: ContentStore, sampleRate: Double, residentBytes: Int, limitBytes: Int
  ) throws(Refusal) -> ClipMaterial {
    let (path, content) = try store.file(reference)
    var material = try load(
      path: path, sampleRate: sampleRate, residentBytes: residentBytes, limitBytes: limitBytes)
    material.clip.content = content
    return material
  }

  private static func load(
    path: String, sampleRate: Double, residentBytes: Int, limitBytes: Int
  ) throws(Refusal) -> ClipMaterial {
    let stamp = try FileStamp(path: path)
    guard try stamp.isMIDI() else {
      do {
        let material = try AudioMaterial.open(
          path: path, sampleRate: sampleRate, residentBytes: residentBytes, limitBytes: limitBytes)
        return ClipMaterial(material, stamp, sampleRate: sampleRate)
      } catch { throw Refusal(error) }
    }
    let bytes = try stamp.read(limit: MIDILimits.maximumFileBytes)
    do {
      return ClipMaterial(try SMFReader.read(bytes), stamp, sampleRate: sampleRate)
    } catch { throw Refusal(error, path: path) }
  }

  private init(_ material: AudioMaterial, _ stamp: FileStamp, sampleRate: Double) {
    let frames: Int64
    switch material {
    case .resident(let buffer):
      frames = buffer.frames
      content = .audio(buffer)
      warnings = buffer.warnings
      summary = .audio(buffer.sourceInfo)
    case .streamed(let audio):
      frames = audio.frames
      content = .stream(StreamedClip(audio))
      warnings = audio.sourceInfo.warnings
      summary = .audio(audio.sourceInfo)
    }
    clip = Clip(
      path: stamp.path, kind: .audio, lengthTicks: 0, frames: frames, sampleRate: sampleRate,
      fileBytes: stamp.bytes, fileTime: stamp.time)
  }

  private init(_ sequence: MIDISequence, _ stamp: FileStamp, sampleRate: Double) {
    clip = Clip(
      path: stamp.path, kind: .midi, lengthTicks: max(1, sequence.lengthTicks), frames: 0,
      sampleRate: sampleRate,
      fileBytes: stamp.bytes, fileTime: stamp.time)
    content = .midi(MIDIClipContent(events: sequence.events.map(ClipEvent.init)))
    warnings = sequence.warnings.map(\.description)
    if sequence.omittedWarnings > 0 { warnings.append("and \(sequence.omittedWarnings) more warnings") }
    summary = .midi(
      notes: sequence.noteCount, tempos: sequence.tempos, signatures: sequence.signatures,
      markers: sequence.markers)
  }
}

extension ClipEvent {
  init(_ event: MIDIEvent) {
    let kind: ClipEvent.Kind =
      switch event.kind {
      case .noteOff: .noteOff
      case .noteOn: .noteOn
      case .controller: .controller
      case .program: .program
      case .pitchBend: .pitchBend
      case .channelPressure: .channelPressure
      case .polyPressure: .keyPressure
      }
    self.init(
      tick: event.tick, kind: kind, channel: event.channel & 15, data1: event.data1, data2: event.data2)
  }
}
