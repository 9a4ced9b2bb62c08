import AudioDrivers
import Glibc
import JACKBench
import Testing

extension JACKDriverTests {
  @Test(arguments: [("cue_left", 2), ("cue_right", -2), ("click", 3)])
  func `Cue and click have ports of their own`(port: String, factor: Float) throws {
    let server = try JACKServer()
    let driver = try JACKDriver(serverName: server.name, autoconnect: true)
    let renderer = CountingRenderer(counting: false)
    try driver.start(renderer.entry)
    let recorder = try #require(JACKRecorder(server: server.name, capacity: 8_000_000))
    #expect(recorder.connections(of: "chaosgarden:\(port)").isEmpty)
    #expect(recorder.connect("chaosgarden:\(port)", channel: 0))
    let before = recorder.frames
    #expect(eventually { recorder.frames > before + 2000 })
    // A server in time goes on without a client that a busy machine kept from its block.
    #expect(recorder.setFreewheeling(true))
    renderer.startCounting()
    #expect(eventually { recorder.samples(channel: 0).drop { $0 == 0 }.count > 5_000 })
    driver.stop()
    let heard = recorder.samples(channel: 0).drop { $0 == 0 }.prefix(5_000)
    #expect(firstBreak(heard, from: factor, step: factor) == nil)
  }

  @Test func `What comes in at midi_in is taken with its frame, and what is too long is left`() throws {
    let server = try JACKServer()
    let driver = try JACKDriver(serverName: server.name)
    let renderer = CountingRenderer()
    try driver.start(renderer.entry)
    let recorder = try #require(JACKRecorder(server: server.name, capacity: 1000))
    #expect(recorder.connect(from: "witness:midi_out", to: "chaosgarden:midi_in"))
    #expect(driver.takeMIDI().isEmpty)
    recorder.send([0xF0, 1, 2, 3, 0xF7])
    usleep(100_000)
    let before = renderer.counted
    recorder.send([0xB0, 64, 127])
    var inputs: [MIDIInput] = []
    #expect(
      eventually {
        inputs += driver.takeMIDI()
        return !inputs.isEmpty
      })
    #expect(inputs.map(\.bytes) == [[0xB0, 64, 127]])
    let frame = try #require(inputs.first?.frame)
    #expect(frame >= before)
    #expect(frame % 256 == 128)
    #expect(frame <= renderer.counted + 256)
  }

  @Test func `MIDI that nobody takes is dropped and counted`() throws {
    let server = try JACKServer(period: 1024)
    let driver = try JACKDriver(serverName: server.name)
    let renderer = CountingRenderer()
    try driver.start(renderer.entry)
    let recorder = try #require(JACKRecorder(server: server.name, capacity: 1000))
    #expect(recorder.connect(from: "witness:midi_out", to: "chaosgarden:midi_in"))
    let sent = 3 * 400
    for _ in 0..<3 {
      recorder.send([0xFA], count: 400)
      usleep(200_000)
    }
    #expect(eventually { driver.status().midiDropped > 0 })
    #expect(driver.takeMIDI().count == DriverLimits.midiInputs)
    #expect(driver.status().midiDropped == UInt64(sent - DriverLimits.midiInputs))
  }
}
