import Threading

/// Calls that wait for a server's answer, which a server that hangs never gives.
enum Patience {
  /// Does `work` on a thread of its own and waits for it so long.
  ///
  /// - Returns: what it gave; nil when it took longer. What it gives after that goes to `late`, on that thread.
  static func call<Answer: Sendable>(
    milliseconds: Int32, _ work: @escaping @Sendable () -> Answer,
    late: @escaping @Sendable (Answer) -> Void
  ) -> Answer? {
    do {
      let box = try Mailbox<Answer>(capacity: 1)
      _ = try OwnedThread(name: "jack-answer") {
        let answer = work()
        if !box.push(answer) { late(answer) }
      }
      if let answer = box.wait(milliseconds: milliseconds).first { return answer }
      box.close()
      // It may have come between the end of the wait and the closing.
      return box.drain().first
    } catch {
      // No descriptor or thread is left: the answer is waited for, however long it takes.
      return work()
    }
  }
}
