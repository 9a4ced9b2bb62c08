import FoundationEssentials
import Glibc
import Tools

/// The secrets that sign webhooks, in a file that its owner alone can read: one a line, the newest first.
package enum WebhookSecrets {
  /// `whsec_` and the base64 of 24 to 64 bytes, as Standard Webhooks writes them.
  package struct Secret: Sendable, Equatable {
    package let text: String
    package let bytes: [UInt8]

    package init?(_ text: some StringProtocol) {
      guard text.hasPrefix("whsec_"), let data = Data(base64Encoded: String(text.dropFirst(6))),
        (24...64).contains(data.count)
      else { return nil }
      self.text = String(text)
      bytes = Array(data)
    }

    /// 32 bytes that nobody can guess.
    static func fresh() -> Secret? {
      var dice = SystemRandomNumberGenerator()
      let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &dice) }
      return Secret("whsec_" + Data(bytes).base64EncodedString())
    }
  }

  /// How many there are at most; the oldest are forgotten.
  package static let most = 4

  /// Those that are kept there, and a new one where there is none.
  package static func keep(at path: String) throws(ToolError) -> [Secret] {
    do { return try read(path) } catch { guard error.exit == .fileMissing else { throw error } }
    try OwnersFile.write(try fresh().text + "\n", to: path, what: what, replacing: false)
    return try read(path)
  }

  /// A new one before those there are.
  package static func rotate(at path: String) throws(ToolError) -> [Secret] {
    let secrets = [try fresh()] + (try keep(at: path))
    try write(Array(secrets.prefix(most)), to: path)
    return try read(path)
  }

  /// The newest alone.
  package static func forget(at path: String) throws(ToolError) -> [Secret] {
    try write(Array(try keep(at: path).prefix(1)), to: path)
    return try read(path)
  }

  private static let what = "the secret of webhooks"

  private static func fresh() throws(ToolError) -> Secret {
    guard let secret = Secret.fresh() else {
      throw ToolError(
        code: "internal_error", exit: .internalError, what: "no secret was made", why: "this is a fault",
        next: "garden doctor")
    }
    return secret
  }

  private static func write(_ secrets: [Secret], to path: String) throws(ToolError) {
    try OwnersFile.write(
      secrets.map { $0.text + "\n" }.joined(), to: path, what: what, replacing: true)
  }

  private static func read(_ path: String) throws(ToolError) -> [Secret] {
    let text = try OwnersFile.read(path, limit: 1024, what: what, next: "garden webhook secret")
    let secrets = text.split(separator: "\n").map { Secret($0) }
    guard !secrets.isEmpty, secrets.count <= most, !secrets.contains(nil) else {
      throw ToolError(
        code: "bad_secret", exit: .badData, what: "\(what) cannot be used",
        why: "\(path) does not hold 1 to \(most) lines of whsec_ and the base64 of 24 to 64 bytes",
        next: "rm \(path) && garden webhook secret")
    }
    return secrets.compactMap { $0 }
  }
}
