import Foundation
import Glibc
import HootWire
import JACKBench
import SeedSoundFont

extension Soak {
  /// Ten notes a second through a JACK server at periods of 64 to 1024 frames: ours from a MIDI file within
  /// ±32 frames; beside it FluidSynth's own JACK driver, given the same notes as JACK MIDI at their exact frames, and
  /// scsynth, given them as bundles. A peer that is not installed is left out, and said to be.
  func onsets() throws -> Verdict {
    var isGood = true
    var words: [String] = []
    for period in [64, 128, 256, 512, 1024] {
      let heard = try onsets(period: period)
      isGood = isGood && heard.isGood
      words.append(heard.words)
    }
    return Verdict("onsets", isGood: isGood, words.joined(separator: "; "))
  }

  /// 193 ticks at 120 BPM: on the synth's grid of 64 frames only every 64th time.
  private static let spacing = 4825
  private static let ticks = 193

  private func onsets(period: Int) throws -> (isGood: Bool, words: String) {
    let heard = try onsetsBesidePeers(period: period)
    guard heard.xruns > 0 else { return (Self.areWithinHalfTheGrid(heard.own, times: times), heard.words) }
    // The machine took cycles from somebody, and what is heard has gaps: our own once more, with nobody in a hurry. A
    // process has one server at a time, so the other one is gone by now.
    let whole = try wholeOnsets(period: period)
    let words = heard.words + ", \(heard.xruns) xruns; once more out of time: "
    return (
      Self.areWithinHalfTheGrid(whole, times: times), words + whole.words(of: times, spacing: Self.spacing)
    )
  }

  private struct Heard {
    let own: Onsets
    let words: String
    let xruns: Int
  }

  private func onsetsBesidePeers(period: Int) throws -> Heard {
    let frames = Self.spacing * (times + 20)
    let rig = Rig(try JACKServer(period: period, seconds: frames / 48_000 + 120))
    defer { rig.end() }
    let folder = rig.hold(try SceneFolder())
    let witness = try rig.recorder(capacity: frames + 480_000)
    let other = try rig.recorder("other", capacity: frames + 480_000)
    let striker = try rig.recorder("striker")
    let daemon = rig.hold(try daemonWithNotes(on: rig.server))
    guard witness.connect("chaosgarden:out_left", channel: 0) else {
      throw SceneFailure("the daemon has no port")
    }
    let peers = try startPeers(rig, folder, witness: witness, other: other, striker: striker)
    let start = witness.frames
    try daemon.act("play")
    strike(peers, striker)
    guard holds(within: Double(frames) / 48_000 + 30, { witness.frames >= start + frames }) else {
      throw SceneFailure("the server stands still")
    }
    return judge(period, witness, other, peers, start: start)
  }

  private struct Peers {
    var fluidsynth: Fluidsynth?
    var scsynth: Scsynth?
  }

  private func startPeers(
    _ rig: Rig, _ folder: SceneFolder, witness: JACKRecorder, other: JACKRecorder,
    striker: JACKRecorder
  ) throws -> Peers {
    var peers = Peers()
    let seconds = times / 10 + 120
    if Fluidsynth.isInstalled {
      let fluidsynth = rig.hold(
        try Fluidsynth(rig.server, font: font, log: folder.file("fluidsynth.log"), seconds: seconds))
      guard let ports = fluidsynth.ports(witness), witness.connect(ports.audio[0], channel: 1),
        striker.connect(from: "striker:midi_out", to: ports.midi)
      else { throw SceneFailure("fluidsynth cannot be connected: \(fluidsynth.said)") }
      peers.fluidsynth = fluidsynth
    }
    if Scsynth.isInstalled {
      let scsynth = rig.hold(try Scsynth(rig.server, log: folder.file("scsynth.log"), seconds: seconds))
      guard scsynth.loadClick(), other.connect("SuperCollider:out_1", channel: 0) else {
        throw SceneFailure("scsynth cannot be connected")
      }
      peers.scsynth = scsynth
    }
    return peers
  }

  private func strike(_ peers: Peers, _ striker: JACKRecorder) {
    let clock = striker.clock + 24_000
    let time = Date().timeIntervalSince1970 + 0.5
    for number in 0..<times {
      if peers.fluidsynth != nil {
        striker.send(0x99, UInt8(SeedSoundFont.testClickKey), 127, at: clock + number * Self.spacing)
      }
      peers.scsynth?.click(
        at: time + Double(number * Self.spacing) / 48_000, number: Int32(2000 + number))
    }
  }

  private func judge(
    _ period: Int, _ witness: JACKRecorder, _ other: JACKRecorder, _ peers: Peers, start: Int
  ) -> Heard {
    let lost = witness.xruns
    func heard(_ recorder: JACKRecorder, _ channel: Int) -> String {
      Onsets(Array(recorder.samples(channel: channel).dropFirst(start)), gap: 1500).words(
        of: times, spacing: Self.spacing, lost: lost)
    }
    let own = Onsets(Array(witness.samples(channel: 0).dropFirst(start)), gap: 1500)
    var words = "at \(period) frames \(own.words(of: times, spacing: Self.spacing, lost: lost))"
    words += ", fluidsynth \(peers.fluidsynth == nil ? "is not installed" : heard(witness, 1))"
    words += ", scsynth \(peers.scsynth == nil ? "is not installed" : heard(other, 0))"
    return Heard(own: own, words: words, xruns: lost)
  }

  /// Our own notes through a server that waits for its clients, so that no cycle is lost however busy the machine is.
  package func wholeOnsets(period: Int) throws -> Onsets {
    let frames = Self.spacing * (times + 10)
    let rig = Rig(try JACKServer(period: period, seconds: frames / 48_000 + 120))
    defer { rig.end() }
    let witness = try rig.recorder(capacity: 3 * frames + 480_000)
    let daemon = rig.hold(try daemonWithNotes(on: rig.server))
    guard witness.connect("chaosgarden:out_left", channel: 0), witness.setFreewheeling(true) else {
      throw SceneFailure("the daemon has no port")
    }
    let start = witness.frames
    try daemon.act("play")
    guard holds(within: 120, { witness.frames >= start + 2 * frames }) else {
      throw SceneFailure("the server stands still")
    }
    return Onsets(Array(witness.samples(channel: 0).dropFirst(start)), gap: 1500)
  }

  package static func areWithinHalfTheGrid(_ onsets: Onsets, times: Int) -> Bool {
    onsets.frames.count == times && onsets.halfSpread(spacing: spacing) <= 32
  }

  private func daemonWithNotes(on server: JACKServer) throws -> SceneDaemon {
    let daemon = try daemon(on: server)
    let file = daemon.folder.file("notes.mid")
    guard FileManager.default.createFile(atPath: file, contents: Data(Self.notes(times))) else {
      throw SceneFailure("\(file) cannot be written")
    }
    try daemon.act("region_add", ["file": .string(file)])
    return daemon
  }

  /// A MIDI file of the seed font's click, at 960 ticks a beat.
  private static func notes(_ count: Int) -> [UInt8] {
    let key = UInt8(SeedSoundFont.testClickKey)
    var track: [UInt8] = []
    for number in 0..<count {
      let pause = ticks - 48
      track += number == 0 ? [0] : [0x80 | UInt8(pause >> 7), UInt8(pause & 127)]
      track += [0x99, key, 127, 48, 0x89, key, 0]
    }
    track += [0, 0xFF, 0x2F, 0]
    let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: track.count >> $0) }
    return Array("MThd".utf8) + [0, 0, 0, 6, 0, 0, 0, 1, 0x03, 0xC0] + Array("MTrk".utf8) + length + track
  }
}
