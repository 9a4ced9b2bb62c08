import MusicalTime

/// Many grid blocks in one go, for a render that nobody waits for: their events are handed out first, then the synths
/// render them side by side, and those that all synths have rendered are mixed one after the other. Every synth is
/// told the same in the same order, and sums are made in the same order, so the sound is the same to the bit.
extension RenderState {
  /// Fills one block as `render` does. Not for the realtime thread.
  mutating func renderAhead(_ outputs: OutputTable, frames: Int, crew: AheadCrew) {
    var done = 0
    while done < frames {
      if gridRemaining == 0 {
        beginGridBlock(landing: done == 0)
        let lines = linesAhead(within: (frames - done) / EngineLimits.gridFrames)
        if lines > 1 {
          render(lines: lines, outputs, from: done, crew)
          done += lines * EngineLimits.gridFrames
          continue
        }
        if transport.rolling { rollTimedCommands() }
        if transport.rolling { sequenceMIDI() }
        finishGridBlock(line: -1)
      }
      let portion = min(gridRemaining, frames - done)
      hand(portion, to: outputs, from: done)
      done += portion
    }
    publishReport()
  }

  private mutating func hand(_ frames: Int, to outputs: OutputTable, from start: Int) {
    let first = EngineLimits.gridFrames - gridRemaining
    for channel in 0..<OutputChannel.count {
      let output = outputs[channel] + start
      let grid = gridOutputs[channel] + first
      for index in 0..<frames { output[index] = grid[index] }
    }
    gridRemaining -= frames
  }

  /// How many grid blocks can be made in one go: as long as nothing but notes happens in them.
  private func linesAhead(within most: Int) -> Int {
    guard transport.rolling, retiringBankCount == 0, panic.isOver, commands.turn.slot() < 0 else { return 0 }
    var lines = min(EngineLimits.aheadBlocks, most)
    for place in 0..<bankPlaces { if let bank = bank(at: place) { lines = min(lines, bank.pointee.lines) } }
    // Events are handed out two grid blocks ahead at most.
    let end = transport.frame + Int64((lines + 4) * EngineLimits.gridFrames)
    if let loopEnd = loopEndAhead(), loopEnd < end { return 0 }
    let tick = schedule.pointee.tempo.tick(atFrame: Double(end))
    if let next = timed.next, Double(next.pointee.command.at) <= tick { return 0 }
    return transport.haltTick > tick && transport.loopedBy == 0 ? lines : 0
  }

  private mutating func render(lines: Int, _ outputs: OutputTable, from done: Int, _ crew: AheadCrew) {
    let notes = sequence(lines)
    let parts = parts()
    var mixed = 0
    while mixed < lines {
      let end = lastLine(after: mixed, notes)
      if end > mixed {
        renderSideBySide(parts, mixed..<end, outputs, from: done, crew)
        mixed = end
      } else {
        renderInTurn(parts, mixed)
        mix(mixed, outputs, from: done)
        mixed += 1
      }
    }
    for part in parts {
      part.synth.pointee.ops.clear()
      part.synth.pointee.rendered = 0
    }
  }

  /// Hands out the events of some grid blocks; answers how many notes start up to the end of each.
  private mutating func sequence(_ lines: Int) -> [Int32] {
    let grid = EngineLimits.gridFrames
    let firstFrame = deviceFrame
    let firstPlace = transport.frame
    let before = report.draft.pointee.notesStarted
    var notes: [Int32] = []
    for line in 0..<lines {
      self.line = line
      if line > 0 { turnOps() }
      sequenceMIDI()
      measureSpan()
      updateLevels(line: line)
      endLine(line)
      transport.frame += Int64(grid)
      deviceFrame += Int64(grid)
      notes.append(Int32(truncatingIfNeeded: report.draft.pointee.notesStarted - before))
    }
    line = 0
    transport.frame = firstPlace
    deviceFrame = firstFrame
    return notes
  }

  private func endLine(_ line: Int) {
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        synth.pointee.opEnds[line] = Int32(truncatingIfNeeded: synth.pointee.ops.count)
      }
    }
  }

  private mutating func mix(_ line: Int, _ outputs: OutputTable, from done: Int) {
    rollTimedCommands()
    finishGridBlock(line: line)
    hand(EngineLimits.gridFrames, to: outputs, from: done + line * EngineLimits.gridFrames)
  }

  // MARK: Voices

  /// The line before which the notes that start from `line` on cannot exceed the voice budget, as far as can be told
  /// beforehand: few presets make more than four voices of a note.
  private func lastLine(after line: Int, _ notes: [Int32]) -> Int {
    var room = budget.limit
    for track in 0..<trackCount {
      let voices = activeVoices(of: track)
      room -= voices
      room = min(room, tracks[track].polyphony - voices)
    }
    let before = line > 0 ? notes[line - 1] : 0
    var end = line
    while end < notes.count, 4 * (notes[end] - before) <= room { end += 1 }
    return end
  }

  /// Whether it was not exceeded: no more voices at a time than all synths' most together.
  private mutating func checkBudget() {
    var total: Int32 = 0
    for track in 0..<trackCount {
      guard let bank = tracks[track].bank else { continue }
      var voices: Int32 = 0
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        voices += synth.pointee.peakVoices
        synth.pointee.peakVoices = 0
        synth.pointee.hasNewNotes = false
      }
      if voices > tracks[track].polyphony { exceededAhead = true }
      total += voices
    }
    if total > budget.limit { exceededAhead = true }
  }

  // MARK: Synths

  /// Other threads render; this one mixes what all synths have rendered, and renders with them meanwhile.
  private mutating func renderSideBySide(
    _ parts: [AheadWork.Part], _ lines: Range<Int>, _ outputs: OutputTable, from done: Int, _ crew: AheadCrew
  ) {
    let first = deviceFrame - Int64(lines.lowerBound * EngineLimits.gridFrames)
    let work = AheadWork(parts, lines, at: first, threads: crew.threads)
    crew.start { work.turn() }
    isBesideSynths = true
    var mixed = lines.lowerBound
    var waits = 0
    while mixed < lines.upperBound {
      let ready = work.ready
      if ready > mixed {
        for line in mixed..<ready { mix(line, outputs, from: done) }
        mixed = ready
        waits = 0
      } else if case .did = work.turn() {
        waits = 0
      } else {
        crew.pause(&waits)
      }
    }
    isBesideSynths = false
    checkBudget()
  }

  /// As the realtime thread does it: near the voice budget one synth's notes end another's.
  private mutating func renderInTurn(_ parts: [AheadWork.Part], _ line: Int) {
    for part in parts where part.synth.pointee.rendered > line { exceededAhead = true }
    for part in parts {
      SynthBank.tell(part.synth, upTo: Int(part.synth.pointee.opEnds[line]), at: deviceFrame)
    }
    enforceVoiceBudget()
    for part in parts where part.synth.pointee.rendered <= line {
      SynthBank.render(part.bank, part.synth, line: line, at: deviceFrame)
      part.synth.pointee.rendered = line + 1
      part.synth.pointee.peakVoices = 0
    }
  }

  private func parts() -> [AheadWork.Part] {
    var parts: [AheadWork.Part] = []
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        let voices = synth.pointee.isAsleep ? 0 : 1 + Int(SynthBank.voices(of: synth))
        let weight = 1 + 8 * voices + synth.pointee.ops.count
        parts.append(AheadWork.Part(bank: bank, synth: synth, weight: weight))
      }
    }
    return parts
  }
}
