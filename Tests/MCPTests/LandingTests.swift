import HootWire
import Testing

@testable import MCP

@Suite struct LandingTests {
  @Test("a command's outcome says where it landed, where the desk has heard of it")
  func landed() async {
    let desk = ScriptedDesk { _, _ in
      [
        "type": "ok", "result": ["command": ["id": 3, "due_frame": 0]],
        "landed": ["type": "landed", "command": 3, "frame": 64], "summary": "rolling from 1:1",
      ]
    }
    let result = await Talk(desk).call("play")?["result"]?["structuredContent"]
    #expect(result?["summary"] == "rolling from 1:1" && result?["landed"]?["frame"] == 64)
    #expect(result?["command"]?["id"] == 3)
  }

  @Test("a tool goes by the other names that its declaration has, and they are not listed")
  func aliases() async {
    let desk = ScriptedDesk { _, _ in ["type": "ok", "result": ["jobs": []]] }
    let talk = Talk(desk)
    #expect(await talk.call("list_jobs")?["result"]?["isError"] == false)
    #expect(desk.requests.first?["type"] == "job_list")
    #expect(!AgentTool.all.contains { $0.name == "list_jobs" })
  }
}
