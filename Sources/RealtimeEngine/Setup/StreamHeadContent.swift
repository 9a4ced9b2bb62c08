/// The beginning of a clip, or a stretch of it, in memory of its own, every page written to. Filled by the
/// reader before anybody else sees it; freed with the last table that names it.
package final class StreamHeadContent: @unchecked Sendable {
  // Unchecked: written only before it is handed on.
  package let stream: UInt64
  package let first: Int64
  package let channels: Int
  package let capacity: Int
  /// Frames that the file had.
  package var frames = 0
  package let left: UnsafeMutablePointer<Float>
  package let right: UnsafeMutablePointer<Float>
  private let memory = EngineMemory()

  package init(stream: UInt64, first: Int64, channels: Int, frames: Int) {
    self.stream = stream
    self.first = first
    self.channels = channels
    capacity = frames
    left = memory.allocate(frames)
    right = channels == 2 ? memory.allocate(frames) : left
  }

  package var bytes: Int { channels * capacity * MemoryLayout<Float>.stride }

  deinit { memory.deallocate() }
}

/// The heads in force, as the renderer reads them: lent by address and kept until `Notice.retiredHeads` names
/// its revision.
package final class CompiledHeads {
  package let revision: UInt64
  package let contents: [StreamHeadContent]
  let pointer: UnsafePointer<StreamHeads>
  private let memory = EngineMemory()

  package init(revision: UInt64, contents: [StreamHeadContent]) {
    self.revision = revision
    self.contents = contents
    let entries = contents.filter { $0.frames > 0 }
      .sorted { ($0.stream, $0.first) < ($1.stream, $1.first) }
      .map { head in
        StreamHead(
          stream: head.stream, first: head.first, frames: Int64(head.frames),
          left: UnsafePointer(head.left), right: UnsafePointer(head.right))
      }
    let header: UnsafeMutablePointer<StreamHeads> = memory.allocate(1)
    header.initialize(
      to: StreamHeads(revision: revision, entries: memory.copy(entries), count: entries.count))
    pointer = UnsafePointer(header)
  }

  /// What `Command.Kind.heads` carries.
  package var address: UInt { UInt(bitPattern: pointer) }
  package var bytes: Int { contents.reduce(0) { $0 + $1.bytes } }

  deinit { memory.deallocate() }
}
