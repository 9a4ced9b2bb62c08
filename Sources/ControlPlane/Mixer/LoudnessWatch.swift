import LockFree
import Media
import RealtimeEngine
import Threading

/// The thread that measures the loudness of the main output and keeps its last seconds. It empties the renderer's ring
/// twenty times a second (a hundred while somebody reads the sound) and leaves its figures where any thread may read them; the renderer never waits for it.
final class LoudnessWatch: Sendable {
  private enum Order: Sendable { case reset, wakeUp }

  private let orders: Mailbox<Order>
  private let latest: Locked<LiveLoudness>
  /// What was heard, up to 50 ms ago; 10 ms for who reads on.
  let heard: HeardSound
  private let isStopping = Locked(false)
  private let thread: OwnedThread

  /// - Parameter heard: read by this thread alone, until `stop`.
  init(_ heard: RingConsumer<MeterBlock>, sampleRate: Int) throws(Refusal) {
    do {
      let orders = try Mailbox<Order>(capacity: 64)
      let latest = Locked(LiveLoudness())
      self.orders = orders
      self.latest = latest
      let kept = HeardSound(frames: Int(ControlLimits.heardSeconds * Double(sampleRate)))
      self.heard = kept
      let isStopping = isStopping
      thread = try OwnedThread(name: "garden-loudness") {
        // The engine's rates are among the meter's, so neither is refused.
        var meter = try? LoudnessMeter.Live(sampleRate: sampleRate)
        var shares = 0
        while true {
          // A fifth of a pass of the meter at a time, while somebody reads what is heard.
          let isRead = kept.isRead
          let given = orders.wait(milliseconds: isRead ? 10 : 50)
          if isStopping.withLock({ $0 }) { return }
          if given.contains(.reset) { meter = try? LoudnessMeter.Live(sampleRate: sampleRate) }
          Self.drain(heard, into: &meter, kept)
          shares += isRead ? 1 : 5
          guard shares >= 5 else { continue }
          shares = 0
          if let result = meter?.result() { latest.withLock { $0 = result } }
          meter?.beginPass()
        }
      }
    } catch {
      throw Refusal("no_thread", .tryLater, error.lines[0], error.lines[1], error.lines[2])
    }
  }

  private static func drain(
    _ heard: RingConsumer<MeterBlock>, into meter: inout LoudnessMeter.Live?, _ kept: HeardSound
  ) {
    while case let slot = heard.turn.slot(), slot >= 0 {
      let block = UnsafeRawPointer(heard.slots + slot).assumingMemoryBound(to: Float.self)
      meter?.add(interleaved: block, frames: EngineLimits.gridFrames)
      kept.add(UnsafeBufferPointer(start: block, count: 2 * EngineLimits.gridFrames))
      heard.turn.release()
    }
  }

  /// The figures of at most 50 ms ago.
  var loudness: LiveLoudness { latest.withLock { $0 } }

  /// Begins anew. False when as many orders wait as may.
  func reset() -> Bool { orders.push(.reset) }

  func stop() {
    isStopping.withLock { $0 = true }
    // Should there be no room, it is awake.
    _ = orders.push(.wakeUp)
    thread.join()
  }
}
