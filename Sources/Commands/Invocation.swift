import Tools

/// A command line, understood and checked.
package struct Invocation: Sendable {
  package var command: Command
  /// Checked against the command's declaration.
  package var arguments: Arguments
  /// Checked against `Catalogue.globalOptions`.
  package var options: Arguments

  package var wantsJSON: Bool { options.isSet(.json) }
  package var isQuiet: Bool { options.isSet(.quiet) }
  package var waits: Bool { !options.isSet(.noWait) }
  /// Seconds.
  package var timeout: Double { options.number(.timeout) ?? 5 }
}

/// What a command line asks for.
package enum CommandLineRequest: Sendable {
  case run(Invocation)
  /// `-h` somewhere: explain these words, which may be none.
  case help([String])
  case version(json: Bool)
}
