import Foundation
import Glibc
import HootWire
import JACKBench

extension Peers {
  /// Our own cycles over budget while FluidR3 is loaded during dense playing, beside the xruns that fluidsynth's `load`
  /// of it costs and those an idle client sees anyway.
  package func loading() throws -> [PeerFigure] {
    try require(Fluidsynth.isInstalled, "fluidsynth")
    try require(access(largeFont, R_OK) == 0, largeFont)
    return try [512, 1024].map { period in
      let ours = try ownLoads(period: period)
      let theirs = try fluidsynthLoads(period: period)
      return PeerFigure(
        name: "late_cycles_while_loading_\(period)", value: Double(ours.late), unit: "own cycles over budget",
        against:
          "\(Self.loads) loads, \(ours.xruns) xruns then; as long without a load \(ours.quiet) over budget; "
          + "fluidsynth's load \(theirs.loading) xruns, an idle client as long \(theirs.idle)",
        goal: 0, proves: "own over-budget cycles while loading FluidR3, next to fluidsynth's load")
    }
  }

  private static let loads = 3
  private static let secondsOfLoad = 4

  /// The demonstration piece rolls, and the font of all its tracks is swapped for the large one and back.
  /// The same time without a load first, as the control.
  private func ownLoads(period: Int) throws -> (late: Int64, quiet: Int64, xruns: Int) {
    let seed = "\(root)/soundfonts/garden-seed.sf2"
    let rig = Rig(try JACKServer(period: period))
    defer { rig.end() }
    let daemon = rig.hold(try daemon(on: rig.server, font: seed))
    for name in ["lead.mid", "chords.mid", "bass.mid", "drums.mid"] {
      try daemon.act("region_add", ["file": .string("\(root)/config/demo/\(name)"), "tempo": "adopt"])
    }
    let witness = try rig.recorder()
    try daemon.act("play", ["from": "13:1"])
    sleep(2)
    let before = try daemon.audio("late_blocks")
    sleep(UInt32(Self.loads * (Self.secondsOfLoad + 1)))
    let late = try daemon.audio("late_blocks")
    let xruns = witness.xruns
    for _ in 0..<Self.loads {
      try daemon.ask("soundfont_use", ["font": .string(largeFont)])
      sleep(UInt32(Self.secondsOfLoad))
      try daemon.ask("soundfont_use", ["font": .string(seed)])
      sleep(1)
    }
    return (try daemon.audio("late_blocks") - late, late - before, witness.xruns - xruns)
  }

  /// Five notes a second through JACK MIDI; the same time without a load first, as the control.
  private func fluidsynthLoads(period: Int) throws -> (loading: Int, idle: Int) {
    let rig = Rig(try JACKServer(period: period))
    defer { rig.end() }
    let folder = rig.hold(try SceneFolder())
    let striker = try rig.recorder("striker")
    let fluidsynth = rig.hold(
      try Fluidsynth(
        rig.server, font: "\(root)/soundfonts/garden-seed.sf2", log: folder.file("log"), seconds: 110))
    guard let ports = fluidsynth.ports(striker), striker.connect(from: "striker:midi_out", to: ports.midi)
    else {
      throw SceneFailure("fluidsynth cannot be connected: \(fluidsynth.said)")
    }
    let seconds = Self.loads * (Self.secondsOfLoad + 1)
    for number in 0..<5 * (2 * seconds + 4) {
      striker.send(0x90, UInt8(40 + number % 40), 90, at: striker.clock + 9600 * number)
    }
    sleep(2)
    let before = striker.xruns
    sleep(UInt32(seconds))
    let idle = striker.xruns - before
    for _ in 0..<Self.loads {
      fluidsynth.type("load \(largeFont)")
      sleep(UInt32(Self.secondsOfLoad))
      fluidsynth.type("unload 2")
      sleep(1)
    }
    return (striker.xruns - before - idle, idle)
  }
}
