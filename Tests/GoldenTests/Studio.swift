import Foundation
import Glibc
import Testing

/// A folder of its own, and the programs that are run in it: `chaosgarden render` as a user types it, and the peer that
/// it is measured against. The folder goes with the last reference.
final class Studio: Sendable {
  let folder: String

  init() throws {
    folder = "/tmp/cg-golden-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) }
  }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path
  /// The bytes of the embedded font, which a debug build takes a second to make.
  static let seedFont = root + "/soundfonts/garden-seed.sf2"
  static let generalFont = "/usr/share/sounds/sf2/TimGM6mb.sf2"

  func file(_ name: String) -> String { "\(folder)/\(name)" }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  // MARK: Programs

  /// How a program ended and what it said.
  struct Outcome {
    let status: Int32
    let out: String
    let error: String
  }

  /// A program that runs.
  struct Running {
    fileprivate let process: Process
    fileprivate let out: String
    fileprivate let error: String

    func wait() throws -> Outcome {
      process.waitUntilExit()
      return Outcome(
        status: process.terminationStatus, out: try String(contentsOfFile: out, encoding: .utf8),
        error: try String(contentsOfFile: error, encoding: .utf8))
    }
  }

  func start(_ program: String, _ arguments: [String]) throws -> Running {
    let process = Process()
    // Above it stands a clock of its own: a program that hangs is a failed test, not a test that hangs.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    process.arguments = ["-s", "KILL", "300", program] + arguments
    process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let mark = UUID().uuidString.prefix(8)
    let (out, error) = (file("out-\(mark)"), file("error-\(mark)"))
    for path in [out, error] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: out)
    process.standardError = FileHandle(forWritingAtPath: error)
    try process.run()
    return Running(process: process, out: out, error: error)
  }

  /// Beside the test program stand the programs it was built with.
  static func built(_ name: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
  }

  func chaosgarden(_ arguments: [String]) throws -> Outcome {
    try start(Studio.built("chaosgarden"), arguments).wait()
  }

  // MARK: Renders

  /// The exact manner of rendering: no effects and no limiter, the font whose sounds are known.
  static let plain = ["--no-effects", "--no-limiter", "--soundfont", seedFont]

  func startRender(_ files: [String], _ flags: [String] = plain, to name: String = "render.wav") throws
    -> Running
  {
    try start(Studio.built("chaosgarden"), ["render", "-o", file(name), "--json"] + flags + files)
  }

  func finish(
    _ running: Running, _ name: String = "render.wav", source: SourceLocation = #_sourceLocation
  ) throws -> Render {
    let outcome = try running.wait()
    try #require(outcome.status == 0, "\(outcome.error)", sourceLocation: source)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let report = try decoder.decode(RenderReport.self, from: Data(outcome.out.utf8))
    let sound = try Sound(wav: file(name))
    #expect(report.frames == sound.frames, sourceLocation: source)
    return Render(sound: sound, report: report)
  }

  func render(
    _ files: String..., flags: [String] = plain, source: SourceLocation = #_sourceLocation
  ) throws -> Render {
    try finish(startRender(files, flags), source: source)
  }

  /// Renders a MIDI file given by its bytes.
  func render(
    midi bytes: [UInt8], flags: [String] = plain, source: SourceLocation = #_sourceLocation
  ) throws -> Render {
    try finish(startRender([write(bytes, "song.mid")], flags), source: source)
  }

  /// `fluidsynth -F`: the peer's own fast render, 32 bit float at 48 kHz.
  func startPeer(_ midi: String, font: String, effects: Bool) throws -> Running {
    let switches = effects ? [] : ["-R", "0", "-C", "0"]
    return try start(
      "/usr/bin/fluidsynth",
      switches + ["-F", file("peer.wav"), "-T", "wav", "-O", "float", "-r", "48000", "-ni", "-q", font, midi])
  }
}

struct Render {
  let sound: Sound
  let report: RenderReport
}

/// What `chaosgarden render --json` says.
struct RenderReport: Decodable {
  let frames: Int
  let sampleRate: Int
  let timelineSeconds: Double
  let integratedLufs: Double?
  let peakDb: Double
  let silent: Bool
  let notesStarted: Int
  let notesRefused: Int
  let regionsStarted: Int
  let voicesStolen: Int
  let warnings: [String]
}
