import Glibc
import SoakScenes

/// Plays scenes with their full counts and says what came of each, a line each; exits with 1 when one was bad.
///
/// Arguments: the path of `chaosgarden`, the package's folder, seconds, times, and scenes; without one, all of them.
@main struct SoakProgram {
  static func main() {
    let words = Array(CommandLine.arguments.dropFirst())
    guard words.count >= 4, let seconds = Int(words[2]), let times = Int(words[3]), seconds > 0, times > 0
    else {
      print("usage: soak CHAOSGARDEN FOLDER SECONDS TIMES [SCENE…], see scripts/soak")
      exit(64)
    }
    var scenes: [Soak.Scene] = []
    for word in words.dropFirst(4) {
      guard let scene = Soak.Scene(rawValue: word) else {
        print("soak: \(word) is none of: \(Soak.Scene.allCases.map(\.rawValue).joined(separator: " "))")
        exit(64)
      }
      scenes.append(scene)
    }
    // A program that has gone must not take this one with it.
    signal(SIGPIPE, SIG_IGN)
    let soak = Soak(program: words[0], root: words[1], seconds: seconds, times: times)
    var status: Int32 = 0
    for scene in scenes.isEmpty ? Soak.Scene.allCases : scenes {
      let verdict = soak.play(scene)
      print(verdict.line)
      fflush(nil)
      if case .bad = verdict.outcome { status = 1 }
    }
    exit(status)
  }
}
