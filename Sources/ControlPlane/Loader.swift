import AudioDrivers
import HootWire
import Jobs
import Ledger
import RealtimeEngine
import Threading

/// What the loader brings back.
enum Loaded: Sendable {
  case clip(Result<ClipMaterial, Refusal>)
  case bank(Result<SynthBankContent, Refusal>)
  case driver(Result<Void, Refusal>)
  case candidates([DriverCandidate])
  case fonts([FontFile])
  case fontInfo(Result<FontDescription, Refusal>)
  case session(Result<SessionDraft, Refusal>)
  case kept(Result<[SessionRow], Refusal>)
  /// What was read, or written unless it was refused, and what was odd about it.
  case bindings([MIDIBinding], [String], Refusal?)
  case names([String])
  case inputs([InputCandidate])
  /// The frames that sound is on its way through the server's ports.
  case input(Result<Int, Refusal>)
  case ports([MIDIPort], [String])
  case port(Result<MIDIPatchbay.Attachment, Refusal>)
  case content(Result<JSONValue, Refusal>)
  case done(Result<Void, Refusal>)
  case text(Result<String, Refusal>)
  case places(PeerPlaces)
  case judged(Result<JudgedContent, Refusal>)
  case grown(GrowthNews)
  case artifact(Result<ArtifactRow, Refusal>)
  /// What content is called.
  case contents(Result<Set<String>, Refusal>)
  case inputsOfJob(Result<[HostCall.Input], Refusal>)
  /// Names and their classes.
  case devices([String: String])
}

/// The thread that opens files, makes synths and starts devices, one order after the other, so that the
/// control thread never waits for a disk. One thread, because FluidSynth counts the users of its shared
/// samples outside its lock.
///
/// Talks to the Conductor only: orders in, news out, both by mailbox.
final class Loader: Sendable {
  struct Order: Sendable {
    let token: UInt64
    /// Brings nothing when nobody waits for news.
    let work: @Sendable () -> Loaded?
  }

  struct News: Sendable {
    let token: UInt64
    let result: Loaded
  }

  private let orders: Mailbox<Order>
  private let news: Mailbox<News>
  private let isStopping: Locked<Bool>
  private let thread: OwnedThread

  init(name: String = "garden-loader") throws(ThreadingError) {
    let orders = try Mailbox<Order>(capacity: ControlLimits.loaderOrders)
    let news = try Mailbox<News>(capacity: 2 * ControlLimits.loaderOrders)
    self.orders = orders
    self.news = news
    let isStopping = Locked(false)
    self.isStopping = isStopping
    thread = try OwnedThread(name: name, stackBytes: 4 << 20) {
      while true {
        for order in orders.wait(milliseconds: -1) {
          if isStopping.withLock({ $0 }) { return }
          if let result = order.work() { _ = news.push(News(token: order.token, result: result)) }
        }
      }
    }
  }

  /// False when as many orders wait as may.
  func submit(token: UInt64, _ work: @escaping @Sendable () -> Loaded) -> Bool {
    orders.push(Order(token: token, work: work))
  }

  /// Work that tells what comes of it by itself. Any thread; false when as many orders wait as may.
  func run(_ work: @escaping @Sendable () -> Void) -> Bool {
    orders.push(
      Order(token: 0) {
        work()
        return nil
      })
  }

  /// Frees synths on the loader's thread: freeing waits for a font that is being loaded, and the control thread must
  /// not. When too many orders wait it is done here after all.
  func dispose(_ bank: SynthBankContent?) {
    let box = Locked(bank)
    _ = orders.push(
      Order(token: 0) {
        box.withLock { $0 = nil }
        return nil
      })
  }

  func drain() -> [News] { news.drain() }

  /// Readable when there is news.
  var descriptor: Int32 { news.descriptor }

  /// Ends the thread after the order it works on.
  func stop() {
    isStopping.withLock { $0 = true }
    // Wakes it; should there be no room, it is awake.
    _ = orders.push(Order(token: 0, work: { nil }))
    thread.join()
  }

  /// Ends the thread likewise, and waits for nothing: what it writes has no name before it is whole.
  func abandon() {
    isStopping.withLock { $0 = true }
    _ = orders.push(Order(token: 0, work: { nil }))
  }
}
