import Foundation
import Testing

@testable import ControlSocket

@Suite struct ServingAloneTests {
  @Test func aSecondServerIsRefusedWithTheProcessOfTheFirst() throws {
    let folder = TemporaryFolder()
    let first = try TestDaemon(folder.path)
    let error = #expect(throws: SocketError.self) { try ControlServer(directory: folder.directory) }
    #expect(error?.kind == .locked(pid: getpid()))
    #expect(error?.lines[1] == "process \(getpid()) holds the lock in \(folder.path)")
    // The first has lost nothing.
    let client = try ControlClient(directory: folder.path, timeouts: patient)
    #expect(try client.request(["type": "play"])["type"] == "ok")
    first.stop()
  }

  @Test func afterClosingNothingIsLeftAndAnotherMayServe() throws {
    let folder = TemporaryFolder()
    for _ in 0..<3 {
      let server = try ControlServer(directory: folder.directory)
      #expect(try folder.names.count == 7)
      server.close()
      #expect(try folder.names == [])
      #expect(server.poll(timeout: .zero).requests.isEmpty)
    }
  }

  @Test func aServerThatGoesUnclosedLeavesNothing() throws {
    let folder = TemporaryFolder()
    do {
      let server = try ControlServer(directory: folder.directory)
      #expect(server.counters == SocketCounters())
    }
    #expect(try folder.names == [])
  }

  @Test func whatACrashLeftBehindIsNoObstacle() throws {
    let folder = TemporaryFolder()
    for name in SocketName.allCases { leaveStaleSocket(try folder.directory.path(of: name)) }
    #expect(
      FileManager.default.createFile(atPath: folder.path + "/chaosgarden.lock", contents: Data("99\n".utf8)))
    let client = #expect(throws: SocketError.self) { try ControlClient(directory: folder.path) }
    #expect(client?.kind == .unreachable)
    let daemon = try TestDaemon(folder.path)
    #expect(
      try ControlClient(directory: folder.path, timeouts: patient).request(["type": "play"])["type"] == "ok")
    daemon.stop()
  }

  @Test func aDaemonWithoutTheLockIsNotRobbed() throws {
    let folder = TemporaryFolder()
    let daemon = try TestDaemon(folder.path)
    unlink(try folder.directory.lockPath)
    let error = #expect(throws: SocketError.self) { try ControlServer(directory: folder.directory) }
    #expect(error?.kind == .occupied(socket: "chaosgarden-control", answers: true))
    #expect(
      try ControlClient(directory: folder.path, timeouts: patient).request(["type": "play"])["type"] == "ok")
    daemon.stop()
  }

  @Test func aProcessThatListensInSilenceIsNotRobbedEither() throws {
    let folder = TemporaryFolder()
    let directory = try folder.directory
    let silent = try ZMQSocket(ZMQContext(directory), .router, directory)
    try silent.bind(.heartbeat)
    let error = #expect(throws: SocketError.self) { try ControlServer(directory: directory) }
    #expect(error?.kind == .occupied(socket: "chaosgarden-hb", answers: false))
    #expect(Listener.at(directory.path(of: .heartbeat)) == .listening)
    #expect(try folder.names == ["chaosgarden-hb"])
  }

  /// A socket file whose process is gone.
  private func leaveStaleSocket(_ path: String) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        #expect(bind(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0)
      }
    }
    close(file)
  }
}
