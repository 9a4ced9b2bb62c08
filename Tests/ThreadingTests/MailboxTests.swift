import Glibc
import Testing
import Threading

struct MailboxTests {
  private func isReadable(_ descriptor: Int32) -> Bool {
    var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&interest, 1, 0) == 1
  }

  @Test func `Messages come out once, in the order of their pushes`() throws {
    let box = try Mailbox<Int>(capacity: 8)
    for number in 1...5 { #expect(box.push(number)) }
    #expect(box.drain() == [1, 2, 3, 4, 5])
    #expect(box.drain().isEmpty)
  }

  @Test func `A full mailbox refuses, keeps what it has, and has room again after the drain`() throws {
    let box = try Mailbox<Int>(capacity: 2)
    #expect([1, 2, 3, 4].map(box.push) == [true, true, false, false])
    #expect(box.refused == 2)
    #expect(box.drain() == [1, 2])
    #expect(box.push(5))
    #expect(box.drain() == [5])
  }

  @Test func `The descriptor is readable exactly while messages wait`() throws {
    let box = try Mailbox<Int>(capacity: 4)
    #expect(isReadable(box.descriptor) == false)
    _ = box.push(1)
    _ = box.push(2)
    #expect(isReadable(box.descriptor))
    _ = box.drain()
    #expect(isReadable(box.descriptor) == false)
    _ = box.push(3)
    #expect(isReadable(box.descriptor))
  }

  @Test func `A closed mailbox takes nothing more and still gives what it has`() throws {
    let box = try Mailbox<Int>(capacity: 4)
    _ = box.push(1)
    #expect(!box.isClosed)
    box.close()
    #expect(box.push(2) == false && box.isClosed)
    #expect(box.drain() == [1])
  }

  @Test(arguments: [0, -1, 1_048_577]) func `A capacity out of range is refused`(capacity: Int) {
    let error = #expect(throws: ThreadingError.self) { try Mailbox<Int>(capacity: capacity) }
    #expect(error?.lines.count == 3)
  }

  @Test func `Nothing is lost, doubled or reordered between four writers and a reader`() throws {
    let each = 20_000
    let box = try Mailbox<(writer: Int, number: Int)>(capacity: 64)
    let writers = try (0..<4).map { writer in
      try OwnedThread(name: "writer") {
        for number in 0..<each {
          while !box.push((writer, number)) { sched_yield() }
        }
      }
    }
    var next = [0, 0, 0, 0]
    while next.reduce(0, +) < 4 * each {
      let messages = box.wait(milliseconds: 10_000)
      try #require(!messages.isEmpty)
      for (writer, number) in messages {
        try #require(number == next[writer])
        next[writer] += 1
      }
    }
    for writer in writers { writer.join() }
    #expect(box.drain().isEmpty)
    #expect(isReadable(box.descriptor) == false)
  }

  @Test func `A wait without a message ends with its time`() throws {
    let box = try Mailbox<Int>(capacity: 1)
    #expect(box.wait(milliseconds: 1).isEmpty)
  }
}
