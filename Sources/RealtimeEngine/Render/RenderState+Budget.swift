import CFluidSynth

/// How many voices may sound, and what happened to those above. Realtime thread.
struct VoiceBudget: BitwiseCopyable {
  var limit: Int32
  /// Whether this grid block started notes: only then can the budget be exceeded anew.
  var notesStarted = false

  @_noLocks
  init(limit: Int32) { self.limit = limit }
}

extension RenderState {
  /// The overload policy: released voices go first, oldest first, then those a pedal holds, then held ones.
  /// Each fades within a grid block and is counted.
  @_noLocks
  mutating func enforceVoiceBudget() {
    takeNewNotes()
    guard budget.notesStarted else { return }
    budget.notesStarted = false
    var total: Int32 = 0
    for track in 0..<trackCount {
      // Counting what FluidSynth has is cheap; looking at each voice is only worth it near the limit.
      var voices = activeVoices(of: track)
      if voices > tracks[track].polyphony { voices = soundingVoices(of: track) }
      let excess = voices - tracks[track].polyphony
      if excess > 0 { voices -= end(excess, of: track) }
      total += voices
    }
    guard total > budget.limit else { return }
    total = 0
    for track in 0..<trackCount { total += soundingVoices(of: track) }
    if total > budget.limit { _ = end(total - budget.limit, of: -1) }
  }

  @_noLocks
  private mutating func takeNewNotes() {
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank where bank.pointee.synths[index].hasNewNotes {
        bank.pointee.synths[index].hasNewNotes = false
        budget.notesStarted = true
      }
    }
  }

  /// Voices of a track, those already being ended and those of replaced banks included.
  @_noLocks
  func activeVoices(of track: Int) -> Int32 {
    var total: Int32 = 0
    if let bank = tracks[track].bank { total = activeVoices(bank) }
    for index in 0..<retiringBankCount where Int(retiringBanks[index].bank.pointee.track) == track {
      total += activeVoices(retiringBanks[index].bank)
    }
    return total
  }

  @_noLocks
  private func activeVoices(_ bank: UnsafeMutablePointer<SynthBank>) -> Int32 {
    var total: Int32 = 0
    for index in 0..<EngineLimits.synthsPerBank where !bank.pointee.synths[index].isAsleep {
      total += rt_synth_voices(bank.pointee.synths[index].synth)
    }
    return total
  }

  /// Voices of a track, without those already being ended.
  @_noLocks
  private func soundingVoices(of track: Int) -> Int32 {
    var count: Int32 = 0
    for place in 0..<bankPlaces where self.track(at: place) == track {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        guard !synth.pointee.isAsleep else { continue }
        let listed = rt_synth_list_voices(synth.pointee.synth, synth.pointee.voices)
        for voice in 0..<Int(listed) where startFrame(of: synth.pointee.voices[voice].note, in: synth) >= 0 {
          count += 1
        }
      }
    }
    return count
  }

  @_noLocks
  private func startFrame(of note: UInt32, in synth: UnsafeMutablePointer<SynthState>) -> Int64 {
    SynthBank.startFrame(of: note, in: synth, at: deviceFrame)
  }

  /// Ends at least `count` voices of a track, or of all (−1), if they have them; answers how many.
  @_noLocks
  private mutating func end(_ count: Int32, of track: Int) -> Int32 {
    var done: Int32 = 0
    while done < count {
      let ended = endOldestNote(of: track)
      if ended == 0 { break }
      done += ended
    }
    report.draft.pointee.voicesStolen += UInt64(done)
    return done
  }

  /// Ends all voices of the note that matters least; answers how many.
  @_noLocks
  private mutating func endOldestNote(of track: Int) -> Int32 {
    var bestState = Int16.max
    var bestFrame = Int64.max
    var bestNote = UInt32(0)
    var best: UnsafeMutablePointer<SynthState>?
    for place in 0..<bankPlaces where track < 0 || self.track(at: place) == track {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        guard !synth.pointee.isAsleep else { continue }
        let listed = rt_synth_list_voices(synth.pointee.synth, synth.pointee.voices)
        for voice in 0..<Int(listed) {
          let candidate = synth.pointee.voices[voice]
          let frame = startFrame(of: candidate.note, in: synth)
          guard frame >= 0 else { continue }
          let isOlder = frame < bestFrame || (frame == bestFrame && candidate.note < bestNote)
          if candidate.state < bestState || (candidate.state == bestState && isOlder) {
            bestState = candidate.state
            bestFrame = frame
            bestNote = candidate.note
            best = synth
          }
        }
      }
    }
    guard let best else { return 0 }
    return end(note: bestNote, of: best)
  }

  @_noLocks
  private func end(note: UInt32, of synth: UnsafeMutablePointer<SynthState>) -> Int32 {
    let voices = synth.pointee.voices
    let listed = rt_synth_list_voices(synth.pointee.synth, voices)
    var ended: Int32 = 0
    for voice in 0..<Int(listed) where voices[voice].note == note {
      rt_synth_fade_voice(synth.pointee.synth, voices[voice])
      ended += 1
    }
    synth.pointee.noteFrames[Int(note & 1023)] = -1
    synth.pointee.hasFadedVoices = true
    return ended
  }
}
