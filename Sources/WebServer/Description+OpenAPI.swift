import HootWire
import Tools

extension Description {
  /// OpenAPI 3.1 of every endpoint.
  static var openAPI: JSONValue {
    var paths = JSONObject()
    for endpoint in Endpoint.all {
      var path = paths[endpoint.path]?.object ?? JSONObject()
      path[endpoint.method.lowercased()] = operation(endpoint)
      paths[endpoint.path] = .object(path)
    }
    return [
      "openapi": "3.1.0",
      "info": ["title": "chaosgarden", "version": .string(Product.version)],
      "paths": .object(paths),
      "security": [["token": []], ["cookie": []]],
      "components": [
        "securitySchemes": [
          "token": ["type": "http", "scheme": "bearer"],
          "cookie": ["type": "apiKey", "in": "cookie", "name": .string(Gate.cookieName)],
        ],
        "schemas": ["Problem": problem],
      ],
    ]
  }

  private static let problem: JSONValue = [
    "type": "object",
    "properties": [
      "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
      "detail": ["type": "string"], "next": ["type": "string"], "code": ["type": "string"],
      "lines": ["type": "array", "items": ["type": "string"]],
    ],
    "required": ["type", "title", "status", "detail", "code", "lines"],
  ]

  private static func operation(_ endpoint: Endpoint) -> JSONValue {
    let inPath = endpoint.parts.compactMap { part -> String? in
      if case .value(let name) = part { name } else { nil }
    }
    var parameters = inPath.map { name -> JSONValue in
      [
        "name": .string(name), "in": "path", "required": true,
        "schema": ["type": "string", "minLength": 1],
      ]
    }
    var operation = JSONObject([
      ("operationId", .string(identifier(endpoint))), ("summary", .string(endpoint.summary)),
    ])
    if let tool = endpoint.tool {
      let given = Set(inPath.map { Call.parameter($0, of: tool) })
      if endpoint.method == "GET" || endpoint.method == "DELETE" {
        parameters += inQuery(tool, without: given)
      } else {
        let schema = schema(of: tool, without: given)
        operation["requestBody"] = [
          "required": .bool(schema["required"] != nil), "content": ["application/json": ["schema": schema]],
        ]
      }
    } else if endpoint.method == "POST", endpoint.takesAnyObject {
      operation["requestBody"] = ["content": ["application/json": ["schema": ["type": "object"]]]]
    }
    if case .own(.addArtifact) = endpoint.work {
      operation["requestBody"] = ["required": true, "content": ["*/*": ["schema": [:]]]]
      parameters.append([
        "name": "label", "in": "query",
        "schema": [
          "type": "string", "minLength": 1, "maxLength": .integer(Int64(ToolLimits.nameLength)),
          "pattern": line,
        ],
      ])
    }
    if case .own(.listen) = endpoint.work {
      parameters.append([
        "name": "format", "in": "query",
        "schema": ["type": "string", "enum": .array(SoundFormat.allCases.map { .string($0.rawValue) })],
      ])
    }
    if case .own(.events) = endpoint.work {
      parameters += ["topics", "cursor"].map {
        ["name": .string($0), "in": "query", "schema": ["type": "string"]]
      }
    }
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if endpoint.isPublic { operation["security"] = [] }
    operation["responses"] = responses(endpoint)
    return .object(operation)
  }

  private static func inQuery(_ tool: Tool, without given: Set<String>) -> [JSONValue] {
    parameters(of: tool, without: given).map { parameter in
      [
        "name": .string(parameter.name.rawValue), "in": "query", "required": .bool(parameter.isRequired),
        "schema": property(parameter),
      ]
    }
  }

  private static func responses(_ endpoint: Endpoint) -> JSONValue {
    var kinds = JSONObject([
      ("application/problem+json", ["schema": ["$ref": "#/components/schemas/Problem"]])
    ])
    // The message door answers in its protocol's own words.
    if case .own(.messages) = endpoint.work { kinds["application/json"] = ["schema": ["type": "object"]] }
    let refused: JSONValue = [
      "description": "refused, with what failed, why and what to do next", "content": .object(kinds),
    ]
    var responses = JSONObject()
    for status in endpoint.statuses {
      let type = endpoint.mediaType
      let body: JSONValue =
        status == 204 || status == 304
        ? ["description": .string(HTTPReply.phrase(status))]
        : [
          "description": .string(HTTPReply.phrase(status)),
          "content": .object(
            JSONObject([
              (type, ["schema": schema(ofReply: type)])
            ])),
        ]
      responses["\(status)"] = body
    }
    responses["default"] = refused
    return .object(responses)
  }

  /// An event is an object of its fields.
  private static func schema(ofReply type: String) -> JSONValue {
    switch type {
    case "application/json": ["type": "object"]
    case "text/plain": ["type": "string"]
    case "text/event-stream":
      [
        "type": "object",
        "properties": ["data": ["type": "string"], "event": ["type": "string"], "id": ["type": "string"]],
      ]
    default: [:]
    }
  }

  /// `GET /api/tasks/{job}/logs` is `get_tasks_job_logs`.
  private static func identifier(_ endpoint: Endpoint) -> String {
    let words = endpoint.path.split { !$0.isLetter && !$0.isNumber }.filter { $0 != "api" }
    return ([endpoint.method.lowercased()] + words.map(String.init)).joined(separator: "_")
  }
}

extension Endpoint {
  /// The tool whose parameters it takes.
  var tool: Tool? {
    switch work {
    case .tool(let name, _): Catalogue.tool(name)
    case .own(.listTasks): Catalogue.tool(.jobLs)
    case .own(.taskLogs): Catalogue.tool(.jobLogs)
    case .own(.addRender): Catalogue.tool(.bounce)
    case .own: nil
    }
  }

  fileprivate var takesAnyObject: Bool {
    switch work {
    case .own(.anyTool), .own(.addTask), .own(.addWorkflow): true
    case .own(.messages): method == "POST"
    default: false
    }
  }

  fileprivate var isPublic: Bool {
    switch work {
    case .own(.health), .own(.ready), .own(.page), .own(.pageFile): true
    default: false
    }
  }

  fileprivate var mediaType: String {
    switch work {
    case .own(.metrics): "text/plain"
    case .own(.events), .own(.tailTask): "text/event-stream"
    case .own(.page): "text/html"
    case .own(.artifactBytes), .own(.pageFile), .own(.listen): "*/*"
    default: "application/json"
    }
  }

  fileprivate var statuses: [Int] {
    switch work {
    case .tool(_, let status): method == "GET" && parts.contains { $0.isValue } ? [status, 304] : [status]
    case .own(.logIn), .own(.logOut): [204]
    case .own(.messages): method == "POST" ? [200, 202] : [204]
    case .own(.addTask), .own(.addRender): [200, 202]
    case .own(.addWorkflow): [200, 201, 202]
    case .own(.retryTask): [202]
    case .own(.showTask), .own(.page), .own(.pageFile): [200, 304]
    case .own(.taskResult): [200, 202, 304]
    case .own(.addArtifact): [201, 202]
    case .own(.artifactBytes): [200, 206, 304]
    case .own(.among): [200, 304]
    case .own: [200]
    }
  }
}
