import FoundationEssentials
import MusicalTime

/// A session as one document: what `garden session export` prints and `chaosgarden render --session` reads. Clips are
/// named by their files.
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

  package struct Loop: Sendable, Equatable, Codable {
    package var start: Int64
    package var end: Int64
    package var on: Bool
  }

  package static let format = "chaosgarden.session/1"
  package var schema = SessionDocument.format
  package var sampleRate: Double
  package var soundfont: String
  package var effects: Bool
  package var limiter: Bool
  /// dB of true peak; nil in documents that leave it to the settings.
  package var ceilingDB: Double?
  package var voices: Int
  /// For the tracks without one of their own; nil stands for normal.
  package var timing: Track.Timing?
  package var masterGainDB: Double
  package var tempos: [Tempo]
  package var signatures: [Signature]
  package var tracks: [Track]
  /// Absent in documents of a session without buses.
  package var buses: [Bus]?
  package var routes: [Routing]?
  package var clips: [Clip]
  package var regions: [Region]
  /// Absent in documents of a session without any.
  package var latents: [LatentRegion]?
  package var markers: [Marker]
  /// Documents of before loops were kept have none.
  package var loop: Loop?

  package init(
    _ timeline: Timeline, soundfont: String, effects: Bool, limiter: Bool, ceilingDB: Double? = nil,
    voices: Int, timing: Track.Timing? = nil
  ) {
    sampleRate = timeline.map.sampleRate
    self.soundfont = soundfont
    self.effects = effects
    self.limiter = limiter
    self.ceilingDB = ceilingDB
    self.voices = voices
    self.timing = timing
    masterGainDB = timeline.masterGainDB
    tempos = timeline.map.changes.map { Tempo(tick: $0.tick, bpm: $0.bpm, rampTicks: $0.rampTicks) }
    signatures = timeline.map.signatures.map {
      Signature(tick: $0.tick, numerator: $0.numerator, denominator: $0.denominator)
    }
    tracks = timeline.tracks
    buses = timeline.buses.isEmpty ? nil : timeline.buses
    routes = timeline.routes.isEmpty ? nil : Self.routings(timeline)
    clips = timeline.clips.values.sorted { ($0.path, $0.id.uuidString) < ($1.path, $1.id.uuidString) }
    regions = Array(timeline.regions)
    latents =
      timeline.latents.isEmpty
      ? nil : timeline.latents.values.sorted { ($0.start, $0.key) < ($1.start, $1.key) }
    markers = timeline.markers
    loop = timeline.loop.map { Loop(start: $0.lowerBound, end: $0.upperBound, on: timeline.isLooping) }
  }

  package func encode() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }

  /// Reads a document, of which `timeline()` then checks every number and name.
  package static func decode(_ bytes: [UInt8]) throws(ArrangementError) -> SessionDocument {
    let document: SessionDocument
    do {
      document = try JSONDecoder().decode(SessionDocument.self, from: Data(bytes))
    } catch {
      throw ArrangementError(.wrongKind, "this is not a session", Self.reason(error), "garden session export")
    }
    guard document.schema == format else {
      throw ArrangementError(
        .wrongKind, "this is not a session that can be read",
        "its schema is \(document.schema.prefix(64)), not \(format)", "garden session export")
    }
    return document
  }

  /// Where in the document the decoder stopped, and what it wanted there.
  private static func reason(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      let steps = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue.prefix(64))" }
      return steps.isEmpty ? "the document" : String(steps.joined().drop { $0 == "." })
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      "\(place(context.codingPath)) is of the wrong type"
    case DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty:
      "\(place(context.codingPath)) has a value that is not possible there"
    // The decoder does not tell these apart.
    default: "it is not JSON, or a number in it is none that can stand there"
    }
  }
}
