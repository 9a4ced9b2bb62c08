import CDrivers
import Foundation
import Glibc
import Testing

@testable import AudioDrivers

/// A sequencer in memory: it has ports of others, keeps what is sent to them, and says what they played.
private final class FakeSequencer {
  struct Port: Equatable {
    var client: Int32
    var number: Int32
    var name: String
    var gives: Bool
  }

  struct Sent: Equatable {
    var own: Int32
    var bytes: [UInt8]
    var isLater: Bool
  }

  var ports: [Port] = []
  var own: [Int32: Bool] = [:]
  var links: [Int32: Port] = [:]
  var sent: [Sent] = []
  var played: [(own: Int32, bytes: [UInt8])] = []
  var isThere = true
  var isOpen = false
  private var next: Int32 = 0
  private var pipe: [Int32] = [-1, -1]

  init() { _ = Glibc.pipe(&pipe) }
  deinit { for end in pipe { close(end) } }

  private static func of(_ pointer: UnsafeMutableRawPointer?) -> FakeSequencer {
    guard let pointer else { preconditionFailure("a sequencer has a context") }
    return Unmanaged<FakeSequencer>.fromOpaque(pointer).takeUnretainedValue()
  }

  var functions: drv_sequencer {
    drv_sequencer(
      context: Unmanaged.passUnretained(self).toOpaque(),
      open: { context, _ in
        guard FakeSequencer.of(context).isThere else { return nil }
        FakeSequencer.of(context).isOpen = true
        return context
      },
      close: { FakeSequencer.of($0).isOpen = false },
      make_port: { object, _, input in
        let fake = FakeSequencer.of(object)
        fake.next += 1
        fake.own[fake.next] = input
        return fake.next
      },
      drop_port: { object, own in
        FakeSequencer.of(object).own[own] = nil
        FakeSequencer.of(object).links[own] = nil
      },
      link: { object, own, _, client, port in
        let fake = FakeSequencer.of(object)
        guard let other = fake.ports.first(where: { $0.client == client && $0.number == port }) else {
          return -2
        }
        fake.links[own] = other
        return 0
      },
      port_at: { object, inputs, index, client, port, name, size in
        let found = FakeSequencer.of(object).ports.filter { $0.gives == inputs }
        guard index < found.count else { return false }
        client.pointee = found[Int(index)].client
        port.pointee = found[Int(index)].number
        found[Int(index)].name.withCString { _ = strncpy(name, $0, Int(size) - 1) }
        return true
      },
      descriptor: { FakeSequencer.of($0).pipe[0] },
      receive: { object, own, bytes, size in
        let fake = FakeSequencer.of(object)
        guard !fake.played.isEmpty else { return 0 }
        let first = fake.played.removeFirst()
        own.pointee = first.own
        for (index, byte) in first.bytes.prefix(Int(size)).enumerated() { bytes[index] = byte }
        return Int32(first.bytes.count)
      },
      send: { object, own, bytes, count, nanoseconds in
        FakeSequencer.of(object).sent.append(
          Sent(
            own: own, bytes: Array(UnsafeBufferPointer(start: bytes, count: Int(count))),
            isLater: nanoseconds > 0))
        return 0
      })
  }
}

struct SequencerTests {
  private let fake = FakeSequencer()

  private func sequencer() throws -> ALSASequencer {
    fake.ports = [
      .init(client: 28, number: 0, name: "NiftyCASE:NiftyCASE MIDI 1 28:0", gives: true),
      .init(client: 28, number: 0, name: "NiftyCASE:NiftyCASE MIDI 1 28:0", gives: false),
      .init(client: 24, number: 1, name: "BRAINS:BRAINS MIDI 1 24:1", gives: false),
    ]
    return try #require(ALSASequencer(nil, functions: fake.functions))
  }

  @Test func `A machine without a sequencer has no ports of it, and says nothing`() {
    fake.isThere = false
    #expect(ALSASequencer(nil, functions: fake.functions) == nil)
    // This one may have one or not; either way it answers.
    _ = ALSASequencer(nil)?.list()
  }

  @Test func `Ports have their names and directions, in the sequencer's order`() throws {
    let ports = try sequencer().list()
    #expect(ports.map(\.name) == fake.ports.map(\.name))
    #expect(ports.map(\.direction) == [.input, .output, .output])
    #expect(ports.allSatisfy { $0.kind == .alsa })
  }

  @Test func `What comes in is told by its slot, and what is longer than three bytes only counted`() throws {
    let sequencer = try sequencer()
    #expect(sequencer.link(.input, slot: 3, to: "NiftyCASE:NiftyCASE MIDI 1 28:0"))
    let own = try #require(fake.own.first { $0.value }?.key)
    #expect(fake.links[own]?.client == 28)
    fake.played = [
      (own, [0x90, 60, 100]), (own, [0xC1, 5]), (own, [0xF8]), (own, Array(repeating: 0xF0, count: 17)),
      (99, [0x80, 60, 0]),
    ]
    var came: [(Int, [UInt8]?)] = []
    sequencer.receive { came.append(($0, $1?.array)) }
    #expect(came.map(\.0) == [3, 3, 3, 3])
    #expect(came.map(\.1) == [[0x90, 60, 100], [0xC1, 5], [0xF8], nil])
    sequencer.unlink(.input, slot: 3)
    #expect(fake.own.isEmpty)
  }

  @Test func `What is due later goes into the queue, and what lets go of it goes behind it`() throws {
    let sequencer = try sequencer()
    #expect(sequencer.link(.output, slot: 0, to: "BRAINS:BRAINS MIDI 1 24:1"))
    let now = Int64(monotonicNow())
    let on = MIDIBytes(count: 3, status: 0x90, data1: 60, data2: 100)
    let off = MIDIBytes(count: 3, status: 0x80, data1: 60, data2: 64)
    sequencer.send(off, slot: 0, frame: .min, nanoseconds: 0)
    sequencer.send(on, slot: 0, frame: 1, nanoseconds: now + 200_000_000)
    sequencer.send(off, slot: 0, frame: .min, nanoseconds: 0)
    sequencer.send(on, slot: 5, frame: 1, nanoseconds: 0)
    #expect(fake.sent.map(\.bytes) == [off.array, on.array, off.array])
    #expect(fake.sent.map(\.isLater) == [false, true, true])
    #expect(sequencer.post([0xF0, 1, 0xF7], slot: 0))
    sequencer.unlink(.output, slot: 0)
    #expect(monotonicNow() >= now + 200_000_000)
    #expect(!sequencer.post([0xF8], slot: 0))
  }

  @Test func `A port that was pulled out is found again under another number`() throws {
    let sequencer = try sequencer()
    let name = "BRAINS:BRAINS MIDI 1 24:1"
    #expect(sequencer.link(.output, slot: 0, to: name))
    let ports = fake.ports
    fake.ports.removeLast()
    #expect(!sequencer.link(.output, slot: 0, to: name))
    #expect(fake.own.isEmpty)
    fake.ports = ports
    fake.ports[2] = .init(client: 31, number: 1, name: "BRAINS:BRAINS MIDI 1 31:1", gives: false)
    #expect(sequencer.link(.output, slot: 0, to: name))
    #expect(fake.links.values.first?.client == 31)
    // Asked again it is as it was.
    #expect(sequencer.link(.output, slot: 0, to: name))
    #expect(fake.own.count == 1)
  }
}

/// The monotonic clock in nanoseconds.
private func monotonicNow() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// Ports that a file lists.
struct VirtualPortTests {
  @Test func `A list says its ports line by line, and other lines say nothing`() {
    let entries = VirtualMIDIPorts.entries(
      "in /dev/snd/midiC1D0 Upper KEYS 28:0\n# a remark\nout - BRAINS\nout /tmp/x\n\nsideways a b\nout  y   Z z \n"
    )
    #expect(
      entries == [
        .init(direction: .input, path: "/dev/snd/midiC1D0", name: "Upper KEYS 28:0"),
        .init(direction: .output, path: nil, name: "BRAINS"),
        .init(direction: .output, path: "y", name: "Z z "),
      ])
  }
}
