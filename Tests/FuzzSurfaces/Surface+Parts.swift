import ControlPlane
import Jobs

extension Surface {
  /// The first line is the type that a host says its part has, the rest the part.
  static func takePart(_ bytes: [UInt8]) -> String {
    let end = bytes.prefix(128).firstIndex(of: 10) ?? 0
    let chunk = HostChunk(
      sequence: 0, type: String(decoding: bytes[..<end], as: UTF8.self),
      bytes: Array(bytes[min(bytes.count, end + 1)...]))
    do throws(PartFault) {
      let part = try StreamPart.decode(chunk)
      switch part.content {
      case .music(let music): return check(music)
      case .sound(let pcm):
        demand(
          !pcm.left.isEmpty && (pcm.right.isEmpty || pcm.right.count == pcm.left.count), "sound has frames")
        demand((4000...384_000).contains(pcm.rate), "sound has a rate")
        return "\(pcm.left.count) frames"
      }
    } catch {
      return refusal([error.why])
    }
  }

  private static func check(_ music: GrownMusic) -> String {
    let limit = Int64(GrowthLimits.beats) * 960
    for note in music.notes {
      demand(
        note.start >= 0 && note.end > note.start && note.end <= 2 * limit + 1, "a note has a place: \(note)")
      demand(
        note.channel < 16 && note.key < 128 && (1...127).contains(note.velocity), "a note is one: \(note)")
    }
    demand(music.rest.allSatisfy { $0.channel < 16 && $0.data1 < 128 && $0.data2 < 128 }, "events are MIDI")
    demand((0...limit).contains(music.length), "the length is within the limit")
    demand(music.notes.count + music.rest.count <= GrowthLimits.eventsOfPart, "events are limited")
    return "\(music.notes.count) notes"
  }
}
