import HootWire
import HostBench
import Jobs
import Testing

@testable import HostClients

/// A client against a scripted host, over real sockets.
@Suite struct HTTPCallTests {
  private let asking: Asking
  private static let two =
    #"{"variations":[{"midi_base64":"TVRoZA==","num_tokens":3},{"midi_base64":"TVRo"}],"seconds":1}"#

  init() throws { asking = try Asking() }

  @Test
  func `[B03][B15][B32] Every call carries its parameters as they are, and the job's id in body and header`()
    throws
  {
    let host = try ScriptedHost { _, _ in [.reply(200, Self.two)] }
    defer { host.stop() }
    let call = asked("orpheus_generate", #"{"temperature":1.0,"max_tokens":128}"#)
    for _ in 0..<5 { _ = try asking.outcome(try asking.client(host), call) }
    #expect(host.requests.count == 5)
    for request in host.requests {
      #expect(request.method == "POST" && request.path == "/predict")
      #expect(
        String(decoding: request.body, as: UTF8.self)
          == #"{"temperature":1.0,"max_tokens":128,"task":"generate","client_job_id":"01930000-0000-7000-8000-000000000001"}"#
      )
      #expect(request.headers["idempotency-key"] == call.job.text)
      #expect(request.headers["content-type"] == "application/json")
      #expect(request.headers["traceparent"] == call.traceparent)
      #expect(request.headers["expect"] == nil)
    }
  }

  @Test
  func
    `[B09] A seed goes along as the service names it, and what is missing is said before the host is asked`()
    throws
  {
    let host = try ScriptedHost { _, _ in [.reply(200, Self.two)] }
    defer { host.stop() }
    let input = HostCall.Input(parameter: "seed_hash", hash: "seed")
    _ = try asking.outcome(
      try asking.client(host), asked("orpheus_generate_seeded", #"{"seed_hash":"seed"}"#, inputs: [input]))
    let body = try JSONValue.parse(try #require(host.requests.first).body)
    #expect(body["midi_input"] == "TVRoZA==" && body["seed_hash"] == nil && body["task"] == "generate_seeded")
    let missing = HostCall.Input(parameter: "seed_hash", hash: "none")
    let failure = try asking.outcome(
      try asking.client(host), asked("orpheus_generate_seeded", inputs: [missing]))?.failure
    #expect(failure?.cause == .permanent && host.requests.count == 1)
  }

  @Test func aReplyIsArtifactsAndWhatIsToBeKnownOfThem() throws {
    let result = try asking.outcome(.reply(200, Self.two))?.result
    #expect(result?.artifacts.map(\.content) == [.bytes(Array("MThd".utf8)), .bytes(Array("MTh".utf8))])
    #expect(result?.artifacts.map(\.label) == ["variation 1", "variation 2"])
    #expect(result?.value == Array(#"{"variations":[{"num_tokens":3},{}],"seconds":1}"#.utf8))
    let audio = try asking.outcome(
      .reply(200, #"{"audio_base64":"UklGRg==","sample_rate":32000}"#), call: asked("musicgen_generate"))?
      .result
    #expect(audio?.artifacts == [HostArtifact(.bytes(Array("RIFF".utf8)), type: "audio/wav")])
    let plain = try asking.outcome(
      .reply(200, "RIFFxx", type: "audio/wav"), call: asked("musicgen_generate"))?.result
    #expect(plain?.artifacts.first?.content == .bytes(Array("RIFFxx".utf8)))
    let value = try asking.outcome(.reply(200, #"{"bpm":120}"#), call: asked("beatthis_analyze"))?.result
    #expect(value?.artifacts == [] && value?.value == Array(#"{"bpm":120}"#.utf8))
  }

  @Test(
    arguments: [
      (429, ["Retry-After: 30"], 30.0), (429, ["retry-after:7"], 7), (429, [], nil),
      (429, ["Retry-After: soon"], nil),
      (429, ["Retry-After: Thu, 01 Jan 1970 00:00:00 GMT"], 0),
      (429, ["Retry-After: Fri, 31 Dec 9999 23:59:59 GMT"], 3600),
      (503, ["Retry-After: 4"], 4), (503, [], nil), (429, ["Retry-After: -1"], nil),
    ] as [(Int, [String], Double?)])
  func `A busy host is no failure, in every form of 429 and 503`(
    status: Int, headers: [String], seconds: Double?
  ) throws {
    let outcome = try asking.outcome(
      .reply(status, #"{"error":"GPU busy","message":"one at a time"}"#, headers: headers))
    #expect(outcome == .busy(retryAfter: seconds))
  }

  @Test(arguments: [
    (400, HostFailure.Class.permanent), (401, .permanent), (404, .permanent), (408, .retryable),
    (409, .permanent),
    (422, .permanent), (425, .retryable), (500, .retryable), (502, .retryable), (504, .retryable),
    (301, .permanent),
    (302, .permanent), (307, .permanent), (599, .retryable),
  ])
  func `[B24] A status tells whether it is worth another try`(status: Int, cause: HostFailure.Class) throws {
    let failure = try asking.outcome(.reply(status, "{}", headers: ["Location: http://127.0.0.1:1/"]))?
      .failure
    #expect(failure?.cause == cause && failure?.status == status && failure?.mayStillRun == false)
  }

  @Test
  func `[B18] An error is told in its own words, whichever of its shapes it has`() throws {
    let ours = try asking.outcome(.reply(422, #"{"error":"bad_temperature","message":"2.5 is above 2"}"#))?
      .failure
    #expect(
      ours?.lines[0] == "gpu refused orpheus_generate: bad_temperature" && ours?.lines[1] == "2.5 is above 2")
    let problem = try asking.outcome(
      .reply(
        422, #"{"title":"bad_temperature","detail":"2.5 is above 2","status":422}"#,
        type: "application/problem+json")
    )?.failure
    #expect(problem?.lines == ours?.lines)
    let text = try asking.outcome(.reply(500, "<h1>Oh\u{1B}[2J\r\nno</h1>", type: "text/html"))?.failure
    #expect(text?.lines[1] == "Oh [2J no")
    let page = try asking.outcome(
      .reply(
        422,
        "<!doctype html>\n<html lang=en>\n<title>422 Unprocessable Entity</title>\n<h1>Unprocessable Entity</h1>\n"
          + "<p>top_p is &gt; 1 &amp;amp; odd</p>\n", type: "text/html; charset=utf-8"))?.failure
    #expect(page?.cause == .permanent && page?.lines[1] == "Unprocessable Entity top_p is > 1 &amp; odd")
    let plain = try asking.outcome(.reply(500, "a < b", type: "text/plain"))?.failure
    #expect(plain?.lines[1] == "a < b")
  }

  @Test
  func `[B25] Of an endless error 64 KiB are read, and its status counts`() throws {
    let failure = try asking.outcome(
      .text("HTTP/1.1 500 No\r\nContent-Type: text/plain\r\n\r\n"),
      .endless([UInt8](repeating: 65, count: 4096), every: 0))?
      .failure
    #expect(failure?.cause == .retryable && failure?.status == 500)
  }

  @Test func redirectsAreNotFollowed() throws {
    let elsewhere = try ScriptedHost { _, _ in [.reply(200, Self.two)] }
    defer { elsewhere.stop() }
    let failure = try asking.outcome(.reply(307, "", headers: ["Location: \(elsewhere.url)/predict"]))?
      .failure
    #expect(failure?.cause == .permanent && elsewhere.requests.isEmpty)
    #expect(failure?.lines[1].contains(elsewhere.url) == true)
  }
}
