extension RenderState {
  /// Whether the jump that follows starts the notes that sound at its place.
  @_noLocks
  mutating func beginChase(_ command: Command) {
    isChasingNotes = chasesNotes
    if command.jump & JumpFlags.chaseNotes != 0 { isChasingNotes = true }
    if command.jump & JumpFlags.leaveNotes != 0 { isChasingNotes = false }
  }

  /// Starts the notes of a player's clip that began before its place and still sound there, those held by a
  /// pedal alone left out. As many as a grid block may start; the rest is counted as refused.
  @_noLocks
  mutating func chaseNotes(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    gatherSounding(player)
    let sounding = soundingNotes
    for slot in 0..<(16 * 128) where sounding[slot] > 0 {
      let event = ClipEvent(
        tick: 0, kind: .noteOn, channel: UInt8(truncatingIfNeeded: slot >> 7),
        data1: UInt8(truncatingIfNeeded: slot & 127), data2: sounding[slot])
      send(event, of: player)
    }
  }

  /// Velocities of the notes that a player's clip holds at its next event, by channel and key.
  @_noLocks
  func gatherSounding(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    let clip = player.pointee.midi.clip
    let index = player.pointee.nextEvent
    for slot in 0..<(16 * 128) { soundingNotes[slot] = 0 }
    let checkpoint = index / MIDIClipMemory.chaseStride
    for held in clip.pointee.heldStarts[checkpoint]..<clip.pointee.heldStarts[checkpoint + 1] {
      note(clip.pointee.events[Int(clip.pointee.held[Int(held)])], of: player)
    }
    for event in (checkpoint * MIDIClipMemory.chaseStride)..<index {
      note(clip.pointee.events[event], of: player)
    }
  }

  /// Marks, above the velocities, the channels and keys that the region makes of the notes its clip holds.
  @_noLocks
  func markHeld(_ player: UnsafeMutablePointer<MIDIPlayer>) {
    let midi = player.pointee.midi
    for slot in 0..<(16 * 128) where soundingNotes[slot] & 127 > 0 {
      let channel = midi.channel >= 0 ? Int(midi.channel) : slot >> 7
      let key = channel == 9 ? slot & 127 : (slot & 127) + Int(midi.transpose)
      guard key >= 0, key <= 127 else { continue }
      soundingNotes[channel << 7 | key] |= 128
    }
  }

  @_noLocks
  private func note(_ event: ClipEvent, of player: UnsafeMutablePointer<MIDIPlayer>) {
    let slot = Int(event.channel & 15) << 7 | Int(event.data1 & 127)
    switch event.kind {
    // What began before the region's own material is none of its notes.
    case .noteOn: soundingNotes[slot] = event.tick < player.pointee.midi.offset ? 0 : event.data2
    case .noteOff: soundingNotes[slot] = 0
    default: break
    }
  }
}
