import RealtimeEngine

/// A driver that a clock keeper can lend its renderer to.
protocol Device: AudioDriver {
  /// As `start`, for the renderer of `baton`. The device takes it when it first calls.
  func start(on baton: Baton) throws(DriverError)

  /// Whether nobody can bring it back: its client must be closed and another one opened.
  func isBeyondReturn() -> Bool

  /// Remembers what is connected, and connects again what came back. May wait for the server. Ordinary
  /// thread; nobody starts or stops the device meanwhile.
  ///
  /// - Returns: what the server was asked to connect and did not, once.
  func tend(_ memory: inout ConnectionMemory) -> DriverError?

  /// Frames of the device from a block's start until its sound is heard, as far as it is known.
  var soundDelay: Int { get }
}

extension Device {
  /// Not known.
  var soundDelay: Int { 0 }

  package func start(_ entry: RenderEntry) throws(DriverError) {
    try start(on: Baton(entry, sampleRate: sampleRate, isKept: false, tap: nil))
  }

  func isBeyondReturn() -> Bool { status().shutdown != nil }

  /// A card has no connections.
  func tend(_ memory: inout ConnectionMemory) -> DriverError? { nil }
}
