import HootWire
import Testing
import Tools

@testable import WebServer

/// The table of endpoints, and what becomes of what is asked there.
@Suite struct EndpointTests {
  @Test func everyPathGivesItsParametersToItsTool() {
    for endpoint in Endpoint.all {
      guard let tool = endpoint.tool else { continue }
      for case .value(let name) in endpoint.parts {
        let parameter = Call.parameter(name, of: tool)
        #expect(
          tool.usage.parameters.contains { $0.name.rawValue == parameter },
          "\(endpoint.method) \(endpoint.path)")
      }
    }
  }

  @Test func noTwoEndpointsAreTheSame() {
    let names = Endpoint.all.map { "\($0.method) \($0.path)" }
    #expect(Set(names).count == names.count)
  }

  @Test func anyToolIsAskedByItsName() throws {
    let bench = try WebBench()
    let reply = try bench.ask("POST /api/tools/tempo", body: #"{"bpm":132.5}"#)
    #expect(reply.status == 200 && reply.json == ["done": true])
    #expect(bench.desk.questions == [["type": "tempo", "bpm": 132.5]])
    #expect(try bench.ask("POST /api/tools/tempoo").code == "unknown_tool")
    #expect(try bench.ask("POST /api/tools/tempo", body: #"{"type":"shutdown"}"#).status == 400)
    #expect(try bench.ask("POST /api/tools/tempo?type=shutdown").status == 400)
    #expect(try bench.ask("POST /api/tools/tempo", ["Content-Type: text/plain"], body: "{}").status == 415)
    for body in ["{", "[]", "1", "{\"bpm\":1,\"bpm\":2}", "\u{0}"] {
      #expect(try bench.ask("POST /api/tools/tempo", body: body).code == "bad_json", "\(body)")
    }
    #expect(bench.desk.questions.count == 1)
  }

  @Test func pathQueryAndBodySayEachThingOnce() throws {
    let bench = try WebBench()
    _ = try bench.ask("PATCH /api/tracks/lead%20one?gain=-3", body: #"{"mute":true}"#)
    #expect(bench.desk.questions == [["type": "track_set", "track": "lead one", "gain": "-3", "mute": true]])
    #expect(try bench.ask("PATCH /api/tracks/lead", body: #"{"track":"bass"}"#).code == "given_twice")
    #expect(bench.desk.questions.count == 1)
  }

  @Test func aRefusalIsAProblemWithItsThreeLines() throws {
    let cases: [(String, Int64, Int)] = [
      ("usage", 64, 400), ("unknown_region", 1, 404), ("conflict", 1, 409), ("busy", 75, 503),
      ("bad_midi", 65, 422),
      ("file_missing", 66, 404), ("locked", 77, 403), ("timed_out", 124, 504), ("internal", 70, 500),
      ("diskFull", 73, 507), ("unknown_parameter", 64, 400), ("id_conflict", 1, 422),
    ]
    for (code, exit, status) in cases {
      let bench = try WebBench(
        ScriptedDesk { _ in
          [
            "type": "error", "error": "no",
            "detail": ["code": .string(code), "exit": .integer(exit), "lines": ["no", "why", "next"]],
          ]
        })
      let reply = try bench.ask("POST /api/transport/play")
      #expect(reply.status == status && reply.code == code, "\(code)")
      #expect(reply.header("content-type") == "application/problem+json")
      #expect(reply.json["lines"] == ["no", "why", "next"] && reply.json["title"] == "no")
      #expect((reply.header("retry-after") != nil) == (code == "busy"))
    }
  }

  @Test func aMethodThatIsNotTakenNamesThoseThatAre() throws {
    let bench = try WebBench()
    let reply = try bench.ask("PUT /api/tracks")
    #expect(reply.status == 405 && reply.header("allow") == "GET, POST")
  }

  @Test("[O51] alive and ready are told apart")
  func aliveAndReadyAreToldApart() throws {
    let stuck = ScriptedDesk { _ in
      [
        "type": "error", "error": "late",
        "detail": ["code": "timed_out", "exit": 124, "lines": ["late", "why", "next"]],
      ]
    }
    let bench = try WebBench(stuck)
    #expect(try bench.ask("GET /health", token: nil).status == 200)
    #expect(try bench.ask("GET /ready", token: nil).status == 503)
    #expect(try WebBench().ask("GET /ready", token: nil).status == 200)
  }

  @Test func figuresAreTextThatPrometheusReads() throws {
    let bench = try WebBench(
      ScriptedDesk { question in
        if question["type"] == "metrics" {
          return ["type": "ok", "result": ["prometheus": "jobs_total 3\n"]]
        }
        return [
          "type": "ok", "result": ["transport": ["frame": 48, "state": "rolling"], "load": 0.5, "on": true],
        ]
      })
    let reply = try bench.ask("GET /metrics")
    #expect(reply.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
    #expect(
      reply.body == """
        jobs_total 3
        # TYPE chaosgarden_transport_frame gauge
        chaosgarden_transport_frame 48
        # TYPE chaosgarden_load gauge
        chaosgarden_load 0.5
        # TYPE chaosgarden_on gauge
        chaosgarden_on 1

        """)
  }

  @Test func theDescriptionNamesEveryEndpointAndOnlyDeclaredParameters() throws {
    let bench = try WebBench()
    let document = try bench.ask("GET /api/openapi.json").json
    #expect(document["openapi"] == "3.1.0")
    for endpoint in Endpoint.all {
      let operation = document["paths"]?[endpoint.path]?[endpoint.method.lowercased()]
      #expect(operation?["responses"]?["default"] != nil, "\(endpoint.method) \(endpoint.path)")
    }
    let seek = document["paths"]?["/api/transport/seek"]?["post"]?["requestBody"]?["content"]?[
      "application/json"]
    #expect(seek?["schema"]?["properties"]?["position"] != nil)
    let names = Endpoint.all.compactMap {
      document["paths"]?[$0.path]?[$0.method.lowercased()]?["operationId"]?.string
    }
    #expect(Set(names).count == Endpoint.all.count)
  }
}
