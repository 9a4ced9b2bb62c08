import RealtimeEngine
import Threading

/// The thread that reads the files that stream: into the rings that the renderer has given orders for, most
/// urgent first, and the heads that the Conductor wishes for in between.
///
/// Talks to the renderer through the rings, to the Conductor by mailbox. Never waits for either; only for the
/// disk.
final class StreamReader: Sendable {
  enum Message: Sendable {
    /// All clips that the timeline has.
    case clips([StreamedClip])
    /// The heads that are missing, most wanted first; what was wished for before is wished for no more.
    case heads([HeadKey])
    case stop
  }

  enum News: Sendable {
    case head(StreamHeadContent)
    /// The file was written over, or cut short, while the timeline uses it.
    case changed(clip: UInt64)
  }

  let watch = DiskWatch()
  private let messages: Mailbox<Message>
  private let news: Mailbox<News>
  private let thread: OwnedThread

  /// Starts the thread. `pool` belongs to an engine that outlives it.
  init(_ pool: StreamPool) throws(ThreadingError) {
    let messages = try Mailbox<Message>(capacity: ControlLimits.readerMessages)
    let news = try Mailbox<News>(capacity: ControlLimits.readerMessages)
    (self.messages, self.news) = (messages, news)
    let watch = watch
    thread = try OwnedThread(name: "garden-reader", stackBytes: 4 << 20) {
      let service = StreamService(pool, watch: watch) { _ = news.push($0) }
      var waiting: Int32 = 0
      while true {
        for message in messages.wait(milliseconds: waiting) {
          if case .stop = message { return }
          service.take(message)
        }
        // The renderer may not wake anybody, so it is looked at every few milliseconds while there are clips.
        waiting = service.turn() ? 0 : service.isIdle ? -1 : ControlLimits.readerPollMilliseconds
      }
    }
  }

  /// False when the thread has not come around for so long that no more messages fit. Control thread.
  func tell(_ message: Message) -> Bool { messages.push(message) }

  func drain() -> [News] { news.drain() }

  /// Readable when there is news.
  var descriptor: Int32 { news.descriptor }

  /// Ends the thread. One that waits for a dead disk is left to itself: nothing it holds is freed under it.
  func stop() {
    _ = messages.push(.stop)
    if !watch.isStuck { thread.join() }
  }
}
