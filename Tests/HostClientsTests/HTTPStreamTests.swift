import HostBench
import Jobs
import Testing
import Threading

@testable import HostClients

@Suite struct HTTPStreamTests {
  private let asking: Asking
  private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"

  init() throws { asking = try Asking() }

  private func reports(_ steps: ScriptedHost.Step...) throws -> [HostReport] {
    let host = try ScriptedHost { _, _ in [.text(Self.head)] + steps }
    defer { host.stop() }
    return try asking.reports(try asking.client(host), asked(total: 30))
  }

  @Test func `[D63] A part's number and place are its host's, and a part that is too large is told as that`()
  {
    var stream = CallStream()
    func part(_ json: String) -> HostChunk? {
      let report = stream.take(EventStream.Event(name: "chunk", data: Array(json.utf8)), asked(), "gpu")
      return if case .chunk(let part)? = report { part } else { nil }
    }
    #expect(
      part("{\"sequence\":7,\"offset\":4.5,\"midi_base64\":\"TVRo\"}")
        == HostChunk(sequence: 7, type: "audio/midi", bytes: Array("MTh".utf8), offset: 4.5))
    let large = String(repeating: "A", count: (HostClientLimits.chunkBytes + 3) / 3 * 4 + 4)
    let refused = part("{\"sequence\":-1,\"data\":\"\(large)\"}")
    #expect(refused?.bytes == [] && refused?.sequence == 1)
    #expect(refused?.fault?.hasSuffix("\(HostClientLimits.chunkBytes) are allowed") == true)
  }

  @Test
  func `[D65] [D66] A stream is progress, parts and one result; what comes behind it is told as such`() throws
  {
    let all = try reports(
      .text(": hello\n\nevent: progress\ndata: {\"percent\":25,\"message\":\"half\\nway\"}\n\n"),
      .text(
        "event: chunk\ndata: {\"data\":\"TVRo\",\"mime_type\":\"audio/midi\"}\r\n\r\ndata: {\"type\":\"par"),
      .wait(seconds: 0.02), .text("tial_result\",\"audio_base64\":\"UklG\"}\n\n"),
      .text(
        "event: progress\ndata: {\"percent\":1e999}\n\nevent: what\ndata: {}\n\nevent: progress\ndata: not json\n\n"
      ),
      .text(
        "event: result\ndata: {\"variations\":[{\"midi_base64\":\"TVRo\"}]}\n\nevent: chunk\ndata: {\"data\":\"TVRo\"}\n\n"
      ), .hang)
    let told = all.filter { $0 != .heartbeat }
    #expect(
      told.dropLast().last
        == .chunk(
          HostChunk(
            sequence: 2, type: "application/octet-stream", bytes: [], fault: "it came after the end")),
      "\(told)")
    #expect(told[0] == .progress(percent: 25, message: "half way"))
    #expect(told[1] == .chunk(HostChunk(sequence: 0, type: "audio/midi", bytes: Array("MTh".utf8))))
    #expect(told[2] == .chunk(HostChunk(sequence: 1, type: "audio/wav", bytes: Array("RIF".utf8))))
    guard case .finished(.succeeded(let result))? = told.last else {
      Issue.record("\(told)")
      return
    }
    #expect(result.artifacts.count == 1)
  }

  @Test func aPartThatIsNoFileIsHandedOnAsItsJSON() throws {
    let all = try reports(
      .text("event: chunk\ndata: {\"type\":\"chunk\",\"notes\":[{\"pitch\":60,\"start\":0.5}]}\n\n"),
      .text(
        "event: chunk\ndata: {}\n\nevent: result\ndata: {\"variations\":[{\"midi_base64\":\"TVRo\"}]}\n\n"))
    let part = HostChunk(
      sequence: 0, type: "application/json", bytes: Array(#"{"notes":[{"pitch":60,"start":0.5}]}"#.utf8))
    #expect(all.filter { if case .chunk = $0 { true } else { false } } == [.chunk(part)])
  }

  @Test func `[D67] An error in a stream ends the call`() throws {
    let all = try reports(.text("event: error\ndata: {\"message\":\"out of memory\"}\n\n"), .hang)
    guard case .finished(.failed(let failure))? = all.last else {
      Issue.record("\(all)")
      return
    }
    #expect(failure.cause == .retryable && failure.lines[1] == "out of memory")
  }

  @Test func aStreamThatEndsWithoutItsResultBroke() throws {
    guard
      case .finished(.failed(let failure))? = try reports(
        .text("event: progress\ndata: {\"percent\":99}\n\n")
      ).last
    else {
      Issue.record("it succeeded")
      return
    }
    #expect(failure.cause == .transport && failure.lines[1] == "The stream ended before its result.")
  }

  @Test func eventsAreWholeHoweverTheyAreCut() {
    let text = Array("event: a\r\ndata: 1\r\ndata: 2\r\n\r\n:x\rdata:3\r\rid: 7\ndata\n\n".utf8)
    for size in 1...text.count {
      var stream = EventStream()
      var events: [EventStream.Event] = []
      for start in stride(from: 0, to: text.count, by: size) {
        text[start..<min(start + size, text.count)].withUnsafeBytes { events += stream.take($0) ?? [] }
      }
      #expect(
        events == [
          .init(name: "a", data: Array("1\n2".utf8)), .init(name: "", data: Array("3".utf8)),
          .init(name: "", data: []),
        ])
      #expect(stream.remarks == 1)
    }
  }

  @Test func base64ComesBack() {
    for count in 0..<200 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }
    for wrong in ["A", "AA=A", "A===", "AAAA=", "a b=", "é", "TVRoZA="] {
      #expect(Base64.decode(wrong) == nil, "\(wrong)")
    }
    #expect(
      Base64.decode("TVRo\nZA==") == Array("MThd".utf8) && Base64.decode("TVRoZA") == Array("MThd".utf8))
  }

  private func health(_ steps: ScriptedHost.Step...) throws -> HostHealth? {
    let host = try ScriptedHost { _, _ in steps }
    defer { host.stop() }
    let answer = try Mailbox<HostHealth>(capacity: 4)
    try asking.client(host).probe { _ = answer.push($0) }
    let all = answer.wait(milliseconds: 30_000)
    #expect(host.requests.allSatisfy { $0.method == "GET" && $0.path == "/health" })
    return all.first
  }

  @Test func healthIsWhatTheHostSaysAndNoMore() throws {
    let told = try health(
      .reply(
        200,
        #"{"status":"ok","gpu_utilization":50,"gpu_memory":{"used":6,"total":24},"free_slots":1,"tools":["a","b"]}"#
      ))
    #expect(told?.isUp == true && told?.gpuLoad == 0.5 && told?.gpuMemory == 0.25)
    #expect(told?.freeSlots == 1 && told?.tools == ["a", "b"])
    let quiet = try health(.reply(200, "ok", type: "text/plain"))
    #expect(quiet == HostHealth(isUp: true))
    #expect(try health(.reply(404, ""))?.isUp == true)
    #expect(try health(.reply(500, ""))?.isUp == false)
    #expect(try health(.reply(200, #"{"status":"loading"}"#))?.isUp == false)
    let liar = try health(.reply(200, #"{"gpu_load":-1,"gpu_memory":{"used":9,"total":0},"free_slots":-3}"#))
    #expect(liar?.gpuLoad == nil && liar?.gpuMemory == nil && liar?.freeSlots == nil)
    #expect(try health()?.isUp == false)
  }
}
