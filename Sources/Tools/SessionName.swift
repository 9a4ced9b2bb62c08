/// What a word means where a session is asked for.
package enum SessionName {
  /// A file or content, and not the name of a session that is kept: with a slash, with the ending of a session's file,
  /// or one that content has.
  package static func isPath(_ text: String) -> Bool {
    text.contains("/") || text.hasSuffix(".json") || ContentName(text) != nil
  }
}
