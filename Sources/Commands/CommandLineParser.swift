import Tools

/// Reads a command line by the catalogue.
///
/// Written here instead of taken from swift-argument-parser: that wants a Swift type for every command, which
/// would declare each name, range and help text a second time.
package struct CommandLineParser {
  /// Relative paths are taken from here.
  package var workingDirectory: String
  /// Whether a file is there; tells a soundfont's path from its name.
  package var fileExists: (String) -> Bool = { _ in false }

  package init(workingDirectory: String, fileExists: @escaping (String) -> Bool) {
    self.workingDirectory = workingDirectory
    self.fileExists = fileExists
  }

  /// `arguments` without the program's name. Errors have exit status 64.
  package func parse(_ arguments: [String]) throws(ToolError) -> CommandLineRequest {
    var reader = ArgumentReader(arguments)
    let words = try reader.takeCommandWords()
    // Before anything is checked: who asks for help may not know yet what is missing.
    if reader.asksForHelp { return .help(words) }
    if reader.asksForVersion { return .version(json: reader.asksForJSON) }
    guard let command = Command.named(words.isEmpty ? ["status"] : words) else {
      throw Self.unfinished(words)
    }
    var typed = try reader.takeValues(of: command.usage)
    makeAbsolute(&typed.values, command.usage.parameters)
    makeAbsolute(&typed.options, Catalogue.globalOptions)
    let options = try Self.globals.validate(typed.options, client: true)
    return .run(
      Invocation(
        command: command, arguments: try command.usage.validate(typed.values, client: true),
        options: options))
  }

  package static let globals = Usage("", "", parameters: Catalogue.globalOptions)

  /// The daemon runs in another folder: what is relative here must be absolute there.
  private func makeAbsolute(_ values: inout [(String, ToolValue)], _ parameters: [Parameter]) {
    for index in values.indices {
      guard let parameter = parameters.first(where: { $0.name.rawValue == values[index].0 }) else { continue }
      switch parameter.kind {
      case .path: values[index].1 = absolute(values[index].1)
      case .material: values[index].1 = absolute(values[index].1, keepsContent: true)
      case .session:
        if case .text(let text) = values[index].1, SessionName.isPath(text) {
          values[index].1 = absolute(values[index].1, keepsContent: true)
        }
      case .soundfont:
        guard case .text(let text) = values[index].1 else { continue }
        if text.contains("/") || fileExists(absolutePath(text)) {
          values[index].1 = absolute(values[index].1)
        }
      default: continue
      }
    }
  }

  /// A file that is called like content is the file.
  private func absolute(_ value: ToolValue, keepsContent: Bool = false) -> ToolValue {
    switch value {
    case .text(let text) where keepsContent && ContentName(text) != nil && !fileExists(absolutePath(text)):
      value
    case .text(let text) where !text.isEmpty: .text(absolutePath(text))
    case .list(let values): .list(values.map { absolute($0, keepsContent: keepsContent) })
    default: value
    }
  }

  private func absolutePath(_ path: String) -> String {
    path.hasPrefix("/") ? path : workingDirectory + (workingDirectory.hasSuffix("/") ? "" : "/") + path
  }

  private static func unfinished(_ words: [String]) -> ToolError {
    let next = Command.words(after: words)
    return ToolError(
      code: "unfinished_command", what: "garden \(words.joined(separator: " ")) needs another word",
      why: "One of: " + next.joined(separator: ", ") + ".",
      next: "garden help \(words.joined(separator: " "))")
  }
}
