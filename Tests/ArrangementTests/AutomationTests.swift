import Foundation
import MusicalTime
import Testing

@testable import Arrangement

/// Lanes of automation on the timeline.
struct AutomationTests {
  private typealias Point = AutomationPoint

  @Test(
    arguments: [
      (AutomationParameter.gain, AutomationShape.linear, -6.0206), (.gain, .exponential, -10.0),
      (.gain, .hold, -20.0), (.pan, .linear, -10), (.pan, .exponential, -15), (.pan, .s, -10),
      (.pan, .hold, -20),
    ])
  func `half way each shape has its value`(
    parameter: AutomationParameter, shape: AutomationShape, wanted: Double
  ) {
    // For gain from −20 dB (0.1) to 0 dB (1); linear 0.55 is −5.193 dB.
    let lane = AutomationLane([Point(tick: 100, value: -20, shape: shape), Point(tick: 300, value: 0)])
    let value = lane.value(at: 200, of: parameter)
    #expect(abs(value - (parameter == .gain && shape == .linear ? -5.1927 : wanted)) < 1e-3)
    #expect(lane.value(at: 0, of: parameter) == -20 && lane.value(at: 999, of: parameter) == 0)
  }

  @Test func `points are sorted, and of two at a place the later holds`() {
    let lane = AutomationLane([
      Point(tick: 960, value: 1), Point(tick: 0, value: 2), Point(tick: 960, value: 3),
    ])
    #expect(lane.points == [Point(tick: 0, value: 2), Point(tick: 960, value: 3)])
  }

  @Test(arguments: AutomationShape.allCases, AutomationParameter.allCases)
  func `a split lane says on both sides what the whole one said`(
    shape: AutomationShape, parameter: AutomationParameter
  ) {
    let lane = AutomationLane([
      Point(tick: 0, value: -0.9, shape: .hold), Point(tick: 100, value: -0.5, shape: shape),
      Point(tick: 500, value: 0.75, shape: shape), Point(tick: 900, value: 0),
    ])
    for cut in [Tick(50), 100, 101, 300, 500, 899, 900, 950] {
      let (left, right) = lane.split(at: cut, of: parameter)
      for tick in stride(from: Tick(0), to: 1000, by: 7) {
        let whole = lane.value(at: tick, of: parameter)
        let part =
          tick < cut ? left.value(at: tick, of: parameter) : right.value(at: tick - cut, of: parameter)
        #expect(abs(part - whole) < 1e-9, "cut \(cut), tick \(tick), \(shape)")
      }
    }
  }

  @Test func `a cut of a straight line sets a point on either side`() {
    let lane = AutomationLane([
      Point(tick: 0, value: 0, shape: .exponential), Point(tick: 400, value: -40),
    ])
    let (left, right) = lane.split(at: 100, of: .gain)
    #expect(left.points == [Point(tick: 0, value: 0, shape: .exponential), Point(tick: 100, value: -10)])
    #expect(right.points == [Point(tick: 0, value: -10, shape: .exponential), Point(tick: 300, value: -40)])
  }

  @Test func `lanes survive a move, a copy, a split and a document`() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    var timeline = scene.timeline
    let lane = AutomationLane([Point(tick: 0, value: -20), Point(tick: region.length, value: 0)])
    try timeline.setAutomation(.gain, lane, of: .region(region.id))
    try timeline.setAutomation(.pan, lane.scaled(0.05), of: .track(region.track))
    var moved = try #require(timeline.regions[region.id])
    moved.start += 5000
    try timeline.updateRegion(moved)
    #expect(timeline.regions[region.id]?.automation?.gain == lane)
    let copies = try timeline.duplicate(moved, at: moved.end, times: 2)
    #expect(copies.allSatisfy { $0.automation?.gain == lane })
    let (left, right) = try timeline.split(moved, at: moved.start + moved.length / 2)
    #expect(left.automation?.gain?.points.last?.tick == moved.length / 2)
    #expect(right.automation?.gain?.points.first?.tick == 0)
    let document = SessionDocument(timeline, soundfont: "auto", effects: true, limiter: true, voices: 1)
    #expect(try SessionDocument.decode(document.encode()).timeline().tracks == timeline.tracks)
    #expect(try SessionDocument.decode(document.encode()).timeline().regions == timeline.regions)
  }

  @Test func `what does not fit is refused, and nothing is changed`() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    var timeline = scene.timeline
    let before = timeline
    let lanes = [
      AutomationLane([]), AutomationLane([Point(tick: 0, value: 24.1)]),
      AutomationLane([Point(tick: 0, value: .nan)]),
      AutomationLane([Point(tick: TimeLimits.maximumTick + 1, value: 0)]),
      AutomationLane((0...ArrangementLimits.lanePoints).map { Point(tick: Tick($0), value: 0) }),
    ]
    for lane in lanes {
      let error = try #require(
        #expect(throws: ArrangementError.self) {
          try timeline.setAutomation(.gain, lane, of: .region(region.id))
        })
      #expect(error.lines.count == 3)
    }
    #expect(throws: ArrangementError.self) {
      try timeline.setAutomation(.pan, AutomationLane([Point(tick: 0, value: 1.1)]), of: .track(region.track))
    }
    #expect(timeline == before)
  }

  @Test func `more points than a session has room for are refused`() throws {
    var scene = try Scene()
    let region = try scene.add(scene.riff)
    var timeline = scene.timeline
    let full = AutomationLane((0..<ArrangementLimits.lanePoints).map { Point(tick: Tick($0), value: 0) })
    try timeline.setAutomation(.gain, full, of: .region(region.id))
    let whole = try #require(timeline.regions[region.id])
    // 100 lanes of 10,000 points are the most; this would be the 101st.
    #expect(throws: ArrangementError.self) { try timeline.duplicate(whole, at: 0, times: 100) }
    #expect(try timeline.duplicate(whole, at: 0, times: 99).count == 99)
  }
}

extension AutomationLane {
  fileprivate func scaled(_ factor: Double) -> AutomationLane {
    AutomationLane(points.map { AutomationPoint(tick: $0.tick, value: $0.value * factor, shape: $0.shape) })
  }
}
