import HootWire

// What can be read without calling a tool.
extension MCPServer {
  static let artifactPrefix = "garden://artifact/"
  private static let regionPrefix = "garden://region/"
  private static let jobPrefix = "garden://job/"

  private struct Shelf {
    var uri: String
    var name: String
    var description: String
    /// What the daemon is asked; each result stands under its key.
    var requests: [(key: String, request: JSONValue)]
  }

  private static let shelves: [Shelf] = [
    Shelf(
      uri: "garden://transport", name: "transport",
      description: "Where the playhead is, the tempo, what sounds.",
      requests: [("status", ["type": "status"])]),
    Shelf(
      uri: "garden://timeline", name: "timeline",
      description: "Tracks, regions, regions that wait for their music, and markers.",
      requests: [
        ("tracks", ["type": "track_ls"]), ("regions", ["type": "region_ls"]),
        ("markers", ["type": "marker_ls"]),
      ]),
    Shelf(
      uri: "garden://artifacts/recent", name: "recent artifacts",
      description: "What jobs have made, the newest first.",
      requests: [("artifacts", ["type": "artifact_list", "limit": 20])]),
    Shelf(
      uri: "garden://soundfonts", name: "soundfonts",
      description: "The soundfonts found, and who plays with them.",
      requests: [("soundfonts", ["type": "soundfont_ls"])]),
    Shelf(
      uri: "garden://jobs", name: "jobs", description: "Jobs that have not ended.",
      requests: [("jobs", ["type": "job_list", "status": "live"])]),
  ]

  static func resources(_ params: JSONObject) throws(RPCError) -> JSONValue {
    try onePage(params)
    return [
      "resources": .array(
        shelves.map {
          [
            "uri": .string($0.uri), "name": .string($0.name), "description": .string($0.description),
            "mimeType": "application/json",
          ]
        })
    ]
  }

  static func resourceTemplates(_ params: JSONObject) throws(RPCError) -> JSONValue {
    try onePage(params)
    let templates = [
      ("\(artifactPrefix){hash}", "artifact", "What is known of an artifact, and of the music in it."),
      ("\(regionPrefix){id}", "region", "A region, or one that waits for its music."),
      ("\(jobPrefix){id}", "job", "A job, and each of its calls."),
    ]
    return [
      "resourceTemplates": .array(
        templates.map { uri, name, description in
          [
            "uriTemplate": .string(uri), "name": .string(name), "description": .string(description),
            "mimeType": "application/json",
          ]
        })
    ]
  }

  func readResource(_ params: JSONObject, _ call: Call) async throws(RPCError) -> JSONValue {
    guard let uri = params["uri"]?.string else { throw RPCError(.invalidParams, "`uri` is missing") }
    guard let content = await content(of: uri) else {
      throw RPCError(
        call.era.isStateless ? .invalidParams : .resourceNotFound, "There is no resource \(quoted(uri))",
        data: ["uri": .string(uri)])
    }
    return [
      "contents": [["uri": .string(uri), "mimeType": "application/json", "text": .string(content.text)]]
    ]
  }

  private func content(of uri: String) async -> JSONValue? {
    if let shelf = Self.shelves.first(where: { $0.uri == uri }) {
      var members: [(String, JSONValue)] = []
      for (key, request) in shelf.requests {
        let reply = await ask(request, seconds: 25)
        let result = reply["result"] ?? ["error": .array(Self.lines(of: reply).map { .string($0) })]
        // A list that has the same name as its key stands there itself.
        members.append((key, result.object?.members.count == 1 ? result[key] ?? result : result))
      }
      return JSONValue(members)
    }
    func rest(_ prefix: String) -> String? {
      uri.hasPrefix(prefix) && uri.utf8.count < prefix.utf8.count + 128
        ? String(uri.dropFirst(prefix.count)) : nil
    }
    if let hash = rest(Self.artifactPrefix) {
      let artifact = await artifact(hash)
      return artifact["bytes"].map { !$0.isNull } == true ? artifact : nil
    }
    if let id = rest(Self.regionPrefix) {
      return await ask(["type": "region_show", "region": .string(id)])["result"]
    }
    if let id = rest(Self.jobPrefix) {
      return await ask(["type": "job_status", "job": .string(id)])["result"]
    }
    return nil
  }
}
