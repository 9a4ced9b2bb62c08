import ContentStore
import FoundationEssentials
import Glibc
import Media
import Tools

/// A soundfont that was found.
struct FontFile: Sendable, Equatable {
  var name: String
  var path: String
  var bytes: Int64
}

/// Which font is meant, and where fonts are. Loader thread or start-up: it looks at the disk.
struct FontLibrary: Sendable {
  /// Where to look when only a name is given, in this order.
  static var folders: [String] {
    var folders = [FileManager.default.currentDirectoryPath + "/soundfonts"]
    let home = getenv("HOME").map { String(cString: $0) } ?? "/"
    let data = getenv("XDG_DATA_HOME").map { String(cString: $0) } ?? home + "/.local/share"
    folders.append(data + "/chaosgarden/soundfonts")
    return folders + ["/usr/share/sounds/sf2", "/usr/share/sounds/sf3", "/usr/share/soundfonts"]
  }

  /// What `auto` tries before it settles for the embedded font.
  static let generalMIDI = [
    "/usr/share/sounds/sf2/default-GM.sf2", "/usr/share/sounds/sf2/TimGM6mb.sf2",
    "/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf3/default-GM.sf3",
  ]

  /// The path meant by `auto`, `embedded`, a path, a name, or what the store's content is called; refused when there
  /// is no such file.
  static func resolve(_ reference: String, in store: ContentStore) throws(Refusal) -> String {
    if reference == SeedFontFile.name { return try embedded() }
    if reference == "auto" {
      for path in userFonts() + generalMIDI where access(path, R_OK) == 0 { return path }
      return try embedded()
    }
    if reference.contains("/") {
      _ = try FileStamp(path: reference)
      return reference
    }
    if ContentName(reference) != nil { return try store.file(reference).path }
    let names = [reference, reference + ".sf2", reference + ".sf3"]
    for folder in folders {
      for name in names where access("\(folder)/\(name)", R_OK) == 0 { return "\(folder)/\(name)" }
    }
    throw Refusal(
      "soundfont_missing", .fileMissing, "there is no soundfont \"\(reference)\"",
      "looked in \(folders.joined(separator: ", "))", "garden soundfont ls")
  }

  static func embedded() throws(Refusal) -> String {
    guard let path = SeedFontFile.path else {
      throw Refusal(
        "no_temporary_file", .cannotWrite, "the embedded soundfont could not be unpacked",
        "neither /dev/shm nor /tmp took a file of 1 MB", "df /dev/shm /tmp")
    }
    return path
  }

  /// What users call a path.
  static func name(of path: String) -> String {
    path.hasPrefix("/proc/self/fd/") ? SeedFontFile.name : path
  }

  /// Every font in the folders, and the embedded one.
  static func list() -> [FontFile] {
    var fonts: [FontFile] = []
    for folder in folders {
      // A folder may be missing.
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names.sorted() where isFont(name) {
        guard let stamp = try? FileStamp(path: "\(folder)/\(name)") else { continue }  // Or a link be broken.
        fonts.append(FontFile(name: name, path: stamp.path, bytes: stamp.bytes))
      }
    }
    if let path = try? embedded() {  // Listed only where it can be unpacked.
      let bytes = (try? FileStamp(path: path).bytes) ?? 0  // It was written a moment ago.
      fonts.append(FontFile(name: SeedFontFile.name, path: SeedFontFile.name, bytes: bytes))
    }
    return fonts
  }

  private static func userFonts() -> [String] {
    folders.prefix(2).flatMap { folder in
      // A folder may be missing.
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.sorted().filter { isFont($0) && $0 != "garden-seed.sf2" }.map { "\(folder)/\($0)" }
    }
  }

  private static func isFont(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.hasSuffix(".sf2") || name.hasSuffix(".sf3")
  }
}
