import Media
import Synchronization

/// A clip that is read while it plays, with the number the renderer knows it by. Any thread.
final class StreamedClip: Sendable {
  let id: UInt64
  let audio: StreamedAudio

  private static let next = Atomic<UInt64>(1)

  init(_ audio: StreamedAudio) {
    self.audio = audio
    id = Self.next.add(1, ordering: .relaxed).oldValue
  }
}

/// A stretch of a clip that is to be kept in memory.
struct HeadKey: Hashable, Sendable {
  var clip: UInt64
  var first: Int64
}
