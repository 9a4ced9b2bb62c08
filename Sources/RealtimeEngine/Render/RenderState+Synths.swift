import CFluidSynth
import MusicalTime

extension RenderState {
  /// A grid block of every synth that has something to say, onto its track's bus.
  @_noLocks
  mutating func renderSynths() {
    for track in 0..<trackCount {
      guard let bank = tracks[track].bank else { continue }
      updateLevels(bank, track: track)
      render(bank, onto: tracks + track)
    }
    if let bank = tracks[EngineLimits.auditionStrip].bank {
      render(bank, onto: tracks + EngineLimits.auditionStrip)
    }
    renderRetiringBanks()
  }

  @_noLocks
  private func render(_ bank: UnsafeMutablePointer<SynthBank>, onto track: UnsafeMutablePointer<TrackState>) {
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synths + index
      synth.pointee.noteOns = 0
      guard !synth.pointee.isAsleep else { continue }
      scaleSends(bank, synth)
      freeFadedVoices(synth)
      let live = synth.pointee.live
      rt_synth_render(synth.pointee.synth, synth.pointee.groups, live, synth.pointee.effects)
      track.pointee.hasStereo = true
      for block in 0..<EngineLimits.channelBlocks where live & (1 << UInt32(block)) != 0 {
        let strip = bank.pointee.blocks + block
        let pair = synth.pointee.groups + block * 2 * EngineLimits.gridFrames
        add(pair, to: track, strip)
      }
      if let effects = synth.pointee.effects {
        add(effects, to: track, from: 1, to: 1)
        add(effects + 2 * EngineLimits.gridFrames, to: track, from: 1, to: 1)
      }
      updateSleep(synth)
    }
    for block in 0..<EngineLimits.channelBlocks {
      let strip = bank.pointee.blocks + block
      strip.pointee.level = strip.pointee.nextLevel
      strip.pointee.hasUnscaledSends = false
      strip.pointee.panLane.hold()
    }
  }

  /// A region's sound, with its level and, where it has a lane for it, its balance.
  @_noLocks
  private func add(
    _ pair: UnsafeMutablePointer<Float>, to track: UnsafeMutablePointer<TrackState>,
    _ strip: UnsafeMutablePointer<ChannelBlock>
  ) {
    let (from, to) = (strip.pointee.level, strip.pointee.nextLevel)
    guard !strip.pointee.panLane.isResting(at: 0) else {
      add(pair, to: track, from: from, to: to)
      return
    }
    let first = PanLaw(pan: strip.pointee.panLane.from)
    let last = PanLaw(pan: strip.pointee.panLane.to)
    let leftLevel = LaneSlope(from * first.stereoLeft, to * last.stereoLeft)
    let rightLevel = LaneSlope(from * first.stereoRight, to * last.stereoRight)
    let right = pair + EngineLimits.gridFrames
    for index in 0..<EngineLimits.gridFrames {
      track.pointee.left[index] += pair[index] * leftLevel.value(index)
      track.pointee.right[index] += right[index] * rightLevel.value(index)
    }
  }

  /// Adds a stereo pair to a track's bus, its level going straight from one value to another.
  @_noLocks
  private func add(
    _ pair: UnsafeMutablePointer<Float>, to track: UnsafeMutablePointer<TrackState>, from: Float, to: Float
  ) {
    let frames = EngineLimits.gridFrames
    let left = track.pointee.left
    let right = track.pointee.right
    let pairRight = pair + frames
    if from == 1, to == 1 {
      for index in 0..<frames { left[index] += pair[index] }
      for index in 0..<frames { right[index] += pairRight[index] }
      return
    }
    let step = (to - from) / Float(frames)
    for index in 0..<frames {
      let level = from + step * Float(index)
      left[index] += pair[index] * level
      right[index] += pairRight[index] * level
    }
  }

  // MARK: Levels

  /// Where each sounding region's gain and fades are at the end of this grid block.
  @_noLocks
  private mutating func updateLevels(_ bank: UnsafeMutablePointer<SynthBank>, track: Int) {
    let grid = EngineLimits.gridFrames
    let frame = transport.frame + transport.eventsAhead
    for index in 0..<playerCount where players[index].track == track {
      let region = players[index].region
      let strip = bank.pointee.blocks + players[index].block
      advanceLanes(of: strip, region, isNew: strip.pointee.level < 0)
      let lane = strip.pointee.gainLane
      if strip.pointee.level < 0 {
        strip.pointee.level = strip.pointee.gain.value * fade(of: region, at: frame) * lane.from
      }
      strip.pointee.nextLevel =
        strip.pointee.gain.advance(grid) * fade(of: region, at: frame + Int64(grid)) * lane.to
    }
  }

  @_noLocks
  private func fade(of region: UnsafePointer<ScheduledRegion>, at frame: Int64) -> Float {
    guard region.pointee.fadeInFrames > 0 || region.pointee.fadeOutFrames > 0 else { return 1 }
    let tempo = schedule.pointee.tempo
    return region.pointee.fadeLevel(
      elapsed: max(0, frame - tempo.frame(atTick: Double(region.pointee.start))),
      remaining: max(0, tempo.frame(atTick: Double(region.pointee.end)) - frame))
  }

  /// Gives reverb and chorus no more of a region than is heard of it: each block's voices send by its level.
  @_noLocks
  private func scaleSends(_ bank: UnsafeMutablePointer<SynthBank>, _ synth: UnsafeMutablePointer<SynthState>)
  {
    guard synth.pointee.effects != nil else { return }
    for block in 0..<EngineLimits.channelBlocks where synth.pointee.live & (1 << UInt32(block)) != 0 {
      let strip = bank.pointee.blocks + block
      let level = strip.pointee.nextLevel
      if level == strip.pointee.level, level == 1 || !strip.pointee.hasUnscaledSends { continue }
      rt_synth_scale_sends(synth.pointee.synth, Int32(block), level)
    }
  }

  // MARK: Sleep

  /// A synth whose voices have ended and whose effects have rung out is left alone until its next note.
  @_noLocks
  private func updateSleep(_ synth: UnsafeMutablePointer<SynthState>) {
    guard rt_synth_voices(synth.pointee.synth) == 0 else {
      synth.pointee.quietBlocks = 0
      return
    }
    synth.pointee.live = 0
    var peak: Float = 0
    if let effects = synth.pointee.effects {
      for index in 0..<(4 * EngineLimits.gridFrames) { peak = max(peak, abs(effects[index])) }
    }
    synth.pointee.quietBlocks = peak < 1e-6 ? synth.pointee.quietBlocks + 1 : 0
    if synth.pointee.quietBlocks > 64 {
      synth.pointee.isAsleep = true
      synth.pointee.quietBlocks = 0
    }
  }

  // MARK: Replaced banks

  /// Takes a bank; the old one keeps its tails until they are over.
  @_noLocks
  mutating func install(_ bank: UnsafeMutablePointer<SynthBank>?, on track: Int) {
    guard bank != tracks[track].bank else { return }
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

  /// Replaced banks ring out and go back to be freed. One that has not finished in its time fades with its
  /// last block.
  @_noLocks
  private mutating func renderRetiringBanks() {
    var kept = 0
    for index in 0..<retiringBankCount {
      var retiring = retiringBanks[index]
      let bank = retiring.bank
      retiring.framesLeft -= Int64(EngineLimits.gridFrames)
      let isLast = retiring.framesLeft <= 0
      if isLast {
        for block in 0..<EngineLimits.channelBlocks { bank.pointee.blocks[block].nextLevel = 0 }
      }
      if retiring.framesLeft > -Int64(EngineLimits.gridFrames) {
        render(bank, onto: tracks + Int(bank.pointee.track))
      }
      let rings = !bank.pointee.synths[0].isAsleep || !bank.pointee.synths[1].isAsleep
      if (rings && !isLast) || notices.turn.slot() < 0 {
        retiringBanks[kept] = retiring
        kept += 1
      } else {
        notify(
          Notice(
            kind: .retiredBank, id: 0, frame: deviceFrame, tick: 0, track: bank.pointee.track,
            address: UInt(bitPattern: bank)))
      }
    }
    retiringBankCount = kept
  }
}
