import Glibc
import HootWire

/// A reply on its way to a client.
package struct HTTPReply: Equatable, Sendable {
  package var status: Int
  package var headers: [RequestHead.Header] = []
  package var body: [UInt8] = []
  /// The connection ends with it.
  package var closes = false
  /// The connection goes on as a stream of events.
  var stream: EventWish?
  /// Stands in place of the body, and is read as it leaves.
  var file: FileSpan?
  /// The connection goes on as what is played.
  var sound: SoundFormat?

  package init(_ status: Int, body: [UInt8] = [], type: String? = nil) {
    self.status = status
    self.body = body
    if let type { set("Content-Type", type) }
  }

  package init(_ status: Int, json: JSONValue) {
    self.init(status, body: json.encode() + [UInt8(ascii: "\n")], type: "application/json")
  }

  package mutating func set(_ name: String, _ value: String) {
    headers.append(RequestHead.Header(name: name, value: value))
  }

  package func with(_ name: String, _ value: String) -> HTTPReply {
    var copy = self
    copy.set(name, value)
    return copy
  }

  package func closing() -> HTTPReply {
    var copy = self
    copy.closes = true
    return copy
  }
}

extension HTTPReply {
  /// Head and body in one piece, so that they leave in one packet.
  ///
  /// - Parameters:
  ///   - date: as RFC 9110 writes it.
  ///   - keepsConnection: whether a further request may follow.
  ///   - isHead: the reply to HEAD, which has no body, only its length.
  ///   - isStream: what follows ends with the connection.
  func encode(
    date: String, keepsConnection: Bool, isHead: Bool = false, isStream: Bool = false
  ) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(HTTPReply.phrase(status))\r\nDate: \(date)\r\n"
    text += "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n"
    if !headers.contains(where: { $0.name == "Cache-Control" }) { text += "Cache-Control: no-store\r\n" }
    for header in headers { text += "\(header.name): \(header.value.onOneHeaderLine)\r\n" }
    if status != 304, status != 204, stream == nil, sound == nil, !isStream {
      text += "Content-Length: \(file?.left ?? Int64(body.count))\r\n"
    }
    text += (keepsConnection && !closes) || status == 101 ? "\r\n" : "Connection: close\r\n\r\n"
    var bytes = Array(text.utf8)
    if !isHead, status != 304, status != 204 { bytes += body }
    return bytes
  }

  static func phrase(_ status: Int) -> String {
    switch status {
    case 101: "Switching Protocols"
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 206: "Partial Content"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 416: "Range Not Satisfiable"
    case 422: "Unprocessable Content"
    case 426: "Upgrade Required"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    case 507: "Insufficient Storage"
    default: "Status"
    }
  }

  /// The time as RFC 9110, 5.6.7 writes it.
  static func date(_ seconds: Int) -> String {
    var time = seconds
    var parts = tm()
    gmtime_r(&time, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = days[Int(parts.tm_wday) % 7]
    let month = months[Int(parts.tm_mon) % 12]
    return "\(day), \(two(parts.tm_mday)) \(month) \(parts.tm_year + 1900) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}

extension String {
  /// Whatever somebody's text in a header holds, it begins no further one.
  fileprivate var onOneHeaderLine: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
  }
}
