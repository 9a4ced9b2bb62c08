import FoundationEssentials
import HootWire
import Tools

extension Answerer {
  static func stream(_ wish: EventWish) -> HTTPReply {
    var reply = HTTPReply(200, body: Array("retry: 1000\n\n".utf8), type: "text/event-stream")
    reply.stream = wish
    return reply
  }

  /// The same events by a WebSocket (RFC 6455, 4.2).
  static func socket(_ call: Call, _ wish: EventWish) throws(Problem) -> HTTPReply {
    let head = call.head
    let words = (head.value("connection") ?? "").lowercased().split(separator: ",").map {
      $0.filter { $0 != " " }
    }
    guard head.value("upgrade")?.lowercased() == "websocket", words.contains("upgrade") else {
      throw Problem(
        400, "bad_upgrade", "the connection cannot become that",
        "Upgrade is \(shownText(head.value("upgrade") ?? ""))", "Upgrade: websocket")
    }
    guard head.value("sec-websocket-version") == "13" else {
      throw Problem(
        426, "bad_version", "the WebSocket's version is not known here", "13 is", "Sec-WebSocket-Version: 13"
      ).with("Sec-WebSocket-Version", "13").with("Upgrade", "websocket")
    }
    guard let key = head.value("sec-websocket-key"), Data(base64Encoded: key)?.count == 16 else {
      throw Problem(
        400, "bad_upgrade", "the WebSocket has no key", "Sec-WebSocket-Key is no 16 bytes in base 64",
        "send one")
    }
    let proof = SHA1.digest(Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
    var reply = HTTPReply(101).with("Upgrade", "websocket").with("Connection", "Upgrade")
      .with("Sec-WebSocket-Accept", Data(proof).base64EncodedString())
    reply.stream = wish
    reply.stream?.isSocket = true
    return reply
  }

  /// What is written down of a task, from there on and as it comes, until it is over.
  func tailTask(_ call: Call) async throws(Problem) -> HTTPReply {
    let shown = try await ask(.jobShow, call)
    let cursor = call.head.value("last-event-id")
    return Answerer.stream(
      EventWish(topics: [], cursor: cursor, isSocket: false, job: shown["job"]?["id"]?.string))
  }

  /// More of it; nothing when it cannot be asked for.
  func history(of job: String, after number: Int64) async -> JobHistory {
    do {
      // In this order: what is written after the state was looked at is told by a further event, or read now.
      let shown = try await ask(Catalogue.tool(.jobShow), JSONObject([("job", .string(job))]))
      let logs = try await ask(
        Catalogue.tool(.jobLogs), JSONObject([("job", .string(job)), ("after", .integer(number))]))
      let entries = logs["events"]?.array ?? []
      return JobHistory(
        entries: entries, isOver: entries.count < 1000 && shown["job"]?["is_final"]?.bool == true)
    } catch { return JobHistory(isOver: error.status == 404) }
  }
}
