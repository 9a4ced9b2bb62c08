import CAllocationCounter
import RealtimeBench
import RealtimeEngine
import Testing

@Suite struct AllocationTests {
  @Test func `the counter sees an allocation, and FluidSynth's too`() throws {
    let before = allocation_calls()
    let memory = UnsafeMutablePointer<Int>.allocate(capacity: 10)
    let between = allocation_calls()
    memory.deallocate()
    #expect(between > before)
    let settings = SynthSettings(soundfont: HandTurnedEngine.seedFont, sampleRate: 48_000)
    let content = try SynthBankContent(settings)
    #expect(allocation_calls() > between + 10_000)
    _ = content
  }

  @Test func `FluidSynth's effects are mixed without libgomp's teams`() {
    #expect(RealtimeLinkage.effectsRunInPlace)
  }

  @Test(arguments: [32, 256, 8192])
  func `no call of the renderer allocates or frees, whatever is played`(block: Int) throws {
    let scene = try Scene(block: block)
    var start: UInt64 = 0
    var worst: UInt64 = 0
    scene.hand.before = { start = allocation_calls() }
    scene.hand.after = { worst = max(worst, allocation_calls() - start) }
    let result = try scene.run()
    #expect(worst == 0)
    #expect(result.report.notesStarted > 500 && result.peak > 0.1)
  }
}
