import Glibc
import RealtimeBench

/// A MIDI file rendered to a WAV file by `chaosgarden render` and by `fluidsynth -F`, one after the other in changing
/// order, effects off, start of the process and loading of the font included: the medians of the ratios of wall time, on
/// as many threads as there are cores, and of CPU time on one, which tells more where others use the machine. The same
/// of pieces that put their weight on other channels.
///
/// Both play at 48 kHz with fluidsynth's own polyphony and interpolation; it writes 16 bits and we write float, and we
/// measure loudness and wait for the disk besides. Neither program nor font is read from the disk for the first time.
struct RenderBench {
  private static let pairs = 7
  /// Of each of the other pieces.
  private static let fewPairs = 3
  private static let fluidsynth = "/usr/bin/fluidsynth"
  private static let font = "/usr/share/sounds/sf2/TimGM6mb.sf2"

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Nothing where fluidsynth or the font is not installed.
  static func figures(program: String, midi: String) throws -> [Figure] {
    guard access(fluidsynth, X_OK) == 0, access(font, R_OK) == 0 else { return [] }
    let folder = "/tmp/garden-bench-\(getpid())"
    mkdir(folder, 0o700)
    defer { rmdir(folder) }
    var figures = try compare(program, midi, in: folder, pairs: pairs, name: "render")
    for piece in BenchPiece.all {
      let path = folder + "/\(piece.name).mid"
      defer { unlink(path) }
      let isWritten = fopen(path, "w").map { file in
        fwrite(piece.bytes, 1, piece.bytes.count, file) == piece.bytes.count && fclose(file) == 0
      }
      guard isWritten == true else { throw Failure(description: "\(path) could not be written") }
      figures += try compare(program, path, in: folder, pairs: fewPairs, name: "render_\(piece.name)")
    }
    return figures
  }

  private static func compare(
    _ program: String, _ midi: String, in folder: String, pairs: Int, name: String
  ) throws -> [Figure] {
    let (ours, theirs) = (folder + "/ours.wav", folder + "/theirs.wav")
    defer {
      unlink(ours)
      unlink(theirs)
    }
    let peer = [fluidsynth, "-ni", "-q", "-R", "0", "-C", "0", "-r", "48000", "-F", theirs, font, midi]
    let own = [program, "render", "-o", ours, "--no-effects", "--rate", "48000", "--soundfont", font, midi]
    func timed(_ words: [String]) throws -> Times {
      unlink(ours)
      unlink(theirs)
      return try times(words)
    }
    _ = try (timed(peer), timed(own))
    var wall: [Double] = []
    var processor: [Double] = []
    for pair in 0..<pairs {
      var bare = Times()
      if pair.isMultiple(of: 2) { bare = try timed(peer) }
      let side = try timed(own)
      let alone = try timed(own + ["--threads", "1"])
      if !pair.isMultiple(of: 2) { bare = try timed(peer) }
      wall.append(side.wall / bare.wall)
      processor.append(alone.processor / bare.processor)
    }
    return [
      Figure(
        name: name + "_wall", value: wall.sorted()[pairs / 2], unit: "ratio",
        against: "fluidsynth -F on the same MIDI and font", goal: 0.6),
      Figure(
        name: name + "_cpu", value: processor.sorted()[pairs / 2], unit: "ratio",
        against: "fluidsynth -F on the same MIDI and font, one thread", goal: 1.15),
    ]
  }

  private struct Times {
    var wall = 0.0
    /// User and system time.
    var processor = 0.0
  }

  /// What a program takes, in seconds; its output is thrown away.
  private static func times(_ words: [String]) throws -> Times {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let start = now()
    var process: pid_t = 0
    var status: Int32 = 0
    var usage = rusage()
    guard posix_spawn(&process, words[0], &actions, nil, arguments, environ) == 0,
      wait4(process, &status, 0, &usage) == process, status == 0
    else { throw Failure(description: "\(words[0]) did not render") }
    return Times(wall: now() - start, processor: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
