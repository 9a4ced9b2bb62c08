import Foundation
import Glibc
import HootWire
import Testing

@testable import ControlSocket

@Suite struct NetworkTests {
  private let folder = TemporaryFolder()

  /// Six ports that were free a moment ago.
  private func freePlace() throws -> NetworkPlace {
    for _ in 0..<50 {
      let base = UInt16.random(in: 20_000...60_000)
      if (base..<base + 6).allSatisfy(isFree), let place = NetworkPlace("127.0.0.1:\(base)") { return place }
    }
    throw POSIXError(.EADDRINUSE)
  }

  private func isFree(_ port: UInt16) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }

  private func dealer(
    _ place: NetworkPlace, keys: (public: CurveKey, secret: CurveKey)? = nil, server: CurveKey? = nil
  ) throws -> ZMQSocket {
    let directory = try folder.directory
    let dealer = try ZMQSocket(ZMQContext(directory), .dealer, directory)
    if let keys, let server { dealer.show(keys, to: server) }
    try dealer.connect(.shell, at: place)
    let ping = HootFrame(command: .heartbeat, contentType: .empty, requestID: UUID())
    #expect(dealer.send(ping.encode()) == .queued)
    return dealer
  }

  private func turns(_ server: ControlServer, until condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < deadline {
      _ = server.poll(timeout: .milliseconds(5))
      if condition() { return true }
    }
    return false
  }

  private func hears(_ dealer: ZMQSocket) -> Bool {
    if case .message = dealer.receive() { true } else { false }
  }

  @Test func aPlaceIsAHostAndAPort() {
    let places: [(String, String?, Bool)] = [
      ("5585", "127.0.0.1:5585", true), ("localhost:5585", "127.0.0.1:5585", true),
      ("tcp://127.0.0.5:1", "127.0.0.5:1", true), ("*:5585", "0.0.0.0:5585", false),
      ("192.168.1.2:65530", "192.168.1.2:65530", false), ("eth0:7", "eth0:7", false),
      ("127.evil.example.com:7", "127.evil.example.com:7", false), ("65531", nil, false), ("0", nil, false),
      ("", nil, false), (":5585", nil, false), ("host:", nil, false), ("a b:1", nil, false),
      ("x:-1", nil, false),
      ("x:999999", nil, false), ("ipc:///tmp/x:1", nil, false),
    ]
    for (text, shown, isLoopback) in places {
      #expect(NetworkPlace(text)?.text == shown, "\(text)")
      #expect(NetworkPlace(text)?.isLoopback ?? false == isLoopback, "\(text)")
    }
  }

  @Test func onThisMachineItIsOpenLikeTheDirectory() throws {
    let server = try ControlServer(directory: folder.directory)
    let place = try freePlace()
    try server.listen(at: place, guardedBy: .nobody)
    let client = try dealer(place)
    #expect(turns(server) { hears(client) })
    #expect(server.network == place)
  }

  @Test func onlyAKeyThatIsAllowedComesIn() throws {
    let server = try ControlServer(directory: folder.directory)
    let place = try freePlace()
    let own = try #require(CurveKey.pair())
    let friend = try #require(CurveKey.pair())
    let stranger = try #require(CurveKey.pair())
    try server.listen(at: place, guardedBy: .keys(secret: own.secret, allowed: [friend.public]))
    let plain = try dealer(place)
    let refused = try dealer(place, keys: stranger, server: own.public)
    #expect(turns(server) { (server.desk?.refused ?? 0) > 0 })
    let welcome = try dealer(place, keys: friend, server: own.public)
    #expect(turns(server) { hears(welcome) })
    #expect(server.desk?.admitted == 1)
    #expect(!hears(plain) && !hears(refused) && server.counters.heartbeats == 1)
    // The directory is as open as it was.
    let local = try RawPeer(folder.directory, .shell, routingID: nil)
    let ping = HootFrame(command: .heartbeat, contentType: .empty, requestID: UUID())
    #expect(local.socket.send(ping.encode()) == .queued)
    #expect(local.receive(polling: server) != nil)
  }

  @Test func aPortThatIsTakenIsNamedAndTheOthersAreGivenBack() throws {
    let first = try ControlServer(directory: folder.directory)
    let place = try freePlace()
    try first.listen(at: place, guardedBy: .nobody)
    let other = TemporaryFolder()
    let second = try ControlServer(directory: other.directory)
    let beside = try #require(NetworkPlace("127.0.0.1:\(place.port - 1)"))
    do {
      try second.listen(at: beside, guardedBy: .nobody)
      Issue.record("two daemons listen at one port")
    } catch { #expect(error.lines[0].contains("tcp://127.0.0.1:\(place.port)")) }
    #expect(second.network == nil)
    // libzmq lets go of it on its own thread.
    #expect(turns(second) { isFree(place.port - 1) })
  }

  @Test func whoAskedIsRemembered() throws {
    var visitors = Visitors()
    for index in 0..<SocketLimits.rememberedPeers + 5 {
      visitors.note([Array("peer-\(index)".utf8)], on: .shell)
    }
    visitors.note([[0, 0xFF]], on: .control)
    visitors.note([[0, 0xFF]], on: .control)
    #expect(visitors.all.count == SocketLimits.rememberedPeers)
    #expect(visitors.all.first?.name == "00ff" && visitors.all.first?.requests == 2)
    #expect(!visitors.all.contains { $0.name == "peer-0" })
  }

  // MARK: Keys

  @Test func keysAreMadeOnceAndTheSecretOnesAreSecret() throws {
    let keys = KeyFolder(path: folder.path + "/config/keys")
    #expect(throws: KeyError.self) { try keys.guardian() }
    let server = try keys.makeServer(overwrites: false)
    #expect(throws: KeyError.self) { try keys.makeServer(overwrites: false) }
    #expect(try keys.serverKey() == server)
    let client = try keys.makeClient("laptop")
    #expect(throws: KeyError.self) { try keys.makeClient("laptop") }
    for name in ["", "../up", "a/b", ".hidden", String(repeating: "x", count: 65)] {
      #expect(throws: KeyError.self, "\(name)") { try keys.makeClient(name) }
    }
    #expect(try keys.clients().map(\.name) == ["laptop"])
    guard case .keys(_, let allowed) = try keys.guardian() else {
      Issue.record("no keys")
      return
    }
    #expect(allowed == [client.public])
    #expect(try keys.makeServer(overwrites: true) != server)
    chmod(keys.path + "/server.secret", 0o640)
    #expect(throws: KeyError.self) { try keys.guardian() }
    try Data("no key".utf8).write(to: URL(fileURLWithPath: keys.clientsPath + "/x.public"))
    #expect(throws: KeyError.self) { try keys.clients() }
  }

  @Test func aKeyIsFortyCharactersOfZ85() throws {
    let pair = try #require(CurveKey.pair())
    #expect(pair.public != pair.secret && CurveKey(pair.public.text) == pair.public)
    #expect(CurveKey("") == nil && CurveKey(String(repeating: " ", count: 40)) == nil)
    #expect(CurveKey(bytes: [1, 2]) == nil)
  }
}
