import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// Buses, and who feeds whom.
struct BusTests {
  private func scene(_ names: String...) throws -> (Scene, [Bus]) {
    var scene = try Scene()
    let buses = try names.map { try scene.timeline.addBus(name: $0, effect: Bus.Effect()) }
    return (scene, buses)
  }

  @Test func busesTakeTheLowestFreeSlotAndThereAre16() throws {
    var (scene, buses) = try scene("a", "b")
    #expect(buses.map(\.slot) == [0, 1])
    scene.timeline.removeBus(buses[0].id)
    #expect(try scene.timeline.addBus(name: "c", effect: Bus.Effect()).slot == 0)
    for number in 2..<16 { _ = try scene.timeline.addBus(name: "n\(number)", effect: Bus.Effect()) }
    #expect(scene.refusal { s in try s.timeline.addBus(name: "more", effect: Bus.Effect()) }?.kind == .full)
  }

  @Test(arguments: ["a", "lead", "main", "master", "cue"])
  func namesOfTracksAndBusesAreEachOnesOwn(name: String) throws {
    var (scene, _) = try scene("a")
    #expect(
      scene.refusal { s in try s.timeline.addBus(name: name, effect: Bus.Effect()) }?.kind == .nameTaken)
    #expect(scene.refusal { s in try s.timeline.addTrack(name: name) }?.kind == .nameTaken)
  }

  @Test func whatWouldGoRoundIsRefusedOverOutputsAndSends() throws {
    var (scene, buses) = try scene("a", "b", "c")
    try scene.timeline.setOutput(of: .bus(buses[0]), to: buses[1])
    _ = try scene.timeline.setSend(from: .bus(buses[1]), to: buses[2], levelDB: -6, isPre: true)
    for (source, target) in [(2, 0), (2, 1), (1, 0), (0, 0)] {
      #expect(
        scene.refusal { s in try s.timeline.setOutput(of: .bus(buses[source]), to: buses[target]) }?.kind
          == .circle)
      #expect(
        scene.refusal { s in
          try s.timeline.setSend(from: .bus(buses[source]), to: buses[target], levelDB: 0, isPre: nil)
        }?.kind == .circle)
    }
    try scene.timeline.setOutput(of: .bus(buses[0]), to: nil)
    try scene.timeline.setOutput(of: .bus(buses[2]), to: buses[0])
  }

  @Test func aRemovedBusLeavesItsFeedersOnMain() throws {
    var (scene, buses) = try scene("a", "b")
    let lead = Strip.track(scene.track)
    try scene.timeline.setOutput(of: lead, to: buses[0])
    _ = try scene.timeline.setSend(from: lead, to: buses[0], levelDB: -3, isPre: nil)
    _ = try scene.timeline.setSend(from: lead, to: buses[1], levelDB: -9, isPre: true)
    try scene.timeline.setOutput(of: .bus(buses[0]), to: buses[1])
    scene.timeline.removeBus(buses[0].id)
    let route = scene.timeline.route(of: scene.track.id)
    #expect(route.output == nil && route.sends == [Route.Send(bus: buses[1].id, levelDB: -9, isPre: true)])
    scene.timeline.removeTrack(scene.track.id)
    #expect(scene.timeline.routes.isEmpty)
  }

  @Test func aSendKeepsWhatIsNotChangedAndThereAreEight() throws {
    var (scene, buses) = try scene("a", "b", "c", "d", "e", "f", "g", "h", "i")
    let lead = Strip.track(scene.track)
    for bus in buses.dropLast() {
      _ = try scene.timeline.setSend(from: lead, to: bus, levelDB: -6, isPre: true)
    }
    #expect(
      scene.refusal { s in try s.timeline.setSend(from: lead, to: buses[8], levelDB: 0, isPre: nil) }?.kind
        == .full)
    #expect(
      try scene.timeline.setSend(from: lead, to: buses[3], levelDB: -1, isPre: nil)
        == Route.Send(bus: buses[3].id, levelDB: -1, isPre: true))
    try scene.timeline.removeSend(from: lead, to: buses[3])
    #expect(scene.refusal { s in try s.timeline.removeSend(from: lead, to: buses[3]) }?.kind == .unknownBus)
    for level in [Double.nan, 25, -121] {
      #expect(
        scene.refusal { s in try s.timeline.setSend(from: lead, to: buses[0], levelDB: level, isPre: nil) }?
          .kind == .outOfRange)
    }
  }

  @Test func aDocumentBringsThemBackAndIsCheckedLikeWhatIsTyped() throws {
    var (scene, buses) = try scene("a", "b")
    var reverb = buses[1]
    reverb.effect.kind = .reverb
    reverb.gainDB = -3
    try scene.timeline.updateBus(reverb)
    try scene.timeline.setOutput(of: .track(scene.track), to: buses[0])
    _ = try scene.timeline.setSend(from: .bus(buses[0]), to: buses[1], levelDB: -3, isPre: true)
    let document = SessionDocument(
      scene.timeline, soundfont: "auto", effects: true, limiter: true, ceilingDB: -2, voices: 64)
    let again = try SessionDocument.decode(document.encode())
    #expect(again == document)
    let timeline = try again.timeline()
    #expect(timeline.buses == scene.timeline.buses && timeline.routes == scene.timeline.routes)

    func refused(_ change: (inout SessionDocument) -> Void) -> ArrangementError.Kind? {
      var changed = document
      change(&changed)
      do {
        _ = try changed.timeline()
        return nil
      } catch { return (error as? ArrangementError)?.kind }
    }
    #expect(refused { $0.buses?[1].slot = 0 } == .outOfRange)
    #expect(refused { $0.buses?[1].slot = 16 } == .outOfRange)
    #expect(refused { $0.buses?[1].name = "lead" } == .nameTaken)
    #expect(refused { $0.buses?[1].id = buses[0].id } == .nameTaken)
    #expect(refused { $0.buses?[1].effect.decaySeconds = .infinity } == .outOfRange)
    #expect(refused { $0.buses = nil } == .unknownBus)
    var round = Route()
    round.output = buses[0].id
    #expect(
      refused { $0.routes?.append(SessionDocument.Routing(strip: buses[1].id, route: round)) } == .circle)
  }
}
