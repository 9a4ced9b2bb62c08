/// What a request says before its body: checked, decoded, and no more than the limits allow.
package struct RequestHead: Equatable, Sendable {
  package struct Header: Equatable, Sendable {
    /// In lower case.
    package let name: String
    package let value: String
  }

  package var method: String
  /// The path's segments, percent-decoded; none is empty, `.` or `..`, and none holds a slash or a NUL.
  package var path: [String]
  /// In the order given; a name may stand several times.
  package var query: [Header]
  package var headers: [Header]
  /// HTTP/1.0: the connection ends with the reply unless the client asked otherwise.
  package var isOldVersion: Bool

  /// The header's value; nil when it is absent. Of a header given twice, the values behind each other.
  package func value(_ name: String) -> String? {
    let found = values(name)
    return found.isEmpty ? nil : found.joined(separator: ", ")
  }

  package func values(_ name: String) -> [String] {
    headers.filter { $0.name == name }.map(\.value)
  }

  /// Whether another request may follow on the connection.
  package var keepsConnection: Bool {
    let words = (value("connection") ?? "").lowercased().split(separator: ",")
      .map { $0.filter { $0 != " " && $0 != "\t" } }
    return isOldVersion ? words.contains("keep-alive") : !words.contains("close")
  }

  /// Bytes of the body that follows. A body whose length is not told beforehand is refused.
  package func bodyLength() throws(HeadError) -> Int {
    let lengths = values("content-length")
    guard values("transfer-encoding").isEmpty else {
      throw lengths.isEmpty ? .noLength : .malformed("both Content-Length and Transfer-Encoding are given")
    }
    guard let text = lengths.first else { return 0 }
    guard lengths.count == 1, !text.isEmpty, text.utf8.count <= 18,
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let length = Int(text)
    else { throw .malformed("Content-Length is no number") }
    return length
  }
}

/// Why a head is refused. The connection is closed with it: where the next request would begin is unknown.
package enum HeadError: Error, Equatable, Sendable {
  case malformed(String)
  case targetTooLong
  case tooManyHeaders
  case version(String)
  case noLength
}
