import LockFree
import Threading

/// The thread that brings to disk what was played: the past, captures and streams. It looks at the histories several times a
/// second, and the renderer never waits for it; the disk may be away for as long as a history lasts.
///
/// Any ordinary thread may hold it; one gives orders and takes news.
package final class CaptureDesk: Sendable {
  /// What is wanted from the start.
  package struct Wishes: Sendable {
    package var mix: FrameHistory
    package var sampleRate: Int
    /// 0 keeps no past.
    package var pastMinutes: Int
    /// Where the past is kept; made when it is not there.
    package var folder: String

    package init(mix: FrameHistory, sampleRate: Int, pastMinutes: Int, folder: String) {
      self.mix = mix
      self.sampleRate = sampleRate
      self.pastMinutes = pastMinutes
      self.folder = folder
    }
  }

  /// What is under way.
  package struct Status: Sendable, Equatable {
    package internal(set) var captures: [Captured] = []
    package internal(set) var streams: [StreamStatus] = []
    package internal(set) var past = PastStatus()

    package init() {}
  }

  private let orders: Mailbox<CaptureOrder>
  private let news: Mailbox<CaptureNews>
  private let shown: Locked<Status>
  private let isStopping = Locked(false)
  private let thread: OwnedThread

  package init(_ wishes: Wishes) throws(ThreadingError) {
    let orders = try Mailbox<CaptureOrder>(capacity: CaptureLimits.messages)
    let news = try Mailbox<CaptureNews>(capacity: 2 * CaptureLimits.messages)
    let shown = Locked(Status())
    self.orders = orders
    self.news = news
    self.shown = shown
    let isStopping = isStopping
    thread = try OwnedThread(name: "garden-capture") {
      let work = CaptureWork(wishes, tell: { _ = news.push($0) })
      work.begin()
      while !isStopping.withLock({ $0 }) {
        for order in orders.wait(milliseconds: work.isCopying ? 0 : CaptureLimits.restMilliseconds) {
          work.carryOut(order)
        }
        work.proceed()
        shown.withLock { $0 = work.status }
      }
      // What was asked for last is still done: nothing waits for the disk any more.
      for order in orders.drain() { work.carryOut(order) }
      work.end()
    }
  }

  /// False when as many orders wait as may.
  package func submit(_ order: CaptureOrder) -> Bool { orders.push(order) }

  package func drain() -> [CaptureNews] { news.drain() }

  /// Readable when there is news.
  package var descriptor: Int32 { news.descriptor }

  /// Of a few hundredths of a second ago.
  package var status: Status { shown.withLock { $0 } }

  /// Ends what is under way in good order. The writers of the histories may have stopped.
  package func stop() {
    isStopping.withLock { $0 = true }
    // Not to be carried out, only to wake it; should there be no room, it is awake.
    _ = orders.push(.stop(token: 0, id: 0, until: 0))
    thread.join()
  }
}
