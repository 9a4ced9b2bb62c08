/// A capture, as far as it has come.
package struct Captured: Sendable, Equatable {
  package let id: UInt64
  /// In the words of whoever asked: `mix`, `input` or a track's name.
  package let source: String
  package let file: String
  /// The first frame, on the device's clock.
  package let firstFrame: Int64
  package internal(set) var frames: Int64 = 0
  package internal(set) var level = Level()
  /// Why it ended by itself.
  package internal(set) var problem: CaptureError?

  init(id: UInt64, source: String, file: String, firstFrame: Int64) {
    self.id = id
    self.source = source
    self.file = file
    self.firstFrame = firstFrame
  }
}

/// What is kept of the past.
package struct PastStatus: Sendable, Equatable {
  /// Frames that can be had, and as many as ever can.
  package internal(set) var frames = 0
  package internal(set) var mostFrames = 0
  package internal(set) var lostFrames: Int64 = 0
  /// Why nothing is kept, or why some of it was not.
  package internal(set) var problem: CaptureError?

  package init() {}
}
