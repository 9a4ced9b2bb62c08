import Glibc
import LockFree

/// What is played, as the renderer leaves it for whoever reads it: nothing of it is done for a listener, and none keeps
/// the renderer waiting.
package struct PlayedSound: Sendable {
  package let history: FrameHistory
  package let sampleRate: Int

  package init(history: FrameHistory, sampleRate: Int) {
    (self.history, self.sampleRate) = (history, sampleRate)
  }
}

/// One who listens: how, and up to where.
struct Listener: Equatable, Sendable {
  let format: SoundFormat
  /// The next frame, on the history's count.
  var next = 0
  /// Frames left out since the last packet.
  var lost = 0
}

extension WebFloor {
  /// The reply with what a listener needs to know; a refusal where there is no place for one more.
  func withSound(_ reply: HTTPReply) -> HTTPReply {
    guard let sound, let format = reply.sound else {
      return Problem(
        503, "no_sound", "there is nothing to listen to", "this server was given no sound", "garden status"
      ).reply
    }
    let others = guests.values.count { $0.visit.listener != nil }
    guard others < WebLimits.listeners else {
      return Problem(
        503, "full", "too many listen already", "\(others) do; at most \(WebLimits.listeners) may",
        "close one, or try again later"
      ).with("Retry-After", "5").reply
    }
    return reply.with("Sound-Rate", "\(sound.sampleRate)").with("Sound-Channels", "2")
      .with("Sound-Format", format == .f32 ? "f32" : "s16")
  }

  /// From now on it hears what is played from now on.
  func beginToListen(_ id: UInt64) {
    guard let sound, let guest = guests[id], var listener = guest.visit.listener else { return }
    // What the system keeps for a client that is slow would be heard late: a few hundredths of a second are enough.
    var room = Int32(WebLimits.soundBytes)
    setsockopt(guest.descriptor, SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<Int32>.size))
    listener.next = sound.history.written
    guests[id]?.visit.listener = listener
    guests[id]?.visit.tell(listener.format.opening(sampleRate: sound.sampleRate), at: now)
    if listensAt == nil { listensAt = now }
  }

  /// Sends those who listen what was played since the last time, when it is time.
  func playOn() {
    guard let time = listensAt, time <= now, let sound else { return }
    var listens = false
    for (id, guest) in guests where guest.visit.listener != nil {
      listens = true
      play(sound, to: id)
    }
    listensAt = listens ? now + .milliseconds(WebLimits.soundMilliseconds) : nil
  }

  /// A listener that takes too little is left where it is, and finds itself further on when it takes something again:
  /// nothing waits for it but a few packets.
  private func play(_ sound: PlayedSound, to id: UInt64) {
    guard var listener = guests[id]?.visit.listener else { return }
    let most = sound.sampleRate * WebLimits.lagMilliseconds / 1000
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: WebLimits.packetFrames) { words in
      guard let start = words.baseAddress else { return }
      while let visit = guests[id]?.visit, visit.pending.count < WebLimits.soundBytes {
        let written = sound.history.written
        if written - listener.next > most {
          // Not quite to the end: there is something to send, and what is missing is told with it.
          let next = written - WebLimits.packetFrames
          listener.lost += next - listener.next
          listener.next = next
        }
        let range = sound.history.read(from: listener.next, count: WebLimits.packetFrames, into: start)
        listener.lost += range.lowerBound - listener.next
        listener.next = range.upperBound
        guard !range.isEmpty else { break }
        let packet = listener.format.packet(
          UnsafeBufferPointer(start: start, count: range.count),
          first: sound.history.origin + Int64(range.lowerBound), lost: listener.lost)
        listener.lost = 0
        guests[id]?.visit.tell(packet, at: now)
      }
    }
    guests[id]?.visit.listener = listener
    send(to: id)
  }
}
