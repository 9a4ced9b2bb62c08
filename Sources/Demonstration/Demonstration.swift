/// The piece that plays when nobody names another, as files. It is the project's own music, CC0.
///
/// Everything is computed, and the same on every machine. Any thread.
package enum Demonstration {
  package struct File: Sendable {
    package let name: String
    package let bytes: [UInt8]
  }

  package static let name = "First Light"

  /// `demo.mid` with all parts, each part alone on the same tempo map, and the texture.
  package static func files() -> [File] {
    let parts = [Part.lead(), .chords(), .bass(), .drums()]
    var files = [File(name: "demo.mid", bytes: StandardMIDIFile(title: name, parts: parts).bytes())]
    for part in parts {
      let file = StandardMIDIFile(title: "\(name): \(part.name)", parts: [part])
      files.append(File(name: "\(part.name.lowercased()).mid", bytes: file.bytes()))
    }
    files.append(File(name: "texture.wav", bytes: Texture.waveFile()))
    return files
  }
}
