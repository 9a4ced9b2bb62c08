import CFluidSynth

extension SynthBank {
  /// A synth of the bank in place. The bank lives in memory of its own, so the address holds.
  @_noLocks
  mutating func synthPointer(_ index: Int) -> UnsafeMutablePointer<SynthState> {
    withUnsafeMutablePointer(to: &synths[index]) { $0 }
  }

  @_noLocks
  mutating func block(_ index: Int) -> UnsafeMutablePointer<ChannelBlock> {
    withUnsafeMutablePointer(to: &blocks[index]) { $0 }
  }
}

extension RenderState {
  /// A grid block of every synth that has something to say, onto its track's bus.
  @_noLocks
  mutating func renderSynths() {
    for track in 0..<trackCount {
      if let bank = tracks[track].bank {
        updateLevels(bank, track: track)
        render(bank, onto: tracks + track)
      }
    }
    var kept = 0
    for index in 0..<retiringBankCount {
      var retiring = retiringBanks[index]
      let track = Int(retiring.bank.pointee.track)
      render(retiring.bank, onto: tracks + track)
      retiring.framesLeft -= Int64(EngineLimits.gridFrames)
      let rings = !retiring.bank.pointee.synths[0].isAsleep || !retiring.bank.pointee.synths[1].isAsleep
      if (rings && retiring.framesLeft > 0) || notices.turn.slot() < 0 {
        retiringBanks[kept] = retiring
        kept += 1
      } else {
        notify(
          Notice(
            kind: .retiredBank, id: 0, frame: deviceFrame, tick: 0, track: retiring.bank.pointee.track,
            address: UInt(bitPattern: retiring.bank)))
      }
    }
    retiringBankCount = kept
  }

  /// Takes a bank; the old one keeps its tails until they are over.
  @_noLocks
  mutating func install(_ bank: UnsafeMutablePointer<SynthBank>?, on track: Int) {
    var index = 0
    while index < playerCount {
      if players[index].track == track { endPlayer(index) } else { index += 1 }
    }
    if let old = tracks[track].bank {
      old.pointee.track = Int32(track)
      retiringBanks[retiringBankCount] = RetiringBank(
        bank: old, framesLeft: Int64(EngineLimits.ringOutSeconds * sampleRate))
      retiringBankCount += 1
    }
    tracks[track].bank = bank
    if transport.rolling { enterMIDI(at: transport.sequencedTick) }
  }

  /// Where each sounding region's gain and fades are at the end of this grid block.
  @_noLocks
  private mutating func updateLevels(_ bank: UnsafeMutablePointer<SynthBank>, track: Int) {
    let grid = Int64(EngineLimits.gridFrames)
    for index in 0..<playerCount where players[index].track == track {
      let region = schedule.pointee.regions + players[index].region
      let block = bank.pointee.block(players[index].block)
      var fade: Float = 1
      if region.pointee.fadeInFrames > 0 || region.pointee.fadeOutFrames > 0 {
        let tempo = schedule.pointee.tempo
        let elapsed = transport.frame + grid - tempo.frame(atTick: Double(region.pointee.start))
        let remaining = tempo.frame(atTick: Double(region.pointee.end)) - transport.frame - grid
        fade = region.pointee.fadeLevel(elapsed: max(0, elapsed), remaining: max(0, remaining))
      }
      let target = block.pointee.gain.advance(Int(grid)) * fade
      if block.pointee.level < 0 {
        block.pointee.level = region.pointee.fadeInFrames > 0 ? 0 : target
      }
      block.pointee.nextLevel = target
    }
    var loudest: Float = -1
    for block in 0..<EngineLimits.channelBlocks where bank.pointee.blocks[block].isTaken {
      loudest = max(loudest, bank.pointee.blocks[block].nextLevel)
    }
    if loudest >= 0 { bank.pointee.nextWetLevel = loudest }
  }

  @_noLocks
  private func render(_ bank: UnsafeMutablePointer<SynthBank>, onto track: UnsafeMutablePointer<TrackState>) {
    let pairs = EngineLimits.channelBlocks
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synthPointer(index)
      synth.pointee.noteOns = 0
      guard !synth.pointee.isAsleep else { continue }
      rt_synth_render(synth.pointee.synth, synth.pointee.groups, Int32(pairs), synth.pointee.effects)
      track.pointee.hasStereo = true
      for pair in 0..<pairs {
        let block = bank.pointee.block(pair)
        add(
          synth.pointee.groups + pair * 2 * EngineLimits.gridFrames, to: track, from: max(0, block.pointee.level),
          to: block.pointee.nextLevel)
      }
      if synth.pointee.hasEffects {
        for pair in 0..<2 {
          add(
            synth.pointee.effects + pair * 2 * EngineLimits.gridFrames, to: track, from: bank.pointee.wetLevel,
            to: bank.pointee.nextWetLevel)
        }
      }
      updateSleep(synth)
    }
    for block in 0..<pairs {
      bank.pointee.blocks[block].level = bank.pointee.blocks[block].nextLevel
    }
    bank.pointee.wetLevel = bank.pointee.nextWetLevel
  }

  /// Adds a stereo pair to a track's bus, its level going straight from one value to another.
  @_noLocks
  private func add(
    _ pair: UnsafeMutablePointer<Float>, to track: UnsafeMutablePointer<TrackState>, from: Float, to: Float
  ) {
    let frames = EngineLimits.gridFrames
    let left = track.pointee.left
    let right = track.pointee.right
    if from == 1, to == 1 {
      for index in 0..<frames {
        left[index] += pair[index]
        right[index] += pair[frames + index]
      }
      return
    }
    let step = (to - from) / Float(frames)
    for index in 0..<frames {
      let level = from + step * Float(index)
      left[index] += pair[index] * level
      right[index] += pair[frames + index] * level
    }
  }

  /// A synth whose voices have ended and whose effects have rung out is left alone until its next note.
  @_noLocks
  private func updateSleep(_ synth: UnsafeMutablePointer<SynthState>) {
    guard rt_synth_voices(synth.pointee.synth) == 0 else {
      synth.pointee.quietBlocks = 0
      return
    }
    var peak: Float = 0
    if synth.pointee.hasEffects {
      for index in 0..<(4 * EngineLimits.gridFrames) { peak = max(peak, abs(synth.pointee.effects[index])) }
    }
    synth.pointee.quietBlocks = peak < 1e-6 ? synth.pointee.quietBlocks + 1 : 0
    if synth.pointee.quietBlocks > 64 {
      synth.pointee.isAsleep = true
      synth.pointee.quietBlocks = 0
    }
  }
}
