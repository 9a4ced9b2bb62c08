import Demonstration
import FoundationEssentials
import SeedSoundFont

// Run from the project's root: `swift run make-assets [DIRECTORY]` rewrites the generated files under
// DIRECTORY (the current one unless named).

struct Asset {
  let path: String
  let bytes: [UInt8]
}

let root = URL(filePath: CommandLine.arguments.dropFirst().first ?? ".", directoryHint: .isDirectory)
let soundfont = Asset(path: "soundfonts/\(SeedSoundFont.fileName)", bytes: SeedSoundFont.bytes())
let piece = Demonstration.files().map { Asset(path: "config/demo/\($0.name)", bytes: $0.bytes) }

for asset in [soundfont] + piece {
  let file = root.appending(path: asset.path)
  try FileManager.default.createDirectory(
    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(asset.bytes).write(to: file, options: .atomic)
  print("\(asset.path): \(asset.bytes.count) bytes")
}
