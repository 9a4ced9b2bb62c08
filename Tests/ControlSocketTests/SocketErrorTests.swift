import Testing

@testable import ControlSocket

@Suite struct SocketErrorTests {
  private static let kinds: [SocketError.Kind] = [
    .unreachable, .silent(milliseconds: 250), .timeout(milliseconds: 5000), .busy,
    .pathTooLong(bytes: 120, limit: 87), .badPath("is empty"), .notADirectory,
    .unsafeDirectory("has mode 777"), .notPermitted("refuses mkdir: Permission denied"), .locked(pid: 42),
    .locked(pid: nil), .occupied(socket: "chaosgarden-hb", answers: true),
    .occupied(socket: "chaosgarden-hb", answers: false), .tooLarge(bytes: 20, limit: 10),
    .badReply("it is Empty; Json was asked for"),
    .system(call: "zmq_socket", code: 24, text: "Too many open files"),
  ]

  @Test(arguments: kinds) func everyRefusalHasThreeLinesWhateverTheDirectoryIsCalled(_ kind: SocketError.Kind)
  {
    for directory in ["/run/user/1000/chaosgarden", "/tmp/a\nError: b\r\u{1b}[31m"] {
      let lines = SocketError(kind, directory).lines
      #expect(lines.count == 3)
      for line in lines {
        #expect(!line.isEmpty)
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
      }
    }
  }

  @Test func valueSeenAndValueAllowedStandInTheSecondLine() {
    let error = SocketError(.pathTooLong(bytes: 120, limit: 87), "/d")
    #expect(error.lines[1].contains("120 bytes; at most 87"))
    #expect(SocketError(.locked(pid: 42), "/d").lines[1] == "process 42 holds the lock in /d")
  }
}
