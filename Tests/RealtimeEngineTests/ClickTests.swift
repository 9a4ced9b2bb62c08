import RealtimeBench
import Testing

/// No transition is heard as a click, at whatever phase it comes; `scripts/soak clicks` tries each 200 times.
struct ClickTests {
  @Test(arguments: ClickScene.Transition.allCases)
  func aTransitionMakesNoClick(_ transition: ClickScene.Transition) throws {
    let meter = ClickMeter()
    for (_, signal) in ClickScene.pairs.filter({ $0.0 == transition }) {
      for phase in ClickScene.phases(3) {
        let reading = try ClickScene.read(transition, signal, phase: phase, meter)
        #expect(
          reading.isClean,
          "\(transition) of \(signal) at \(phase): \(reading.transitionDB) dB, steady \(reading.steadyDB) dB")
      }
    }
  }
}
