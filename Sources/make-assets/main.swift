import FoundationEssentials
import SeedSoundFont

// Run from the project's root: `swift run make-assets [DIRECTORY]` rewrites the generated files under DIRECTORY
// (the current one unless named).

struct Asset {
  let path: String
  let bytes: [UInt8]
}

let root = URL(filePath: CommandLine.arguments.dropFirst().first ?? ".", directoryHint: .isDirectory)
let assets = [Asset(path: "soundfonts/\(SeedSoundFont.fileName)", bytes: SeedSoundFont.bytes())]

for asset in assets {
  let file = root.appending(path: asset.path)
  try FileManager.default.createDirectory(
    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(asset.bytes).write(to: file, options: .atomic)
  print("\(asset.path): \(asset.bytes.count) bytes")
}
