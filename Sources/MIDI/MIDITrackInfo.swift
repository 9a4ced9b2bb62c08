/// What one track chunk of a file held.
package struct MIDITrackInfo: Sendable, Equatable {
  /// The first name the track gives itself, without control characters; nil when there is none.
  package var name: String?
  /// Channels (0...15) that any message of the track uses, ascending.
  package var channels: [UInt8]
  /// Note-ons of velocity above 0.
  package var noteCount: Int
  /// Programs (0...127) the track selects, each once, in the order they first appear.
  package var programs: [UInt8]

  package init(name: String? = nil, channels: [UInt8] = [], noteCount: Int = 0, programs: [UInt8] = []) {
    self.name = name
    self.channels = channels
    self.noteCount = noteCount
    self.programs = programs
  }
}

extension MIDITrackInfo {
  /// Accounts for one message; constant time, since there are 16 channels and 128 programs.
  mutating func note(_ event: MIDIEvent) {
    if !channels.contains(event.channel) {
      channels.append(event.channel)
      channels.sort()
    }
    if event.kind == .noteOn { noteCount += 1 }
    if event.kind == .program, !programs.contains(event.data1) { programs.append(event.data1) }
  }
}
