import Foundation
import HootWire
import Testing

@testable import ControlSocket

@Suite struct EventTests {
  private let folder = TemporaryFolder()

  private func makeClient() throws(SocketError) -> ControlClient {
    try ControlClient(directory: folder.path, timeouts: patient)
  }

  /// Publishes, for every request, `count` events under each topic it names, then replies.
  private static func publish(_ server: ControlServer, _ incoming: Incoming) {
    guard case .success(let body) = incoming.request, let topics = body.content["topics"]?.array else {
      return
    }
    for index in 0..<(body.content["count"]?.int ?? 1) {
      for topic in topics.compactMap(\.string) {
        server.publishEvent(topic: topic, content: ["index": .integer(index)])
      }
    }
    server.reply(to: incoming, content: ["type": "ok"])
  }

  @Test func onceSubscribedNoEventIsMissed() throws {
    let daemon = try TestDaemon(folder.path, serve: EventTests.publish)
    for _ in 0..<20 {
      let client = try makeClient()
      try client.subscribe(topics: ["z.last", "a.first"])
      // Published while the client does not look, right after the confirmation.
      _ = try client.request(["topics": ["z.last", "m.other", "a.first"], "count": 2])
      let events = (0..<4).compactMap { _ in client.nextEvent(timeout: .seconds(10)) }
      #expect(events.map(\.topic) == ["z.last", "a.first", "z.last", "a.first"])
      #expect(events.map { $0.content["index"]?.int } == [0, 0, 1, 1])
      #expect(client.nextEvent(timeout: .milliseconds(20)) == nil)
    }
    daemon.stop()
  }

  @Test func aTopicMatchesByItsBeginningAndTheEmptyOneMatchesAll() throws {
    let daemon = try TestDaemon(folder.path, serve: EventTests.publish)
    let meters = try makeClient()
    let all = try makeClient()
    try meters.subscribe(topics: ["meter."])
    try all.subscribe(topics: [""])
    let later = try makeClient()
    try later.subscribe(topics: ["nothing"])
    _ = try all.request(["topics": ["transport.rolling", "meter.master", "meter"]])
    let seen = (0..<3).compactMap { _ in all.nextEvent(timeout: .seconds(10))?.topic }
    #expect(seen == ["transport.rolling", "meter.master", "meter"])
    #expect(meters.nextEvent(timeout: .seconds(10))?.topic == "meter.master")
    #expect(meters.nextEvent(timeout: .milliseconds(20)) == nil)
    #expect(all.unreadableEvents == 0)
    daemon.stop()
  }

  @Test func eventsThatComeDuringAFurtherSubscriptionAreKept() throws {
    let daemon = try TestDaemon(folder.path, serve: EventTests.publish)
    let client = try makeClient()
    try client.subscribe(topics: ["a"])
    _ = try client.request(["topics": ["a"], "count": 5])
    try client.subscribe(topics: ["b"])
    _ = try client.request(["topics": ["b"]])
    let topics = (0..<6).compactMap { _ in client.nextEvent(timeout: .seconds(10))?.topic }
    #expect(topics == ["a", "a", "a", "a", "a", "b"])
    daemon.stop()
  }

  @Test func theServerKnowsWhetherAnybodyListens() throws {
    let server = try ControlServer(directory: folder.directory)
    let directory = try folder.directory
    #expect(!server.isSubscribed(topic: "meter.master"))
    var listener: ZMQSocket? = try ZMQSocket(ZMQContext(directory), .sub, directory)
    listener?.subscribe("meter")
    try listener?.connect(.events)
    pollUntil(server) { server.isSubscribed(topic: "meter.master") }
    #expect(server.isSubscribed(topic: "meter"))
    #expect(!server.isSubscribed(topic: "mete"))
    #expect(!server.isSubscribed(topic: "transport"))
    listener = nil
    pollUntil(server) { !server.isSubscribed(topic: "meter.master") }
    server.publishEvent(topic: "meter", content: nil)
    #expect(server.counters.eventsPublished == 0)
  }

  @Test func aSlowSubscriberHoldsNobodyUp() throws {
    let daemon = try TestDaemon(folder.path, serve: EventTests.publish)
    let slow = try makeClient()
    try slow.subscribe(topics: ["a"])
    let client = try makeClient()
    try client.subscribe(topics: ["b"])
    // Far more than the queues between daemon and subscriber hold.
    #expect(try client.request(["topics": ["a"], "count": 20_000], timeout: .seconds(60)) == ["type": "ok"])
    _ = try client.request(["topics": ["b"]])
    #expect(client.nextEvent(timeout: .seconds(10))?.topic == "b")
    var count = 0
    while slow.nextEvent(timeout: .milliseconds(50)) != nil { count += 1 }
    #expect((1..<20_000).contains(count))
    daemon.stop()
  }

  @Test func aReadableDescriptorEndsTheWaitForAnEvent() throws {
    let daemon = try TestDaemon(folder.path)
    let client = try makeClient()
    try client.subscribe(topics: [""])
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    #expect(write(ends[1], "q", 1) == 1)
    #expect(client.nextEvent(timeout: .seconds(60), wakingOn: ends[0]) == nil)
    daemon.stop()
  }

  @Test func subscriptionsBeyondWhatIsRememberedCountAsWantingEverything() {
    var subscriptions = Subscriptions()
    for index in 0..<SocketLimits.trackedSubscriptions {
      #expect(subscriptions.take([1] + Array("t\(index).".utf8)) == nil)
    }
    #expect(!subscriptions.wants("other"))
    #expect(subscriptions.wants("t5.x"))
    #expect(subscriptions.take([1] + Array("one more".utf8)) == nil)
    #expect(subscriptions.wants("other"))
  }

  @Test func whatIsNoSubscriptionIsIgnored() {
    var subscriptions = Subscriptions()
    #expect(subscriptions.take([]) == nil)
    #expect(subscriptions.take([2, 0x61]) == nil)
    #expect(subscriptions.take([0, 0x61]) == nil)
    #expect(!subscriptions.wants("a"))
    #expect(subscriptions.take([1] + Array("welcome".utf8)) == Array("welcome".utf8))
    #expect(subscriptions.take([0] + Array("welcome".utf8)) == nil)
    #expect(!subscriptions.wants("welcome"))
  }

  private func pollUntil(_ server: ControlServer, _ condition: () -> Bool) {
    let deadline = Deadline(after: .seconds(10))
    while !condition() && deadline.remainingNanoseconds > 0 { _ = server.poll(timeout: .milliseconds(5)) }
    #expect(condition())
  }
}
