/// What a soundfont says about itself, as a value.
package struct SoundFontInfo: Sendable, Codable, Equatable {
  package struct Preset: Sendable, Codable, Equatable {
    /// 0...65,535, of which MIDI reaches 0...16,383; 128 is where the drum kits are.
    package var bank: Int
    /// 0...127 in every font that follows the format.
    package var program: Int
    package var name: String
  }

  /// The font's own name; the file's when it has none. One line.
  package var name: String
  package var path: String
  package var bytes: Int64
  /// "SF2 2.04", or "SF3" when its samples are compressed.
  package var format: String
  /// Sorted by bank, then by program.
  package var presets: [Preset]
  package var instruments: Int
  package var samples: Int

  /// Reads a soundfont's tables and holds every index and range in them against the file, so that a synth
  /// which trusts them can be given the file. Any ordinary thread. The samples themselves stay on the disk,
  /// except that compressed ones are looked through, a block at a time, for the length they will have.
  package static func read(path: String) throws(MediaError) -> SoundFontInfo {
    let file = try SoundFontFile(path: path)
    let layout = try file.layout()
    let instruments = try file.checkInstruments(layout)
    try file.checkPresets(layout, instrumentZones: instruments)
    try file.checkSamples(layout)
    return SoundFontInfo(file: file, layout: layout)
  }

  private init(file: SoundFontFile, layout: SoundFontLayout) {
    name = layout.name.isEmpty ? file.path.fileName.printable : layout.name
    path = file.path
    bytes = file.size
    format =
      layout.isCompressed ? "SF3" : "SF2 \(layout.major).\(layout.minor < 10 ? "0" : "")\(layout.minor)"
    presets = layout.presets.records.dropLast().map { record in
      Preset(
        bank: layout.presets.word(record, 22), program: layout.presets.word(record, 20),
        name: soundFontText(layout.presets.bytes(record, 0, count: 20)))
    }
    .sorted { ($0.bank, $0.program, $0.name) < ($1.bank, $1.program, $1.name) }
    instruments = layout.instruments.count - 1
    samples = layout.samples.count - 1
  }
}

/// A name in a soundfont: it ends at its first zero and is ASCII, UTF-8 or, in old fonts, Latin-1.
func soundFontText(_ bytes: ArraySlice<UInt8>) -> String {
  let text = bytes.prefix { $0 != 0 }
  let decoded =
    String(validating: text, as: UTF8.self)
    ?? String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) }))
  var rest = decoded.printable[...]
  while rest.last == " " { rest.removeLast() }
  while rest.first == " " { rest.removeFirst() }
  return String(rest)
}

extension String {
  /// What stands after the last slash.
  fileprivate var fileName: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return String(self[index(after: slash)...])
  }
}
