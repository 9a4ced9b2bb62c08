import CRealtime
import MusicalTime

/// Many grid blocks in one go, for a render that nobody waits for: their events are handed out first, then each
/// synth renders all of them on a thread of its own, then they are mixed one after the other. Every synth is
/// told the same in the same order, and sums are made in the same order, so the sound is the same to the bit.
extension RenderState {
  /// Does some tasks, each once, on any threads, and comes back when all are done.
  typealias Crew = (_ tasks: Int, _ work: @escaping @Sendable (Int) -> Void) -> Void

  /// Fills one block as `render` does. Not for the realtime thread.
  mutating func renderAhead(_ outputs: OutputTable, frames: Int, crew: Crew) {
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

  private mutating func render(lines: Int, _ outputs: OutputTable, from done: Int, _ crew: Crew) {
    let grid = EngineLimits.gridFrames
    let firstFrame = deviceFrame
    let firstPlace = transport.frame
    let notes = report.draft.pointee.notesStarted
    for line in 0..<lines {
      self.line = line
      if line > 0 { turnOps() }
      sequenceMIDI()
      measureSpan()
      updateLevels(line: line)
      endLine(line)
      transport.frame += Int64(grid)
      deviceFrame += Int64(grid)
    }
    line = 0
    transport.frame = firstPlace
    deviceFrame = firstFrame
    let started = report.draft.pointee.notesStarted - notes
    if fitsBudget(notes: Int32(truncatingIfNeeded: started)) {
      renderSideBySide(lines, crew)
    } else {
      renderInTurn(lines)
    }
    for line in 0..<lines {
      rollTimedCommands()
      finishGridBlock(line: line)
      hand(grid, to: outputs, from: done + line * grid)
    }
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

  // MARK: Voices

  /// Whether so many notes cannot exceed the voice budget, as far as can be told beforehand: few presets make
  /// more than four voices of a note.
  private func fitsBudget(notes: Int32) -> Bool {
    var total = 4 * notes
    for track in 0..<trackCount {
      let voices = activeVoices(of: track)
      if voices + 4 * notes > tracks[track].polyphony { return false }
      total += voices
    }
    return total <= budget.limit
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
        synth.pointee.hasNewNotes = false
      }
      if voices > tracks[track].polyphony { exceededAhead = true }
      total += voices
    }
    if total > budget.limit { exceededAhead = true }
  }

  // MARK: Synths

  /// A synth's part of what is made in one go.
  private struct Part: @unchecked Sendable {
    // Unchecked: each synth is one thread's until all are done.
    let bank: UnsafeMutablePointer<SynthBank>
    let synth: UnsafeMutablePointer<SynthState>
    let weight: Int
  }

  private mutating func renderSideBySide(_ lines: Int, _ crew: Crew) {
    let parts = parts().sorted { $0.weight > $1.weight }
    let first = deviceFrame
    crew(parts.count) { task in
      rt_flush_denormals()
      let part = parts[task]
      for line in part.synth.pointee.rendered..<lines {
        SynthBank.run(
          part.bank, part.synth, line: line, at: first + Int64(line * EngineLimits.gridFrames))
      }
    }
    checkBudget()
    rewind()
  }

  /// As the realtime thread does it: near the voice budget one synth's notes end another's.
  private mutating func renderInTurn(_ lines: Int) {
    let parts = parts()
    if parts.contains(where: { $0.synth.pointee.rendered > 0 }) { exceededAhead = true }
    let first = deviceFrame
    for line in 0..<lines {
      deviceFrame = first + Int64(line * EngineLimits.gridFrames)
      for part in parts {
        SynthBank.tell(part.synth, upTo: Int(part.synth.pointee.opEnds[line]), at: deviceFrame)
      }
      enforceVoiceBudget()
      for part in parts { SynthBank.render(part.bank, part.synth, line: line, at: deviceFrame) }
    }
    deviceFrame = first
    rewind()
  }

  private func parts() -> [Part] {
    var parts: [Part] = []
    for place in 0..<bankPlaces {
      guard let bank = bank(at: place) else { continue }
      for index in 0..<EngineLimits.synthsPerBank {
        let synth = bank.pointee.synths + index
        let voices = synth.pointee.isAsleep ? 0 : 1 + Int(SynthBank.voices(of: synth))
        parts.append(Part(bank: bank, synth: synth, weight: 8 * voices + synth.pointee.ops.count))
      }
    }
    return parts
  }

  /// All ops have been told.
  private func rewind() {
    for part in parts() {
      part.synth.pointee.ops.clear()
      part.synth.pointee.rendered = 0
      part.synth.pointee.peakVoices = 0
    }
  }
}
