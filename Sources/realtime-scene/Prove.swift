import Glibc
import RealtimeBench
import RealtimeEngine

/// Allocates between the brackets: in this program, or inside FluidSynth.
func prove(_ where: String) {
  RealtimeSanitizer.enter()
  if `where` == "synth" {
    let settings = SynthSettings(soundfont: HandTurnedEngine.seedFont, sampleRate: 48_000)
    // Whether it succeeds does not matter: making it allocates.
    _ = try? SynthBankContent(settings)
  } else {
    let memory = UnsafeMutablePointer<Int>.allocate(capacity: 1000)
    memory.deallocate()
  }
  RealtimeSanitizer.leave()
}

func complain(_ line: String) {
  let bytes = Array("\(line)\n".utf8)
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
