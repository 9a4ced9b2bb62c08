import HootWire
import Testing

@testable import MCP

/// Calls in hootenanny's words, and what the daemon is asked.
@Suite struct PeerNameTests {
  @Test(arguments: [
    ("seek", #"{"beat":8}"#, #"{"type":"seek","position":8}"#),
    ("tempo", #"{"bpm":120}"#, #"{"type":"tempo","bpm":120}"#),
    (
      "job_poll", #"{"job_ids":["a"],"timeout_ms":500,"mode":"any"}"#,
      #"{"type":"job_poll","job":["a"],"wait":0.5,"any":true}"#
    ),
    ("job_cancel", #"{"job_id":"a"}"#, #"{"type":"job_cancel","job":["a"]}"#),
    ("artifact_get", #"{"id":"artifact_a"}"#, #"{"type":"artifact_get","hash":"artifact_a"}"#),
    (
      "artifact_upload", #"{"file_path":"/a.mid","mime_type":"audio/midi"}"#,
      #"{"type":"artifact_upload","file":"/a.mid"}"#
    ),
    ("soundfont_inspect", #"{"soundfont_hash":"ab"}"#, #"{"type":"soundfont_inspect","font":"ab"}"#),
    ("midi_info", #"{"artifact_id":"ab"}"#, #"{"type":"midi_info","file":"ab"}"#),
    ("audio_info", #"{"hash":"ab"}"#, #"{"type":"audio_info","file":"ab"}"#),
    (
      "orpheus_generate", #"{"temperature":1,"seed_hash":"ab"}"#,
      #"{"type":"orpheus_generate_seeded","temperature":1,"seed_hash":"ab"}"#
    ),
    ("orpheus_generate", #"{"as_loop":true}"#, #"{"type":"orpheus_loops"}"#),
    (
      "timeline_region_create",
      #"{"position":4,"duration":8,"behavior_type":"play_midi","content_id":"ab"}"#,
      #"{"type":"region_add","file":"ab","at":4,"for":8}"#
    ),
    (
      "timeline_region_create",
      #"{"position":4,"duration":8,"behavior_type":"latent","content_id":"job"}"#,
      #"{"type":"create_region","position":4,"duration":8,"behavior":{"latent":{"job_id":"job"}}}"#
    ),
    ("timeline_region_delete", #"{"region_id":"r"}"#, #"{"type":"region_rm","region":"r"}"#),
    (
      "timeline_region_move", #"{"region_id":"r","new_position":2}"#,
      #"{"type":"region_mv","region":"r","at":2}"#
    ),
    ("timeline_region_list", #"{"start":1}"#, #"{"type":"region_ls","from":1}"#),
    ("config", #"{"section":"audio"}"#, #"{"type":"config_get","section":"audio"}"#),
    ("storage_stats", "{}", #"{"type":"cas_stats"}"#),
    ("render", #"{"output":"/a.wav","lufs":-14}"#, #"{"type":"bounce","output":"/a.wav","lufs":-14}"#),
    (
      "event_poll", #"{"cursor":"c","types":["job"],"timeout_ms":5,"limit":7}"#,
      #"{"type":"event_poll","cursor":"c","types":["job"],"timeout_ms":5,"limit":7}"#
    ),
  ])
  func translated(_ tool: String, _ arguments: String, _ wanted: String) async throws {
    let desk = ScriptedDesk { _, _ in ["type": "ok", "result": ["done": true]] }
    let result = await Talk(desk).call(tool, try JSONValue.parse(Array(arguments.utf8)))
    #expect(result?["result"]?["isError"] == false, "\(result?.text ?? "")")
    var asked = try #require(desk.requests.first?.object)
    let expected = try #require(try JSONValue.parse(Array(wanted.utf8)).object)
    for member in expected.members {
      let seen = asked[member.key] ?? nil
      #expect(seen == member.value || seen.double == member.value.double, "\(member.key): \(seen.text)")
      asked[member.key] = nil
    }
    // What it adds of its own is of no other meaning: a track where none was named.
    #expect(asked.members.isEmpty, "\(JSONValue.object(asked).text)")
  }

  @Test func bothWordsForOneThingAreRefused() async {
    let desk = ScriptedDesk { _, _ in ["type": "ok", "result": [:]] }
    let talk = Talk(desk)
    for (tool, arguments) in [
      ("seek", ["beat": 1, "position": 2]), ("artifact_get", ["id": "a", "hash": "b"]),
      ("midi_info", ["artifact_id": "a", "hash": "b"]), ("job_poll", ["timeout_ms": 30_001]),
      ("job_poll", ["mode": "some", "job_ids": ["a"]]), ("timeline_region_create", ["position": 1]),
    ] as [(String, JSONValue)] {
      #expect(await talk.call(tool, arguments)?["result"]?["isError"] == true, "\(tool)")
    }
    #expect(desk.requests.filter { $0["type"] != "job_list" }.isEmpty)
  }

  @Test("job_poll without jobs is about all that have not ended")
  func allLive() async {
    let desk = ScriptedDesk { request, _ in
      request["type"] == "job_list"
        ? ScriptedDesk.ok(["jobs": [["id": "a"], ["id": "b"]]]) : ScriptedDesk.ok(["jobs": [], "done": true])
    }
    let result = await Talk(desk).call("job_poll", ["timeout_ms": 10])
    #expect(result?["result"]?["structuredContent"]?["done"] == true)
    #expect(desk.requests.last?["job"] == ["a", "b"])
    let idle = ScriptedDesk { _, _ in ScriptedDesk.ok(["jobs": []]) }
    #expect(await Talk(idle).call("job_poll")?["result"]?["structuredContent"]?["done"] == true)
    #expect(idle.requests.count == 1)
  }
}
