import HootWire
import HostBench
import Jobs
import Testing
import Threading

@testable import HostClients

/// Each tool against a service as it was described, and a service of one place.
@Suite struct ServiceTests {
  private let asking: Asking

  init() throws { asking = try Asking() }

  private func body(_ tool: String, _ parameters: String, _ inputs: [String]) throws -> String {
    let host = try ScriptedHost { _, _ in [.reply(200, #"{"variations":[{"midi_base64":"TVRo"}]}"#)] }
    defer { host.stop() }
    let call = asked(tool, parameters, inputs: inputs.map { HostCall.Input(parameter: $0, hash: "seed") })
    #expect(try asking.outcome(try asking.client(host), call)?.result != nil)
    return String(decoding: try #require(host.requests.first).body, as: UTF8.self)
  }

  private static let id = #""client_job_id":"01930000-0000-7000-8000-000000000001"}"#

  @Test func `[B05][B06][B07][B08] Each Orpheus tool is asked for in its service's own fields`() throws {
    #expect(
      try body(
        "orpheus_generate", #"{"temperature":1.0,"top_p":0.95,"max_tokens":1024,"num_variations":1}"#, [])
        == #"{"temperature":1.0,"top_p":0.95,"max_tokens":1024,"num_variations":1,"task":"generate","#
        + Self.id)
    #expect(
      try body("orpheus_continue", #"{"input_hash":"seed","max_tokens":128}"#, ["input_hash"])
        == #"{"max_tokens":128,"midi_input":"TVRoZA==","task":"continue","# + Self.id)
    #expect(
      try body(
        "orpheus_bridge", #"{"section_a_hash":"seed","section_b_hash":"seed"}"#,
        ["section_a_hash", "section_b_hash"])
        == #"{"section_a":"TVRoZA==","section_b":"TVRoZA==","# + Self.id)
    #expect(
      try body("orpheus_loops", #"{"seed_hash":"seed","temperature":0.5}"#, ["seed_hash"])
        == #"{"temperature":0.5,"seed":"TVRoZA==","# + Self.id)
  }

  @Test func `[B20][B26] One client asks for every tool, always with the job's id`() throws {
    let host = try ScriptedHost { _, _ in [.reply(200, #"{"midi_base64":"TVRo"}"#)] }
    defer { host.stop() }
    let client = try asking.client(host)
    let tools = ServiceShape.all.keys.sorted() + ["a_tool_nobody_described"]
    for tool in tools { #expect(try asking.outcome(client, asked(tool))?.result != nil) }
    #expect(host.requests.count == tools.count)
    for request in host.requests {
      #expect(
        try JSONValue.parse(request.body)["client_job_id"]?.string == request.headers["idempotency-key"])
    }
  }

  @Test func `[B27] The second of two quick requests is told to wait, and works later`() throws {
    let isTaken = Locked(false)
    let goOn = Locked(false)
    let host = try ScriptedHost { _, _ in
      let isFree = isTaken.withLock { taken in
        defer { taken = true }
        return !taken
      }
      guard isFree else { return [.reply(429, #"{"error":"GPU busy"}"#, headers: ["Retry-After: 30"])] }
      for _ in 0..<3000 where !goOn.withLock({ $0 }) { usleepBriefly() }
      isTaken.withLock { $0 = false }
      return [.reply(200, #"{"midi_base64":"TVRo"}"#)]
    }
    defer { host.stop() }
    let client = try asking.client(host)
    let first = try Running(client, asked())
    #expect(eventually { isTaken.withLock { $0 } })
    #expect(try asking.outcome(client, asked()) == .busy(retryAfter: 30))
    goOn.withLock { $0 = true }
    #expect(first.toEnd().count == 1)
    #expect(try asking.outcome(client, asked())?.result != nil)
  }
}
