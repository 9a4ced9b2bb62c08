import Glibc
import RealtimeBench
import RealtimeEngine
import Testing

@testable import AudioDrivers

struct VirtualDeviceTests {
  @Test func `A list of devices is read line by line, and lines that say nothing are left out`() {
    let list = VirtualDevice.parse(
      """
      out 52 Built-in Audio Analog Stereo | ALC257 Analog
      in 53 - ES-9 Multichannel
      in 7 /dev/shm/sound A source
      # in 1 - no
      out x A name
      out 3
      in 3 -
      out -1 A name
      out 4 | nick
      """)
    #expect(
      list == [
        VirtualDevice(
          direction: .output, number: 52, path: nil, name: "Built-in Audio Analog Stereo",
          nick: "ALC257 Analog"),
        VirtualDevice(direction: .input, number: 53, path: nil, name: "ES-9 Multichannel", nick: nil),
        VirtualDevice(direction: .input, number: 7, path: "/dev/shm/sound", name: "A source", nick: nil),
        VirtualDevice(direction: .output, number: 4, path: nil, name: "| nick", nick: nil),
      ])
  }

  @Test func `An output of the list is a device under its name, and one that is not there is refused`() throws
  {
    let file = try TemporaryList("out 1 a\nout 2 b | the other\nin 3 - c\n")
    var wishes = DriverWishes()
    wishes.list = file.path
    #expect(try VirtualDevice.output(wishes).status().device == "a")
    wishes.device = "the other"
    let device = try VirtualDevice.output(wishes)
    #expect(device.status().device == "b" && device.status().name == "virtual")
    wishes.device = "c"
    let error = #expect(throws: DriverError.self) { try VirtualDevice.output(wishes) }
    #expect(error?.why == "The file '\(file.path)' has these outputs: a, b.")
    wishes.list = ""
    #expect(throws: DriverError.self) { try VirtualDevice.output(wishes) }
  }

  @Test func `An input of the list brings what its file holds, then silence`() throws {
    let sound = (0..<4_800).flatMap { _ in
      withUnsafeBytes(of: Float(0.5).bitPattern.littleEndian) { Array($0) }
        + withUnsafeBytes(of: Float.nan.bitPattern.littleEndian) { Array($0) }
    }
    let samples = try TemporaryList(sound)
    let list = try TemporaryList("in 1 \(samples.path) tape\nin 2 - nothing\nin 3 /nowhere/at/all gone\n")
    var wishes = DriverWishes()
    wishes.list = list.path
    let keeper = try ClockKeeper("timer", wishes)
    #expect(keeper.inputCandidates().map(\.name) == ["tape", "nothing", "gone"])
    #expect(keeper.inputCandidates().map(\.number) == [1, 2, 3])
    #expect(throws: DriverError.self) { try keeper.attachInput("gone") }
    #expect(throws: DriverError.self) { try keeper.attachInput("no such") }
    #expect(keeper.input.status().source == nil)
    try keeper.attachInput("tap")
    #expect(keeper.input.status().source == .init(kind: "virtual", names: ["tape"], channels: 2))
    // It came whole: what is no number is silence, so that the peak is the other side's.
    let deadline = ContinuousClock.now + .seconds(30)
    while keeper.input.status().frames < 9_600, .now < deadline { usleep(2_000) }
    #expect(keeper.input.status().frames >= 9_600 && keeper.input.status().sampleRate == 48_000)
    #expect(keeper.input.status().peak == 0.5)
    try keeper.attachInput("nothing")
    #expect(keeper.input.status().source?.names == ["nothing"])
    keeper.detachInput()
    #expect(keeper.input.status().source == nil)
  }
}

/// A file that lasts as long as it is held.
private final class TemporaryList {
  let path: String

  convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

  init(_ bytes: [UInt8]) throws {
    var template = Array("/tmp/garden-list-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    defer { close(descriptor) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try #require(descriptor >= 0 && write(descriptor, bytes, bytes.count) == bytes.count)
  }

  deinit { unlink(path) }
}
