import Foundation
import Glibc
import HootWire
import LockFree
import Testing

@testable import WebServer

/// Listening: what was played, and nothing else.
@Suite struct ListenTests {
  /// Something that is played: frame n is n·2⁻²⁰ on the left and its negative on the right.
  private final class Player {
    let history = FrameHistory(capacity: 1 << 15)
    private(set) var played = 0

    static func sample(_ frame: Int) -> Float { Float(frame % 1_000_000) / 1_048_576 }

    deinit { history.deallocate() }

    func play(_ frames: Int) {
      let left = (played..<played + frames).map(Self.sample)
      let right = left.map { -$0 }
      if played == 0 { history.begin(at: 700) }
      history.write(left, right, frames: frames)
      played += frames
    }

    var sound: PlayedSound { PlayedSound(history: history, sampleRate: 48_000) }
  }

  /// A listener's connection: the head, and then bytes.
  private final class Ear {
    private let socket: PlainSocket
    private(set) var head = ""
    private var bytes: [UInt8] = []

    init(_ bench: WebBench, _ query: String) throws {
      socket = try bench.socket()
      socket.send(
        "GET /api/listen\(query) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(WebBench.token)\r\n\r\n"
      )
      while bytes.suffix(4) != [13, 10, 13, 10] { bytes += try take(1) }
      head = String(decoding: bytes, as: UTF8.self)
      bytes = []
    }

    private func take(_ most: Int) throws -> [UInt8] {
      var buffer = [UInt8](repeating: 0, count: most)
      let count = recv(socket.descriptor, &buffer, most, 0)
      try #require(count > 0, "nothing came within 30 s")
      return Array(buffer[..<count])
    }

    /// The next so many bytes.
    func next(_ count: Int) throws -> [UInt8] {
      while bytes.count < count { bytes += try take(65_536) }
      defer { bytes.removeFirst(count) }
      return Array(bytes[..<count])
    }

    struct Packet {
      var first: Int
      var lost: Int
      var samples: [UInt8]
    }

    func packet(sampleBytes: Int) throws -> Packet {
      let head = try next(16)
      func number(_ range: Range<Int>) -> Int { head[range].reversed().reduce(0) { $0 << 8 | Int($1) } }
      return Packet(
        first: number(0..<8), lost: number(12..<16), samples: try next(number(8..<12) * 2 * sampleBytes))
    }
  }

  @Test("what is heard is bit for bit what was played, whatever the blocks", arguments: [64, 256, 1024])
  func heardAsPlayed(block: Int) throws {
    let player = Player()
    player.play(block)
    let bench = try WebBench(sound: player.sound)
    let ear = try Ear(bench, "?format=f32")
    #expect(ear.head.hasPrefix("HTTP/1.1 200 OK\r\n") && ear.head.contains("Sound-Rate: 48000\r\n"))
    #expect(ear.head.contains("Sound-Channels: 2\r\n") && ear.head.contains("Sound-Format: f32\r\n"))
    // It hears from now on, which is some frame of those so far.
    var heard: [UInt8] = []
    var first: Int?
    while heard.count < 8 * 8192 {
      for _ in 0..<2048 / block { player.play(block) }
      let packet = try ear.packet(sampleBytes: 4)
      #expect(packet.lost == 0)
      if let first { #expect(packet.first == first + heard.count / 8) } else { first = packet.first }
      heard += packet.samples
    }
    let start = try #require(first) - 700
    let wanted = (start..<start + heard.count / 8).flatMap { frame -> [UInt8] in
      [Player.sample(frame), -Player.sample(frame)].flatMap { sample in
        withUnsafeBytes(of: sample.bitPattern.littleEndian) { Array($0) }
      }
    }
    #expect(heard == wanted)
  }

  @Test("in 16 bits each sample is the nearest; a WAV has the same behind its head")
  func shorts() throws {
    let player = Player()
    let bench = try WebBench(sound: player.sound)
    let ears = [try Ear(bench, "?format=s16"), try Ear(bench, "?format=wav")]
    player.play(4096)
    let packet = try ears[0].packet(sampleBytes: 2)
    #expect(packet.first >= 700)
    func shorts(from first: Int, _ count: Int) -> [UInt8] {
      (first..<first + count).flatMap { frame -> [UInt8] in
        [Player.sample(frame), -Player.sample(frame)].flatMap { sample in
          withUnsafeBytes(of: Int16((sample * 32_767).rounded()).littleEndian) { Array($0) }
        }
      }
    }
    #expect(packet.samples == shorts(from: packet.first - 700, packet.samples.count / 4))
    let head = try ears[1].next(44)
    #expect(head.starts(with: Array("RIFF".utf8)) && head[8..<16].elementsEqual(Array("WAVEfmt ".utf8)))
    // PCM, 2 channels, 48,000 Hz, 192,000 bytes a second, 4 bytes a frame, 16 bits.
    #expect(
      Array(head[20..<36]) == [1, 0, 2, 0, 0x80, 0xBB, 0, 0, 0, 0xEE, 2, 0, 4, 0, 16, 0])
    #expect(try ears[1].next(400) == shorts(from: 0, 100))
  }

  @Test("samples beyond full scale are full, and what is no number is silence")
  func extremes() {
    func word(_ left: Float, _ right: Float) -> UInt64 {
      UInt64(left.bitPattern) | UInt64(right.bitPattern) << 32
    }
    let words = [word(4, -4), word(.nan, .infinity), word(0.5, -0.5)]
    let packet = words.withUnsafeBufferPointer { SoundFormat.wav.packet($0, first: 0, lost: 0) }
    #expect(packet == [0xFF, 0x7F, 0x01, 0x80, 0, 0, 0xFF, 0x7F, 0x00, 0x40, 0x00, 0xC0])
  }

  @Test("one that does not listen costs the sound it missed, is told how much, and hears on")
  func slowOneSkips() throws {
    let player = Player()
    let bench = try WebBench(sound: player.sound)
    let ear = try Ear(bench, "?format=f32")
    // Seven seconds, of which nothing is taken; the other one shows that the server has had its turns.
    let other = try Ear(bench, "?format=f32")
    for _ in 0..<20 {
      player.play(16_384)
      var taken = 0
      while taken < 16_384 * 8 { taken += try other.packet(sampleBytes: 4).samples.count }
    }
    player.play(2048)
    var (heard, lost) = (0, 0)
    while heard + lost < player.played {
      let packet = try ear.packet(sampleBytes: 4)
      lost += packet.lost
      heard += packet.samples.count / 8
      #expect(packet.first == 700 + heard + lost - packet.samples.count / 8)
    }
    #expect(heard + lost == player.played)
    // Three buffers of some 64 KB hold what it did not take: ours, the system's and its own, which the system doubles.
    #expect(lost > 0 && heard < 120_000)
  }

  @Test("so many may listen, and one more is told so; nobody keeps a place that has gone")
  func listenersAreCounted() throws {
    let player = Player()
    let bench = try WebBench(sound: player.sound)
    var ears = try (0..<WebLimits.listeners).map { _ in try Ear(bench, "") }
    let refused = try bench.ask("GET /api/listen")
    #expect(refused.status == 503 && refused.code == "full")
    ears.removeAll()
    player.play(2048)
    let limit = ContinuousClock.now + .seconds(30)
    var status = 503
    while status == 503, ContinuousClock.now < limit {
      let ear = try Ear(bench, "")
      status = ear.head.hasPrefix("HTTP/1.1 200") ? 200 : 503
    }
    #expect(status == 200)
  }

  @Test("a stranger, an unknown format and a server without sound are refused")
  func refusals() throws {
    let player = Player()
    let bench = try WebBench(sound: player.sound)
    #expect(try bench.ask("GET /api/listen", token: nil).status == 401)
    #expect(try bench.ask("GET /api/listen?format=mp3").code == "bad_parameter")
    #expect(try bench.ask("GET /api/listen?rate=8000").code == "unknown_parameter")
    #expect(try WebBench().ask("GET /api/listen").code == "no_sound")
  }
}
