import FoundationEssentials

/// Immutable material from one file. Its samples or events are kept where they were loaded; the timeline
/// knows how long it is.
package struct Clip: Sendable, Equatable, Codable {
  package enum Kind: String, Sendable, Codable { case midi, audio }

  package var id: UUID
  package var path: String
  package var kind: Kind
  /// MIDI: ticks to the last event or end of track.
  package var lengthTicks: Int64
  /// Audio: frames at the session's rate.
  package var frames: Int64
  package var sampleRate: Double
  /// What the file was when it was read: size in bytes and time of its last change in nanoseconds.
  package var fileBytes: Int64
  package var fileTime: Int64
  /// Its hash, when it comes from the content store: that names it, wherever the store's file is.
  package var content: String?

  package init(
    id: UUID = UUID(), path: String, kind: Kind, lengthTicks: Int64, frames: Int64, sampleRate: Double,
    fileBytes: Int64, fileTime: Int64, content: String? = nil
  ) {
    self.id = id
    self.path = path
    self.kind = kind
    self.lengthTicks = lengthTicks
    self.frames = frames
    self.sampleRate = sampleRate
    self.fileBytes = fileBytes
    self.fileTime = fileTime
    self.content = content
  }

  /// What it is asked for by: its hash, or its path.
  package var reference: String { content ?? path }

  /// Whether both were read from the same bytes.
  package func isSameFile(as other: Clip) -> Bool {
    if let content, content == other.content { return true }
    return path == other.path && fileTime == other.fileTime && fileBytes == other.fileBytes
  }

  /// The file's name without its folder; of content its hash.
  package var fileName: String {
    if let content { return content }
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }
  /// The file's name without folder and ending; of content as much of the hash as an artifact's name has.
  package var stem: String {
    if let content { return String(content.prefix(12)) }
    let name = fileName
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// What a region of it is called when nobody says: the stem, made to fit the rule for names.
  package var defaultName: String { fittedName(stem, orElse: kind.rawValue) }

  /// Likewise of a track; the master's name is taken.
  package var defaultTrackName: String { defaultName == "master" ? "master-2" : defaultName }
}
