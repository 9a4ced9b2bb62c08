extension Parameter {
  /// The value, converted and held against the declared range.
  ///
  /// Texts are read as numbers where the kind is a number, so that a command line and a wire body pass
  /// through the same check. `usage` names the command in the error's last line.
  func check(_ value: ToolValue, in usage: Usage) throws(ToolError) -> CheckedValue {
    if isRepeated { return .list(try checkList(value, in: usage)) }
    if case .list = value { throw wrongType(value, in: usage) }
    return try checkOne(value, in: usage)
  }

  private func checkList(_ value: ToolValue, in usage: Usage) throws(ToolError) -> [CheckedValue] {
    guard case .list(let values) = value else { return [try checkOne(value, in: usage)] }
    let most = if case .point = kind { ToolLimits.points } else { ToolLimits.repetitions }
    guard (1...most).contains(values.count) else {
      throw refusal(
        "out_of_range", "\(values.count) values for \(label)", "Seen \(values.count), allowed 1 to \(most).",
        in: usage)
    }
    var checked: [CheckedValue] = []
    for value in values { checked.append(try checkOne(value, in: usage)) }
    return checked
  }

  private func checkOne(_ value: ToolValue, in usage: Usage) throws(ToolError) -> CheckedValue {
    switch kind {
    case .position: return try checkPosition(value, in: usage)
    case .beats(let range): return .number(try checkNumber(value, suffixes: [], range, in: usage))
    case .number(let range, let unit):
      return .number(try checkNumber(value, suffixes: Self.suffixes(of: unit), range, in: usage))
    case .decibels(let range):
      return .number(try checkNumber(value, suffixes: ["dB", "db", "DB"], range, in: usage))
    case .integer(let range): return .integer(try checkInteger(value, range, in: usage))
    case .point(let shapes): return .point(try checkPoint(value, shapes, in: usage))
    case .span: return .span(try checkSpan(value, in: usage))
    case .flag, .boolean: return .bool(try checkBool(value, in: usage))
    case .text(let length): return .text(try checkText(value, maxLength: length, in: usage))
    case .document(let bytes): return .text(try checkDocument(value, bytes, in: usage))
    case .object(let bytes): return try checkObject(value, bytes, in: usage)
    case .choice(let words): return .text(try checkChoice(value, words, in: usage))
    case .path: return .text(try checkPath(value, in: usage))
    case .material:
      if case .text(let text) = value, ContentName(text) != nil { return .text(text) }
      return .text(try checkPath(value, in: usage))
    case .content: return .text(try checkContent(value, in: usage))
    case .session:
      guard case .text(let text) = value, SessionName.isPath(text) else {
        return .text(try checkText(value, maxLength: ToolLimits.referenceLength, in: usage))
      }
      return ContentName(text) != nil ? .text(text) : .text(try checkPath(value, in: usage))
    case .soundfont: return .text(try checkText(value, maxLength: ToolLimits.pathLength, in: usage))
    case .region, .track, .clip, .marker, .bus, .strip:
      return .text(try checkText(value, maxLength: ToolLimits.referenceLength, in: usage))
    }
  }

  /// A typed number may have the unit behind it that it is in anyway.
  private static func suffixes(of unit: String) -> [String] {
    switch unit {
    case "": []
    case "seconds": ["s"]
    default: [unit, unit.lowercased()]
    }
  }

  /// A number is taken for the text a person would have typed: beats from the start.
  func checkPosition(_ value: ToolValue, in usage: Usage) throws(ToolError) -> CheckedValue {
    switch value {
    case .integer(let beats): return .text(String(beats))
    case .number(let beats) where beats.isFinite && abs(beats) <= ToolLimits.beats.upperBound:
      return .text(shownNumber(beats))
    case .number: throw outOfRange(value, in: usage)
    default: return .text(try checkText(value, maxLength: ToolLimits.positionLength, in: usage))
    }
  }

  func checkNumber(
    _ value: ToolValue, suffixes: [String], _ range: ClosedRange<Double>, in usage: Usage
  ) throws(ToolError) -> Double {
    let number: Double
    switch value {
    case .integer(let whole): number = Double(whole)
    case .number(let given): number = given
    case .text(let text):
      let suffix = suffixes.first { text.hasSuffix($0) } ?? ""
      guard let parsed = plainNumber(text.dropLast(suffix.count)) else { throw wrongType(value, in: usage) }
      number = parsed
    case .null, .bool, .list, .object: throw wrongType(value, in: usage)
    }
    guard number.isFinite, range.contains(number) else { throw outOfRange(value, in: usage) }
    return number
  }

  private func checkInteger(
    _ value: ToolValue, _ range: ClosedRange<Int>, in usage: Usage
  ) throws(ToolError) -> Int {
    let number: Int?
    switch value {
    case .integer(let whole): number = Int(exactly: whole)
    case .number(let given): number = Int(exactly: given)
    case .text(let text): number = Int(text)
    case .null, .bool, .list, .object: number = nil
    }
    guard let number else { throw wrongType(value, in: usage) }
    guard range.contains(number) else { throw outOfRange(value, in: usage) }
    return number
  }

  private func checkSpan(_ value: ToolValue, in usage: Usage) throws(ToolError) -> Span {
    if case .text(let text) = value, text.hasSuffix("s") {
      let seconds = ToolValue.text(String(text.dropLast()))
      return .seconds(try checkNumber(seconds, suffixes: [], ToolLimits.offsetSeconds, in: usage))
    }
    return .beats(try checkNumber(value, suffixes: [], ToolLimits.beats, in: usage))
  }

  private func checkBool(_ value: ToolValue, in usage: Usage) throws(ToolError) -> Bool {
    switch value {
    case .bool(let given): return given
    case .text("true"), .text("on"), .text("yes"): return true
    case .text("false"), .text("off"), .text("no"): return false
    default: throw wrongType(value, in: usage)
    }
  }

  func checkText(
    _ value: ToolValue, maxLength: Int, in usage: Usage
  ) throws(ToolError) -> String {
    guard case .text(let text) = value else { throw wrongType(value, in: usage) }
    guard !text.isEmpty, text.utf8.count <= maxLength * 4, text.count <= maxLength else {
      throw refusal(
        text.isEmpty ? "empty" : "too_long", "\(label) is \(text.isEmpty ? "empty" : "too long")",
        "Seen \(text.count) characters, allowed \(allowed).", in: usage)
    }
    guard !text.unicodeScalars.contains(where: isControl) else {
      throw refusal(
        "control_character", "\(label) holds a line break or another control character",
        "Seen \(shownText(text)), allowed \(allowed).", in: usage)
    }
    return text
  }

  /// Text is handed on as it is: whoever uses it reads it as JSON.
  private func checkObject(_ value: ToolValue, _ bytes: Int, in usage: Usage) throws(ToolError)
    -> CheckedValue
  {
    switch value {
    case .text: return .text(try checkDocument(value, bytes, in: usage))
    case .object(let members):
      let count = value.json.utf8.count
      guard count <= bytes else {
        throw refusal(
          "too_long", "\(label) is too long", "Seen \(count) bytes, allowed \(allowed).", in: usage)
      }
      return .object(members)
    case .null, .bool, .integer, .number, .list: throw wrongType(value, in: usage)
    }
  }

  /// Line breaks and tabs may stand in it, no other control characters.
  private func checkDocument(_ value: ToolValue, _ bytes: Int, in usage: Usage) throws(ToolError) -> String {
    guard case .text(let text) = value else { throw wrongType(value, in: usage) }
    guard (1...bytes).contains(text.utf8.count) else {
      throw refusal(
        text.isEmpty ? "empty" : "too_long", "\(label) is \(text.isEmpty ? "empty" : "too long")",
        "Seen \(text.utf8.count) bytes, allowed \(allowed).", in: usage)
    }
    return text
  }

  func checkChoice(
    _ value: ToolValue, _ words: [String], in usage: Usage
  ) throws(ToolError) -> String {
    guard case .text(let text) = value else { throw wrongType(value, in: usage) }
    guard words.contains(text) else {
      throw refusal(
        "unknown_value", "\(label): unknown value \(shownText(text))",
        Suggestion.sentence(for: text, in: words, noun: "value"), in: usage)
    }
    return text
  }

  private func checkContent(_ value: ToolValue, in usage: Usage) throws(ToolError) -> String {
    let text = try checkText(value, maxLength: ToolLimits.referenceLength, in: usage)
    guard let name = ContentName(text) else {
      throw refusal(
        "invalid_hash", "invalid hash format: \(shownText(text))",
        "Seen \(text.count) characters, allowed \(allowed).", in: usage)
    }
    return name.text
  }

  private func checkPath(_ value: ToolValue, in usage: Usage) throws(ToolError) -> String {
    let path = try checkText(value, maxLength: ToolLimits.pathLength, in: usage)
    guard path.utf8.count <= ToolLimits.pathLength, path.hasPrefix("/") else {
      throw refusal(
        "relative_path", "\(label): \(shownText(path)) is not \(allowed)",
        "A path is read by the daemon, whose working directory is not yours.", in: usage)
    }
    return path
  }
}

extension Parameter {
  func outOfRange(_ value: ToolValue, in usage: Usage) -> ToolError {
    refusal(
      "out_of_range", "\(label): \(value.shown) is out of range", "Seen \(value.shown), allowed \(allowed).",
      in: usage)
  }

  func wrongType(_ value: ToolValue, in usage: Usage) -> ToolError {
    refusal(
      "wrong_type", "\(label) does not take \(value.shown)", "Seen \(value.shown), allowed \(allowed).",
      in: usage)
  }

  func refusal(_ code: String, _ what: String, _ why: String, in usage: Usage) -> ToolError {
    ToolError(code: code, what: what, why: why, next: usage.helpCommand)
  }
}

/// A decimal number as people write it: no hexadecimal, no `inf`, no `nan`.
func plainNumber(_ text: some StringProtocol) -> Double? {
  guard !text.isEmpty,
    text.utf8.allSatisfy({ byte in
      (48...57).contains(byte) || [43, 45, 46, 69, 101].contains(byte)
    })
  else { return nil }
  return Double(text)
}
