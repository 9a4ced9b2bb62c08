import FoundationEssentials
import MusicalTime

/// A session as one document: what `garden session export` prints and `chaosgarden render --session` reads.
/// Clips are named by their files.
package struct SessionDocument: Sendable, Equatable, Codable {
  package struct Tempo: Sendable, Equatable, Codable {
    package var tick: Int64
    package var bpm: Double
    package var rampTicks: Int64
  }

  package struct Signature: Sendable, Equatable, Codable {
    package var tick: Int64
    package var numerator: Int
    package var denominator: Int
  }

  package static let format = "chaosgarden.session/1"
  package var schema = SessionDocument.format
  package var sampleRate: Double
  package var soundfont: String
  package var effects: Bool
  package var limiter: Bool
  package var voices: Int
  package var masterGainDB: Double
  package var tempos: [Tempo]
  package var signatures: [Signature]
  package var tracks: [Track]
  package var clips: [Clip]
  package var regions: [Region]
  package var markers: [Marker]

  package init(_ timeline: Timeline, soundfont: String, effects: Bool, limiter: Bool, voices: Int) {
    sampleRate = timeline.map.sampleRate
    self.soundfont = soundfont
    self.effects = effects
    self.limiter = limiter
    self.voices = voices
    masterGainDB = timeline.masterGainDB
    tempos = timeline.map.changes.map { Tempo(tick: $0.tick, bpm: $0.bpm, rampTicks: $0.rampTicks) }
    signatures = timeline.map.signatures.map {
      Signature(tick: $0.tick, numerator: $0.numerator, denominator: $0.denominator)
    }
    tracks = timeline.tracks
    clips = timeline.clips.values.sorted { ($0.path, $0.id.uuidString) < ($1.path, $1.id.uuidString) }
    regions = timeline.sortedRegions
    markers = timeline.markers
  }

  package func encode() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }

  /// Reads a document; anything in it is checked as if it had been typed.
  package static func decode(_ bytes: [UInt8]) throws(ArrangementError) -> SessionDocument {
    do {
      let document = try JSONDecoder().decode(SessionDocument.self, from: Data(bytes))
      guard document.schema == format else {
        throw ArrangementError(
          .wrongKind, "this is not a session that can be read",
          "its schema is \(document.schema), not \(format)",
          "garden session export")
      }
      return document
    } catch let error as ArrangementError {
      throw error
    } catch {
      throw ArrangementError(
        .wrongKind, "this is not a session", "\(error)".prefix(300).description, "garden session export")
    }
  }

  /// The timeline it describes.
  package func timeline() throws -> Timeline {
    let map = try TempoMap(
      sampleRate: sampleRate,
      changes: tempos.map { TempoChange(tick: $0.tick, bpm: $0.bpm, rampTicks: $0.rampTicks) },
      signatures: signatures.map {
        SignatureChange(tick: $0.tick, numerator: $0.numerator, denominator: $0.denominator)
      })
    var timeline = Timeline(map: map)
    timeline.masterGainDB = masterGainDB
    guard tracks.allSatisfy({ (0..<ArrangementLimits.tracks).contains($0.slot) }),
      Set(tracks.map(\.slot)).count == tracks.count
    else {
      throw ArrangementError(
        .outOfRange, "the session cannot be read", "its tracks share slots", "garden session export")
    }
    timeline.tracks = tracks
    for clip in clips { timeline.clips[clip.id] = clip }
    for region in regions {
      guard timeline.clips[region.clip] != nil, timeline.track(id: region.track) != nil,
        ArrangementLimits.loops.contains(region.loops)
      else {
        throw ArrangementError(
          .unknownTrack, "the session cannot be read", "\(region.name) has no such track, clip or loop count",
          "garden session export")
      }
      timeline.regions[region.id] = region
      try timeline.updateRegion(region)
      timeline.nextKey = max(timeline.nextKey, region.key + 1)
    }
    for marker in markers { try timeline.addMarker(name: marker.name, at: marker.tick) }
    return timeline
  }
}
