import Jobs

/// What another task has made, as parameters name it: `${verse.artifact}`, `${verse.artifact.2}`, `${idea.value.text}`.
/// `$${` stands for `${` itself.
package struct WorkflowReference: Sendable, Equatable {
  package var task: String
  package var what: What

  package enum What: Sendable, Equatable {
    /// From 0.
    case artifact(Int)
    /// A member of the value, of a member of it and so on; none: all of it.
    case value([String])
  }

  /// The text between `${` and `}`.
  init?(_ text: some StringProtocol) {
    let words = String(text).split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
    guard words.count >= 2, Workflow.isName(words[0]) else { return nil }
    task = words[0]
    switch (words[1], words.count) {
    case ("artifact", 2): what = .artifact(0)
    case ("artifact", 3):
      guard let number = Int(words[2]), (1...JobsLimits.artifacts).contains(number) else { return nil }
      what = .artifact(number - 1)
    case ("value", _):
      guard words.count <= 10, !words.contains("") else { return nil }
      what = .value(Array(words.dropFirst(2)))
    default: return nil
    }
  }

  package var text: String {
    switch what {
    case .artifact(0): "${\(task).artifact}"
    case .artifact(let index): "${\(task).artifact.\(index + 1)}"
    case .value(let path): "${\(([task, "value"] + path).joined(separator: "."))}"
    }
  }

  enum Piece: Equatable {
    case text(String)
    case reference(WorkflowReference)
  }

  struct Unreadable: Error {
    var text: String
  }

  static func pieces(of text: String) throws(Unreadable) -> [Piece] {
    var pieces: [Piece] = []
    var plain = ""
    var rest = text[...]
    while let sign = rest.firstIndex(of: "$") {
      plain += rest[..<sign]
      rest = rest[sign...]
      if rest.hasPrefix("$${") {
        plain += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}"), let reference = WorkflowReference(rest.dropFirst(2)[..<end])
        else { throw Unreadable(text: String(rest.prefix(60))) }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        plain = ""
        pieces.append(.reference(reference))
        rest = rest[rest.index(after: end)...]
      } else {
        plain += "$"
        rest = rest.dropFirst()
      }
    }
    plain += rest
    if !plain.isEmpty || pieces.isEmpty { pieces.append(.text(plain)) }
    return pieces
  }
}

extension ToolValue {
  /// The same with what references stand for. A text that is one reference alone becomes its value, whatever that is.
  package func resolved<Failure: Error>(
    _ resolve: (WorkflowReference) throws(Failure) -> ToolValue
  ) throws(Failure) -> ToolValue {
    switch self {
    case .null, .bool, .integer, .number: return self
    case .list(let values):
      var list: [ToolValue] = []
      for value in values { list.append(try value.resolved(resolve)) }
      return .list(list)
    case .object(let members):
      var object: [String: ToolValue] = [:]
      for (name, value) in members { object[name] = try value.resolved(resolve) }
      return .object(object)
    case .text(let text):
      // One that cannot be read was refused when it was added.
      guard text.contains("$"), let pieces = try? WorkflowReference.pieces(of: text) else { return self }
      if pieces.count == 1, case .reference(let reference) = pieces[0] { return try resolve(reference) }
      var whole = ""
      for piece in pieces {
        switch piece {
        case .text(let part): whole += part
        case .reference(let reference):
          let value = try resolve(reference)
          if case .text(let part) = value { whole += part } else { whole += value.json }
        }
      }
      return .text(whole)
    }
  }

  /// All that it refers to.
  func references() throws(WorkflowReference.Unreadable) -> [WorkflowReference] {
    switch self {
    case .null, .bool, .integer, .number: return []
    case .text(let text):
      guard text.contains("$") else { return [] }
      return try WorkflowReference.pieces(of: text).compactMap {
        if case .reference(let reference) = $0 { return reference }
        return nil
      }
    case .list(let values):
      var all: [WorkflowReference] = []
      for value in values { all += try value.references() }
      return all
    case .object(let members):
      var all: [WorkflowReference] = []
      for (_, value) in members.sorted(by: { $0.key < $1.key }) { all += try value.references() }
      return all
    }
  }
}
