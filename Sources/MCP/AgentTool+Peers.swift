import HootWire
import Tools

// Tools by hootenanny's names and parameters, for agents that know those: each asks for what the declared tool does.
extension AgentTool {
  private static let text: JSONValue = ["type": "string", "minLength": 1, "maxLength": 4096]
  private static let beats: JSONValue = ["type": "number", "minimum": 0.0, "maximum": 1_000_000.0]
  private static let flag: JSONValue = ["type": "boolean"]

  private static func said(_ schema: JSONValue, _ words: String) -> JSONValue {
    var object = schema.object ?? JSONObject()
    object["description"] = .string(words)
    return .object(object)
  }

  /// Their words for the parameters of a declared tool; a name that stands for itself is given once.
  private static func renaming(
    _ name: String, _ target: ToolName, _ names: [(theirs: String, ours: String)], required: Set<String> = []
  ) -> AgentTool {
    let tool = Catalogue.tool(target)
    let members = names.compactMap { name -> (String, JSONValue)? in
      guard var parameter = tool.usage.parameters.first(where: { $0.name.rawValue == name.ours }) else {
        return nil
      }
      // Where theirs has another name it is one, of what ours takes several.
      if name.theirs != name.ours { parameter.isRepeated = false }
      return (name.theirs, parameter.schema)
    }
    let schema = ObjectSchema.of(members, required: required.sorted())
    return AgentTool(name, like: tool, input: schema) { arguments in
      var request = JSONObject([("type", .string(target.rawValue))])
      for member in arguments.members {
        let ours = names.first { $0.theirs == member.key }?.ours ?? member.key
        request[ours] = member.value
      }
      return .object(request)
    }
  }

  /// A request in their own words, which the daemon knows.
  private static func peer(
    _ name: String, _ type: String, _ summary: String, _ members: [(String, JSONValue)] = [],
    required: [String] = [], changes: Changes = .something
  ) -> AgentTool {
    AgentTool(
      name, summary, input: members, required: required, output: [], timing: .short(seconds: 15),
      changes: changes
    ) { server, arguments in await server.ask(Self.request(type, arguments), seconds: 15) }
  }

  static let peerTools: [AgentTool] = timelinePeers + musicPeers + devicePeers + otherPeers

  private static let timelinePeers: [AgentTool] = [
    AgentTool(
      "timeline_region_create", like: Catalogue.tool(.regionAdd), "Place content on the timeline.",
      input: ObjectSchema.of(
        [
          ("position", said(beats, "where it starts, in beats")),
          ("duration", said(beats, "how long it is, in beats; 0 is as long as the content")),
          (
            "behavior_type",
            [
              "type": "string", "enum": ["play_content", "play_audio", "play_midi", "latent"],
              "description": "play what content_id names, or wait for the job that it names",
            ]
          ),
          ("content_id", said(text, "a content hash, an artifact's id, or a job's id")),
          ("track", said(text, "the track; made when there is none")),
        ], required: ["position", "duration", "content_id"])
    ) { arguments in
      if arguments["behavior_type"] == "latent" {
        return [
          "type": "create_region", "position": arguments["position"] ?? nil,
          "duration": arguments["duration"] ?? nil,
          "behavior": ["latent": ["job_id": arguments["content_id"] ?? nil]],
        ]
      }
      var request = JSONObject([
        ("type", "region_add"), ("file", arguments["content_id"] ?? nil),
        ("at", arguments["position"] ?? nil),
      ])
      if let length = arguments["duration"], length.double != 0 { request["for"] = length }
      if let track = arguments["track"] { request["track"] = track }
      return .object(request)
    },
    renaming("timeline_region_delete", .regionRm, [("region_id", "region")], required: ["region_id"]),
    renaming(
      "timeline_region_move", .regionMv, [("region_id", "region"), ("new_position", "at")],
      required: ["region_id", "new_position"]),
    renaming("timeline_clear", .regionClear, [("confirm", "confirm")]),
    renaming("timeline_region_list", .regionLs, [("start", "from"), ("end", "to")]),
    peer("garden_graph", "get_graph", "Show tracks, buses and sends as a graph.", changes: .nothing),
  ]

  private static let musicPeers: [AgentTool] = [
    renaming(
      "midi_render", .renderMIDI,
      [("input_hash", "input_hash"), ("soundfont_hash", "soundfont_hash"), ("sample_rate", "sample_rate")],
      required: ["input_hash"]),
    renaming(
      "render", .bounce,
      ["output", "from", "to", "sample_rate", "bits", "lufs"].map { (theirs: $0, ours: $0) }),
    renaming("midi_classify", .orpheusClassify, [("midi_hash", "midi_hash")], required: ["midi_hash"]),
    renaming("beats_detect", .beatthisAnalyze, [("audio_hash", "audio_hash")], required: ["audio_hash"]),
    renaming(
      "audio_analyze", .clapAnalyze,
      [
        ("audio_hash", "audio_hash"), ("audio_b_hash", "audio_b_hash"), ("tasks", "tasks"),
        ("text_candidates", "text_candidates"),
      ], required: ["audio_hash"]),
  ]

  private static let device: [(String, JSONValue)] = [
    ("device_name", said(text, "which")),
    (
      "sample_rate",
      ["type": "integer", "minimum": 8000, "maximum": 192_000, "description": "frames a second"]
    ),
  ]
  private static let port: [(String, JSONValue)] = [("port_pattern", said(text, "a part of the port's name"))]

  private static let devicePeers: [AgentTool] = [
    peer(
      "audio_output_attach", "attach_audio", "Play through a device.",
      device + [
        (
          "latency_frames",
          ["type": "integer", "minimum": 16, "maximum": 8192, "description": "frames of a block"]
        )
      ]),
    peer("audio_output_detach", "detach_audio", "Let the device go; the transport keeps counting."),
    peer("audio_output_status", "get_audio_status", "Show the output device.", changes: .nothing),
    peer("audio_input_attach", "attach_input", "Listen to an input device.", device),
    peer("audio_input_detach", "detach_input", "Let the input device go."),
    peer("audio_input_status", "get_input_status", "Show the input device.", changes: .nothing),
    peer(
      "audio_monitor", "set_monitor", "Hear the input, or not.",
      [
        ("enabled", said(flag, "whether it is heard")),
        ("gain", ["type": "number", "minimum": 0.0, "maximum": 1.0, "description": "how loud"]),
      ]),
    peer("audio_list_devices", "list_audio_devices", "List the sound devices.", changes: .nothing),
    peer("midi_list_ports", "list_midi_ports", "List the MIDI ports.", changes: .nothing),
    peer(
      "midi_input_attach", "attach_midi_input", "Listen to a MIDI port.", port, required: ["port_pattern"]),
    peer("midi_input_detach", "detach_midi_input", "Let a MIDI input go.", port, required: ["port_pattern"]),
    peer(
      "midi_output_attach", "attach_midi_output", "Play to a MIDI port.", port, required: ["port_pattern"]),
    peer(
      "midi_output_detach", "detach_midi_output", "Let a MIDI output go.", port, required: ["port_pattern"]),
  ]

  private static let otherPeers: [AgentTool] = [
    renaming("storage_stats", .casStats, []),
    renaming("config", .configGet, [("section", "section"), ("key", "key")]),
    AgentTool(
      "help", "Show how a tool is used, with its command line.",
      input: [("tool", said(text, "the tool's name; without it all are listed"))],
      output: ["tools: [{name, summary}]", "tool: {name, summary, discussion, examples, timing}"],
      timing: .immediate, changes: .nothing
    ) { _, arguments in help(arguments["tool"]?.string) },
  ]

  private static func help(_ name: String?) -> JSONValue {
    guard let name else {
      return .done(["tools": .array(all.map { ["name": .string($0.name), "summary": .string($0.summary)] })])
    }
    guard let tool = named(name) else { return unknown(name).content }
    let declared = Catalogue.tool(named: name)
    return .done([
      "tool": [
        "name": .string(name), "summary": .string(tool.summary),
        "discussion": .string(declared?.usage.discussion ?? ""),
        "examples": .array((declared?.usage.examples ?? []).map { .string($0) }),
        "timing": .string(tool.timing.timingClass.rawValue),
      ]
    ])
  }

  static func unknown(_ name: String) -> ToolError {
    ToolError(
      code: "unknown_tool", what: "There is no tool \(shownText(name))",
      why: Suggestion.nearest(to: name, in: all.map(\.name)).map { "Did you mean \(shownText($0))?" }
        ?? "tools/list names \(all.count).", next: "tools/list")
  }
}

extension JSONValue {
  /// As the daemon replies.
  package static func done(_ result: JSONValue) -> JSONValue { ["type": "ok", "result": result] }
}

extension ToolError {
  /// As the daemon refuses.
  package var content: JSONValue {
    [
      "type": "error", "error": .string(what),
      "detail": [
        "code": .string(code), "lines": .array(lines.map { .string($0) }),
        "exit": .integer(Int64(exit.rawValue)),
      ],
    ]
  }
}
