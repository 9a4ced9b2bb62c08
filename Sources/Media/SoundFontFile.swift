/// An open soundfont: a RIFF file of kind `sfbk` with three lists (information, sample data, tables). Any
/// ordinary thread. Little-endian; the format is SoundFont 2.04, and its extension with Ogg Vorbis samples
/// called SF3.
struct SoundFontFile {
  let path: String
  let file: RegularFile
  var size: Int64 { file.size }

  /// Opens the file and reads its first twelve bytes.
  init(path: String) throws(MediaError) {
    self.path = path
    file = try Self.open(path)
    let limit = MediaLimits.maximumSoundFontBytes
    let start = file.bytes(at: 0, count: 12)
    guard start.count == 12, start[0..<4].elementsEqual("RIFF".utf8), start[8..<12].elementsEqual("sfbk".utf8)
    else {
      throw MediaError(
        .notSoundFont, path: path, asked: "a soundfont, which begins with \"RIFF....sfbk\"",
        found: start.isEmpty
          ? "nothing that can be read" : "a file that begins with \"\(Self.dotted(start))\"")
    }
    guard file.size <= limit else {
      throw MediaError(
        .soundFontTooLarge, path: path, asked: "at most \(sizeText(Double(limit)))",
        found: sizeText(Double(file.size)))
    }
    let stated = Int64(start.doubleWord(at: 4)) + 8
    guard stated == file.size else {
      throw broken("a header that states \(stated) bytes in a file of \(file.size)", asked: "the whole file")
    }
  }

  private static func open(_ path: String) throws(MediaError) -> RegularFile {
    do throws(MediaError) {
      return try RegularFile(reading: path)
    } catch  where error.kind == .empty {
      throw MediaError(.notSoundFont, path: path, asked: "a soundfont", found: error.found)
    }
  }

  /// Exactly `count` bytes; the caller has checked that they lie inside the file.
  func bytes(at offset: Int64, count: Int) throws(MediaError) -> [UInt8] {
    let bytes = file.bytes(at: offset, count: count)
    guard bytes.count == count else {
      throw MediaError(
        .unreadable, path: path, asked: "\(count) bytes at byte \(offset)", found: "\(bytes.count) bytes")
    }
    return bytes
  }

  /// The chunk whose header stands at `offset`, which with its contents must end at `end` or before it.
  func chunk(at offset: Int64, end: Int64, in place: String) throws(MediaError) -> SoundFontChunk {
    guard end - offset >= 8 else {
      throw broken("\(place) that ends at byte \(end)", asked: "another chunk at byte \(offset)")
    }
    let header = try bytes(at: offset, count: 8)
    let chunk = SoundFontChunk(
      tag: Array(header[0..<4]), start: offset + 8, size: Int64(header.doubleWord(at: 4)))
    guard chunk.end <= end else {
      throw broken(
        "a chunk \"\(chunk.name)\" of \(chunk.size) bytes at byte \(offset)",
        asked: "at most the \(end - chunk.start) bytes that \(place) has left")
    }
    return chunk
  }

  func broken(_ found: String, asked: String) -> MediaError {
    MediaError(.brokenSoundFont, path: path, asked: asked, found: found)
  }

  /// The bytes as text, with a dot for everything that cannot be shown.
  static func dotted(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
  }
}

/// A RIFF chunk's place in the file.
struct SoundFontChunk {
  let tag: [UInt8]
  /// The first byte of the contents.
  let start: Int64
  let size: Int64

  var end: Int64 { start + size }
  var name: String { SoundFontFile.dotted(tag) }
  func isTagged(_ text: String) -> Bool { tag.elementsEqual(text.utf8) }
}

extension [UInt8] {
  /// 16 bits, little-endian.
  func word(at index: Int) -> Int { Int(self[index]) | Int(self[index + 1]) << 8 }

  /// 32 bits, little-endian.
  func doubleWord(at index: Int) -> UInt32 { UInt32(word(at: index)) | UInt32(word(at: index + 2)) << 16 }
}
