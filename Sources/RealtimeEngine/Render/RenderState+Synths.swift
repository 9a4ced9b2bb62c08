import CFluidSynth
import MusicalTime

extension RenderState {
  /// A grid block of every synth that has something to say, onto its track's bus.
  @_noLocks
  mutating func renderSynths() {
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        SynthBank.tell(synth, upTo: synth.pointee.ops.count, at: deviceFrame)
        synth.pointee.ops.clear()
      }
    }
    enforceVoiceBudget()
    updateLevels(line: 0)
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        SynthBank.render(bank, bank.pointee.synths + index, line: 0, at: deviceFrame)
      }
      mix(bank, onto: tracks + track(at: place), line: 0)
    }
    retireBanks()
  }

  /// Adds one of the grid blocks made in one go, of all banks, to the tracks' buses.
  @_noLocks
  func mixBanks(line: Int) {
    for place in 0..<bankPlaces {
      if let bank = bank(at: place) { mix(bank, onto: tracks + track(at: place), line: line) }
    }
  }

  /// Adds a rendered grid block of a bank to its track's bus.
  @_noLocks
  private func mix(
    _ bank: UnsafeMutablePointer<SynthBank>, onto track: UnsafeMutablePointer<TrackState>, line: Int
  ) {
    let frames = EngineLimits.gridFrames
    let before = bank.pointee.gate.value
    let after = bank.pointee.gate.advance(frames)
    for index in 0..<EngineLimits.synthsPerBank {
      let synth = bank.pointee.synths + index
      let made = synth.pointee.made[line]
      guard made != 0 else { continue }
      track.pointee.hasStereo = true
      let groups = synth.pointee.groups + line * 2 * bank.pointee.blockCount * frames
      for block in 0..<bank.pointee.blockCount where made & (1 << UInt32(block)) != 0 {
        let level = bank.pointee.levels[line * EngineLimits.channelBlocks + block]
        add(groups + block * 2 * frames, to: track, level, from: level.from * before, to: level.to * after)
      }
      if let base = synth.pointee.effects {
        let effects = base + line * 4 * frames
        let gate = synth.pointee.wetGate
        let wet = gate.pointee.advance(fading: declickFrames)
        let wetAfter = gate.pointee.level.value
        // What a panic has kept out has died away.
        if made & SynthState.hasRungOut != 0 { gate.pointee = WetGate() }
        guard wet > 0 || wetAfter > 0 else { continue }
        let from = before * wet
        let to = after * wetAfter
        add(effects, to: track, from: from, to: to)
        add(effects + 2 * frames, to: track, from: from, to: to)
      }
    }
  }

  /// A region's sound, with its level and, where it has a lane for it, its balance.
  @_noLocks
  private func add(
    _ pair: UnsafeMutablePointer<Float>, to track: UnsafeMutablePointer<TrackState>, _ level: BlockLevel,
    from: Float, to: Float
  ) {
    guard level.panFrom != 0 || level.panTo != 0 else {
      add(pair, to: track, from: from, to: to)
      return
    }
    let first = PanLaw(pan: level.panFrom)
    let last = PanLaw(pan: level.panTo)
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

  /// Where each sounding region's gain and fades are at the end of a grid block.
  @_noLocks
  mutating func updateLevels(line: Int) {
    for index in 0..<playerCount { updateLevel(of: players[index]) }
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      let levels = bank.pointee.levels + line * EngineLimits.channelBlocks
      for block in 0..<bank.pointee.blockCount {
        let strip = bank.pointee.blocks + block
        let isNew = strip.pointee.unscaledBlocks > 0
        levels[block] = BlockLevel(
          from: strip.pointee.level, to: strip.pointee.nextLevel, panFrom: strip.pointee.panLane.from,
          panTo: strip.pointee.panLane.to, hasUnscaledSends: isNew)
        strip.pointee.level = strip.pointee.nextLevel
        strip.pointee.panLane.hold()
        if isNew { strip.pointee.unscaledBlocks -= 1 }
      }
    }
  }

  @_noLocks
  private mutating func updateLevel(of player: MIDIPlayer) {
    guard player.holder < 0, let bank = tracks[player.track].bank else { return }
    let grid = EngineLimits.gridFrames
    let frame = transport.frame + transport.eventsAhead
    let region = player.region
    let strip = bank.pointee.blocks + player.block
    advanceLanes(of: strip, region, isNew: strip.pointee.level < 0)
    let lane = strip.pointee.gainLane
    if strip.pointee.level < 0 {
      strip.pointee.level = strip.pointee.gain.value * fade(of: region, at: frame) * lane.from
    }
    strip.pointee.nextLevel =
      strip.pointee.gain.advance(grid) * fade(of: region, at: frame + Int64(grid)) * lane.to
    // What the region left in replaced banks goes along.
    for index in 0..<retiringBankCount {
      let left = leftBlock(of: player, in: index)
      guard left >= 0 else { continue }
      let old = retiringBanks[index].bank.pointee.blocks + left
      old.pointee.nextLevel = strip.pointee.nextLevel
      old.pointee.panLane = strip.pointee.panLane
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
}
