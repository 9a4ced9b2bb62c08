import Glibc
import MIDI
import Threading

/// Reads one raw MIDI device, a character device or a FIFO, on a thread of its own, and opens it again when it is
/// lost. Talks to the Conductor only: news out by mailbox, whose descriptor wakes it.
///
/// It never keeps anybody waiting: what the Conductor does not take in time is dropped and counted.
final class MIDIDevice: Sendable {
  enum News: Sendable, Equatable {
    case message(MIDIMessage)
    case opened
    /// Why it is not there, in words. It is tried again.
    case lost(String)
  }

  let path: String
  private let news: Mailbox<News>
  private let stopping: Mailbox<Bool>
  private let thread: OwnedThread

  init(path: String) throws(ThreadingError) {
    self.path = path
    let news = try Mailbox<News>(capacity: ControlLimits.midiMessages)
    let stopping = try Mailbox<Bool>(capacity: 1)
    (self.news, self.stopping) = (news, stopping)
    thread = try OwnedThread(name: "garden-midi", stackBytes: 128 * 1024) {
      var reader = Reader(path: path, news: news, stopping: stopping)
      reader.run()
    }
  }

  /// Readable when there is news.
  var descriptor: Int32 { news.descriptor }
  /// Messages that found no room.
  var dropped: UInt64 { news.refused }

  func drain() -> [News] { news.drain() }

  /// Ends the thread.
  func stop() {
    _ = stopping.push(true)  // Refused only when it was told before.
    thread.join()
  }
}

/// The thread's own.
private struct Reader {
  let path: String
  let news: Mailbox<MIDIDevice.News>
  let stopping: Mailbox<Bool>
  /// What was said last, so that each state is said once.
  private var said: MIDIDevice.News?

  init(path: String, news: Mailbox<MIDIDevice.News>, stopping: Mailbox<Bool>) {
    self.path = path
    self.news = news
    self.stopping = stopping
  }

  mutating func run() {
    var pause = ControlLimits.midiReopenMilliseconds.lowerBound
    while true {
      switch open() {
      case .success(let descriptor):
        say(.opened)
        pause = ControlLimits.midiReopenMilliseconds.lowerBound
        let reason = read(descriptor)
        close(descriptor)
        guard let reason else { return }
        say(.lost(reason))
      case .failure(let problem): say(.lost(problem.reason))
      }
      if !stopping.wait(milliseconds: Int32(pause)).isEmpty { return }
      pause = min(2 * pause, ControlLimits.midiReopenMilliseconds.upperBound)
    }
  }

  private struct Problem: Error { let reason: String }

  private mutating func say(_ state: MIDIDevice.News) {
    guard state != said else { return }
    said = state
    _ = news.push(state)  // Without room it is not said; the state is told by the next one.
  }

  private func open() -> Result<Int32, Problem> {
    // A FIFO is held open for writing too: it then waits for its next writer instead of being at its end.
    var status = stat()
    guard stat(path, &status) == 0 else { return .failure(Problem(reason: text(errno))) }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFCHR || kind == S_IFIFO else {
      return .failure(Problem(reason: "it is neither a device nor a FIFO"))
    }
    let mode = kind == S_IFIFO ? O_RDWR : O_RDONLY
    let descriptor = Glibc.open(path, mode | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    return descriptor < 0 ? .failure(Problem(reason: text(errno))) : .success(descriptor)
  }

  /// Reads until the device is lost, and says why; nil when told to stop.
  private mutating func read(_ descriptor: Int32) -> String? {
    var parser = MIDIStreamParser()
    var bytes = [UInt8](repeating: 0, count: ControlLimits.midiReadBytes)
    while true {
      var polls = [
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&polls, 2, -1) >= 0 || errno == EINTR else { return text(errno) }
      if polls[1].revents != 0 { return nil }
      if polls[0].revents == 0 { continue }
      let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      if count < 0 { return text(errno) }
      if count == 0 { return "it is at its end" }
      for byte in bytes.prefix(count) {
        if let message = parser.take(byte) { _ = news.push(.message(message)) }
      }
      // More at once than a cable carries: a device that floods gets this thread a thousand times a second at most.
      if count == bytes.count { usleep(1000) }
    }
  }

  private func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
