import FoundationEssentials

/// A bus: a strip that tracks and other buses feed, with an effect of its own or none.
package struct Bus: Sendable, Equatable, Codable {
  package var id: UUID
  /// The renderer's number for it: 0 ..< `ArrangementLimits.buses`.
  package var slot: Int
  package var name: String
  package var gainDB = 0.0
  /// −1 left … 1 right: a balance.
  package var pan = 0.0
  package var isMuted = false
  package var isSoloed = false
  package var effect = Effect()

  package init(id: UUID = UUID(), slot: Int, name: String) {
    self.id = id
    self.slot = slot
    self.name = name
  }

  /// What a bus makes of what comes in. Only the wet sound comes out of a reverb or a chorus: the dry one goes its
  /// own way.
  package struct Effect: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, Codable, CaseIterable { case none, reverb, chorus }

    package var kind = Kind.none
    /// The reverb: the time in which it loses 60 dB, the size of the room, how much faster high frequencies die, and
    /// what passes before it begins.
    package var decaySeconds = 2.0
    package var size = 0.7
    package var damping = 0.4
    package var predelaySeconds = 0.02
    /// The chorus: swings a second, and how far.
    package var speedHertz = 0.6
    package var depthSeconds = 0.003

    package init() {}
  }
}

/// Where a track or a bus goes besides and instead of the main bus.
package struct Route: Sendable, Equatable, Codable {
  package struct Send: Sendable, Equatable, Codable {
    /// A bus's id.
    package var bus: UUID
    package var levelDB: Double
    /// Taken before the fader, the pan and the mute.
    package var isPre: Bool
  }

  /// A bus's id; nil is the main bus.
  package var output: UUID?
  package var sends: [Send] = []

  package init() {}

  var isPlain: Bool { output == nil && sends.isEmpty }
}
