import HostBench
import Jobs
import Testing
import Threading

@testable import HostClients

@Suite struct AddressTests {
  @Test(
    "[O25] a URL that leads into this machine or a private network is refused, however it is spelt",
    arguments: [
      "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
      "http://0x7f.1/", "http://017700000001:80/hook", "http://127.0.0.1./", "HTTP://127.255.255.254:9/",
      "http://0/", "http://0.0.0.0:8080/", "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/",
      "http://172.31.255.255/", "http://192.168.1.1/", "http://0xc0a80101/", "http://100.64.0.1/",
      "http://100.127.255.255/", "http://169.254.1.1/", "http://169.254.169.254/latest/meta-data/",
      "http://2852039166/", "http://224.0.0.1/", "http://239.255.255.255/", "http://255.255.255.255/",
      "http://240.0.0.1/", "http://198.18.0.1/", "http://192.0.2.1/", "http://[::1]/", "http://[::]/",
      "http://[0:0:0:0:0:0:0:1]:80/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
      "http://[::ffff:10.0.0.1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/",
      "http://[64:ff9b::a9fe:a9fe]/", "http://[2002:7f00:1::]/", "http://[fe80::1]/",
      "http://[fe80::1%25lo]/", "http://[fc00::1]/", "http://[fd12:3456::1]/", "http://[fd00:ec2::254]/",
      "http://[ff02::1]/", "http://[2001:db8::1]/", "http://localhost/", "http://LOCALHOST:80/",
      "http://localhost./", "http://a.localhost/", "https://127.0.0.1/",
    ])
  func forbidden(url: String) {
    #expect(AddressRule().refusal(url: url) != nil)
    #expect(AddressRule(allowsAll: true).refusal(url: url) == nil)
  }

  @Test(
    "[O25] what is no URL to post to is refused, whatever the configuration allows",
    arguments: [
      "", "/hook", "example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/",
      "javascript:alert(1)", "http://", "http://user@example.org/",
      "http://user:pw@example.org/",
      "http://:pw@example.org/", "http://example.org:99999/", "http://exa mple.org/",
      "http://example.org\\@10.0.0.1/",
      "http://example.org/\r\nX: y", "http://example.org/\u{0}", "http://exämple.org/",
      "http://[::1", "http://" + String(repeating: "a", count: 3_000) + "/",
    ])
  func malformed(url: String) {
    #expect(AddressRule(allowsAll: true).refusal(url: url) != nil)
  }

  @Test(
    "an address of the internet at large is allowed",
    arguments: [
      "http://8.8.8.8/", "https://example.org/hook?x=1#y", "http://172.32.0.1/", "http://100.128.0.1/",
      "http://11.0.0.1/", "http://[2606:4700::1111]/", "http://[::ffff:8.8.8.8]/", "http://128.0.0.1:8080/",
      "http://192.169.0.1/", "http://localhost.example.org/", "http://223.255.255.255/",
    ])
  func allowed(url: String) {
    #expect(AddressRule().refusal(url: url) == nil)
  }

  @Test func `a network in the configuration is allowed, and nothing beside it`() throws {
    let rule = AddressRule(
      networks: try ["10.1.0.0/16", "127.0.0.1", "fd00::/8"].map {
        try #require(AddressRule.Network($0))
      })
    for url in ["http://10.1.2.3/", "http://127.0.0.1:9/", "http://2130706433/", "http://[fd01::1]/"] {
      #expect(rule.refusal(url: url) == nil, "\(url)")
    }
    for url in ["http://10.2.0.1/", "http://127.0.0.2/", "http://[fc00::1]/", "http://192.168.0.1/"] {
      #expect(rule.refusal(url: url) != nil, "\(url)")
    }
    for text in ["", "example.org", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "fd00::/129", "/8"] {
      #expect(AddressRule.Network(text) == nil, "\(text)")
    }
  }

  private func post(_ url: String, _ rule: AddressRule, seconds: Double = 20) throws -> Delivery.End {
    let worker = try HTTPWorker()
    defer { worker.stop() }
    let ends = try Mailbox<Delivery.End>(capacity: 1)
    let delivery = Delivery(
      url: url, headers: ["webhook-id: msg_1"], body: Array("{}".utf8), rule: rule, connectSeconds: 10,
      seconds: seconds, replyBytes: 1024)
    worker.deliver(delivery) { _ = ends.push($0) }
    return try #require(ends.wait(milliseconds: 60_000).first)
  }

  @Test func `[O25] a name that leads here is found out when it is connected to, and nothing arrives`() throws
  {
    let host = try ScriptedHost { _, _ in [.reply(200, "{}")] }
    defer { host.stop() }
    // No check before: as a name that another answer is given for by then.
    let end = try post("http://localhost:\(host.port)/hook", AddressRule())
    guard case .failed(let why) = end else { throw Unexpected(end: end) }
    #expect(why.contains("is loopback"))
    #expect(host.requests.isEmpty)
    // The very same where it is allowed.
    #expect(
      try post("http://localhost:\(host.port)/hook", AddressRule(allowsAll: true))
        == .replied(status: 200, retryAfter: nil))
    #expect(host.requests.map(\.path) == ["/hook"])
  }

  @Test func `an open connection of an allowed call does not serve a refused one`() throws {
    let host = try ScriptedHost { _, _ in [.reply(200, "{}")] }
    defer { host.stop() }
    let worker = try HTTPWorker()
    defer { worker.stop() }
    let ends = try Mailbox<Delivery.End>(capacity: 4)
    for rule in [AddressRule(allowsAll: true), AddressRule()] {
      let delivery = Delivery(
        url: "http://127.0.0.1:\(host.port)/", headers: [], body: [], rule: rule, connectSeconds: 10,
        seconds: 20, replyBytes: 1024)
      worker.deliver(delivery) { _ = ends.push($0) }
      let end = try #require(ends.wait(milliseconds: 60_000).first)
      #expect(end == .replied(status: 200, retryAfter: nil) || rule == AddressRule())
    }
    #expect(host.requests.count == 1)
  }

  private struct Unexpected: Error { var end: Delivery.End }

  @Test func `[O14] a redirect is told and not followed, a reply without end is not read`() throws {
    let host = try ScriptedHost { request, _ in
      switch request.path {
      case "/moved": [.reply(302, "", headers: ["Location: /elsewhere"])]
      case "/busy": [.reply(429, "", headers: ["Retry-After: 7"])]
      case "/flood":
        [.text("HTTP/1.1 200 OK\r\n\r\n"), .endless([UInt8](repeating: 65, count: 4096), every: 0)]
      default: [.hang]
      }
    }
    defer { host.stop() }
    let rule = AddressRule(allowsAll: true)
    #expect(try post(host.url + "/moved", rule) == .replied(status: 302, retryAfter: nil))
    #expect(try post(host.url + "/busy", rule) == .replied(status: 429, retryAfter: "7"))
    #expect(try post(host.url + "/flood", rule) == .replied(status: 200, retryAfter: nil))
    let slow = try post(host.url + "/hang", rule, seconds: 0.2)
    guard case .failed(let why) = slow else { throw Unexpected(end: slow) }
    #expect(why.contains("0.2 s"))
    #expect(host.requests.map(\.path) == ["/moved", "/busy", "/flood", "/hang"])
  }
}
