import HootWire
import Tools

extension Answerer {
  /// What a declared tool says of one thing, with a tag of its state.
  func one(_ tool: Tool, _ call: Call, status: Int) async throws(Problem) -> HTTPReply {
    let match = call.isRead ? nil : call.head.value("if-match").flatMap { $0 == "*" ? nil : $0 }
    let result = try await ask(tool, try call.parameters(for: tool), match: match)
    guard call.isRead, !call.values.isEmpty, let only = result.object?.members.first?.value else {
      return HTTPReply(status, json: result)
    }
    return Answerer.tagged(result, only, call)
  }

  /// One of a list, by its id or its name.
  func among(_ list: ToolName, _ member: String, _ one: String, _ call: Call) async throws(Problem)
    -> HTTPReply
  {
    let wanted = call.values.first?.value ?? ""
    let rows = try await ask(Catalogue.tool(list), JSONObject())[member]?.array ?? []
    let found = rows.first { $0["id"]?.string == wanted } ?? rows.first { $0["name"]?.string == wanted }
    guard let row = found else {
      let names = rows.prefix(8).compactMap { $0["name"]?.string }.joined(separator: ", ")
      throw Problem(
        404, "unknown_\(member)", "there is none of that name: \(shownText(wanted))",
        names.isEmpty ? "there are no \(member)" : "\(member): \(names)", "GET /api/\(member)")
    }
    return Answerer.tagged(.object(JSONObject([(one, row)])), row, call)
  }

  private static func tagged(_ result: JSONValue, _ only: JSONValue, _ call: Call) -> HTTPReply {
    let tag = only.entityTag(without: JSONValue.measuredMembers)
    let known = tags(call.head.value("if-none-match"))
    if known.contains(tag) || known == ["*"] { return HTTPReply(304).with("ETag", tag) }
    return HTTPReply(200, json: result).with("ETag", tag)
  }
}
