import Glibc
import HostBench
import Jobs
import Testing
import Threading

@testable import HostClients

@Suite struct CallDeskTests {
  @Test func callsAreRefusedWhenFullAndWordsAboutThemAreNot() throws {
    let desk = try CallDesk<String>(capacity: 2)
    let first = try #require(desk.start("a"))
    _ = try #require(desk.start("b"))
    #expect(desk.start("c") == nil)
    desk.cancel(first)
    desk.stop()
    let orders = desk.take()
    #expect(orders.calls.map(\.call) == ["a", "b"])
    #expect(orders.cancelled == [first] && orders.isStopping)
    #expect(desk.start("d") == nil, "it stops")
    #expect(desk.take().calls.isEmpty)
  }

  @Test func theBellRingsExactlyWhileThereIsSomethingToTake() throws {
    let desk = try CallDesk<Int>(capacity: 8)
    func rings() -> Bool {
      var interest = pollfd(fd: desk.descriptor, events: Int16(POLLIN), revents: 0)
      return poll(&interest, 1, 0) == 1
    }
    #expect(!rings())
    desk.cancel(7)
    desk.cancel(8)
    #expect(rings())
    #expect(desk.take().cancelled == [7, 8])
    #expect(!rings())
  }

  @Test func aCancelAndAStopAreNotLostWhenTheDeskOfTheChildrenIsFull() throws {
    let worker = try ChildWorker()
    let gate = Gate()
    let ends = Locked(0)
    let wish = ChildWish(
      arguments: ["/bin/sh", "-c", "echo x >&2; exec sleep 1000"], environment: [:], folder: nil, input: [],
      outputBytes: 1000, total: 1000, silence: nil)
    // Its first line holds the worker's thread, so that the desk fills up.
    let first = try #require(
      worker.desk.start(
        ChildWorker.Order(wish: wish, talk: { _ in gate.wait() }, end: { _ in ends.withLock { $0 += 1 } })))
    #expect(eventually { gate.isWaitedAt })
    var taken = 1
    while worker.desk.start(
      ChildWorker.Order(wish: wish, talk: { _ in }, end: { _ in ends.withLock { $0 += 1 } })) != nil
    {
      taken += 1
    }
    #expect(taken == HostClientLimits.orders + 1)
    worker.desk.cancel(first)
    gate.open()
    worker.stop()
    #expect(ends.withLock { $0 } == taken, "every call ended")
  }

  @Test func aCancelAndAStopAreNotLostWhenTheDeskOfHTTPIsFull() throws {
    let worker = try HTTPWorker()
    let host = try ScriptedHost { _, _ in
      [.text("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: here\n\n"), .hang]
    }
    defer { host.stop() }
    let gate = Gate()
    let ends = Locked(0)
    func order(_ remark: @escaping @Sendable () -> Void) -> HTTPWorker.Order {
      HTTPWorker.Order(
        request: HTTPRequest(url: host.url, connect: 30, total: 1000, replyBytes: 1000),
        ends: HTTPWorker.Ends(events: { _ in }, remark: remark, end: { _ in ends.withLock { $0 += 1 } }))
    }
    let first = try #require(worker.desk.start(order { gate.wait() }))
    #expect(eventually { gate.isWaitedAt })
    var taken = 1
    while worker.desk.start(order {}) != nil { taken += 1 }
    #expect(taken == HostClientLimits.orders + 1)
    worker.desk.cancel(first)
    gate.open()
    worker.stop()
    #expect(ends.withLock { $0 } == taken, "every call ended")
  }
}

/// Holds whoever comes until it is opened.
private final class Gate: Sendable {
  private let state = Locked((isOpen: false, isWaitedAt: false))

  var isWaitedAt: Bool { state.withLock { $0.isWaitedAt } }

  func open() { state.withLock { $0.isOpen = true } }

  func wait() {
    state.withLock { $0.isWaitedAt = true }
    _ = eventually { state.withLock { $0.isOpen } }
  }
}
