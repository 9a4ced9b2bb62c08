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
    #expect(!memory.hasBegun)
    _ = look("system:1")
    _ = look()
    _ = look()
    memory.lose()
    #expect(look() == [])
    #expect(memory.hasBegun)
  }
}
