import Tools

/// Gives each token after a command's words to the parameter it belongs to.
struct ValueSorting {
  let usage: Usage
  var typed = ArgumentReader.Typed()
  private var positionals: ArraySlice<Parameter>

  init(usage: Usage) {
    self.usage = usage
    positionals = usage.parameters.filter { $0.isPositional && $0.kind.takesValue }[...]
  }

  /// A flag with its value, from `--flag=value` or from the token behind it. One that is true or false is true by
  /// itself.
  mutating func takeFlag(_ token: String, _ remaining: inout ArraySlice<String>) throws(ToolError) {
    let flag = token.hasPrefix("--") ? String(token.prefix { $0 != "=" }) : token
    let attached = flag.count < token.count ? String(token.dropFirst(flag.count + 1)) : nil
    let own = ArgumentReader.find(flag, in: usage.parameters)
    guard let parameter = own ?? ArgumentReader.find(flag, in: Catalogue.globalOptions) else {
      throw unknownFlag(flag)
    }
    let value: ToolValue
    if let attached {
      value = .text(attached)
    } else if !parameter.kind.takesValue {
      value = .bool(true)
    } else if let next = remaining.first, next != "--", !isKnownFlag(next) {
      remaining.removeFirst()
      value = .text(next)
    } else if case .boolean = parameter.kind {
      value = .bool(true)
    } else {
      throw missingValue(parameter)
    }
    if own != nil {
      Self.add(parameter, value, to: &typed.values)
    } else {
      Self.add(parameter, value, to: &typed.options)
    }
  }

  /// A bare word such as `off`, or the next value that stands without a flag.
  mutating func takePositional(_ token: String) throws(ToolError) {
    if let word = usage.parameters.first(where: {
      $0.isPositional && !$0.kind.takesValue && $0.name.rawValue == token
    }) {
      Self.add(word, .bool(true), to: &typed.values)
      return
    }
    guard let parameter = positionals.first else { throw tooMany(token) }
    if !parameter.isRepeated { positionals.removeFirst() }
    Self.add(parameter, .text(token), to: &typed.values)
  }

  private static func add(
    _ parameter: Parameter, _ value: ToolValue, to values: inout [(String, ToolValue)]
  ) {
    let name = parameter.name.rawValue
    if parameter.isRepeated, let index = values.firstIndex(where: { $0.0 == name }),
      case .list(let earlier) = values[index].1
    {
      values[index].1 = .list(earlier + [value])
    } else {
      values.append((name, parameter.isRepeated ? .list([value]) : value))
    }
  }

  private func isKnownFlag(_ token: String) -> Bool {
    guard ArgumentReader.isFlag(token) else { return false }
    let flag = String(token.prefix { $0 != "=" })
    return ArgumentReader.find(flag, in: usage.parameters + Catalogue.globalOptions) != nil
  }
}

extension ValueSorting {
  private func unknownFlag(_ flag: String) -> ToolError {
    let known = (usage.parameters.filter { !$0.isPositional } + Catalogue.globalOptions).map(\.flag)
    return ToolError(
      code: "unknown_flag", what: "\(usage.command) has no flag \(shownText(flag))",
      why: Suggestion.sentence(for: flag, in: known, noun: "flag"), next: usage.helpCommand)
  }

  private func missingValue(_ parameter: Parameter) -> ToolError {
    ToolError(
      code: "missing_value", what: "\(parameter.flag) needs a value",
      why: "Allowed: \(parameter.allowed).", next: usage.helpCommand)
  }

  private func tooMany(_ token: String) -> ToolError {
    let taken = usage.parameters.filter(\.isPositional).map(\.label)
    let place = usage.parameters.first { parameter in
      if case .position = parameter.kind { !parameter.isPositional } else { false }
    }
    let hint = place.map { " A position follows \($0.flag)." } ?? ""
    return ToolError(
      code: "unexpected_argument", what: "\(usage.command) does not know what to do with \(shownText(token))",
      why: taken.isEmpty
        ? "It takes no value without a flag.\(hint)"
        : "Without a flag it takes: \(taken.joined(separator: ", ")).\(hint)",
      next: usage.helpCommand)
  }
}
