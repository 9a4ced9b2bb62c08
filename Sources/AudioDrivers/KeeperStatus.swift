/// What a clock keeper knows of itself.
package struct KeeperStatus: Sendable, Equatable {
  /// What was asked for: `auto`, `jack`, `pipewire`, `alsa`, `virtual` or `timer`.
  package var wanted: String
  /// Whether its timer drives the renderer now, since no device does.
  package var isKeeping: Bool
  /// Why the device is away; nil while it plays or none is wanted.
  package var away: String?
  /// Devices that stopped calling, and those that called again.
  package var losses: UInt64
  package var returns: UInt64
  /// How often a device had lost time without going, and the timeline was moved by it.
  package var resyncs: UInt64
  /// How long the last device that came back had been away.
  package var secondsAway: Double
  /// What the renderer's count was off the running clock as a device last took over, and at worst. Frames.
  package var framesOff: Int64
  package var worstFramesOff: Int64
  /// How long a device may not call before the keeper drives, at least.
  package var watchdogSeconds: Double
}

/// What happened to the device, in the order in which it did.
package enum DeviceEvent: Sendable, Equatable {
  case lost(reason: String)
  case back(secondsAway: Double)
  /// The server was asked for connections and did not make them.
  case unconnected(DriverError)
}
