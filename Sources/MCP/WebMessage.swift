import HootWire

/// A request of the protocol's that came by HTTP, whatever server took it.
package struct WebRequest: Sendable {
  package var method: String
  /// Names in lower case, in the order given; a name may stand several times.
  package var headers: [(name: String, value: String)]
  package var body: [UInt8]

  package init(method: String, headers: [(name: String, value: String)], body: [UInt8]) {
    (self.method, self.headers, self.body) = (method, headers, body)
  }

  func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

  /// nil where it is absent, or given twice.
  func value(_ name: String) -> String? {
    let values = values(name)
    return values.count == 1 ? values[0] : nil
  }

  /// Whether what is sent back may be of these types.
  func accepts(_ types: String...) -> Bool {
    let ranges = values("accept").flatMap { $0.split(separator: ",") }
      .map { $0.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased() }
    return types.allSatisfy { type in
      let family = type.prefix { $0 != "/" } + "/*"
      return ranges.contains { $0 == type || $0 == family || $0 == "*/*" }
    }
  }
}

/// What is sent back.
package struct WebAnswer: Equatable, Sendable {
  package struct Header: Equatable, Sendable {
    package let name: String
    package let value: String
  }

  package var status: Int
  package var headers: [Header] = []
  /// nil: nothing.
  package var message: JSONValue?

  init(_ status: Int, _ message: JSONValue? = nil) { (self.status, self.message) = (status, message) }

  func with(_ name: String, _ value: String) -> WebAnswer {
    var copy = self
    copy.headers.append(Header(name: name, value: value))
    return copy
  }
}
