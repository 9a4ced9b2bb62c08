import HootWire
import Tools

extension Answerer {
  /// With phases it is a whole definition, which is run at once: 202. Without it is a draft: 201. One that was there
  /// already under its id: 200.
  func addWorkflow(_ call: Call) async throws(Problem) -> HTTPReply {
    let body = try call.object()
    guard body["phases"] != nil || body["definition"] != nil else {
      return reply(try await ask(.workflowCreate, call), 201)
    }
    var request = JSONObject()
    var definition = body
    if let id = definition["workflow_id"] { request["workflow_id"] = id }
    definition["workflow_id"] = nil
    request["definition"] = definition["definition"] ?? .object(definition)
    return reply(try await ask(Catalogue.tool(.workflowRun), request), 202)
  }

  private func reply(_ result: JSONValue, _ status: Int) -> HTTPReply {
    let id = result["workflow_id"]?.string ?? ""
    return HTTPReply(result["how"] == "known" ? 200 : status, json: result).with(
      "Location", "/api/workflows/\(id)")
  }
}
