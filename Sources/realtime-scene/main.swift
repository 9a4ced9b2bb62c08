import Glibc
import RealtimeBench
import RealtimeEngine

// Plays the scene of every command under RealtimeSanitizer. `realtime-scene` is silent but for a summary and
// what the sanitizer reports; `--prove swift` and `--prove synth` break the rule on purpose, so that a guard
// that does not guard is noticed. Without the sanitizer's runtime it refuses to run.

guard RealtimeSanitizer.isPresent else {
  complain("realtime-scene: not linked with RealtimeSanitizer; run scripts/rtsan")
  exit(69)
}

let words = Array(CommandLine.arguments.dropFirst())
if words.first == "--prove" {
  prove(words.last ?? "")
  print("realtime-scene: the violation went unnoticed")
  exit(0)
}

let otherFont = "/usr/share/sounds/sf2/TimGM6mb.sf2"
let fonts = [HandTurnedEngine.seedFont] + (access(otherFont, R_OK) == 0 ? [otherFont] : [])
for font in fonts {
  // The last one changes its period with every stretch.
  for blocks in [[32], [256], [8192], [256, 32, 8192, 100, 1024]] {
    let scene = try Scene(blocks: blocks, soundfont: font)
    scene.hand.before = RealtimeSanitizer.enter
    scene.hand.after = RealtimeSanitizer.leave
    let result = try scene.run()
    let report = result.report
    guard result.peak > 0.1, report.notesStarted > 500, report.voicesStolen > 0, report.notesRefused > 0,
      report.regionsRefused > 0, report.starvations > 3, report.framesStarved > 20_000
    else {
      complain("realtime-scene: the scene did not play: \(report)")
      exit(1)
    }
    print(
      "blocks of \(blocks.map(String.init).joined(separator: ", ")): \(result.callbacks) callbacks, \(report.notesStarted) notes, "
        + "\(report.eventsDelivered) events, \(report.starvations) starvations, font \(font)")
  }
}
