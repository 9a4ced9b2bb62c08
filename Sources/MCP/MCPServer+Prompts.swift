import HootWire

// Two ways to begin, for people who choose them in their client.
extension MCPServer {
  private struct Prompt: Sendable {
    var name: String
    var description: String
    var arguments: [(name: String, description: String)]
    var text: @Sendable (_ given: [String: String]) -> String
  }

  private static let prompts: [Prompt] = [
    Prompt(
      name: "compose_piece", description: "Compose a short piece with the generators, section by section.",
      arguments: [("style", "what it is to be like"), ("bars", "how long, in bars")]
    ) { given in
      """
      Compose a piece\(given["style"].map { " in this style: \($0)" } ?? "") of \(given["bars"] ?? "16") bars.
      1. status shows tempo and signature; tempo sets another.
      2. track_add makes a track for each part: drums, bass, lead.
      3. phrase_generate and phrase_loops make material: give track, at, bars, key, scale and a seed.
      4. phrase_continue and phrase_bridge join sections; input_hash is an artifact of the outcome before.
      5. region_ls shows what is there; approve lets in what waits; vary asks for another take.
      6. seek to 1:1 and play. Say what was made, with keys, lengths and places.
      """
    },
    Prompt(
      name: "render_pipeline", description: "Make a MIDI part and render it to sound with a soundfont.",
      arguments: [("style", "what it is to be like"), ("soundfont", "a soundfont's name")]
    ) { given in
      """
      Make a MIDI part\(given["style"].map { " in this style: \($0)" } ?? "") and render it.
      1. phrase_generate with no_region makes the MIDI; its outcome names the artifact's hash.
      2. \(given["soundfont"].map { "soundfont_use with font \($0) loads the font." } ?? "soundfont_ls lists fonts; soundfont_use loads one.")
      3. midi_render with input_hash makes a WAV; its outcome tells length and loudness.
      4. region_add with the WAV's hash places it; play plays it.
      """
    },
  ]

  static func prompts(_ params: JSONObject) throws(RPCError) -> JSONValue {
    try onePage(params)
    return [
      "prompts": .array(
        prompts.map { prompt in
          [
            "name": .string(prompt.name), "description": .string(prompt.description),
            "arguments": .array(
              prompt.arguments.map {
                ["name": .string($0.name), "description": .string($0.description), "required": false]
              }),
          ]
        })
    ]
  }

  static func prompt(_ params: JSONObject) throws(RPCError) -> JSONValue {
    let name = params["name"]?.string ?? ""
    guard let prompt = prompts.first(where: { $0.name == name }) else {
      throw RPCError(
        .invalidParams,
        "There is no prompt \(quoted(name)): there are \(prompts.map(\.name).joined(separator: ", "))")
    }
    var given: [String: String] = [:]
    for member in params["arguments"]?.object?.members ?? [] {
      guard prompt.arguments.contains(where: { $0.name == member.key }) else {
        throw RPCError(.invalidParams, "\(name) has no argument \(quoted(member.key))")
      }
      guard let text = member.value.string, text.unicodeScalars.count <= MCPLimits.promptCharacters else {
        throw RPCError(
          .invalidParams,
          "\(quoted(member.key)) must be text of at most \(MCPLimits.promptCharacters) characters")
      }
      given[member.key] = text
    }
    return [
      "description": .string(prompt.description),
      "messages": [["role": "user", "content": ["type": "text", "text": .string(prompt.text(given))]]],
    ]
  }
}
