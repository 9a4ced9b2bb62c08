import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

@Suite struct LatentRegionTests {
  private func job() -> LatentRegion { LatentRegion(key: 1, start: 0, length: 960, job: "job-1") }

  private func timeline() throws -> Timeline { Timeline(map: try TempoMap(sampleRate: 48_000)) }

  /// One step by its name.
  private static let steps: [(String, @Sendable (inout LatentRegion) throws(ArrangementError) -> Void)] = [
    ("begin", { latent throws(ArrangementError) in try latent.begin(job: "job-1") }),
    ("progress", { latent throws(ArrangementError) in try latent.progress(0.5) }),
    (
      "resolve",
      { latent throws(ArrangementError) in
        try latent.resolve(content: "c", artifact: "a", kind: .audio, at: 12)
      }
    ),
    ("fail", { latent throws(ArrangementError) in try latent.fail("boom") }),
    ("approve", { latent throws(ArrangementError) in try latent.approve(by: nil) }),
    ("reject", { latent throws(ArrangementError) in try latent.reject(by: nil, reason: "no") }),
  ]

  private func after(_ steps: String...) throws -> LatentRegion {
    var latent = job()
    for step in steps { try Self.steps.first { $0.0 == step }?.1(&latent) }
    return latent
  }

  private func allowed(_ latent: LatentRegion) -> [String] {
    Self.steps.filter { step in
      var copy = latent
      return (try? step.1(&copy)) != nil  // A refusal is what is asked for.
    }.map(\.0)
  }

  @Test func eachStateHasItsExitsAndNoOthers() throws {
    #expect(allowed(job()) == ["begin", "progress", "resolve", "fail"])
    #expect(try allowed(after("begin")) == ["begin", "progress", "resolve", "fail"])
    #expect(try allowed(after("begin", "resolve")) == ["approve", "reject"])
    #expect(try allowed(after("resolve", "approve")) == [])
    #expect(try allowed(after("resolve", "reject")) == ["begin"])
    #expect(try allowed(after("fail")) == ["begin"])
  }

  @Test func whatAStepBringsIsKept() throws {
    let resolved = try after("begin", "progress", "resolve")
    #expect(resolved.status == .resolved)
    #expect(resolved.progress == 1)
    #expect(resolved.content == "c" && resolved.artifact == "a" && resolved.resolvedAt == 12)
    #expect(try after("fail").reason == "boom")
    let again = try after("resolve", "reject", "begin")
    #expect(again.status == .running && again.content == nil && again.reason == nil && again.progress == 0)
  }

  @Test(arguments: [-0.1, 1.1, .nan, .infinity]) func progressIsAShare(_ progress: Double) throws {
    let before = job()
    var latent = before
    #expect(throws: ArrangementError.self) { try latent.progress(progress) }
    #expect(latent == before)
  }

  @Test func aTimelineTakesThemWithinItsLimits() throws {
    var timeline = try timeline()
    let made = try timeline.addLatent { LatentRegion(key: $0, start: 960, length: 0, job: "j") }
    #expect(timeline.latents[made.id] == made)
    #expect(timeline.silentLatents == [made])
    let long = String(repeating: "j", count: ArrangementLimits.latentTextBytes + 1)
    #expect(throws: ArrangementError.self) {
      try timeline.addLatent { LatentRegion(key: $0, start: 0, length: 0, job: long) }
    }
    #expect(throws: ArrangementError.self) {
      try timeline.addLatent { LatentRegion(key: $0, start: TimeLimits.maximumTick, length: 1, job: "j") }
    }
    #expect(throws: ArrangementError.self) {
      try timeline.updateLatent(UUID()) { latent throws(ArrangementError) in try latent.fail("x") }
    }
    timeline.removeLatents([made.id])
    #expect(timeline.latents.isEmpty)
  }

  @Test func aSessionKeepsThem() throws {
    var timeline = try timeline()
    let made = try timeline.addLatent { LatentRegion(key: $0, start: 960, length: 480, job: "j") }
    try timeline.updateLatent(made.id) { latent throws(ArrangementError) in try latent.progress(0.25) }
    let document = SessionDocument(timeline, soundfont: "embedded", effects: true, limiter: true, voices: 64)
    let back = try SessionDocument.decode(document.encode()).timeline()
    #expect(back.latents == timeline.latents)
    #expect(back.nextKey > made.key)
  }
}
