import AudioDrivers
import FoundationEssentials
import MIDI
import RealtimeEngine

/// What a performer would miss that stands around the timeline and not on it. A value, kept with the session.
struct Surroundings: Sendable, Equatable, Codable {
  struct Port: Sendable, Equatable, Codable {
    var name: String
    var isInput: Bool
    var track: UUID?
    var channel: Int?
    var hasClock: Bool
    /// Its clock is followed.
    var leads: Bool
  }

  /// The default font's path; empty: the one of the settings.
  var soundfont = ""
  var metronomeOn = false
  var metronomeDB = -6.0
  var metronomeOutput = ClickOutput.click.rawValue
  var metronomeDivision = 1
  var monitorOn = false
  var monitorGain: Float = 0.8
  var cueGainDB = 0.0
  /// What sound comes in by.
  var input: String?
  var ports: [Port] = []
}

extension Conductor {
  /// As they are now; ports that were asked for and are away are among them.
  var surroundings: Surroundings {
    var around = Surroundings()
    around.soundfont = defaultFont == startFont ? "" : defaultFont
    around.metronomeOn = metronome.isOn
    around.metronomeDB = metronome.levelDB
    around.metronomeOutput = metronome.output.rawValue
    around.metronomeDivision = metronome.division
    around.monitorOn = inputMonitor.isOn
    around.monitorGain = inputMonitor.gain
    around.cueGainDB = cueGainDB
    around.input = wishedInput
    guard !ports.attached.isEmpty || !journal.missingPorts.isEmpty else { return around }
    around.ports = ports.attached.map { port in
      Surroundings.Port(
        name: port.name, isInput: port.isInput, track: port.track, channel: port.channel,
        hasClock: port.hasClock, leads: port.isInput && ports.follower?.slot == port.attachment.slot)
    }
    let present = around.ports.map(\.name)
    around.ports += journal.missingPorts.filter { !present.contains($0.name) }
    return around
  }

  /// Puts back what stood around a session that was restored. What takes a port or a card is asked for, and said where
  /// it is not there.
  func takeUp(_ around: Surroundings) {
    metronome = MetronomeWish(
      isOn: around.metronomeOn, levelDB: around.metronomeDB,
      output: ClickOutput(rawValue: around.metronomeOutput) ?? .click, division: around.metronomeDivision)
    sendUnannounced(.metronomeLevel, value: Double(Float(decibels: metronome.levelDB)))
    sendUnannounced(.metronomeOutput, value: Double(metronome.output.channel))
    sendUnannounced(.metronomeDivision, value: Double(metronome.division))
    sendUnannounced(.metronomeOn, value: metronome.isOn ? 1 : 0)
    _ = setMonitor(enabled: around.monitorOn, gain: around.monitorGain)
    cueGainDB = around.cueGainDB
    sendUnannounced(.cueGain, value: Double(Float(decibels: cueGainDB)))
    journal.missingPorts = around.ports
    for port in around.ports { takeUp(port) }
    guard let input = around.input else { return }
    wishedInput = input
    do throws(Refusal) {
      try attachInput(input, monitor: around.monitorOn) { refusal in
        if let refusal { Log.warning("the input \(input) is not attached: \(refusal.lines[0])") }
      }
    } catch { Log.warning("the input \(input) is not attached: \(error.lines[0])") }
  }

  private func takeUp(_ port: Surroundings.Port) {
    let direction = port.isInput ? MIDIPort.Direction.input : .output
    do throws(Refusal) {
      try attach(direction, port.name) { [self] result in
        do throws(Refusal) { try lead(port, try result.get()) } catch {
          warn("the MIDI port \(port.name) is not attached: \(error.lines[0])")
        }
      }
    } catch { warn("the MIDI port \(port.name) is not attached: \(error.lines[0])") }
  }

  private func lead(_ port: Surroundings.Port, _ attachment: MIDIPatchbay.Attachment) throws(Refusal) {
    journal.missingPorts.removeAll { $0.name == port.name && $0.isInput == port.isInput }
    let direction = port.isInput ? MIDIPort.Direction.input : .output
    if port.leads { ports.follower = (attachment.slot, MIDIClockFollower(sampleRate: engine.sampleRate)) }
    if let index = ports.index(direction, slot: attachment.slot), port.hasClock {
      ports.attached[index].hasClock = true
      sendUnannounced(.midiClock, value: Double(attachment.slot), address: 1)
    }
    guard let id = port.track, let track = timeline.track(id: id) else { return }
    try lead(attachment, to: track, channel: port.channel, .inside) {}
  }
}
