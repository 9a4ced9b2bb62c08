import RealtimeEngine
import Threading

/// The threads that read the files that stream: into the rings that the renderer has given orders for, most
/// urgent first, and the heads that the Conductor wishes for in between. One of them does all the work as long as
/// its reads come back; while one hangs, the next goes on with other files.
///
/// They talk to the renderer through the rings, to the Conductor by mailbox. They never wait for either; only for
/// the disk.
final class StreamReader: Sendable {
  enum Message: Sendable {
    /// All clips that the timeline has.
    case clips([StreamedClip])
    /// The heads that are missing, most wanted first; what was wished for before is wished for no more.
    case heads([HeadKey])
  }

  enum News: Sendable {
    case head(StreamHeadContent)
    /// The file was written over, or cut short, while the timeline uses it.
    case changed(clip: UInt64)
  }

  private enum Call: Sendable { case look, stop }

  let watch = DiskWatch(readers: ControlLimits.readers)
  private let service: StreamService
  private let calls: [Mailbox<Call>]
  private let news: Mailbox<News>
  private let threads: [OwnedThread]

  /// Starts the threads. `pool` belongs to an engine that outlives them.
  init(_ pool: StreamPool) throws(ThreadingError) {
    let news = try Mailbox<News>(capacity: ControlLimits.readerMessages)
    let service = StreamService(pool, watch: watch, readers: ControlLimits.readers) { _ = news.push($0) }
    var calls: [Mailbox<Call>] = []
    var threads: [OwnedThread] = []
    for reader in 0..<ControlLimits.readers {
      let call = try Mailbox<Call>(capacity: ControlLimits.readerMessages)
      calls.append(call)
      threads.append(
        try OwnedThread(name: "garden-reader", stackBytes: 4 << 20) { Self.run(service, reader, call) })
    }
    (self.service, self.news, self.calls, self.threads) = (service, news, calls, threads)
  }

  private static func run(_ service: StreamService, _ reader: Int, _ calls: Mailbox<Call>) {
    // The renderer may not wake anybody, so it is looked at every few milliseconds while there are clips.
    let pause = reader == 0 ? ControlLimits.readerPollMilliseconds : ControlLimits.readerReliefMilliseconds
    var waiting: Int32 = 0
    while true {
      for call in calls.wait(milliseconds: waiting) {
        if case .stop = call { return }
      }
      waiting = service.turn(reader) ? 0 : service.isIdle ? -1 : pause
    }
  }

  /// Control thread.
  func tell(_ message: Message) {
    service.take(message)
    // One that has not looked for so long that its mailbox is full will look when it comes back.
    for call in calls { _ = call.push(.look) }
  }

  func drain() -> [News] { news.drain() }

  /// Readable when there is news.
  var descriptor: Int32 { news.descriptor }

  /// Readers that wait for a disk at present.
  var hung: Int {
    (0..<ControlLimits.readers).count { watch.seconds($0) > ControlLimits.hungReadSeconds }
  }

  /// Ends the threads. One that waits for a dead disk is left to itself: nothing it holds is freed under it.
  func stop() {
    for call in calls {
      _ = call.drain()
      _ = call.push(.stop)
    }
    for (reader, thread) in threads.enumerated()
    where watch.seconds(reader) <= ControlLimits.stuckReadSeconds {
      thread.join()
    }
  }
}
