extension Parameter {
  /// `5:1=-6`, `5:1=-inf:hold`, or an object with `at`, `value` and perhaps `shape`.
  func checkPoint(_ value: ToolValue, _ shapes: [String], in usage: Usage) throws(ToolError) -> TypedPoint {
    switch value {
    case .text(let text): return try checkPoint(text, shapes, in: usage)
    case .object(let members):
      for name in members.keys.sorted() where !["at", "value", "shape"].contains(name) {
        throw refusal(
          "unknown_parameter", "\(label) has no member \(shownText(name))",
          "Each point has at, value and shape.", in: usage)
      }
      guard let at = members["at"], let level = members["value"] else { throw wrongType(value, in: usage) }
      let shape = members["shape"] ?? .null
      return try checkPoint(at: at, level, shape == .null ? .text(shapes[0]) : shape, shapes, in: usage)
    default: throw wrongType(value, in: usage)
    }
  }

  private func checkPoint(
    _ text: String, _ shapes: [String], in usage: Usage
  ) throws(ToolError) -> TypedPoint {
    guard text.utf8.count <= ToolLimits.referenceLength, let sign = text.lastIndex(of: "=") else {
      throw wrongType(.text(text), in: usage)
    }
    let parts = text[text.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count) else { throw wrongType(.text(text), in: usage) }
    let shape = parts.count == 2 ? String(parts[1]) : shapes[0]
    return try checkPoint(
      at: .text(String(text[..<sign])), .text(String(parts[0])), .text(shape), shapes, in: usage)
  }

  private func checkPoint(
    at place: ToolValue, _ level: ToolValue, _ shape: ToolValue, _ shapes: [String], in usage: Usage
  ) throws(ToolError) -> TypedPoint {
    guard case .text(let at) = try checkPosition(place, in: usage) else { throw wrongType(place, in: usage) }
    let number =
      level == .text("-inf")
      ? ToolLimits.gainDecibels.lowerBound
      : try checkNumber(level, suffixes: ["dB", "db", "DB"], ToolLimits.gainDecibels, in: usage)
    return TypedPoint(at: at, value: number, shape: try checkChoice(shape, shapes, in: usage))
  }
}
