import Testing

@testable import AudioDrivers

struct ConnectionMemoryTests {
  private var memory = ConnectionMemory()
  private var there: Set<String> = ["system:1", "system:2", "witness:in"]

  private mutating func look(_ connected: String...) -> [String] {
    let there = there
    return memory.look(port: 0, connected: connected) { there.contains($0) }
  }

  @Test mutating func `What was connected when the server went is connected again`() {
    #expect(look("system:1", "witness:in") == [])
    memory.lose()
    there = []
    #expect(look() == [])
    there = ["system:1"]
    #expect(look() == ["system:1"])
    there = ["system:1", "witness:in"]
    #expect(look("system:1") == ["witness:in"])
    #expect(look("system:1", "witness:in") == [])
  }

  @Test mutating func `What somebody took apart stays apart`() {
    #expect(look("system:1", "witness:in") == [])
    #expect(look("witness:in") == [])
    #expect(look("witness:in") == [])
    memory.lose()
    #expect(look() == ["witness:in"])
  }

  @Test mutating func `A moment without it takes nothing apart`() {
    #expect(look("system:1") == [])
    #expect(look() == [])
    #expect(look("system:1") == [])
    memory.lose()
    #expect(look() == ["system:1"])
  }

  @Test mutating func `A peer that goes and comes is connected again, the server staying`() {
    #expect(look("witness:in") == [])
    there = []
    #expect(look() == [])
    #expect(look() == [])
    there = ["witness:in"]
    #expect(look() == ["witness:in"])
  }

  @Test mutating func `A connection that a server refuses is asked for once, not for ever`() {
    #expect(look("system:1") == [])
    memory.lose()
    #expect(look() == ["system:1"])
    for _ in 0..<5 { #expect(look() == []) }
    memory.lose()
    #expect(look() == ["system:1"])
  }

  @Test mutating func `Where everything was taken apart nothing is connected by itself`() {
    #expect(memory.wantsUsual)
    _ = look("system:1")
    _ = look()
    _ = look()
    memory.lose()
    #expect(look() == [])
    #expect(!memory.wantsUsual)
  }

  @Test mutating func `A connection that was asked for and is not made is refused once, after some looks`() {
    memory.ask(usual: [(port: 0, peer: "system:1"), (port: 0, peer: "system:2")])
    #expect(!memory.wantsUsual)
    for _ in 1..<DriverLimits.looksForConnection {
      #expect(look("system:2") == [])
      #expect(memory.takeRefusals() == [])
    }
    #expect(look("system:2") == [])
    #expect(memory.takeRefusals() == [.init(port: 0, peer: "system:1")])
    for _ in 0..<20 { #expect(look("system:2") == []) }
    #expect(memory.takeRefusals() == [])
    // Asked for again when the server is another one.
    memory.lose()
    #expect(look() == ["system:1", "system:2"])
    for _ in 1...DriverLimits.looksForConnection { _ = look("system:1") }
    #expect(memory.takeRefusals() == [.init(port: 0, peer: "system:2")])
  }

  @Test mutating func `A refused connection that is made by hand is one like any other`() {
    memory.ask(usual: [(port: 0, peer: "system:1")])
    for _ in 1...DriverLimits.looksForConnection { _ = look() }
    #expect(look("system:1") == [])
    #expect(look() == [])
    #expect(look() == [])
    memory.lose()
    #expect(look() == [])
  }

  @Test mutating func `Where nothing was ever connected the usual outputs are still wanted`() {
    there = []
    for _ in 0..<5 { #expect(look() == []) }
    #expect(memory.wantsUsual)
    there = ["witness:in"]
    #expect(look("witness:in") == [])
    #expect(!memory.wantsUsual)
  }
}
