import RealtimeEngine

/// Lends a realtime thread to one renderer.
///
/// Any ordinary thread may call; calls that start or stop wait for each other. A driver that is dropped
/// stops.
package protocol AudioDriver: AnyObject, Sendable {
  /// Frames per second. Known before the start, so that the renderer can be made for it.
  var sampleRate: Double { get }

  /// From now on the device pulls blocks of 1 to 8192 frames from `entry`. May follow a `stop`.
  ///
  /// - Throws: when the device is gone or refuses; nothing runs then.
  func start(_ entry: RenderEntry) throws(DriverError)

  /// When this returns, `entry` is not running and is not called again. Idempotent; safe when the device
  /// died.
  func stop()

  /// Waits for no audio; cheap enough for 20 times a second.
  func status() -> DriverStatus

  /// The MIDI messages that came in since the last call, oldest first. One thread; waits for nothing.
  func takeMIDI() -> [MIDIInput]
}

extension AudioDriver {
  /// A device without MIDI hears none.
  package func takeMIDI() -> [MIDIInput] { [] }
}
