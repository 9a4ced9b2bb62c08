/// A collector's address: `http://HOST:4318`, to which the path of each signal is added.
package struct Collector: Sendable, Equatable {
  package let address: String

  /// - Returns: nil for what is no `http://` or `https://` address of printable ASCII without user, query and fragment.
  package init?(_ text: String) {
    let rest =
      text.hasPrefix("http://") ? text.dropFirst(7) : text.hasPrefix("https://") ? text.dropFirst(8) : ""
    let place = rest.prefix { $0 != "/" }
    guard !place.isEmpty, !place.hasPrefix(":"), text.utf8.count <= TelemetryLimits.addressBytes,
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"?#@\\\"".utf8.contains($0) })
    else { return nil }
    var trimmed = text[...]
    while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
    address = String(trimmed)
  }

  package func url(_ signal: TelemetryRecord.Signal) -> String { "\(address)/v1/\(signal.rawValue)" }
}

/// How a request to a collector ended.
package enum Posted: Sendable, Equatable {
  case taken
  /// It will not take this, however often it is sent.
  case refused(String)
  /// It may take it later.
  case failed(String)

  /// By the status of a reply (OTLP/HTTP: 429, 502, 503 and 504 may be sent again).
  package init(status: Int) {
    switch status {
    case 200...299: self = .taken
    case 429, 502, 503, 504: self = .failed("It answers with status \(status).")
    default: self = .refused("It answers with status \(status).")
    }
  }
}
