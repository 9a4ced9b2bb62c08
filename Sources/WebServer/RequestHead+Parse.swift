extension RequestHead {
  /// Reads a head, without the empty line that ends it. Strict: what two readers might read differently is refused.
  package static func parse(_ bytes: ArraySlice<UInt8>) throws(HeadError) -> RequestHead {
    var lines: [ArraySlice<UInt8>] = []
    var start = bytes.startIndex
    for index in bytes.indices where bytes[index] == newline {
      guard index > start, bytes[index - 1] == carriageReturn else {
        throw .malformed("a line does not end with CR LF")
      }
      lines.append(bytes[start..<index - 1])
      start = index + 1
    }
    lines.append(bytes[start...])
    guard lines.count - 1 <= WebLimits.headers else { throw .tooManyHeaders }
    var head = try requestLine(lines[0])
    for line in lines.dropFirst() { head.headers.append(try header(line)) }
    return head
  }

  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  private static func requestLine(_ line: ArraySlice<UInt8>) throws(HeadError) -> RequestHead {
    let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.count == 3, !words[0].isEmpty, words[0].allSatisfy(isToken) else {
      throw .malformed("the request line is not METHOD TARGET VERSION")
    }
    let version = String(decoding: words[2].prefix(16), as: UTF8.self)
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      guard version.hasPrefix("HTTP/") else { throw .malformed("the request line has no version of HTTP") }
      throw .version(version)
    }
    guard words[1].count <= WebLimits.targetBytes else { throw .targetTooLong }
    guard words[1].first == UInt8(ascii: "/"), words[1].allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .malformed("the target is not a path")
    }
    let parts = words[1].split(
      separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
    return RequestHead(
      method: String(decoding: words[0], as: UTF8.self), path: try segments(parts[0]),
      query: parts.count > 1 ? try pairs(parts[1]) : [], headers: [],
      isOldVersion: version == "HTTP/1.0")
  }

  private static func segments(_ path: ArraySlice<UInt8>) throws(HeadError) -> [String] {
    let raw = path.dropFirst()
    if raw.isEmpty { return [] }
    var segments: [String] = []
    for part in raw.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      let text = try decoded(part, plusIsSpace: false)
      guard !text.isEmpty, text != ".", text != "..", !text.utf8.contains(0),
        !text.utf8.contains(UInt8(ascii: "/"))
      else { throw .malformed("a part of the path is empty, a step up or no name") }
      segments.append(text)
    }
    return segments
  }

  private static func pairs(_ query: ArraySlice<UInt8>) throws(HeadError) -> [Header] {
    var pairs: [Header] = []
    for part in query.split(separator: UInt8(ascii: "&")) {
      let halves = part.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      pairs.append(
        Header(
          name: try decoded(halves[0], plusIsSpace: true),
          value: halves.count > 1 ? try decoded(halves[1], plusIsSpace: true) : ""))
    }
    return pairs
  }

  private static func decoded(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(HeadError) -> String {
    var out: [UInt8] = []
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "%") else {
        out.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
        continue
      }
      guard bytes.endIndex - index >= 2, let high = hexadecimal(bytes[index]),
        let low = hexadecimal(bytes[index + 1])
      else { throw .malformed("a % is not followed by two hexadecimal digits") }
      out.append(high << 4 | low)
      index += 2
    }
    guard let text = String(validating: out, as: UTF8.self) else {
      throw .malformed("the target is no UTF-8")
    }
    return text
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func header(_ line: ArraySlice<UInt8>) throws(HeadError) -> Header {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
      line[..<colon].allSatisfy(isToken)
    else { throw .malformed("a header is not NAME: VALUE") }
    var value = line[(colon + 1)...]
    while let first = value.first, isBlank(first) { value.removeFirst() }
    while let last = value.last, isBlank(last) { value.removeLast() }
    guard value.allSatisfy({ ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }),
      let text = String(validating: value, as: UTF8.self)
    else { throw .malformed("a header's value holds control characters or is no UTF-8") }
    return Header(name: String(decoding: line[..<colon], as: UTF8.self).lowercased(), value: text)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  /// RFC 9110, 5.6.2.
  private static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
