import Threading

/// A thread that reads what calls bring along, so that neither the dispatcher nor the calls under way wait for a disk.
package final class InputReader: Sendable {
  private let work: Mailbox<@Sendable () -> Void>
  private let isStopping = Locked(false)
  private let thread: OwnedThread

  package init(name: String = "garden-inputs") throws(ThreadingError) {
    let work = try Mailbox<@Sendable () -> Void>(capacity: HostClientLimits.orders)
    self.work = work
    let isStopping = isStopping
    thread = try OwnedThread(name: name) {
      while !isStopping.withLock({ $0 }) {
        for item in work.wait(milliseconds: -1) { item() }
      }
    }
  }

  /// False when too much waits.
  package func submit(_ item: @escaping @Sendable () -> Void) -> Bool { work.push(item) }

  package func stop() {
    isStopping.withLock { $0 = true }
    _ = work.push({})
    thread.join()
  }
}
