import MIDI

extension Surface {
  static func takeSMF(_ bytes: [UInt8]) -> String {
    let sequence: MIDISequence
    do throws(SMFError) {
      sequence = try SMFReader.read(bytes)
    } catch {
      return refusal([error.what, error.why, error.next])
    }
    check(sequence)
    for warning in sequence.warnings { _ = refusal([warning.description]) }
    return "\(sequence.events.count) events, \(sequence.lengthTicks) ticks"
  }

  /// What the timeline and the renderer rely on.
  private static func check(_ sequence: MIDISequence) {
    var last: Int64 = 0
    var held: [Int: Int] = [:]
    for event in sequence.events {
      demand(event.tick >= last, "events stand in order")
      last = event.tick
      demand(event.channel < 16 && event.data1 < 128 && event.data2 < 128, "\(event) is a MIDI event")
      let key = Int(event.channel) << 8 | Int(event.data1)
      if event.kind == .noteOn { held[key, default: 0] += 1 }
      if event.kind == .noteOff { held[key, default: 0] -= 1 }
      demand(held[key, default: 0] >= 0, "a note ends once")
    }
    demand(held.values.allSatisfy { $0 == 0 }, "every note ends")
    demand((last...MIDILimits.maximumTick).contains(sequence.lengthTicks), "the length holds every event")
    demand(sequence.tempos.allSatisfy { $0.bpm.isFinite && $0.bpm > 0 }, "a tempo is one")
    demand(sequence.warnings.count <= MIDILimits.maximumWarnings, "warnings are limited")
    demand(ascend(sequence), "tempos, signatures and markers stand in order")
    rewrite(sequence)
  }

  private static func ascend(_ sequence: MIDISequence) -> Bool {
    func ascending(_ ticks: [Int64]) -> Bool { zip(ticks, ticks.dropFirst()).allSatisfy { $0 <= $1 } }
    return ascending(sequence.tempos.map(\.tick)) && ascending(sequence.signatures.map(\.tick))
      && ascending(sequence.markers.map(\.tick))
  }

  /// What was read can be written, and says the same when it is read again.
  private static func rewrite(_ sequence: MIDISequence) {
    // An event takes a handful of bytes; more of them than a file holds is another refusal.
    guard sequence.events.count < 1_000_000, !sequence.events.isEmpty else { return }
    do throws(SMFError) {
      let again = try SMFReader.read(SMFWriter.write(sequence))
      demand(again.noteCount == sequence.noteCount, "notes: \(again.noteCount), were \(sequence.noteCount)")
      demand(again.lengthTicks == sequence.lengthTicks, "the same length")
    } catch {
      demand(false, "what was written reads: \(error.what), \(error.why)")
    }
  }
}
