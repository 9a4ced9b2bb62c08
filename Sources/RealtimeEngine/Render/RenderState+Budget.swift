import CFluidSynth

/// How many voices may sound, and what happened to those above. Realtime thread.
struct VoiceBudget: BitwiseCopyable {
  var limit: Int32
  /// Whether this grid block started notes: only then can the budget be exceeded anew.
  var notesStarted = false
  var list: UnsafeMutablePointer<synth_voice>
}

extension RenderState {
  /// The overload policy: released voices go first, oldest first, then those a pedal holds, then held ones. Each ends in
  /// about a millisecond and is counted.
  @_noLocks
  mutating func enforceVoiceBudget() {
    guard budget.notesStarted else { return }
    budget.notesStarted = false
    var total: Int32 = 0
    for track in 0..<trackCount {
      guard let bank = tracks[track].bank else { continue }
      let voices = soundingVoices(bank)
      total += voices
      if voices > tracks[track].polyphony {
        end(voices - tracks[track].polyphony, from: track, to: track + 1)
        total -= voices - tracks[track].polyphony
      }
    }
    if total > budget.limit { end(total - budget.limit, from: 0, to: trackCount) }
  }

  /// Voices of a bank, without those already being ended.
  @_noLocks
  private func soundingVoices(_ bank: UnsafeMutablePointer<SynthBank>) -> Int32 {
    var count: Int32 = 0
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synthPointer(index)
      guard !synth.pointee.isAsleep else { continue }
      let listed = rt_synth_list_voices(synth.pointee.synth, budget.list, 256)
      for voice in 0..<Int(listed) where synth.pointee.noteFrames[Int(budget.list[voice].note & 1023)] >= 0 {
        count += 1
      }
    }
    return count
  }

  @_noLocks
  private mutating func end(_ count: Int32, from first: Int, to last: Int) {
    var left = count
    while left > 0 {
      let ended = endOldestNote(from: first, to: last)
      if ended == 0 { return }
      left -= ended
      report.draft.pointee.voicesStolen += UInt64(ended)
    }
  }

  /// Ends all voices of the note that matters least; answers how many.
  @_noLocks
  private mutating func endOldestNote(from first: Int, to last: Int) -> Int32 {
    var bestState = Int32.max
    var bestFrame = Int64.max
    var bestNote = UInt32(0)
    var best: UnsafeMutablePointer<SynthState>?
    for track in first..<last {
      guard let bank = tracks[track].bank else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synthPointer(index)
        guard !synth.pointee.isAsleep else { continue }
        let listed = rt_synth_list_voices(synth.pointee.synth, budget.list, 256)
        for voice in 0..<Int(listed) {
          let candidate = budget.list[voice]
          let frame = synth.pointee.noteFrames[Int(candidate.note & 1023)]
          guard frame >= 0 else { continue }
          let isWorse =
            candidate.state < bestState
            || (candidate.state == bestState && (frame, candidate.note) < (bestFrame, bestNote))
          if isWorse {
            bestState = candidate.state
            bestFrame = frame
            bestNote = candidate.note
            best = synth
          }
        }
      }
    }
    guard let best else { return 0 }
    let listed = rt_synth_list_voices(best.pointee.synth, budget.list, 256)
    var ended: Int32 = 0
    for voice in 0..<Int(listed) where budget.list[voice].note == bestNote {
      rt_synth_end_voice(best.pointee.synth, budget.list[voice])
      ended += 1
    }
    best.pointee.noteFrames[Int(bestNote & 1023)] = -1
    return ended
  }
}
