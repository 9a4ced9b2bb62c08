import Tools

/// A command line, understood and checked.
struct Invocation: Sendable {
  var command: Command
  /// Checked against the command's declaration.
  var arguments: Arguments
  /// Checked against `Catalogue.globalOptions`.
  var options: Arguments

  var wantsJSON: Bool { options.isSet(.json) }
  var isQuiet: Bool { options.isSet(.quiet) }
  var waits: Bool { !options.isSet(.noWait) }
  /// Seconds.
  var timeout: Double { options.number(.timeout) ?? 5 }
}

/// What a command line asks for.
enum CommandLineRequest: Sendable {
  case run(Invocation)
  /// `-h` somewhere: explain these words, which may be none.
  case help([String])
  case version(json: Bool)
}
