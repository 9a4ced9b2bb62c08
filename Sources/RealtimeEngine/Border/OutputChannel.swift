/// The channels that the renderer fills, in the order of the table that a driver lends.
///
/// A device with fewer channels drops the rest.
package enum OutputChannel: Int, CaseIterable, Sendable {
  case mainLeft
  case mainRight
  /// What the performer alone hears: auditions.
  case cueLeft
  case cueRight
  /// The metronome and the count-in.
  case click

  package static var count: Int { @_noLocks get { 5 } }
}
