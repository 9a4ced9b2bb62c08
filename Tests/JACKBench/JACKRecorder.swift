import CJACKRecorder

/// A second client of a server, that hears and turns the server's knobs.
package final class JACKRecorder {
  private let client: OpaquePointer

  /// Nil when there is no such server. Records from the start until `capacity` frames are full.
  package init?(server: String, name: String = "witness", capacity: Int = 1_000_000) {
    guard let client = rec_open(name, server, UInt64(capacity)) else { return nil }
    self.client = client
  }

  deinit { rec_close(client) }

  package func connect(_ source: String, channel: Int) -> Bool { rec_connect(client, source, Int32(channel)) }

  /// Connects, and takes apart, any two ports, as a person with a patch bay would.
  package func connect(from source: String, to destination: String) -> Bool {
    rec_patch(client, source, destination, true)
  }

  package func disconnect(from source: String, to destination: String) -> Bool {
    rec_patch(client, source, destination, false)
  }

  /// The short messages that came in on port `midi_in`, each at a frame of `clock`, with three bytes.
  package var heard: [(frame: Int, bytes: [UInt8])] {
    (0..<rec_heard_count(client)).map { index in
      var bytes = [UInt8](repeating: 0, count: 3)
      return (Int(rec_heard(client, index, &bytes)), bytes)
    }
  }

  /// Puts a MIDI message on port `midi_out`, `count` times in one cycle.
  package func send(_ bytes: [UInt8], count: Int = 1) {
    rec_send(client, bytes, Int32(bytes.count), Int32(count))
  }

  package var frames: Int { Int(rec_frames(client)) }
  package var xruns: Int { Int(rec_xruns(client)) }

  package func samples(channel: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: rec_channel(client, Int32(channel)), count: frames))
  }

  /// Frames it has been called for, recorded or not.
  package var clock: Int { Int(rec_clock(client)) }

  /// Plays noise on port `out`, a sample for each frame of `clock`.
  package func setFeeding(_ on: Bool) { rec_set_feeding(client, on) }
  package static func noise(_ frame: Int) -> Float { rec_noise(UInt64(max(0, frame))) }

  /// Sends three bytes at a frame of `clock`, none before one sent earlier; false when there is no room.
  @discardableResult
  package func send(_ status: UInt8, _ data1: UInt8, _ data2: UInt8, at frame: Int) -> Bool {
    rec_schedule(client, UInt64(max(0, frame)), status, data1, data2)
  }

  package func setPeriod(_ frames: Int) -> Bool { rec_set_period(client, UInt32(frames)) }
  package func setFreewheeling(_ on: Bool) -> Bool { rec_set_freewheeling(client, on) }

  /// Full names of the ports that contain `part`.
  package func ports(_ part: String) -> [String] {
    lines { rec_ports(client, part, $0, $1) }
  }

  package func connections(of port: String) -> [String] {
    lines { rec_connections(client, port, $0, $1) }
  }

  private func lines(_ write: (UnsafeMutablePointer<CChar>, Int32) -> Void) -> [String] {
    var text = [CChar](repeating: 0, count: 16_384)
    text.withUnsafeMutableBufferPointer { buffer in
      if let start = buffer.baseAddress { write(start, Int32(buffer.count)) }
    }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
