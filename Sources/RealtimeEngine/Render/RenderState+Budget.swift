import CFluidSynth

/// How many voices may sound, and what happened to those above. Realtime thread.
struct VoiceBudget: BitwiseCopyable {
  var limit: Int32
  /// Whether this grid block started notes: only then can the budget be exceeded anew.
  var notesStarted = false
  var list: UnsafeMutablePointer<synth_voice>
}

extension RenderState {
  /// The overload policy: released voices go first, oldest first, then those a pedal holds, then held ones.
  /// Each fades within a grid block and is counted.
  @_noLocks
  mutating func enforceVoiceBudget() {
    guard budget.notesStarted else { return }
    budget.notesStarted = false
    var total: Int32 = 0
    for track in 0..<trackCount {
      guard let bank = tracks[track].bank else { continue }
      var voices = soundingVoices(bank)
      let excess = voices - tracks[track].polyphony
      if excess > 0 { voices -= end(excess, from: track, to: track + 1) }
      total += voices
    }
    if total > budget.limit { _ = end(total - budget.limit, from: 0, to: trackCount) }
  }

  /// Voices of a bank, without those already being ended.
  @_noLocks
  private func soundingVoices(_ bank: UnsafeMutablePointer<SynthBank>) -> Int32 {
    var count: Int32 = 0
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synths + index
      guard !synth.pointee.isAsleep else { continue }
      let listed = rt_synth_list_voices(synth.pointee.synth, budget.list)
      for voice in 0..<Int(listed) where startFrame(of: budget.list[voice].note, in: synth) >= 0 {
        count += 1
      }
    }
    return count
  }

  /// When a note was started; −1 when it is being ended.
  ///
  /// A legato pedal lets FluidSynth start notes of its own: a number beyond those known is one of this
  /// block's.
  @_noLocks
  private func startFrame(of note: UInt32, in synth: UnsafeMutablePointer<SynthState>) -> Int64 {
    while Int32(bitPattern: note &- synth.pointee.nextNote) >= 0 {
      synth.pointee.noteFrames[Int(synth.pointee.nextNote & 1023)] = deviceFrame
      synth.pointee.nextNote &+= 1
    }
    return synth.pointee.noteFrames[Int(note & 1023)]
  }

  /// Ends at least `count` voices of some tracks if they have them; answers how many.
  @_noLocks
  private mutating func end(_ count: Int32, from first: Int, to last: Int) -> Int32 {
    var done: Int32 = 0
    while done < count {
      let ended = endOldestNote(from: first, to: last)
      if ended == 0 { break }
      done += ended
    }
    report.draft.pointee.voicesStolen += UInt64(done)
    return done
  }

  /// Ends all voices of the note that matters least; answers how many.
  @_noLocks
  private mutating func endOldestNote(from first: Int, to last: Int) -> Int32 {
    var bestState = Int16.max
    var bestFrame = Int64.max
    var bestNote = UInt32(0)
    var best: UnsafeMutablePointer<SynthState>?
    for track in first..<last {
      guard let bank = tracks[track].bank else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        guard !synth.pointee.isAsleep else { continue }
        let listed = rt_synth_list_voices(synth.pointee.synth, budget.list)
        for voice in 0..<Int(listed) {
          let candidate = budget.list[voice]
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
    let listed = rt_synth_list_voices(synth.pointee.synth, budget.list)
    var ended: Int32 = 0
    for voice in 0..<Int(listed) where budget.list[voice].note == note {
      rt_synth_fade_voice(synth.pointee.synth, budget.list[voice])
      ended += 1
    }
    synth.pointee.noteFrames[Int(note & 1023)] = -1
    synth.pointee.hasFadedVoices = true
    return ended
  }

  /// Frees the voices that the last grid block made silent.
  @_noLocks
  func freeFadedVoices(_ synth: UnsafeMutablePointer<SynthState>) {
    guard synth.pointee.hasFadedVoices else { return }
    synth.pointee.hasFadedVoices = false
    let listed = rt_synth_list_voices(synth.pointee.synth, budget.list)
    for voice in 0..<Int(listed) where startFrame(of: budget.list[voice].note, in: synth) < 0 {
      rt_synth_free_voice(budget.list[voice])
    }
  }
}
