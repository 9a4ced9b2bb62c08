import FoundationEssentials
import MusicalTime
import Testing

@testable import Arrangement

/// Tracks, markers, the loop and the master.
struct TrackTests {
  @Test func tracksTakeTheLowestFreeSlot() throws {
    var scene = try Scene()
    let bass = try scene.timeline.addTrack(name: "bass")
    let drums = try scene.timeline.addTrack(name: "drums")
    #expect([scene.track.slot, bass.slot, drums.slot] == [0, 1, 2])
    scene.timeline.removeTrack(bass.id)
    #expect(try scene.timeline.addTrack(name: "keys").slot == 1)
  }

  @Test func aSessionHas64Tracks() throws {
    var scene = try Scene()
    for number in 1..<ArrangementLimits.tracks { try scene.timeline.addTrack(name: "t\(number)") }
    #expect(scene.timeline.tracks.map(\.slot) == Array(0..<64))
    #expect(
      scene.refusal { s in try s.timeline.addTrack(name: "more") }?.kind == .full)
  }

  @Test(arguments: ["lead", "master"])
  func takenNamesAreRefused(name: String) throws {
    var scene = try Scene()
    #expect(
      scene.refusal { s in try s.timeline.addTrack(name: name) }?.kind == .nameTaken)
    var bass = try scene.timeline.addTrack(name: "bass")
    bass.name = name
    let error = scene.refusal { [bass] s in try s.timeline.updateTrack(bass) }
    #expect(error?.kind == .nameTaken)
  }

  @Test func aTrackMayBeChangedInEverything() throws {
    var scene = try Scene()
    var track = scene.track
    (track.name, track.gainDB, track.pan, track.isMuted, track.isSoloed) = ("Lead", -6, -1, true, true)
    (track.soundfont, track.polyphony, track.interpolation) = ("/f.sf2", 1, .seventh)
    try scene.timeline.updateTrack(track)
    #expect(scene.timeline.tracks == [track])
    try scene.timeline.updateTrack(Track(slot: 5, name: "stranger"))
    #expect(scene.timeline.tracks == [track])
  }

  @Test func numbersOutOfRangeAreRefused() throws {
    var scene = try Scene()
    func refused(_ change: (inout Track) -> Void) -> Bool {
      var track = scene.track
      change(&track)
      return scene.refusal { [track] s in try s.timeline.updateTrack(track) }?.kind
        == .outOfRange
    }
    for gain in [-120.5, 24.5, .nan, .infinity] { #expect(refused { $0.gainDB = gain }) }
    for pan in [-1.01, 1.01, .nan] { #expect(refused { $0.pan = pan }) }
    for polyphony in [0, -1, 257, .max] { #expect(refused { $0.polyphony = polyphony }) }
  }

  @Test func removingATrackRemovesItsRegionsAndTheirClips() throws {
    var scene = try Scene()
    let bass = try scene.timeline.addTrack(name: "bass")
    try scene.add(scene.riff)
    let kept = try scene.timeline.addRegion(clip: scene.take, track: bass.id, at: 0)
    scene.timeline.removeTrack(scene.track.id)
    #expect(scene.timeline.tracks == [bass] && Array(scene.timeline.regions) == [kept])
    #expect(scene.timeline.clips == [scene.take.id: scene.take])
  }

  @Test func tracksAreFoundByNameAndByTheStartOfTheirId() throws {
    var scene = try Scene()
    let id = scene.track.id.uuidString
    for reference in ["lead", id, id.lowercased(), String(id.lowercased().prefix(4))] {
      #expect(try scene.timeline.track(reference) == scene.track)
    }
    for reference in ["Lead", String(id.prefix(3)), "", id + "0"] {
      #expect(
        scene.refusal { s in try s.timeline.track(reference) }?.kind == .unknownTrack
      )
    }
  }

  @Test func aMarkerWhoseNameIsTakenMoves() throws {
    var scene = try Scene()
    for (name, tick) in [("b", 960), ("a", 960), ("start", 480), ("b", 0)] as [(String, Tick)] {
      try scene.timeline.addMarker(name: name, at: tick)
    }
    #expect(scene.timeline.markers.map(\.name) == ["b", "start", "a"] && scene.timeline.startTick == 480)
    try scene.timeline.removeMarker(name: "start")
    #expect(scene.timeline.markers.map(\.name) == ["b", "a"] && scene.timeline.startTick == 0)
    let context = scene.timeline.positionContext(playhead: 5)
    #expect(context.markers == ["a": 960, "b": 0] && context.playhead == 5 && context.end == 0)
  }

  @Test func markersThatAreNotThereOrDoNotFitAreRefused() throws {
    var scene = try Scene()
    #expect(
      scene.refusal { s in try s.timeline.removeMarker(name: "x") }?.kind
        == .unknownMarker)
    for tick in [-1, TimeLimits.maximumTick + 1, .min] as [Tick] {
      let error = scene.refusal { s in try s.timeline.addMarker(name: "x", at: tick)
      }
      #expect(error?.kind == .outOfRange)
    }
    scene.timeline.markers = (0..<ArrangementLimits.markers).map { Marker(name: "m\($0)", tick: Tick($0)) }
    #expect(
      scene.refusal { s in try s.timeline.addMarker(name: "x", at: 0) }?.kind
        == .full)
    try scene.timeline.addMarker(name: "m5", at: 0)
    #expect(scene.timeline.markers.prefix(3).map(\.name) == ["m0", "m5", "m1"])
  }

  @Test func aLoopIsLongEnoughForTheFadesOrRefused() throws {
    var scene = try Scene()
    #expect(scene.refusal { s in try s.timeline.setLooping(true) }?.kind == .empty)
    for range in [0..<0, 960..<1_055] as [Range<Tick>] {
      let error = scene.refusal { s in
        try s.timeline.setLoop(range, minimumSeconds: 0.05)
      }
      #expect(error?.kind == .outOfRange)
    }
    try scene.timeline.setLoop(960..<1_056, minimumSeconds: 0.05)
    #expect(scene.timeline.loop == 960..<1_056 && scene.timeline.isLooping)
    try scene.timeline.setLooping(false)
    #expect(scene.timeline.loop == 960..<1_056 && !scene.timeline.isLooping)
  }
}
