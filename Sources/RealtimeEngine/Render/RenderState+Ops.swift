/// How what MIDI has to tell gets to the synths: by the line of the grid that is nearest to it.
extension RenderState {
  /// Puts an event of this grid block at its own tick, so that `put` knows its line.
  @_noLocks
  mutating func place(at tick: Double) {
    ports.eventTick = tick
    guard hasSharpBanks else { return }
    let frame = schedule.pointee.tempo.frame(atTick: tick) - eventBase - earlyFrames
    eventOffset = Int(max(-64, min(64, frame)))
  }

  /// Puts something down for one synth. Its lane's line is in this grid block or, when that is nearer, the
  /// one in the next.
  @_noLocks
  mutating func put(
    _ op: SynthOp, on synth: UnsafeMutablePointer<SynthState>, of bank: UnsafeMutablePointer<SynthBank>,
    lane: Int
  ) {
    if synth.pointee.ops.isFull { makeRoom(synth, of: bank) }
    let grid = EngineLimits.gridFrames
    synth.pointee.ops.append(op, later: eventOffset >= lane * grid / bank.pointee.lanes + grid / 2)
  }

  /// Puts something down for all synths that play a MIDI channel.
  @_noLocks
  mutating func putToAll(_ op: SynthOp, channel: Int, of bank: UnsafeMutablePointer<SynthBank>) {
    for lane in 0..<bank.pointee.lanes {
      put(op, on: bank.pointee.synth(channel: channel, lane: lane), of: bank, lane: lane)
    }
  }

  /// What does not wait for its turn: what is put down before is told now, in its order.
  @_noLocks
  private func makeRoom(_ synth: UnsafeMutablePointer<SynthState>, of bank: UnsafeMutablePointer<SynthBank>) {
    let grid = Int64(EngineLimits.gridFrames)
    let first = deviceFrame - Int64(line) * grid
    while synth.pointee.rendered < line {
      let earlier = synth.pointee.rendered
      SynthBank.run(bank, synth, line: earlier, at: first + Int64(earlier) * grid)
    }
    for _ in 0..<2 {
      SynthBank.tell(synth, upTo: synth.pointee.ops.count, at: deviceFrame)
      synth.pointee.ops.clear()
      if !synth.pointee.ops.isFull { return }
      synth.pointee.ops.turn()
    }
  }

  /// What was put down for the next line is this one's.
  @_noLocks
  mutating func turnOps() {
    guard hasSharpBanks else { return }
    turnAllOps()
  }

  @_noLocks
  private func turnAllOps() {
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank { bank.pointee.synths[index].ops.turn() }
    }
  }

  // MARK: All banks

  /// Tracks' banks, that of auditions, and then those that ring out.
  var bankPlaces: Int { @_noLocks get { trackCount + 1 + retiringBankCount } }

  @_noLocks
  func bank(at place: Int) -> UnsafeMutablePointer<SynthBank>? {
    if place < trackCount { return tracks[place].bank }
    if place == trackCount { return tracks[EngineLimits.auditionStrip].bank }
    return retiringBanks[place - trackCount - 1].bank
  }

  /// The track that a bank sounds on.
  @_noLocks
  func track(at place: Int) -> Int {
    if place < trackCount { return place }
    if place == trackCount { return EngineLimits.auditionStrip }
    return Int(retiringBanks[place - trackCount - 1].bank.pointee.track)
  }

  /// How far ahead events are handed out: half a grid block where all lines are the grid's, more with lanes
  /// between them, and a grid block more where FluidSynth starts every note one late.
  @_noLocks
  mutating func updateLead() {
    // The last such bank may have gone after a grid block that has put something down for the next one.
    turnOps()
    hasSharpBanks = false
    for place in 0..<bankPlaces {
      if let bank = bank(at: place), bank.pointee.lanes > 1 { hasSharpBanks = true }
    }
    let grid = Int64(EngineLimits.gridFrames)
    let lane = grid / Int64(EngineLimits.synthsPerBank)
    eventLead = earlyFrames + (hasSharpBanks ? grid - lane / 2 : grid / 2)
  }
}
