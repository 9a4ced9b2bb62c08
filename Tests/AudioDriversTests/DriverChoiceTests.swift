import JACKBench
import Testing

@testable import AudioDrivers

extension JACKDriverTests {
  @Test func `A running server is chosen before the timer`() throws {
    let server = try JACKServer()
    var wishes = DriverWishes()
    wishes.serverName = server.name
    #expect(try DriverChoice.device("auto", wishes)?.status().name == "jack")
    #expect(try DriverChoice.device("timer", wishes) == nil)
    let found = DriverChoice.probe(serverName: server.name)
    #expect(found.map(\.name) == ["jack", "pipewire", "alsa", "timer"])
    #expect(found[0].available)
    #expect(found[0].detail.hasPrefix("jackd '\(server.name)', 48000 Hz, 256 frames"))
    #expect(found[3].available)
  }

  @Test func `Without a server, auto finds the timer and jack is refused in three lines`() throws {
    var wishes = DriverWishes()
    wishes.serverName = JACKServer.uniqueName()
    #expect(try DriverChoice.device("auto", wishes) == nil)
    let error = #expect(throws: DriverError.self) { try ClockKeeper("jack", wishes) }
    #expect(error?.lines.count == 3)
    #expect(error?.why.contains(wishes.serverName ?? "") == true)
    #expect(DriverChoice.probe(serverName: wishes.serverName)[0].available == false)
  }
}

struct DriverChoiceTests {
  @Test func `An unknown driver is refused with the known ones`() {
    let error = #expect(throws: DriverError.self) { try ClockKeeper("oss", DriverWishes()) }
    #expect(error?.why == "There are: auto, jack, pipewire, alsa, virtual, timer.")
  }

  @Test func `A machine without the JACK library is told what to install`() {
    let error = #expect(throws: DriverError.self) { try JACKDriver(library: .file("/nowhere/libjack.so.0")) }
    #expect(error?.why.contains("/nowhere/libjack.so.0") == true)
    #expect(error?.next.contains("apt install") == true)
  }

  @Test func `A library that is not JACK's is refused`() {
    let error = #expect(throws: DriverError.self) { try JACKDriver(library: .file("libm.so.6")) }
    #expect(error?.why.contains("jack_") == true)
  }

  @Test(arguments: ["", "a:b", String(repeating: "x", count: 64), "a\0b"])
  func `A client name that JACK would cut or split is refused`(name: String) {
    #expect(throws: DriverError.self) { try JACKDriver(clientName: name) }
  }

  @Test(arguments: ["", "../elsewhere", String(repeating: "x", count: 64), "a\0b"])
  func `A server name that is no name is refused`(name: String) {
    #expect(throws: DriverError.self) { try JACKDriver(serverName: name) }
  }
}
