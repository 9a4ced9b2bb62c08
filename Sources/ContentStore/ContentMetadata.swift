import HootWire

/// What is known of a blob beside its bytes: the little JSON file that hootenanny keeps for each.
package struct ContentMetadata: Equatable, Sendable {
  package var mimeType: String
  /// As written down when the blob came in.
  package var size: UInt64

  package static let unknownType = "application/octet-stream"

  package init(mimeType: String, size: UInt64) {
    self.mimeType = mimeType
    self.size = size
  }

  /// Any bytes; unknown members are passed over. Refused with what was seen.
  package static func parse(_ bytes: [UInt8], path: String) throws(StoreError) -> ContentMetadata {
    let value: JSONValue
    do { value = try JSONValue.parse(bytes) } catch {
      throw refusal(path, "\(error)")
    }
    guard let type = value["mime_type"]?.string, let size = value["size"]?.unsignedInt else {
      throw refusal(path, "it wants an object with a text \"mime_type\" and a count \"size\"")
    }
    guard isMIMEType(type) else { throw refusal(path, "\(quoted(type)) is not a MIME type") }
    return ContentMetadata(mimeType: type, size: size)
  }

  package var bytes: [UInt8] {
    let object = JSONObject([("mime_type", .string(mimeType)), ("size", JSONValue(size))])
    return Array(JSONValue.object(object).text.utf8)
  }

  /// `type/subtype`, with parameters behind it as the case may be; printable ASCII, because it is shown.
  package static func isMIMEType(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
    return text.utf8.count <= ContentLimits.mimeTypeBytes && parts.count == 2 && !parts[0].isEmpty
      && !parts[1].isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// By the first bytes; nothing is said of what is not recognised.
  package static func mimeType(of head: [UInt8]) -> String {
    func begins(_ text: String, at place: Int = 0) -> Bool {
      head.count >= place + text.utf8.count && head[place...].starts(with: text.utf8)
    }
    if begins("RIFF") || begins("RF64") {
      if begins("WAVE", at: 8) { return "audio/wav" }
      if begins("RMID", at: 8) { return "audio/midi" }
      if begins("sfbk", at: 8) { return "audio/x-soundfont" }
    }
    if begins("MThd") { return "audio/midi" }
    if begins("fLaC") { return "audio/flac" }
    if begins("OggS") { return "audio/ogg" }
    if begins("FORM"), begins("AIF", at: 8) { return "audio/aiff" }
    if begins("ID3") || (head.count > 1 && head[0] == 0xFF && head[1] & 0xE6 == 0xE2) { return "audio/mpeg" }
    return unknownType
  }

  private static func refusal(_ path: String, _ why: String) -> StoreError {
    StoreError(.badMetadata, "\(path) is not a blob's metadata", why, "garden cas verify")
  }
}
