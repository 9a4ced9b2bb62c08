import ContentStore
import Glibc
import HostBench
import HostClients
import Jobs
import Testing
import Threading

@testable import HootHostClients

@Suite struct FactoryTests {
  private let bench: FactoryBench

  init() throws { bench = try FactoryBench() }

  @Test func eachKindHasItsClient() throws {
    let addresses: [HostKind: String] = [
      .http: "http://127.0.0.1:2000", .command: "/bin/cat", .builtin: "",
      .hoot01: "ipc:///tmp/nobody", .hootenanny: "tcp://127.0.0.1:5580",
    ]
    for (kind, address) in addresses {
      let client = try bench.factory.client(for: bench.host(kind, address))
      #expect(client.kind == kind)
    }
  }

  @Test func `[O75] What speaks to a kind of host is started with the first host of that kind`() throws {
    func started() -> [Bool] {
      bench.factory.workers.withLock {
        [$0.http != nil, $0.children != nil, $0.hoot != nil, $0.maker != nil]
      }
    }
    #expect(started() == [false, false, false, false])
    _ = try bench.factory.client(for: bench.host(.command, "/bin/cat"))
    #expect(started() == [false, true, false, false])
    _ = try bench.factory.client(for: bench.host(.http, "http://127.0.0.1:2000"))
    #expect(started() == [true, true, false, false])
    _ = try bench.factory.client(for: bench.host(.builtin, ""))
    #expect(started() == [true, true, false, true])
  }

  @Test(arguments: [
    (HostKind.http, "gpu:2000"), (.http, ""), (.http, "ftp://gpu"), (.command, ""), (.command, "cat"),
    (.command, "/bin/cat 'x"), (.command, "/bin/cat \\"),
  ])
  func anAddressThatIsNoneOfItsKindMakesNoClient(kind: HostKind, address: String) throws {
    let host = bench.host(kind, address)
    #expect(bench.factory.make(host) == nil)
    #expect(throws: HostFailure.self) { try bench.factory.client(for: host) }
  }

  @Test func aCommandIsTakenApartAsAShellWouldAndRun() throws {
    let client = try bench.factory.client(
      for: bench.host(.command, #"/bin/sh -c 'printf "%s|" "$@"' name a\ b "c'd" ''"#))
    let result = try bench.outcome(client, bench.call("think"))?.result
    #expect(result?.value.map { String(decoding: $0, as: UTF8.self) } == #"{"text":"a b|c'd||"}"#)
  }

  @Test func aCallGoesToTheServiceThatHasItsTool() throws {
    var host = bench.host(.command, "/bin/echo one", tools: ["think"])
    host.services.append(HostSpec.Service(address: "/bin/echo two", tools: ["*"]))
    let client = try bench.factory.client(for: host)
    #expect(try bench.outcome(client, bench.call("think"))?.result?.value == Array(#"{"text":"one\n"}"#.utf8))
    #expect(try bench.outcome(client, bench.call("other"))?.result?.value == Array(#"{"text":"two\n"}"#.utf8))
    host.services[1].tools = ["talk"]
    let narrow = try bench.factory.client(for: host)
    #expect(try bench.outcome(narrow, bench.call("other"))?.failure?.cause == .permanent)
    #expect(bench.health(narrow)?.isUp == true)
    host.services[1].address = "/nowhere"
    let half = try bench.factory.client(for: host)
    #expect(bench.health(half)?.isUp == true && bench.health(half)?.note.contains("/nowhere") == true)
  }

  @Test func anInputIsReadFromTheStoreByEitherName() throws {
    let stored = try bench.store.put(Array("MThd".utf8))
    let client = try bench.factory.client(for: bench.host(.command, "/bin/cat"))
    for name in [stored.hash, stored.digest] {
      let call = bench.call("think", inputs: [HostCall.Input(parameter: "midi", hash: name)])
      let text = try bench.outcome(client, call)?.result?.value.map { String(decoding: $0, as: UTF8.self) }
      #expect(text?.contains(#""midi":"TVRoZA==""#) == true)
    }
    let missing = HostCall.Input(parameter: "midi", hash: String(repeating: "0", count: 32))
    #expect(try bench.outcome(client, bench.call("think", inputs: [missing]))?.failure?.cause == .permanent)
    let hostile = HostCall.Input(parameter: "midi", hash: "../../etc/passwd")
    #expect(try bench.outcome(client, bench.call("think", inputs: [hostile]))?.failure?.cause == .permanent)
  }

  @Test func whatIsLentToAServiceLiesUnderAllItsDigits() throws {
    let stored = try bench.store.put(Array("MThd and more".utf8))
    let name = try bench.store.lend(.hash(stored.hash))
    #expect(name == stored.digest)
    #expect(access("\(bench.store.folder)/\(name.prefix(2))/\(name)", R_OK) == 0)
    // A second time changes nothing.
    #expect(try bench.store.lend(.hash(stored.hash)) == name)
  }

  @Test func nothingIsMadeAfterTheEnd() throws {
    _ = try bench.factory.client(for: bench.host(.http, "http://127.0.0.1:2000"))
    bench.factory.stop()
    bench.factory.stop()
    #expect(bench.factory.make(bench.host(.command, "/bin/cat")) == nil)
  }
}
