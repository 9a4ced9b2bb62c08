import Glibc
import Synchronization
import Testing
import Threading

struct OwnedThreadTests {
  /// The calling thread's name, as the kernel knows it.
  private static func currentName() -> String {
    var bytes = [CChar](repeating: 0, count: 64)
    guard let file = fopen("/proc/thread-self/comm", "r") else { return "" }
    defer { fclose(file) }
    let count = fread(&bytes, 1, bytes.count, file)
    return String(
      decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }.filter { $0 != 10 }, as: UTF8.self)
  }

  private final class Note<Value: Sendable>: Sendable {
    let value: Mutex<Value>
    init(_ value: Value) { self.value = Mutex(value) }
  }

  @Test func `After the join, the body has run to its end`() throws {
    let ran = Note(false)
    let thread = try OwnedThread(name: "test") {
      usleep(50_000)
      ran.value.withLock { $0 = true }
    }
    thread.join()
    #expect(ran.value.withLock { $0 })
    thread.join()
  }

  /// What is not in use yet is let go of, and comes back when it is.
  @Test func `A thread with a large stack may use all of it`() throws {
    let sum = Note(0)
    let thread = try OwnedThread(name: "roomy", stackBytes: 4 << 20) {
      func deep(_ depth: Int) -> Int {
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { room in
          for place in stride(from: 0, to: room.count, by: 4096) { room[place] = 1 }
          let below = depth > 0 ? deep(depth - 1) : 0
          return below + stride(from: 0, to: room.count, by: 4096).reduce(0) { $0 + Int(room[$1]) }
        }
      }
      sum.value.withLock { $0 = deep(47) }
    }
    thread.join()
    #expect(sum.value.withLock { $0 } == 48 * 16)
  }

  @Test(arguments: [
    ("media", "media"), ("a-name-of-sixteen", "a-name-of-sixte"), ("ääääääää", "äääääää"), ("a\0b", "ab"),
  ])
  func `The kernel knows the thread by its name, cut to 15 bytes`(name: String, kept: String) throws {
    let seen = Note("")
    let thread = try OwnedThread(name: name) { seen.value.withLock { $0 = Self.currentName() } }
    thread.join()
    #expect(seen.value.withLock { $0 } == kept)
    #expect(thread.name == name)
  }

  @Test func `A thread has the stack it asked for`() throws {
    let sum = Note(0)
    let thread = try OwnedThread(name: "deep", stackBytes: 16 * 1024 * 1024) {
      // More than the usual stack, touched from end to end.
      withUnsafeTemporaryAllocation(byteCount: 8 * 1024 * 1024, alignment: 16) { bytes in
        bytes.initializeMemory(as: UInt8.self, repeating: 1)
        sum.value.withLock { $0 = bytes.count }
      }
    }
    thread.join()
    #expect(sum.value.withLock { $0 } == 8 * 1024 * 1024)
  }

  @Test(arguments: [0, -1, 65_535, 67_108_865, Int.max])
  func `A stack out of range is refused in three lines`(bytes: Int) {
    let error = #expect(throws: ThreadingError.self) { try OwnedThread(name: "test", stackBytes: bytes) {} }
    #expect(error?.lines.count == 3)
    #expect(error?.lines[1].contains("\(bytes)") == true)
  }

  @Test func `A thread knows itself, and nobody else does`() throws {
    let box = try Mailbox<OwnedThread>(capacity: 1)
    let answer = Note(false)
    let thread = try OwnedThread(name: "self") {
      let own = box.wait(milliseconds: 10_000).first
      answer.value.withLock { $0 = own?.isCurrent ?? false }
    }
    #expect(thread.isCurrent == false)
    #expect(box.push(thread))
    thread.join()
    #expect(answer.value.withLock { $0 })
    #expect(thread.isCurrent == false)
  }

  @Test func `Several threads may wait for the same end`() throws {
    let seen = Note(0)
    let worker = try OwnedThread(name: "worker") { usleep(50_000) }
    let waiters = try (0..<4).map { _ in
      try OwnedThread(name: "waiter") {
        worker.join()
        seen.value.withLock { $0 += 1 }
      }
    }
    for waiter in waiters { waiter.join() }
    #expect(seen.value.withLock { $0 } == 4)
  }
}
