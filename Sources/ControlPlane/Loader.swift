import AudioDrivers
import RealtimeEngine
import Threading

/// What the loader brings back.
enum Loaded: Sendable {
  case clip(Result<ClipMaterial, Refusal>)
  case bank(Result<SynthBankContent, Refusal>)
  case driver(Result<any AudioDriver, Refusal>)
  case candidates([DriverCandidate])
  case fonts([FontFile])
  case fontInfo(Result<FontDescription, Refusal>)
}

/// The thread that opens files, makes synths and starts devices, one order after the other, so that the
/// control thread never waits for a disk. One thread, because FluidSynth counts the users of its shared
/// samples outside its lock.
///
/// Talks to the Conductor only: orders in, news out, both by mailbox.
final class Loader: Sendable {
  struct Order: Sendable {
    let token: UInt64
    let work: @Sendable () -> Loaded
  }

  struct News: Sendable {
    let token: UInt64
    let result: Loaded
  }

  private let orders: Mailbox<Order>
  private let news: Mailbox<News>
  private let thread: OwnedThread

  init() throws(ThreadingError) {
    let orders = try Mailbox<Order>(capacity: ControlLimits.loaderOrders)
    let news = try Mailbox<News>(capacity: 2 * ControlLimits.loaderOrders)
    self.orders = orders
    self.news = news
    thread = try OwnedThread(name: "garden-loader", stackBytes: 4 << 20) {
      while true {
        for order in orders.wait(milliseconds: -1) {
          guard order.token != Self.stopToken else { return }
          _ = news.push(News(token: order.token, result: order.work()))
        }
      }
    }
  }

  private static let stopToken = UInt64.max

  /// False when as many orders wait as may.
  func submit(token: UInt64, _ work: @escaping @Sendable () -> Loaded) -> Bool {
    orders.push(Order(token: token, work: work))
  }

  func drain() -> [News] { news.drain() }

  /// Readable when there is news.
  var descriptor: Int32 { news.descriptor }

  /// Ends the thread after the order it works on.
  func stop() {
    _ = orders.push(Order(token: Self.stopToken, work: { .candidates([]) }))
    thread.join()
  }
}
