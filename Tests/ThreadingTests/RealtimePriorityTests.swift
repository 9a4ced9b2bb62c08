import Synchronization
import Testing
import Threading

struct RealtimePriorityTests {
  /// Asked on a thread of its own, so that no other test runs with what was granted.
  private func ask(_ priority: Int) throws -> (answer: RealtimePriority.Answer, held: Bool) {
    let box = try Mailbox<(RealtimePriority.Answer, Bool)>(capacity: 1)
    let thread = try OwnedThread(name: "asks") {
      let answer = RealtimePriority.request(priority)
      _ = box.push((answer, RealtimePriority.isHeld))
    }
    thread.join()
    return try #require(box.drain().first)
  }

  @Test func `What is granted is held, and what is refused is explained`() throws {
    let (answer, held) = try ask(10)
    #expect(held == (answer.refusal == nil))
    if case .granted(let priority) = answer { #expect((1...10).contains(priority)) }
  }

  @Test(arguments: [0, -1, 100, Int.max]) func `A priority that Linux does not have is refused`(priority: Int)
    throws
  {
    let (answer, held) = try ask(priority)
    #expect(answer.refusal?.contains("\(priority)") == true)
    #expect(held == false)
  }
}
