import Arrangement
import HootWire
import MusicalTime
import RealtimeEngine
import Testing

@testable import ControlPlane

/// What a picture of music needs.
@Suite struct ClipDrawingTests {
  private func draw(_ events: [ClipEvent], lengthTicks: Tick = 3840) throws -> JSONValue {
    let clip = Clip(
      path: "/a.mid", kind: .midi, lengthTicks: lengthTicks, frames: 0, sampleRate: 48_000, fileBytes: 0,
      fileTime: 0)
    let material = ClipMaterial(
      clip: clip, content: .midi(MIDIClipContent(events: events)), warnings: [],
      summary: .midi(notes: 0, tempos: [], signatures: [], markers: []))
    return try ClipDrawing(material: material, columns: 16).json()["drawing"] ?? nil
  }

  private func on(_ tick: Tick, _ key: UInt8, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(tick: tick, kind: .noteOn, channel: channel, data1: key, data2: 100)
  }

  private func off(_ tick: Tick, _ key: UInt8, channel: UInt8 = 0) -> ClipEvent {
    ClipEvent(tick: tick, kind: .noteOff, channel: channel, data1: key, data2: 0)
  }

  @Test("a note lasts until its own end, on its own channel")
  func notesHaveTheirEnds() throws {
    let drawing = try draw([
      on(0, 60), on(480, 60, channel: 1), off(960, 60), off(1920, 60, channel: 1),
    ])
    #expect(drawing["notes"] == [[0.0, 1.0, 60, 100], [0.5, 1.5, 60, 100]])
    #expect(drawing["beats"] == 4.0 && drawing["omitted"] == 0 && drawing["kind"] == "midi")
  }

  @Test("of the same key twice the first that began ends first; one without an end lasts as long as the clip")
  func sameKeyTwice() throws {
    let drawing = try draw([on(0, 60), on(960, 60), off(1920, 60)])
    #expect(drawing["notes"] == [[0.0, 2.0, 60, 100], [1.0, 3.0, 60, 100]])
  }

  @Test("an end without a beginning draws nothing")
  func strayEnd() throws {
    #expect(try draw([off(0, 60)])["notes"] == [])
  }

  @Test("of too many notes the first are drawn, and the others counted")
  func tooManyNotes() throws {
    let events = (0..<5000).flatMap { [off(Tick($0), 60), on(Tick($0), 60)] }
    let drawing = try draw(events, lengthTicks: 10_000)
    #expect(drawing["notes"]?.array?.count == 4096 && drawing["omitted"] == 904)
  }
}
