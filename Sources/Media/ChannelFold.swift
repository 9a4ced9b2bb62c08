import CSndFile

/// How the channels of a file become the one or two of a clip.
///
/// One and two channels stay as they are. Three to eight are summed into left and right by the table in
/// `gains`, without normalisation: a file whose channels are all at full scale comes out above it, as a mixer
/// would have it. The speaker of each channel is the file's own statement, or the usual order of its kind in
/// `usualOrder`.
struct ChannelFold {
  enum Speaker: Sendable {
    case left, right, centre, lowFrequency, leftSurround, rightSurround, backCentre
  }

  /// One per channel of the file. Empty when channels are taken as they are.
  let left: [Float]
  let right: [Float]
  let outputChannels: Int

  init(channels: Int, container: Int, map: [Int]?) {
    outputChannels = min(channels, 2)
    guard channels > 2 else {
      (left, right) = ([], [])
      return
    }
    let stated = map.map { $0.compactMap { Self.speakers[$0] } } ?? []
    let order =
      stated.count == channels
      ? stated : Self.usualOrder(channels: channels, isOgg: container == SF_FORMAT_OGG)
    left = order.map { Self.gains($0).left }
    right = order.map { Self.gains($0).right }
  }

  private static let minus3dB: Float = 0.707_106_77

  /// The fold-down table: ITU-R BS.775's coefficients, without its normalisation. A back centre is a surround
  /// (-3 dB) heard from the middle (-3 dB again); the low-frequency channel is dropped.
  private static func gains(_ speaker: Speaker) -> (left: Float, right: Float) {
    switch speaker {
    case .left: (1, 0)
    case .right: (0, 1)
    case .centre: (minus3dB, minus3dB)
    case .lowFrequency: (0, 0)
    case .leftSurround: (minus3dB, 0)
    case .rightSurround: (0, minus3dB)
    case .backCentre: (0.5, 0.5)
    }
  }

  /// WAVE's order, which FLAC and the rest share; Ogg (Vorbis I specification, 4.3.9) puts the centre second
  /// and the low frequencies last, and libsndfile hands its channels on in that order.
  private static func usualOrder(channels: Int, isOgg: Bool) -> [Speaker] {
    switch (channels, isOgg) {
    case (3, false): [.left, .right, .centre]
    case (3, true): [.left, .centre, .right]
    case (4, _): [.left, .right, .leftSurround, .rightSurround]
    case (5, false): [.left, .right, .centre, .leftSurround, .rightSurround]
    case (5, true): [.left, .centre, .right, .leftSurround, .rightSurround]
    case (6, false): [.left, .right, .centre, .lowFrequency, .leftSurround, .rightSurround]
    case (6, true): [.left, .centre, .right, .leftSurround, .rightSurround, .lowFrequency]
    case (7, false): [.left, .right, .centre, .lowFrequency, .backCentre, .leftSurround, .rightSurround]
    case (7, true): [.left, .centre, .right, .leftSurround, .rightSurround, .backCentre, .lowFrequency]
    case (8, false):
      [.left, .right, .centre, .lowFrequency, .leftSurround, .rightSurround, .leftSurround, .rightSurround]
    case (8, true):
      [.left, .centre, .right, .leftSurround, .rightSurround, .leftSurround, .rightSurround, .lowFrequency]
    default: []
    }
  }

  /// Speakers as libsndfile numbers them. One that is not here (height, ambisonics) makes the file's
  /// statement unusable, and the usual order stands.
  private static let speakers: [Int: Speaker] = [
    SF_CHANNEL_MAP_LEFT: .left, SF_CHANNEL_MAP_FRONT_LEFT: .left,
    SF_CHANNEL_MAP_RIGHT: .right, SF_CHANNEL_MAP_FRONT_RIGHT: .right,
    SF_CHANNEL_MAP_CENTER: .centre, SF_CHANNEL_MAP_FRONT_CENTER: .centre,
    SF_CHANNEL_MAP_LFE: .lowFrequency, SF_CHANNEL_MAP_REAR_CENTER: .backCentre,
    SF_CHANNEL_MAP_REAR_LEFT: .leftSurround, SF_CHANNEL_MAP_SIDE_LEFT: .leftSurround,
    SF_CHANNEL_MAP_REAR_RIGHT: .rightSurround, SF_CHANNEL_MAP_SIDE_RIGHT: .rightSurround,
  ]
}
