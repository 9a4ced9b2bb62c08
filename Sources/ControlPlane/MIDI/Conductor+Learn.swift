import HootWire
import MIDI
import Tools

extension Conductor {
  func learn(_ arguments: Arguments) throws(Refusal) -> Answer {
    if arguments.text(.action) == "off" {
      midi.desk.callOff()
      return .reply(.ok(["learning": nil]))
    }
    let meaning = try MIDIAction.meaning(of: arguments)
    guard midi.device != nil || hasDriverMIDI || ports.hasInput else {
      throw Refusal(
        "no_midi", .refused, "nothing can be learnt: there is no MIDI input",
        "no device is in use, and the audio driver has no MIDI port",
        "garden midi ls, then: garden midi use /dev/snd/midiC1D0")
    }
    let seconds = arguments.number(.within) ?? ControlLimits.learnSeconds
    midi.desk.learn(meaning, until: .now + .seconds(seconds))
    return .reply(
      .ok(["learning": ["action": .string(meaning.action), "seconds": .number(seconds)]]))
  }

  /// A binding counts once it is on the disk: what a stage relies on must be there after a restart.
  func keep(_ binding: MIDIBinding) {
    guard let wanted = midi.desk.adding(binding, to: midi.writing ?? midi.desk.bindings) else {
      let refusal = Refusal(
        "full", .refused, "\(binding.source.words) was not bound",
        "there are \(ControlLimits.midiBindings) bindings, and no more may be", "garden midi unbind ID")
      return publishLearn("learn_refused", [("detail", refusal.content["detail"] ?? nil)])
    }
    write(wanted) { [self] refusal in
      if let refusal {
        publishLearn("learn_refused", [("detail", refusal.content["detail"] ?? nil)])
      } else {
        publishLearn("learned", [("binding", binding.json)])
      }
    }
  }

  private func publishLearn(_ type: String, _ fields: [(String, JSONValue)]) {
    server.publishEvent(topic: "midi", content: JSONValue([("type", .string(type))] + fields))
  }

  /// Writes the bindings down and takes them into use; on a refusal those of before stay.
  func write(_ wanted: [MIDIBinding], then: @escaping (Refusal?) -> Void) {
    guard let file = midi.file else {
      midi.desk.replaceAll(with: wanted)
      return then(nil)
    }
    midi.writing = wanted
    do throws(Refusal) {
      try load(
        {
          do throws(Refusal) {
            try file.write(wanted)
            return .bindings(wanted, [], nil)
          } catch { return .bindings(wanted, [], error) }
        },
        then: { [self] loaded in
          guard case .bindings(let written, _, let refusal) = loaded else { return }
          if refusal == nil { midi.desk.replaceAll(with: written) }
          midi.writing = nil
          then(refusal)
        })
    } catch { then(error) }
  }
}
