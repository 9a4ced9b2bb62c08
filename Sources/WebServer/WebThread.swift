import HootWire
import Threading

/// What others send to the web thread.
enum WebMessage: Sendable {
  /// A step of a request that is being answered.
  case step(UnownedJob)
  case reply(visit: UInt64, HTTPReply)
  /// Something before the reply.
  case tell(visit: UInt64, [UInt8])
  case event(topic: String, JSONValue)
  case history(visit: UInt64, JobHistory)
  case stop
}

/// Runs the steps of requests on the web thread, in place of threads that the language would start for them.
///
/// Unchecked: the mailbox is all there is.
final class WebExecutor: TaskExecutor, @unchecked Sendable {
  let mailbox: Mailbox<WebMessage>

  init(_ mailbox: Mailbox<WebMessage>) { self.mailbox = mailbox }

  func enqueue(_ job: consuming ExecutorJob) {
    // Each request in work has one step at a time, and there are far fewer of them than places; at the daemon's end what
    // is refused has nobody left who waits for it.
    _ = mailbox.push(.step(UnownedJob(job)))
  }

  func run(_ step: UnownedJob) { step.runSynchronously(on: asUnownedTaskExecutor()) }
}
