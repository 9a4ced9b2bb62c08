import Tools

/// The token that HTTP asks for: a file that its owner alone can read.
package enum AccessToken {
  /// The one that is kept there, and a new one where there is none.
  ///
  /// - Parameter fresh: what a new one is: at least 32 printable ASCII characters.
  package static func keep(at path: String, fresh: () -> String) throws(ToolError) -> String {
    do { return try read(path) } catch { guard error.exit == .fileMissing else { throw error } }
    try OwnersFile.write(fresh() + "\n", to: path, what: what, replacing: false)
    return try read(path)
  }

  package static func read(_ path: String) throws(ToolError) -> String {
    let whole = try OwnersFile.read(path, limit: longest, what: what, next: "garden up")
    let text = String(whole.prefix { $0 != "\n" })
    guard (32...longest).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw ToolError(
        code: "bad_token", exit: .badData, what: "the token of HTTP cannot be used",
        why: "\(path) does not hold one line of 32 to \(longest) characters without spaces",
        next: "rm \(path) && garden down && garden up")
    }
    return text
  }

  private static let what = "the token of HTTP"
  private static let longest = 256
}
