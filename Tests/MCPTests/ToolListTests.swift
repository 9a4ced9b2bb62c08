import HootWire
import Testing
import Tools

@testable import MCP

@Suite struct ToolListTests {
  @Test("every declared request is a tool, by its name, and no name stands twice")
  func everyTool() {
    let names = AgentTool.all.map(\.name)
    #expect(Set(names).isSuperset(of: ToolName.allCases.map(\.rawValue)))
    #expect(Set(names).count == names.count)
  }

  @Test("every node of every schema has a type, and none a default")
  func typed() {
    for tool in AgentTool.all {
      for schema in [tool.input, tool.output] {
        #expect(Self.untyped(schema, "") == nil, "\(tool.name): \(Self.untyped(schema, "") ?? "")")
      }
      #expect(tool.input["type"] == "object" && tool.output["type"] == "object")
      #expect(!tool.summary.isEmpty && !tool.summary.contains("\n"), "\(tool.name)")
    }
  }

  private static func untyped(_ schema: JSONValue, _ path: String) -> String? {
    if schema["type"] == nil || schema["default"] != nil { return path }
    for member in schema["properties"]?.object?.members ?? [] {
      if let found = untyped(member.value, path + "/" + member.key) { return found }
    }
    if let items = schema["items"] { return untyped(items, path + "/items") }
    return nil
  }

  @Test("limits stand in the schemas: a tempo is 20 to 999, a name has at most 128 characters")
  func limits() {
    let bpm = AgentTool.named("tempo")?.input["properties"]?["bpm"]
    #expect(bpm?["minimum"] == 20.0 && bpm?["maximum"] == 999.0)
    let name = AgentTool.named("track_add")?.input["properties"]?["name"]
    #expect(name?["maxLength"]?.int == Int64(ToolLimits.nameLength))
    #expect(AgentTool.named("track_add")?.input["required"] == ["name"])
  }

  @Test("the older dialect says which tools make tasks; the newer one has no word for it")
  func tasks() async {
    let talk = Talk(.working(polls: 1))
    let older = await talk.ask("tools/list")?["result"]?["tools"]?.array ?? []
    let newer = await talk.ask("tools/list", meta: Talk.stateless)?["result"]
    let makers = older.filter { $0["execution"]?["taskSupport"] == "optional" }.compactMap {
      $0["name"]?.string
    }
    #expect(makers.contains("phrase_generate") && makers.contains("vary") && !makers.contains("play"))
    #expect(newer?["tools"]?.array?.contains { $0["execution"] != nil } == false)
    #expect(
      newer?["resultType"] == "complete" && newer?["ttlMs"]?.int != nil && newer?["cacheScope"] == "private")
    #expect(older.count == newer?["tools"]?.array?.count && older.count == AgentTool.all.count)
  }

  @Test(
    "hootenanny's names ask for what ours do",
    arguments: [
      ("timeline_region_delete", ["region_id": "a"], ["type": "region_rm", "region": "a"]),
      (
        "timeline_region_move", ["region_id": "a", "new_position": 4],
        ["type": "region_mv", "region": "a", "at": 4]
      ),
      (
        "timeline_region_create",
        ["position": 4.0, "duration": 0.0, "behavior_type": "play_content", "content_id": "artifact_a"],
        ["type": "region_add", "file": "artifact_a", "at": 4.0]
      ),
      (
        "midi_render", ["input_hash": "artifact_a"],
        ["type": "convert_midi_to_wav", "input_hash": "artifact_a"]
      ),
      ("audio_output_attach", ["device_name": "x"], ["type": "attach_audio", "device_name": "x"]),
    ] as [(String, JSONValue, JSONValue)])
  func peers(_ name: String, _ arguments: JSONValue, _ request: JSONValue) async {
    let desk = ScriptedDesk { _, _ in ["type": "ok", "result": [:]] }
    _ = await Talk(desk).call(name, arguments)
    #expect(desk.requests.first == request)
  }

  @Test("arguments cannot make one request another")
  func smuggled() async {
    let desk = ScriptedDesk { _, _ in ["type": "ok", "result": [:]] }
    let talk = Talk(desk)
    for tool in ["status", "storage_stats", "audio_output_status", "timeline_region_delete"] {
      let result = await talk.call(tool, ["type": "shutdown", "region_id": "a"])?["result"]
      #expect(result?["isError"] == true)
    }
    #expect(desk.requests.isEmpty)
  }
}
