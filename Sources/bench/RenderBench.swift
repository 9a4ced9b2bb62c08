import Glibc
import RealtimeBench

/// A MIDI file rendered to a WAV file by `chaosgarden render` and by `fluidsynth -F`, one after the other, effects off:
/// the median of the ratios of wall time, start of the process and loading of the font included.
struct RenderBench {
  private static let pairs = 7
  private static let fluidsynth = "/usr/bin/fluidsynth"
  private static let font = "/usr/share/sounds/sf2/TimGM6mb.sf2"

  struct Failure: Error, CustomStringConvertible { let description: String }

  /// Nothing where fluidsynth or the font is not installed.
  static func figures(program: String, midi: String) throws -> [Figure] {
    guard access(fluidsynth, X_OK) == 0, access(font, R_OK) == 0 else { return [] }
    let folder = "/tmp/garden-bench-\(getpid())"
    mkdir(folder, 0o700)
    let (ours, theirs) = (folder + "/ours.wav", folder + "/theirs.wav")
    defer {
      unlink(ours)
      unlink(theirs)
      rmdir(folder)
    }
    var ratios: [Double] = []
    for _ in 0..<pairs {
      let bare = try seconds([
        fluidsynth, "-ni", "-q", "-R", "0", "-C", "0", "-r", "48000", "-F", theirs, font, midi,
      ])
      let time = try seconds([
        program, "render", "-o", ours, "--no-effects", "--rate", "48000", "--soundfont", font, midi,
      ])
      ratios.append(time / bare)
    }
    return [
      Figure(
        name: "render_wall", value: ratios.sorted()[pairs / 2], unit: "ratio",
        against: "fluidsynth -F on the same MIDI and font", goal: 0.6)
    ]
  }

  /// The time a program takes; its output is thrown away.
  private static func seconds(_ words: [String]) throws -> Double {
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
    guard posix_spawn(&process, words[0], &actions, nil, arguments, environ) == 0,
      waitpid(process, &status, 0) == process, status == 0
    else { throw Failure(description: "\(words[0]) did not render") }
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
