import Jobs
import MusicalTime
import RealtimeEngine
import Tools

/// Why a part of a stream is counted and not used, in one sentence without a period.
package struct PartFault: Error, Sendable, Equatable {
  package let why: String
  init(_ why: String) { self.why = why }
}

/// What one part of a stream holds. A value.
package struct StreamPart: Sendable {
  package enum Content: Sendable {
    /// Ticks count from `at`, or from the region's start where it is nil and `isAbsolute`.
    case music(GrownMusic)
    case sound(PCM)
  }

  package var content: Content
  /// Where it begins: ticks of music, frames of sound at its own rate; nil: where the part before it ended.
  package var at: Int64?
}

/// Notes, and what is told to their channels. Ticks count from the part's beginning.
package struct GrownMusic: Sendable {
  package struct Note: Sendable, Hashable {
    package var start: Tick
    package var end: Tick
    package var channel: UInt8
    package var key: UInt8
    package var velocity: UInt8
  }

  package var notes: [Note] = []
  /// Everything else, sorted by tick.
  package var rest: [ClipEvent] = []
  /// Up to here all is there.
  package var length: Tick = 0
}

/// Samples of one or two channels, planar.
package struct PCM: Sendable {
  package var rate: Int
  package var left: [Float]
  /// Empty where there is one channel.
  package var right: [Float]
  package var channels: Int { right.isEmpty ? 1 : 2 }
}

extension StreamPart {
  /// Takes a part apart: by its type, or by its first bytes where they are plain. Any ordinary thread; opens nothing.
  package static func decode(_ chunk: HostChunk) throws(PartFault) -> StreamPart {
    if let fault = chunk.fault { throw PartFault(fault) }
    guard !chunk.bytes.isEmpty else { throw PartFault("it is empty") }
    let type = MIMEType(chunk.type)
    switch type.name {
    case _ where chunk.bytes.starts(with: Array("MThd".utf8)), "audio/midi", "audio/mid", "audio/x-midi":
      return StreamPart(content: .music(try music(chunk.bytes)), at: try ticks(chunk.offset))
    case "application/json":
      // Notes count from the region's start unless the part has a place of its own.
      return StreamPart(content: .music(try notes(chunk.bytes)), at: try ticks(chunk.offset ?? 0))
    case _ where chunk.bytes.starts(with: Array("RIFF".utf8)), "audio/wav", "audio/x-wav", "audio/wave":
      return StreamPart(content: .sound(try WavePart.read(chunk.bytes)), at: try frames(chunk.offset))
    case "audio/l16", "audio/pcm":
      return StreamPart(content: .sound(try PCM(chunk.bytes, type)), at: try frames(chunk.offset))
    default: throw PartFault("its type is \(shownText(String(type.name.prefix(40)))), and nothing that grows")
    }
  }

  static func ticks(_ beats: Double?) throws(PartFault) -> Int64? {
    guard let beats else { return nil }
    guard beats.isFinite, beats >= 0, beats <= Double(GrowthLimits.beats) else {
      throw PartFault("it begins at \(beats) beats, and 0 to \(GrowthLimits.beats) are allowed")
    }
    return Int64((beats * Double(ticksPerBeat)).rounded())
  }

  private static func frames(_ offset: Double?) throws(PartFault) -> Int64? {
    guard let offset else { return nil }
    guard offset.isFinite, offset >= 0, offset <= 1e12, offset == offset.rounded() else {
      throw PartFault("it begins at frame \(offset), and that is none")
    }
    return Int64(offset)
  }
}

/// `audio/pcm;rate=32000;channels=1`: its name in lower case, and what is said with it.
struct MIMEType {
  let name: String
  private var values: [String: String] = [:]

  init(_ text: String) {
    let parts = text.lowercased().split(separator: ";", omittingEmptySubsequences: false)
    func bare(_ text: Substring) -> String { String(text.filter { $0 != " " && $0 != "\"" }) }
    name = bare(parts.first ?? "")
    for part in parts.dropFirst().prefix(8) {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { values[bare(pair[0])] = bare(pair[1]) }
    }
  }

  func number(_ key: String) -> Int? { values[key].flatMap { Int($0) } }
  func word(_ key: String) -> String? { values[key] }
}
