import HostBench
import Jobs
import Testing

@testable import HostClients

@Suite struct HTTPFaultTests {
  private let asking: Asking

  init() throws { asking = try Asking() }

  @Test
  func `[B29] A host that says nothing ends the call at its limit, and is known to be at work perhaps`()
    throws
  {
    let total = try asking.outcome(.hang, call: asked(total: 0.3))?.failure
    #expect(total?.cause == .transport && total?.mayStillRun == true)
    #expect(total?.lines[1] == "It has not ended after 0.3 s, the limit.")
    let silent = try asking.outcome(.hang, call: asked(total: 60, silence: 0.3))?.failure
    #expect(silent?.lines[1] == "Nothing came for 0.3 s, the limit.")
    let stalled = try asking.outcome(
      .text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"), .hang,
      call: asked(total: 60, silence: 0.3))?.failure
    #expect(stalled?.mayStillRun == true && stalled?.cause == .transport)
  }

  @Test func aHostThatIsNotThereWasNotAsked() throws {
    let host = try ScriptedHost { _, _ in [] }
    let url = host.url
    host.stop()
    let client = try asking.client(url)
    #expect(eventually { (try? asking.outcome(client, asked()))??.failure?.mayStillRun == false })
    let failure = try asking.outcome(client, asked())?.failure
    #expect(failure?.cause == .transport && failure?.lines[0] == "gpu was not reached for orpheus_generate")
  }

  @Test(arguments: [
    [
      ScriptedHost.Step.text(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"variations\"")
    ],
    [.text("HTTP/1.1 200 OK\r\nContent-Ty")],
    [.reset], [], [.text("\u{0}\u{1}\u{2}garbage\r\n\r\n")],
    [.text("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n")],
  ])
  func halfAReplyIsATransportFailure(steps: [ScriptedHost.Step]) throws {
    let host = try ScriptedHost { _, _ in steps }
    defer { host.stop() }
    let failure = try asking.outcome(try asking.client(host), asked())?.failure
    #expect(failure?.cause == .transport, "\(failure?.lines ?? [])")
  }

  @Test(arguments: [
    (ScriptedHost.Step.reply(200, "{"), "at byte"), (.reply(200, "[]"), "It is"),
    (.reply(200, "{}"), "It has no artifact"),
    (.reply(200, #"{"variations":[{"midi_base64":"???"}]}"#), "Variation 1 has no MIDI"),
    (.reply(200, #"{"variations":{}}"#), "no list"),
    (.reply(200, #"{"audio_base64":7}"#), "audio_base64 is not base64"),
    (.reply(200, "<html>", type: "text/html"), "Its type is \"text/html\""),
    (.reply(204, "", type: ""), "Its type"),
    (.reply(200, "", type: "audio/midi"), "The body is empty"),
  ])
  func aReplyThatIsNoneFailsForGood(step: ScriptedHost.Step, why: String) throws {
    let failure = try asking.outcome(step)?.failure
    #expect(failure?.cause == .permanent)
    #expect(failure?.lines[1].contains(why) == true || why == "at byte", "\(failure?.lines ?? [])")
  }

  @Test func endlessAndTooLargeBodiesEndAtTheLimit() throws {
    let call = asked(replyBytes: 100_000)
    let endless = try asking.outcome(
      .text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"),
      .endless([UInt8](repeating: 32, count: 4096), every: 0),
      call: call)?.failure
    #expect(
      endless?.cause == .permanent && endless?.lines[1] == "It sends more than 100000 bytes, the limit.")
    let announced = try asking.outcome(
      .text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999999999999\r\n\r\n"),
      .hang, call: call)?
      .failure
    #expect(announced?.lines[1] == "It sends more than 100000 bytes, the limit.")
    let headers = try asking.outcome(
      .text("HTTP/1.1 200 OK\r\n"),
      .endless(Array("X-A: \(String(repeating: "a", count: 1000))\r\n".utf8), every: 0))?.failure
    #expect(headers != nil)
    // A byte now and then breaks no silence, but the whole has its limit.
    let slow = try asking.outcome(
      .text("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"), .endless([32], every: 0.05),
      call: asked(total: 0.6, silence: 10))?.failure
    #expect(slow?.lines[1] == "It has not ended after 0.6 s, the limit.")
  }

  @Test func cancellingClosesTheConnectionAtOnce() throws {
    let host = try ScriptedHost { _, _ in [.hang] }
    defer { host.stop() }
    let running = try Running(try asking.client(host), asked(total: 600))
    #expect(eventually { host.requests.count == 1 })
    running.handle.cancel()
    running.handle.cancel()
    guard case .finished(.failed(let failure))? = running.toEnd().last else {
      Issue.record("it has not ended")
      return
    }
    #expect(
      failure.mayStillRun && failure.lines[0] == "orpheus_generate was cancelled while gpu worked on it")
    #expect(eventually { host.closedByPeer == 1 })
  }

  @Test func callsRunSideBySideOnOneThread() throws {
    let host = try ScriptedHost { _, _ in [.wait(seconds: 0.3), .reply(200, #"{"midi_base64":"TVRo"}"#)] }
    defer { host.stop() }
    let client = try asking.client(host)
    let calls = try (0..<40).map { _ in try Running(client, asked()) }
    #expect(eventually { host.requests.count == 40 })
    for call in calls {
      let reports = call.toEnd()
      #expect(reports.count == 1)
      if case .finished(.succeeded) = reports[0] {} else { Issue.record("\(reports)") }
    }
  }

  @Test(arguments: [
    "", "gpu:2000", "ftp://gpu", "http://", "http://a b", "http://gpu/?x=1", "http://me:pw@gpu",
    "http://gpu\r\nX: y", "file:///etc/passwd",
  ]) func anAddressIsAPlainURL(url: String) {
    #expect(throws: HostFailure.self) { try asking.client(url) }
  }

  @Test func aPlainServiceCannotBeAskedForItsWork() throws {
    let host = try ScriptedHost { _, _ in [.reply(200, "{}")] }
    defer { host.stop() }
    var call = asked()
    call.opening = .adopt(remote: nil)
    #expect(try asking.outcome(try asking.client(host), call)?.failure?.mayStillRun == true)
    #expect(host.requests.isEmpty)
  }
}
